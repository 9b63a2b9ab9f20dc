// The page: views by the part of the address after `#`, made of the facts that are in the document.

/** @param {string} id */
const data = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
/** @type {Facts} */
const FACTS = data("facts");
const MODULES = distinct(FACTS.modules);
const BUNDLES = comparable(MODULES, FACTS.bundles);
const NAMES = valueNames(MODULES);
const TITLES = /** @type {Record<string, string>} */ ({ endpoints: "Endpoints", modules: "Modules", differences: "Differences", findings: "Findings" });
const MAIN = /** @type {HTMLElement} */ (document.getElementById("main"));
const BY_KEY = new Map(MODULES.map((each) => [each.key, each]));

/** @type {State} */
let state = stateOf(location.hash);

/** @template Value @param {() => Value} make @returns {() => Value} */
function once(make) {
  /** @type {{value: Value} | null} */
  let kept = null;
  return () => (kept ??= { value: make() }).value;
}

/** @param {Partial<State>} change */
function go(change, isNew = false) {
  const hash = hashOf({ ...state, ...change });
  if (isNew) location.hash = hash;
  else history.replaceState(null, "", hash);
  if (!isNew) route();
}

/** @param {string} key @param {string} [endpoint] */
function moduleHref(key, endpoint = "") {
  return hashOf({ ...stateOf(""), view: "module", name: key, endpoint });
}

/** @param {string} file @param {number} line */
function place(file, line) {
  const text = line ? `${file}:${line}` : file;
  const url = sourceLink(FACTS.source_url, file, line);
  return url ? el("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, text) : el("code", {}, text);
}

/** A figure with its words. @param {string} figure @param {string} words @param {string} [kind] */
function tile(figure, words, kind = "") {
  return el("div", { class: `tile ${kind}` }, el("dd", {}, figure), el("dt", {}, words));
}

/** @param {Map<string, number>} types */
function bar(types) {
  const all = [...types.values()].reduce((sum, each) => sum + each, 0);
  const parts = [...types].map(([type, number]) => {
    const part = el("span", { class: `part ${type}`, title: `${type}: ${number}` });
    part.style.flexGrow = String(number / all);
    return part;
  });
  const words = [...types].map(([type, number]) => el("li", {}, el("span", { class: `type ${type}` }, type), ` ${number.toLocaleString("en-US")}`));
  return el("div", { class: "types" }, el("div", { class: "bar", "aria-hidden": "true" }, ...parts), el("ul", { "aria-label": "Endpoints by type" }, ...words));
}

/**
 * A view that is a table, searched and filtered.
 * @param {{id: string, columns: Column[], rows: () => Row[], filters: string[], noun: string, above?: (rows: Row[]) => Child[], lead?: Element, order?: string, hint: string}} about
 */
function tableView({ id, columns, rows, filters, noun, above, lead, order = "", hint }) {
  const all = once(rows);
  const facets = new Map();
  const facet = (/** @type {string} */ key) => facets.get(key) ?? facets.set(key, facetOf(all(), key)).get(key);
  const grid = new Grid({ label: TITLES[id], href: (row) => moduleHref(row.module.key, row.endpoint?.endpoint), onSort: (sort) => go({ sort }) });
  const search = /** @type {HTMLInputElement} */ (el("input", { type: "search", placeholder: hint, "aria-label": `Search ${TITLES[id].toLowerCase()}`, "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false", oninput: () => go({ q: search.value }) }));
  /** @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
  const fields = new Map();
  const chosen = columns.map((each) => each.key).filter((key) => filters.includes(key) || /^(value|has)\./.test(key));
  const panel = el("div", { class: "filters" });
  const clear = el("button", { type: "button", class: "clear", onclick: () => { go({ q: "", filters: {} }); search.focus(); } }, "Clear");
  const status = el("p", { class: "status", role: "status" });
  const number = el("span", { class: "count" });
  const more = /** @type {HTMLDetailsElement} */ (el("details", { class: "more" }, el("summary", {}, "Filters ", number), panel));
  more.open = innerWidth >= 1100 && innerHeight >= 1000;
  more.addEventListener("toggle", () => fill());
  const isOneOfAKind = once(() => !chosen.some((key) => facet(key).size > 1));
  const top = el("div", { class: "above" });
  const section = el("section", { id: `view-${id}`, class: "table-view" }, el("h1", { class: "unseen", tabindex: -1 }, TITLES[id]), top, el("div", { class: "tools" }, lead, search, clear, status, more), grid.scroll);
  const build = once(() => {
    for (const { key, label } of columns.filter((each) => chosen.includes(each.key))) {
      const texts = facet(key);
      const pick = () => go({ filters: { ...state.filters, [key]: field.value } });
      const options = [...texts].map(([text, times]) => el("option", { value: text }, texts.size > 40 ? "" : `${text} (${times.toLocaleString("en-US")})`));
      const isFew = texts.size <= 40;
      const own = `${id}-${key}`;
      const list = `list-${own}`;
      const field = /** @type {HTMLInputElement | HTMLSelectElement} */ (isFew ? el("select", { id: own, onchange: pick }, el("option", { value: "" }, "any"), ...options) : el("input", { id: own, type: "text", list, placeholder: `any of ${texts.size.toLocaleString("en-US")}`, autocomplete: "off", oninput: pick }));
      fields.set(key, field);
      if (texts.size > 1) panel.append(el("div", { class: "field" }, el("label", { for: own }, label), field, !isFew && el("datalist", { id: list }, ...options)));
    }
  });
  const fill = () => {
    more.hidden = isOneOfAKind();
    if (more.open) build();
    for (const [key, field] of fields) if (field.value !== (state.filters[key] ?? "")) field.value = state.filters[key] ?? "";
  };
  const ordered = new Map();
  let shown = /** @type {Row[] | null} */ (null);
  let before = "";
  return {
    section,
    grid,
    search,
    show() {
      fill();
      const sort = state.sort || order;
      const asked = JSON.stringify([state.q, sort, state.filters]);
      if (shown === null || asked !== before) {
        before = asked;
        if (!ordered.has(sort)) ordered.set(sort, sort ? sorted(all(), sort) : all());
        shown = select(ordered.get(sort), { ...state, filters: Object.fromEntries(Object.entries(state.filters).filter(([key, value]) => value && chosen.includes(key))) }, columns, facet);
      }
      if (search.value !== state.q) search.value = state.q;
      const active = Object.values(state.filters).filter(Boolean).length;
      number.textContent = active ? String(active) : "";
      clear.hidden = !active && !state.q;
      top.replaceChildren(.../** @type {Element[]} */ ((above?.(shown) ?? []).filter(Boolean)));
      status.textContent = shown.length === all().length ? `${counted(shown.length, noun)}` : `${shown.length.toLocaleString("en-US")} of ${counted(all().length, noun)}`;
      grid.show(columns, shown, sort);
    },
  };
}

/** @param {Row[]} rows */
function totalsOf(rows) {
  const found = totals(rows);
  const [refused, retired] = ["refused", "retired"].map((name) => MODULES.filter((each) => each.state === name).length);
  const others = `${refused ? `; ${refused} refused` : ""}${retired ? `; ${retired} retired` : ""}`;
  const tiles = [
    tile(found.endpoints.toLocaleString("en-US"), found.endpoints === 1 ? "endpoint" : "endpoints"),
    tile(found.modules.toLocaleString("en-US"), `${found.modules === 1 ? "module" : "modules"}${others}`),
    tile(found.vpcs.toLocaleString("en-US"), found.isSure ? (found.vpcs === 1 ? "VPC" : "VPCs") : "VPCs at most"),
    tile(found.regions.toLocaleString("en-US"), `${found.regions === 1 ? "Region" : "Regions"}${found.unplaced ? `; of ${counted(found.unplaced, "endpoint")} not known` : ""}`),
    tile(`$${dollars(found.monthly)}`, `a month, without traffic${found.unpriced ? `; ${counted(found.unpriced, "endpoint")} not known` : ""}`, "wide"),
    tile(found.warnings.toLocaleString("en-US"), found.warnings === 1 ? "warning" : "warnings", found.warnings ? "warn" : ""),
  ];
  const note = refused > 0 && el("p", { class: "note error" }, el("strong", {}, counted(refused, "spec")), ` ${refused === 1 ? "is" : "are"} refused: no total counts ${refused === 1 ? "its" : "their"} endpoints, which are not known. `, el("a", { href: "#/findings?f.severity=error" }, "See why"));
  return [el("dl", { class: "tiles" }, ...tiles), found.types.size > 0 && bar(found.types), note];
}

const views = {
  endpoints: once(() =>
    tableView({ id: "endpoints", columns: endpointColumns(NAMES), rows: () => endpointRows(MODULES), noun: "endpoint", filters: ["region", "vpc", "service", "type", "dns", "policy", "warnings"], above: totalsOf, hint: "Search: ecr prod type:gateway -logs" }),
  ),
  modules: once(() => tableView({ id: "modules", columns: moduleColumns(NAMES), rows: () => moduleRows(MODULES), noun: "module", filters: ["state", "region", "vpc"], hint: "Search: payments eu-west-1 state:refused" })),
  findings: once(() =>
    tableView({
      id: "findings",
      columns: [
        { key: "module", label: "Module", width: 130 },
        { key: "severity", label: "Severity", width: 92 },
        { key: "code", label: "Code", width: 62 },
        { key: "about", label: "Of", width: 106 },
        { key: "message", label: "Finding", width: 370 },
        { key: "fix", label: "Fix", width: 230 },
        { key: "place", label: "Place", width: 156 },
      ],
      rows: () => findingRows(MODULES),
      noun: "finding",
      filters: ["severity", "code"],
      hint: "Search: code:W201 subnets",
    }),
  ),
  differences: () => differencesView(),
};

/** The bundle that most modules ask for; `all` where none is asked for. */
const USUAL = once(() => {
  const asked = BUNDLES.map((each) => /** @type {const} */ ([each.name, askedFor(each.name)])).sort(([, one], [, other]) => other - one);
  return asked[0]?.[1] ? asked[0][0] : "all";
});
/** @type {Map<string, ReturnType<typeof tableView>>} */
const COMPARED = new Map();

/** How many modules ask for a bundle. @param {string} name */
function askedFor(name) {
  return MODULES.filter((each) => each.endpoints?.some((its) => its.bundles.includes(name))).length;
}

/** Who lacks which endpoint of the bundle that is compared with: a table of its own for each. */
function differencesView() {
  const name = state.bundle || USUAL();
  const found = COMPARED.get(name);
  if (found) return found;
  const bundle = BUNDLES.find((each) => each.name === name) ?? null;
  const { rows, products } = differences(MODULES, bundle);
  const made = tableView({ id: "differences", columns: differenceColumns(NAMES, products), rows: () => rows, noun: "VPC", filters: ["region", "vpc"], above: (shown) => lacksOf(shown, products, bundle), lead: choiceOf(name), order: "-lacks", hint: "Search: prod region:eu-west-1" });
  COMPARED.set(name, made);
  return made;
}

/** What to compare VPCs with. @param {string} name */
function choiceOf(name) {
  const others = () => Object.entries(state.filters).filter(([key]) => !key.startsWith("has."));
  const pick = () => {
    const bundle = choice.value;
    choice.value = name;
    go({ bundle, sort: "", filters: Object.fromEntries(others()) });
    document.getElementById("compared")?.focus();
  };
  const options = BUNDLES.map((each) => el("option", { value: each.name }, `${each.name}${askedFor(each.name) ? `, asked for by ${counted(askedFor(each.name), "module")}` : ""}`));
  const choice = /** @type {HTMLSelectElement} */ (el("select", { id: "compared", onchange: pick }, el("option", { value: "all" }, "all that any VPC has"), ...options));
  choice.value = name;
  return el("div", { class: "field choice" }, el("label", { for: "compared" }, "Compare with"), choice);
}

/** What the VPCs that are shown lack, each a filter. @param {Row[]} rows @param {string[]} products @param {Bundle | null} bundle */
function lacksOf(rows, products, bundle) {
  const chips = lacking(rows, products).map(({ name, lack }) => {
    const key = `has.${name}`;
    const isOn = state.filters[key] === "lacks";
    const press = () => {
      go({ filters: { ...state.filters, [key]: isOn ? "" : "lacks" } });
      /** @type {HTMLElement | null} */ (document.querySelector(`[data-lacks="${CSS.escape(name)}"]`))?.focus();
    };
    return el("li", {}, el("button", { type: "button", "data-lacks": name, "aria-pressed": String(isOn), onclick: press }, el("strong", {}, name), ` lacking in ${lack.toLocaleString("en-US")}`));
  });
  if (!chips.length) chips.push(el("li", { class: "fine" }, rows.length ? "No VPC lacks any of them, as far as is known." : "No VPC asks for it, or has half of it."));
  const words = `${bundle ? `${bundle.title}: VPCs that ask for it, or have half of it.` : "Each VPC beside all others."} A VPC is known by its id, or by account, Region and name; else each module counts as one.`;
  return [el("p", { class: "words" }, words), el("ul", { class: "chips", "aria-label": "Endpoints that VPCs lack" }, ...chips)];
}

/** Pictures are compressed, many together: unpack those that one is among. @param {number} number @returns {Promise<Element>} */
async function pictureOf(number) {
  const together = 50;
  const packed = Uint8Array.from(atob(data("pictures")[Math.floor(number / together)]), (each) => each.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const text = JSON.parse(await new Response(stream).text())[number % together];
  return document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
}

/** @param {Module} module */
function pictureView(module) {
  const figure = el("figure", { class: "picture" });
  if (module.picture === undefined) return null;
  pictureOf(module.picture).then(
    (svg) => figure.append(svg, el("figcaption", {}, el("button", { type: "button", onclick: () => save(`${module.name}.svg`, svg) }, "Save the picture"))),
    () => figure.append(el("p", { class: "note" }, "This browser can't unpack the picture.")),
  );
  return figure;
}

/** @param {string} name @param {Element} svg */
function save(name, svg) {
  const copy = /** @type {Element} */ (svg.cloneNode(true));
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = document.querySelector("style")?.textContent?.split("/* pictures */")[1] ?? "";
  copy.prepend(style);
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** @param {string} name @param {Child} value */
function fact(name, value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

/** @param {Cell} cell */
function said(cell) {
  return el("span", { class: cell.kind }, cell.text);
}

/** @param {Module} module */
function endpointsTable(module) {
  const rows = endpointRows([module]);
  const columns = endpointColumns([]).filter((each) => !["module", "region", "vpc"].includes(each.key));
  const lists = /** @type {[string, "subnet_ids" | "security_group_ids" | "route_table_ids"][]} */ ([["Subnets", "subnet_ids"], ["Security groups", "security_group_ids"], ["Route tables", "route_table_ids"]]);
  const head = el("tr", {}, ...columns.map((each) => el("th", { scope: "col", class: each.isNumber ? "number" : null }, each.label)), ...lists.map(([label]) => el("th", { scope: "col" }, label)), el("th", { scope: "col" }, "Spec"));
  const body = rows.map(({ endpoint, cells }) => {
    const its = /** @type {Endpoint} */ (endpoint);
    const values = columns.slice(1).map((each) => el("td", { class: `${cells[each.key].kind}${each.isNumber ? " number" : ""}` }, shownAs(each.key, cells[each.key].text, cells[each.key].kind)));
    const named = lists.map(([, key]) => el("td", { class: its[key].length ? null : "none" }, its[key].join(", ") || "–"));
    return el("tr", { "data-endpoint": its.endpoint, "aria-current": its.endpoint === state.endpoint ? "true" : null }, el("th", { scope: "row" }, its.endpoint, its.name && el("small", {}, its.name)), ...values, ...named, el("td", {}, place(its.file, its.line)));
  });
  return el("div", { class: "plain", role: "region", tabindex: 0, "aria-label": `Endpoints of ${module.key}` }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
}

/** @param {Finding} found */
function findingView(found) {
  return el("li", { class: found.severity }, el("p", {}, el("span", { class: `pill ${found.severity}` }, found.code), " ", found.message), found.fix && el("p", { class: "fix" }, found.fix), el("p", { class: "where" }, place(found.file, found.line)));
}

/** @param {Module | undefined} module */
function moduleView(module) {
  if (!module) return el("section", { class: "module" }, el("h1", { tabindex: -1 }, "No such module"), el("p", {}, `Nothing here is called ${state.name || state.view}. `, el("a", { href: "#/modules" }, "All modules")));
  const cells = moduleRows([module])[0].cells;
  const at = MODULES.indexOf(module);
  const near = [["‹ previous", MODULES[at - 1]], ["next ›", MODULES[at + 1]]].map(([text, each]) => each && el("a", { href: moduleHref(/** @type {Module} */ (each).key), title: /** @type {Module} */ (each).key }, /** @type {string} */ (text)));
  const estimate = module.cost;
  const assumed = estimate && `Assumed: ${estimate.hours} hours and ${estimate.traffic_gb} GB through the interface endpoints a month, in ${estimate.region}.`;
  const facts = [
    fact("Spec", place(module.file, module.line)),
    fact("State", said(cells.state)),
    fact("Region", said(cells.region)),
    fact("VPC", said(cells.vpc)),
    ...Object.entries(module.values).filter(([name, value]) => name !== "name" && !(name === "region" && value === module.region)).map(([name, value]) => fact(name, value)),
    fact("USD/month, without traffic", said(cells.cost)),
    ...(estimate?.traffic ? [fact(`USD/month more for ${estimate.traffic_gb} GB of traffic`, said(money(estimate.traffic.monthly)))] : []),
  ];
  return el(
    "section",
    { class: "module" },
    el("nav", { class: "near", "aria-label": "Modules" }, el("a", { href: "#/modules" }, "All modules"), ...near),
    el("h1", { tabindex: -1 }, module.key),
    el("dl", { class: "facts" }, ...facts),
    pictureView(module),
    module.findings.length > 0 && el("h2", {}, "Findings"),
    module.findings.length > 0 && el("ul", { class: "findings" }, ...module.findings.map(findingView)),
    el("h2", {}, "Endpoints"),
    module.endpoints === null ? el("p", { class: "note error" }, "The spec is refused, so its endpoints are not known.") : module.endpoints.length ? endpointsTable(module) : el("p", { class: "note" }, "It has none: it is retired."),
    estimate && el("h2", {}, "What the cost rests on"),
    estimate && el("ul", { class: "notes" }, el("li", {}, assumed), ...estimate.notes.map((each) => el("li", {}, each)), ...estimate.sources.map((each) => el("li", {}, `${[each.published, each.title].filter(Boolean).join(" ")} `, el("a", { href: each.url, target: "_blank", rel: "noreferrer noopener" }, each.url)))),
  );
}

/** @type {{grid: Grid, search: HTMLElement} | null} */
let current = null;

function route() {
  current?.grid.leave();
  const next = stateOf(location.hash);
  const isOther = next.view !== state.view || next.name !== state.name;
  state = next;
  const make = views[/** @type {keyof typeof views} */ (state.view)];
  const view = make?.();
  if (view) {
    if (!view.section.isConnected) MAIN.replaceChildren(view.section);
    view.show();
    if (current !== view) view.grid.comeBack();
  } else {
    MAIN.replaceChildren(moduleView(BY_KEY.get(state.name)));
    const chosen = state.endpoint && MAIN.querySelector("tr[aria-current]");
    if (chosen) chosen.scrollIntoView({ block: "center" });
    else if (isOther) scrollTo(0, 0);
  }
  current = view ?? null;
  document.body.classList.toggle("fitted", Boolean(view));
  document.title = `${view ? TITLES[state.view] : state.name} · VPC endpoints`;
  for (const link of document.querySelectorAll("nav[aria-label=Views] a")) {
    if (link.getAttribute("data-view") === (view ? state.view : "modules")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (isOther) MAIN.querySelector("h1")?.focus({ preventScroll: true });
}

function start() {
  const counts = { endpoints: MODULES.reduce((sum, each) => sum + (each.endpoints?.length ?? 0), 0), modules: MODULES.length, differences: null, findings: MODULES.reduce((sum, each) => sum + each.findings.length, 0) };
  document.querySelector("nav")?.append(...Object.entries(counts).map(([name, number]) => el("a", { href: `#/${name}`, "data-view": name }, TITLES[name], number !== null && el("span", { class: "count" }, number.toLocaleString("en-US")))));
  document.querySelector(".skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    MAIN.focus();
  });
  addEventListener("hashchange", route);
  addEventListener("keydown", (event) => {
    const isTyping = /** @type {Element} */ (event.target).closest?.("input, select, textarea");
    if (event.key === "/" && !isTyping && current) {
      event.preventDefault();
      current.search.focus();
    }
  });
  addEventListener("beforeprint", () => current?.grid.draw(true));
  addEventListener("afterprint", () => current?.grid.draw());
  if (FACTS.served) new EventSource("/events").addEventListener("message", () => location.reload());
  route();
}

start();

// @ts-check
// What the page works out of its facts: rows and cells, what is searched for, totals, differences. Nothing here knows of
// a document; tests/page/logic.test.mjs runs it alone.

/** @typedef {{code: string, severity: string, file: string, line: number, message: string, fix: string, endpoints: string[]}} Finding */
/** @typedef {{endpoint: string, zones: number | null, monthly: number | null}} Cost */
/** @typedef {{title: string, url: string, published: string | null, checked: string | null}} PriceSource */
/**
 * @typedef {object} Endpoint
 * @property {string} endpoint
 * @property {string | null} name
 * @property {string | null} service
 * @property {string | null} service_name
 * @property {string} vpc_endpoint_type
 * @property {boolean | null} private_dns_enabled
 * @property {string[]} [policy]
 * @property {string | null} region
 * @property {string[]} bundles
 * @property {string[]} subnet_ids
 * @property {string[]} security_group_ids
 * @property {string[]} route_table_ids
 * @property {string} file
 * @property {number} line
 */
/** @typedef {{monthly: number, complete: boolean}} Total */
/** @typedef {{region: string, hours: number, traffic_gb: number, traffic: {monthly: number | null} | null, total: Total, notes: string[], endpoints: Cost[], sources: PriceSource[]}} Estimate */
/**
 * @typedef {object} Module
 * @property {string} key
 * @property {string} name
 * @property {string} file
 * @property {number} line
 * @property {Record<string, string>} values
 * @property {"fine" | "retired" | "refused"} state
 * @property {string | null} region
 * @property {string | null} vpc
 * @property {string | null} vpc_key
 * @property {Estimate | null} cost
 * @property {Finding[]} findings
 * @property {Endpoint[] | null} endpoints
 * @property {number} [picture]
 */
/** @typedef {{name: string, title: string, endpoints: [string, string][]}} Bundle */
/** @typedef {{source_url: string | null, served: boolean, modules: Module[], bundles: Bundle[]}} Facts */
/** @typedef {{text: string, sort: string | number | null, kind: string}} Cell kind: "", "unknown", "none" (does not apply) */
/** @typedef {{module: Module, endpoint: Endpoint | null, cells: Record<string, Cell>, text: string}} Row */
/** @typedef {{key: string, label: string, width: number, isNumber?: boolean}} Column */
/** @typedef {{has: boolean, field: string, text: string}} Term */
/** @typedef {{q: string, filters: Record<string, string>, sort: string}} Query */

const NOT_KNOWN = "not known";
const NO_MATTER = "does not apply";

/** @param {string | number | null} value @param {string} [text] @returns {Cell} */
function cell(value, text) {
  if (value === null) return { text: text ?? NOT_KNOWN, sort: null, kind: "unknown" };
  return { text: text ?? String(value), sort: typeof value === "string" ? value.toLowerCase() : value, kind: "" };
}

/** @returns {Cell} */
function noMatter(text = NO_MATTER) {
  return { text, sort: "", kind: "none" };
}

/** A name; what only the caller of a module gives is not known. @param {string | null} name @returns {Cell} */
function named(name) {
  return name === null ? cell(null) : /^(var|local|data)\./.test(name) ? cell(null, `${NOT_KNOWN}: ${name}`) : cell(name);
}

/** @param {number | null} amount @returns {Cell} */
function money(amount) {
  return cell(amount, amount === null ? NOT_KNOWN : amount === 0 ? "free" : dollars(amount));
}

const USD = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }); // one: each takes its time to make

/** @param {number} amount */
function dollars(amount) {
  return USD.format(amount);
}

/** @param {number} number @param {string} noun */
function counted(number, noun) {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/** The names of the values that modules have, without one that says the Region once more. @param {Module[]} modules */
function valueNames(modules) {
  const names = new Set(modules.flatMap((each) => Object.keys(each.values)));
  names.delete("name");
  return [...names].filter((name) => name !== "region" || modules.some((each) => (each.values.region ?? each.region) !== each.region && each.state !== "refused"));
}

/** @param {string[]} names @returns {Column[]} */
function valueColumns(names) {
  return names.map((name) => ({ key: `value.${name}`, label: name, width: 80 }));
}

/** @param {string[]} names @returns {Column[]} */
function endpointColumns(names) {
  return [
    { key: "endpoint", label: "Endpoint", width: 124 },
    { key: "module", label: "Module", width: 132 },
    ...valueColumns(names),
    { key: "region", label: "Region", width: 108 },
    { key: "vpc", label: "VPC", width: 106 },
    { key: "service", label: "Service", width: 106 },
    { key: "type", label: "Type", width: 104 },
    { key: "dns", label: "Private DNS", width: 102 },
    { key: "policy", label: "Policy", width: 96 },
    { key: "cost", label: "USD/month", width: 98, isNumber: true },
    { key: "warnings", label: "Warnings", width: 90, isNumber: true },
  ];
}

/** @param {string[]} names @returns {Column[]} */
function moduleColumns(names) {
  return [
    { key: "module", label: "Module", width: 260 },
    { key: "state", label: "State", width: 130 },
    ...valueColumns(names),
    { key: "region", label: "Region", width: 130 },
    { key: "vpc", label: "VPC", width: 150 },
    { key: "endpoints", label: "Endpoints", width: 110, isNumber: true },
    { key: "cost", label: "USD/month, no traffic", width: 180, isNumber: true },
    { key: "warnings", label: "Findings", width: 100, isNumber: true },
  ];
}

/** @param {Module} module @param {string[]} names @returns {Record<string, Cell>} */
function sharedCells(module, names) {
  const values = names.map((name) => [`value.${name}`, module.values[name] === undefined ? noMatter("none") : cell(module.values[name])]);
  return { module: cell(module.key), vpc: module.state === "retired" ? noMatter() : named(module.vpc), ...Object.fromEntries(values) };
}

/** @param {Module} module @param {Endpoint | null} endpoint @param {Record<string, Cell>} cells @param {(string | null)[]} more @returns {Row} */
function rowOf(module, endpoint, cells, more) {
  const text = [...Object.values(cells).map((each) => each.text), ...more].join("\n").toLowerCase();
  return { module, endpoint, cells, text };
}

/** A row for each endpoint that is known. @param {Module[]} modules @returns {Row[]} */
function endpointRows(modules) {
  const names = valueNames(modules);
  return modules.flatMap((module) => {
    const shared = sharedCells(module, names);
    const about = new Map();
    for (const key of module.findings.flatMap((each) => each.endpoints)) about.set(key, (about.get(key) ?? 0) + 1);
    const costs = new Map(module.cost?.endpoints.map((each) => [each.endpoint, each.monthly]));
    return (module.endpoints ?? []).map((each) => {
      const cells = {
        endpoint: cell(each.endpoint),
        ...shared,
        region: cell(each.region ?? module.region),
        service: each.service ? cell(each.service) : named(each.service_name),
        type: cell(each.vpc_endpoint_type),
        dns: each.private_dns_enabled === null ? noMatter() : cell(each.private_dns_enabled ? "on" : "off"),
        policy: each.policy ? cell([...new Set(each.policy.map((part) => (part === each.file || part === module.file ? "own" : part)))].join(" + ") || "not stated") : noMatter(),
        cost: money(costs.get(each.endpoint) ?? null),
        warnings: cell(about.get(each.endpoint) ?? 0),
      };
      const more = [each.name, each.service_name, module.file, ...each.bundles, ...each.subnet_ids, ...each.security_group_ids, ...each.route_table_ids];
      return rowOf(module, each, cells, more);
    });
  });
}

/** What a module's endpoints cost a month without traffic, as everywhere on the page. @param {Estimate | null} cost @returns {Cell} */
function fixedCost(cost) {
  if (!cost) return cell(null);
  const known = cost.endpoints.flatMap((each) => (each.monthly === null ? [] : [each.monthly]));
  const sum = known.reduce((one, other) => one + other, 0);
  return known.length < cost.endpoints.length ? cell(known.length ? sum : null, known.length ? `${dollars(sum)} + ?` : undefined) : money(sum);
}

/** A row for each module, those that are refused too. @param {Module[]} modules @returns {Row[]} */
function moduleRows(modules) {
  const names = valueNames(modules);
  return modules.map((module) => {
    const cells = {
      ...sharedCells(module, names),
      state: cell(module.state === "fine" && module.findings.length ? `fine, ${counted(module.findings.length, "warning")}` : module.state),
      region: cell(module.region),
      endpoints: cell(module.endpoints === null ? null : module.endpoints.length),
      cost: fixedCost(module.cost),
      warnings: cell(module.findings.length),
    };
    return rowOf(module, null, cells, [module.file, module.name]);
  });
}

/** A row for each finding. @param {Module[]} modules @returns {Row[]} */
function findingRows(modules) {
  return modules.flatMap((module) =>
    module.findings.map((each) => {
      const cells = {
        code: cell(each.code),
        severity: cell(each.severity),
        module: cell(module.key),
        about: each.endpoints.length ? cell(each.endpoints.join(", ")) : noMatter("the spec"),
        message: cell(each.message),
        fix: each.fix ? cell(each.fix) : noMatter(`gen-endpoints explain ${each.code}`),
        place: cell(each.line ? `${each.file}:${each.line}` : each.file),
      };
      return rowOf(module, null, cells, [each.fix]);
    }),
  );
}

/**
 * The words that are searched for: each must be there, one with a `-` must not; `type:gateway` is in that column alone.
 * @param {string} text @param {Column[]} columns @returns {Term[]}
 */
function terms(text, columns) {
  const fields = new Map(columns.flatMap((each) => [each.key, each.label.replace(/\W/g, ""), each.key.replace("value.", "")].map((name) => [name.toLowerCase(), each.key])));
  return [...text.toLowerCase().matchAll(/(-?)(?:([\w.-]+):)?(?:"([^"]*)"?|(\S+)|(?<=:))/g)].map((found) => {
    const [whole, not, name, quoted, plain] = found;
    const field = fields.get(name ?? "") ?? "";
    const said = quoted ?? plain ?? "";
    return { has: !not, field, text: field || !name ? said : whole.slice(not ? 1 : 0) };
  });
}

/** @param {Row[]} rows @param {Query} query @param {Column[]} columns @param {(key: string) => Map<string, number>} facet */
function select(rows, query, columns, facet) {
  const words = terms(query.q, columns);
  const exact = (/** @type {Term} */ word) => word.field === "type" && [...facet("type").keys()].some((each) => each.toLowerCase() === word.text);
  const filters = Object.entries(query.filters).map(([key, value]) => ({ key, value: value.toLowerCase(), isWhole: facet(key).has(value) }));
  return rows.filter(
    (row) =>
      words.every((word) => !word.text || (word.field && exact(word) ? row.cells[word.field].text.toLowerCase() === word.text : (word.field ? row.cells[word.field].text.toLowerCase() : row.text).includes(word.text)) === word.has) &&
      filters.every(({ key, value, isWhole }) => {
        const text = row.cells[key]?.text.toLowerCase() ?? "";
        return isWhole ? text === value : text.includes(value);
      }),
  );
}

const ORDER = new Intl.Collator("en", { numeric: true });

/** Rows in the order of a column, `-` for the other way round; what is not known is last in both. @param {Row[]} rows @param {string} sort */
function sorted(rows, sort) {
  const key = sort.replace(/^-/, "");
  const sign = sort.startsWith("-") ? -1 : 1;
  if (!rows[0]?.cells[key]) return rows;
  const ranks = new Map([...new Set(rows.map((each) => each.cells[key].sort))].sort(compare).map((value, rank) => [value, rank]));
  const rank = (/** @type {Row} */ row) => (row.cells[key].sort === null ? Infinity : sign * (ranks.get(row.cells[key].sort) ?? 0));
  return rows.map((each) => /** @type {const} */ ([rank(each), each])).sort((one, other) => (one[0] === other[0] ? 0 : one[0] - other[0])).map(([, each]) => each);
}

/** @param {string | number | null} one @param {string | number | null} other */
function compare(one, other) {
  return typeof one === "number" && typeof other === "number" ? one - other : ORDER.compare(String(one), String(other));
}

/** How many rows have which text in a column, the texts in order. @param {Row[]} rows @param {string} key */
function facetOf(rows, key) {
  const found = new Map();
  for (const row of rows) {
    const text = row.cells[key]?.text;
    if (text !== undefined) found.set(text, (found.get(text) ?? 0) + 1);
  }
  return new Map([...found].sort(([one], [other]) => ORDER.compare(one, other)));
}

/** What endpoints come to; what is not known is counted by itself. @param {Row[]} rows */
function totals(rows) {
  let monthly = 0;
  let unpriced = 0;
  let unplaced = 0;
  /** @type {Map<string, number>} */
  const types = new Map();
  /** @type {Set<Module>} */
  const modules = new Set();
  const regions = new Set();
  /** @type {Set<Finding>} */
  const warnings = new Set();
  for (const { module, endpoint, cells } of rows) {
    modules.add(module);
    if (cells.region.sort !== null) regions.add(cells.region.text);
    else unplaced += 1;
    types.set(cells.type.text, (types.get(cells.type.text) ?? 0) + 1);
    for (const each of module.findings) if (!each.endpoints.length || each.endpoints.includes(endpoint?.endpoint ?? "")) warnings.add(each);
    if (typeof cells.cost.sort === "number") monthly += cells.cost.sort;
    else unpriced += 1;
  }
  const vpcs = new Set([...modules].map((each) => vpcOf(each)));
  const isSure = modules.size < 2 || ![...modules].some((each) => !each.vpc_key);
  return { endpoints: rows.length, modules: modules.size, vpcs: vpcs.size, isSure, regions: regions.size, unplaced, monthly, unpriced, types, warnings: warnings.size };
}

/** What tells a VPC from others: two modules are of one only where that is known. @param {Module} module */
function vpcOf(module) {
  return module.vpc_key || `module ${module.key}`;
}

/** @param {string} service @param {string} type */
function product(service, type) {
  return type === "Interface" ? service : `${service} (${type})`;
}

/** @typedef {{modules: Module[], has: Set<string>, isOpen: boolean, isKnown: boolean, asks: Set<string>}} Vpc */

/** What each VPC has. @param {Module[]} modules @returns {Vpc[]} */
function vpcsOf(modules) {
  /** @type {Map<string, Vpc>} */
  const found = new Map();
  for (const module of modules.filter((each) => each.state !== "retired")) {
    const vpc = found.get(vpcOf(module)) ?? { modules: [], has: new Set(), isOpen: false, isKnown: true, asks: new Set() };
    found.set(vpcOf(module), vpc);
    vpc.modules.push(module);
    vpc.isKnown &&= module.endpoints !== null;
    for (const each of module.endpoints ?? []) {
      if (each.service) vpc.has.add(product(each.service, each.vpc_endpoint_type));
      else if (named(each.service_name).kind) vpc.isOpen = true; // it may lead to anything
      for (const bundle of each.bundles) vpc.asks.add(bundle);
    }
  }
  return [...found.values()];
}

/**
 * Which VPCs lack which endpoints: of a bundle those that ask for it or have half of it, else all.
 * @param {Module[]} modules @param {Bundle | null} bundle
 */
function differences(modules, bundle) {
  const all = vpcsOf(modules);
  const counts = new Map();
  for (const name of all.flatMap((each) => [...each.has])) counts.set(name, (counts.get(name) ?? 0) + 1);
  const products = bundle ? bundle.endpoints.map(([service, type]) => product(service, type)) : [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one) || ORDER.compare(one, other));
  const isOf = (/** @type {Vpc} */ vpc) => !bundle || vpc.asks.has(bundle.name) || products.filter((each) => vpc.has.has(each)).length * 2 >= products.length;
  const names = valueNames(modules);
  const rows = all.filter((each) => !each.isKnown || isOf(each)).map((vpc) => {
    const [module] = vpc.modules;
    const services = new Set([...vpc.has].map((each) => each.split(" ")[0]));
    const has = (/** @type {string} */ name) => vpc.has.has(name) || services.has(name.split(" ")[0]);
    const lacks = products.filter((each) => !has(each));
    const isSure = vpc.isKnown && !vpc.isOpen;
    const each = products.map((name) => [`has.${name}`, has(name) ? cell("has") : isSure ? cell("lacks") : cell(null)]);
    const cells = { ...sharedCells(module, names), module: cell(vpc.modules.map((one) => one.key).join(", ")), region: cell(module.region), lacks: isSure || !lacks.length ? cell(lacks.length) : cell(null), ...Object.fromEntries(each) };
    return rowOf(module, null, cells, []);
  });
  return { rows, products, missing: lacking(rows, products) };
}

/** How many VPCs lack which endpoints, most first. @param {Row[]} rows @param {string[]} products */
function lacking(rows, products) {
  const found = products.map((name) => ({ name, lack: rows.filter((each) => each.cells[`has.${name}`].text === "lacks").length })).filter((each) => each.lack);
  return found.sort((one, other) => other.lack - one.lack);
}

/** The modules, each with a key that no other has. @param {Module[]} modules */
function distinct(modules) {
  const seen = new Set();
  for (const each of modules) {
    if (seen.has(each.key)) each.key = `${each.key} (${each.file})`;
    seen.add(each.key);
  }
  return modules;
}

/** The bundles to compare with: those that are asked for, and the newest of each. @param {Module[]} modules @param {Bundle[]} bundles */
function comparable(modules, bundles) {
  const asked = new Set(modules.flatMap((each) => each.endpoints ?? []).flatMap((each) => each.bundles));
  const newest = new Map(bundles.map((each) => [each.name.split("@")[0], each]));
  return bundles.filter((each) => asked.has(each.name) || newest.get(each.name.split("@")[0]) === each);
}

/** The columns of what differs. @param {string[]} names @param {string[]} products @returns {Column[]} */
function differenceColumns(names, products) {
  return [
    { key: "vpc", label: "VPC", width: 150 },
    { key: "module", label: "Module", width: 170 },
    ...valueColumns(names),
    { key: "region", label: "Region", width: 120 },
    { key: "lacks", label: "Lacks", width: 80, isNumber: true },
    ...products.map((each) => ({ key: `has.${each}`, label: each, width: 26 + 7 * Math.max(10, ...each.split(/[. ]/).map((part) => part.length)) })),
  ];
}

/** Where a line of a file is to be seen. @param {string | null} template @param {string} file @param {number} line */
function sourceLink(template, file, line) {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return template && template.replaceAll("{file}", () => path).replaceAll("{line}", String(line || 1));
}

/** @typedef {{view: string, name: string, endpoint: string, bundle: string} & Query} State */

/** What the part of the address after `#` says. @param {string} hash @returns {State} */
function stateOf(hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const [view, name = "", endpoint = ""] = path.split("/").map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
  const said = new URLSearchParams(query ?? "");
  const filters = [...said].filter(([key, value]) => key.startsWith("f.") && value).map(([key, value]) => [key.slice(2), value]);
  return { view: view === "modules" && name ? "module" : view || "endpoints", name, endpoint, q: said.get("q") ?? "", sort: said.get("sort") ?? "", bundle: said.get("bundle") ?? "", filters: Object.fromEntries(filters) };
}

/** @param {State} state */
function hashOf(state) {
  const path = [state.view, state.name, state.endpoint].filter(Boolean).map(encodeURIComponent).join("/");
  const pairs = [...["q", "sort", "bundle"].map((key) => [key, String(state[/** @type {"q"} */ (key)])]), ...Object.entries(state.filters).map(([key, value]) => [`f.${key}`, value])];
  const query = new URLSearchParams(pairs.filter(([, value]) => value)).toString();
  return `#/${path}${query ? `?${query}` : ""}`;
}

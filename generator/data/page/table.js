// A table of any length: real rows and headers, of which only those in sight are in the document; all of them in print.

/** @typedef {Element | string | null | undefined | false} Child */

/**
 * An element: what begins with `on` listens, what is false or null is left out. Text is text, whatever it holds.
 * @param {string} tag @param {Record<string, any>} [about] @param {...Child} children @returns {HTMLElement}
 */
function el(tag, about = {}, ...children) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (name.startsWith("on")) found.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) found.setAttribute(name, value === true ? "" : String(value));
  }
  found.append(.../** @type {(Element | string)[]} */ (children.filter((each) => each !== null && each !== undefined && each !== false)));
  return found;
}

const MOST_PRINTED = 10000;
const BEYOND = 12; // rows above and below what is in sight

class Grid {
  /** @param {{label: string, href: (row: Row) => string, onSort: (sort: string) => void}} options */
  constructor({ label, href, onSort }) {
    this.href = href;
    this.onSort = onSort;
    /** @type {Column[]} */
    this.columns = [];
    /** @type {Row[]} */
    this.rows = [];
    this.sort = "";
    this.active = -1;
    this.drawn = "";
    this.height = 36;
    this.left = 0;
    this.down = 0;
    this.head = el("tr", { role: "row", "aria-rowindex": 1 });
    this.group = el("colgroup");
    this.body = el("tbody", { role: "rowgroup" });
    this.table = el("table", { role: "table" }, el("caption", { class: "unseen" }, label), this.group, el("thead", { role: "rowgroup" }, this.head), this.body);
    this.cut = el("p", { class: "cut" });
    this.scroll = el("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": `${label}, arrow keys move between rows` }, this.table, this.cut);
    const again = () => requestAnimationFrame(() => this.draw());
    this.scroll.addEventListener("scroll", again, { passive: true });
    this.scroll.addEventListener("keydown", (event) => this.press(event));
    this.body.addEventListener("focusin", (event) => {
      const row = /** @type {Element} */ (event.target).closest("tr");
      this.active = Number(row?.getAttribute("aria-rowindex")) - 2;
    });
    addEventListener("scroll", again, { passive: true });
    addEventListener("resize", again, { passive: true });
  }

  /** @param {Column[]} columns @param {Row[]} rows @param {string} sort */
  show(columns, rows, sort) {
    const isOther = columns.map((each) => each.key).join() !== this.columns.map((each) => each.key).join() || sort !== this.sort;
    this.columns = columns;
    this.sort = sort;
    if (isOther) this.drawHead();
    if (rows !== this.rows) {
      this.active = -1;
      this.scroll.scrollTop = 0;
    }
    this.rows = rows;
    this.table.setAttribute("aria-rowcount", String(rows.length + 1));
    this.scroll.style.setProperty("--rows", String(rows.length));
    this.drawn = "";
    this.draw();
  }

  drawHead() {
    const asked = document.activeElement?.getAttribute("data-key");
    this.table.style.minWidth = `${this.columns.reduce((sum, each) => sum + each.width, 0)}px`;
    this.group.replaceChildren(
      ...this.columns.map((each) => {
        const col = el("col");
        col.style.width = `${each.width}px`;
        return col;
      }),
    );
    this.head.replaceChildren(
      ...this.columns.map(({ key, label, isNumber }) => {
        const order = this.sort === key ? "ascending" : this.sort === `-${key}` ? "descending" : null;
        const next = order === "ascending" ? `-${key}` : key;
        const button = el("button", { type: "button", "data-key": key, title: label, onclick: () => this.onSort(next) }, el("span", {}, label.replaceAll(".", ".\u200b")), el("span", { class: "arrow", "aria-hidden": "true" }, order === "ascending" ? "▲" : order === "descending" ? "▼" : ""));
        return el("th", { scope: "col", role: "columnheader", "aria-sort": order ?? "none", class: `c-${key.replace(/\W.*/, "")}${isNumber ? " number" : ""}` }, button);
      }),
    );
    if (asked) [...this.head.querySelectorAll("button")].find((each) => each.dataset.key === asked)?.focus();
  }

  /** Draw the rows in sight, or all. */
  draw(isWhole = false) {
    if (!this.scroll.isConnected || !this.scroll.getClientRects().length) return;
    const port = this.scroll.getBoundingClientRect();
    const top = Math.max(port.top, 0) - this.body.getBoundingClientRect().top;
    const seen = Math.max(innerHeight - Math.max(port.top, 0), 0); // it grows with its rows
    const first = isWhole ? 0 : Math.min(Math.max(Math.floor(top / this.height) - BEYOND, 0), this.rows.length);
    const last = Math.min(isWhole ? MOST_PRINTED : Math.floor((top + seen) / this.height) + BEYOND, this.rows.length);
    if (`${first} ${last}` === this.drawn) return;
    this.drawn = `${first} ${last}`;
    const holds = this.body.contains(document.activeElement);
    const space = (/** @type {number} */ rows) => {
      const found = el("tr", { class: "space", "aria-hidden": "true" });
      found.style.height = `${rows * this.height}px`;
      return found;
    };
    const shown = this.rows.slice(first, last).map((row, index) => this.rowOf(row, first + index));
    this.body.replaceChildren(...(first ? [space(first)] : []), ...shown, ...(last < this.rows.length && !isWhole ? [space(this.rows.length - last)] : []));
    this.cut.textContent = isWhole && last < this.rows.length ? `Printed are the first ${last} of ${this.rows.length} rows.` : "";
    const height = shown[0]?.getBoundingClientRect().height ?? this.height;
    if (holds && this.active >= 0) (this.linkOf(this.active) ?? this.scroll).focus({ preventScroll: true });
    if (height && Math.abs(height - this.height) > 0.5 && !isWhole) {
      this.height = height;
      this.drawn = "";
      this.draw();
    }
  }

  /** @param {Row} row @param {number} index */
  rowOf(row, index) {
    const found = el("tr", { role: "row", "aria-rowindex": index + 2, class: row.module.state });
    this.columns.forEach(({ key, label, isNumber }, number) => {
      const { text, kind } = row.cells[key];
      const name = key.replace(/\W.*/, "");
      const about = { role: number ? "cell" : "rowheader", scope: number ? null : "row", title: text, class: `c-${name} ${kind}${isNumber ? " number" : ""}`, "data-label": label };
      found.append(el(number ? "td" : "th", about, number ? shownAs(name, text, kind, row.module.state === "refused" ? "error" : "warning") : el("a", { href: this.href(row) }, text)));
    });
    return found;
  }

  /** @param {number} index @returns {HTMLElement | null} */
  linkOf(index) {
    return this.body.querySelector(`tr[aria-rowindex="${index + 2}"] a`);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const page = Math.max(Math.floor(this.scroll.clientHeight / this.height) - 2, 1);
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity });
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.metaKey || !this.rows.length || /** @type {Element} */ (event.target).closest("thead")) return;
    event.preventDefault();
    const sight = Math.ceil(this.scroll.scrollTop / this.height);
    this.active = Math.min(Math.max((this.active < 0 ? sight - 1 : this.active) + step, 0), this.rows.length - 1);
    if (!this.linkOf(this.active)) {
      this.scroll.scrollTop = this.active * this.height;
      scrollBy(0, this.body.getBoundingClientRect().top + this.active * this.height < 0 || this.scroll.clientHeight > innerHeight ? this.body.getBoundingClientRect().top + this.active * this.height - innerHeight / 2 : 0);
      this.draw();
    }
    const link = this.linkOf(this.active);
    link?.focus({ preventScroll: true });
    link?.closest("tr")?.scrollIntoView({ block: "nearest" });
  }

  /** Keep where one is while another view is shown. */
  leave() {
    if (this.scroll.getClientRects().length) [this.left, this.down] = [this.scroll.scrollLeft, this.scroll.scrollTop];
  }

  comeBack() {
    [this.scroll.scrollLeft, this.scroll.scrollTop] = [this.left, this.down];
    this.draw();
  }
}

/** What a cell shows: signs for what is looked over, never alone. @param {string} name @param {string} text @param {string} kind @param {string} [severity] @returns {Child} */
function shownAs(name, text, kind, severity = "warning") {
  if (kind === "none") return el("span", {}, text === NO_MATTER ? "–" : text, text === NO_MATTER && el("span", { class: "unseen" }, text));
  if (name === "type") return el("span", { class: `type ${text}` }, text);
  if (name === "state" || name === "severity") return el("span", { class: `pill ${text.includes(",") ? "warning" : text}` }, text);
  if (name === "warnings" && text !== "0") return el("span", { class: `pill ${severity}` }, `${severity === "error" ? "✕" : "⚠"} ${text}`);
  if (name === "has") return el("span", { class: `has ${text.replace(" ", "-")}` }, el("span", { "aria-hidden": "true" }, { has: "✓", lacks: "✕" }[text] ?? "?"), ` ${text}`);
  return el("span", {}, text);
}

// What the page works out of its facts, without a browser: node --test tests/page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const names = ["endpointRows", "moduleRows", "findingRows", "endpointColumns", "terms", "select", "sorted", "facetOf", "totals", "differences", "lacking", "sourceLink", "stateOf", "hashOf", "valueNames", "distinct", "comparable"];
const script = readFileSync(new URL("../../generator/data/page/logic.js", import.meta.url), "utf8");
const page = new vm.Script(`"use strict";${script};({${names.join()}})`).runInThisContext();

const endpoint = (key, more = {}) => ({
  endpoint: key, name: null, service: key, service_name: `com.amazonaws.eu-west-1.${key}`, vpc_endpoint_type: "Interface", private_dns_enabled: true, policy: [],
  region: "eu-west-1", bundles: [], subnet_ids: [], security_group_ids: [], route_table_ids: [], file: "a.yaml", line: 7, ...more,
});
const finding = (more = {}) => ({ code: "W201", severity: "warning", file: "a.yaml", line: 2, message: "a message", fix: "a fix", endpoints: [], ...more });
const module = (key, endpoints, more = {}) => ({
  key, name: key, file: "a.yaml", line: 1, values: {}, state: "fine", region: "eu-west-1", vpc: "app", vpc_key: "", findings: [], endpoints,
  cost: { region: "eu-west-1", hours: 730, traffic_gb: 100, traffic: { monthly: 1 }, total: { monthly: 11, complete: true }, notes: [], sources: [], endpoints: (endpoints ?? []).map((each) => ({ endpoint: each.endpoint, zones: 2, monthly: each.monthly === undefined ? 10 : each.monthly })) }, ...more,
});
const refused = module("broken", null, { state: "refused", region: null, vpc: null, vpc_key: null, cost: null, findings: [finding({ code: "E101", severity: "error" })] });
const search = (modules, q, filters = {}) => {
  const rows = page.endpointRows(modules);
  return page.select(rows, { q, filters, sort: "" }, page.endpointColumns(page.valueNames(modules)), (key) => page.facetOf(rows, key)).map((row) => row.cells.endpoint.text);
};

test("what is not known is told as that, and what a type does not have is another thing", () => {
  const [open] = page.endpointRows([module("a", [endpoint("kms", { region: null, service: null, monthly: null, service_name: "var.service" })], { region: null, vpc: "var.vpc_id" })]);
  const texts = Object.fromEntries(Object.entries(open.cells).map(([key, cell]) => [key, [cell.text, cell.kind]]));
  assert.deepEqual(texts.region, ["not known", "unknown"]);
  assert.deepEqual(texts.vpc, ["not known: var.vpc_id", "unknown"]);
  assert.deepEqual(texts.service, ["not known: var.service", "unknown"]);
  assert.deepEqual(texts.cost, ["not known", "unknown"]);
  const [gateway] = page.endpointRows([module("a", [endpoint("s3", { vpc_endpoint_type: "Gateway", private_dns_enabled: null, policy: undefined, monthly: 0 })])]);
  assert.deepEqual([gateway.cells.dns.text, gateway.cells.policy.text, gateway.cells.cost.text], ["does not apply", "does not apply", "free"]);
  const [broken] = page.moduleRows([refused]);
  for (const key of ["region", "vpc", "endpoints", "cost"]) assert.equal(broken.cells[key].text, "not known", key);
});

test("a search has words, words that must not be there, and words of one column", () => {
  const modules = [module("pay", [endpoint("kms"), endpoint("sqs"), endpoint("s3", { vpc_endpoint_type: "Gateway" })], { values: { tier: "prod" } }), module("shop", [endpoint("kms")], { values: { tier: "dev" } })];
  assert.deepEqual(search(modules, "pay kms"), ["kms"]);
  assert.deepEqual(search(modules, "PAY -kms"), ["sqs", "s3"]);
  assert.deepEqual(search(modules, "type:gate"), ["s3"]);
  assert.deepEqual(search(modules, "tier:dev"), ["kms"]);
  assert.deepEqual(search(modules, "-tier:dev -type:gateway"), ["kms", "sqs"]);
  assert.deepEqual(search(modules, '"com.amazonaws.eu-west-1.sqs"'), ["sqs"]);
  assert.deepEqual(search(modules, "nosuchfield:dev"), []);
  assert.deepEqual(search(modules, ""), ["kms", "sqs", "s3", "kms"]);
});

test("a filter is a whole text where a column has that, else a part", () => {
  const modules = [module("a", [endpoint("s3", { vpc_endpoint_type: "Gateway" }), endpoint("firewall", { vpc_endpoint_type: "GatewayLoadBalancer" })])];
  assert.deepEqual(search(modules, "", { type: "Gateway" }), ["s3"]);
  assert.deepEqual(search(modules, "", { type: "gatewayl" }), ["firewall"]);
  assert.deepEqual(search(modules, "", { type: "Interface" }), []);
});

test("an order has numbers as numbers, and what is not known last, both ways", () => {
  const rows = page.endpointRows([module("a", [endpoint("e10", { monthly: 100 }), endpoint("e9", { monthly: null }), endpoint("e2", { monthly: 9 })])]);
  const order = (sort) => page.sorted(rows, sort).map((row) => row.cells.endpoint.text);
  assert.deepEqual(order("endpoint"), ["e2", "e9", "e10"]);
  assert.deepEqual(order("-endpoint"), ["e10", "e9", "e2"]);
  assert.deepEqual(order("cost"), ["e2", "e10", "e9"]);
  assert.deepEqual(order("-cost"), ["e10", "e2", "e9"]);
  assert.deepEqual(order("nothing"), ["e10", "e9", "e2"]);
});

test("totals are of what is known, and say what is not", () => {
  const modules = [module("a", [endpoint("kms"), endpoint("sqs", { monthly: null })], { findings: [finding(), finding({ endpoints: ["sqs"] })] }), module("b", [endpoint("kms")])];
  const rows = page.endpointRows(modules);
  const found = page.totals(rows);
  assert.deepEqual([found.endpoints, found.modules, found.vpcs, found.isSure, found.monthly, found.unpriced, found.warnings], [3, 2, 2, false, 20, 1, 2]);
  assert.equal(page.totals(rows.slice(0, 1)).warnings, 1);
  assert.equal(page.totals(page.endpointRows([module("a", [endpoint("kms")], { vpc_key: "vpc-1" }), module("b", [endpoint("kms")], { vpc_key: "vpc-1" })])).vpcs, 1);
});

test("a VPC lacks what none of its modules has; of one with an open or a refused spec that is not known", () => {
  const bundle = { name: "app@1", title: "App", endpoints: [["kms", "Interface"], ["sqs", "Interface"], ["s3", "Gateway"]] };
  const s3 = endpoint("s3", { vpc_endpoint_type: "Gateway" });
  const modules = [
    module("one", [endpoint("kms"), s3], { vpc_key: "vpc-1" }), module("two", [endpoint("sqs")], { vpc_key: "vpc-1" }), module("three", [endpoint("kms"), s3], { vpc_key: "vpc-2" }),
    module("open", [endpoint("kms"), s3, endpoint("x", { service: null, service_name: "var.any" })]), module("other", [endpoint("logs")]), refused, module("gone", [], { state: "retired" }),
  ];
  const { rows, missing } = page.differences(modules, bundle);
  const found = Object.fromEntries(rows.map((row) => [row.cells.module.text, [row.cells["has.sqs"].text, row.cells.lacks.text]]));
  assert.deepEqual(found, { "one, two": ["has", "0"], three: ["lacks", "1"], open: ["not known", "not known"], broken: ["not known", "not known"] });
  assert.deepEqual(missing.map((each) => [each.name, each.lack]), [["sqs", 1]]);
  assert.equal(page.differences(modules, null).rows.length, 5);
});

test("a bundle that is asked for by name counts, however little of it is there", () => {
  const bundle = { name: "app@1", title: "App", endpoints: [["kms", "Interface"], ["sqs", "Interface"], ["logs", "Interface"]] };
  const { rows } = page.differences([module("a", [endpoint("kms", { bundles: ["app@1"] })])], bundle);
  assert.deepEqual(rows.map((row) => row.cells.lacks.text), ["2"]);
});

test("a service that a VPC has in another type is not lacking, and a search says of whom is asked", () => {
  const modules = [module("a", [endpoint("s3")], { vpc_key: "1", values: { tier: "prod" } }), module("b", [endpoint("s3", { vpc_endpoint_type: "Gateway" })], { vpc_key: "2" }), module("c", [endpoint("kms")], { vpc_key: "3", values: { tier: "prod" } })];
  const { rows, products, missing } = page.differences(modules, null);
  assert.deepEqual(Object.fromEntries(missing.map((each) => [each.name, each.lack])), { kms: 2, s3: 1, "s3 (Gateway)": 1 });
  const prod = page.select(rows, { q: "tier:prod", filters: {}, sort: "" }, [{ key: "value.tier", label: "tier", width: 1 }], () => new Map());
  assert.deepEqual(page.lacking(prod, products).find((each) => each.name === "kms").lack, 1);
});

test("a known type is searched for as a whole, and one that is not typed yet is nothing", () => {
  const modules = [module("a", [endpoint("s3", { vpc_endpoint_type: "Gateway" }), endpoint("firewall", { vpc_endpoint_type: "GatewayLoadBalancer" })])];
  assert.deepEqual(search(modules, "type:gateway"), ["s3"]);
  assert.deepEqual(search(modules, "-type:gateway"), ["firewall"]);
  assert.deepEqual(search(modules, "type:gate"), ["s3", "firewall"]);
  assert.deepEqual(search(modules, "type: "), ["s3", "firewall"]);
});

test("a module costs what its endpoints do, without traffic, and says what is warned of", () => {
  const [fine] = page.moduleRows([module("a", [endpoint("kms"), endpoint("sqs")], { findings: [finding()] })]);
  assert.deepEqual([fine.cells.cost.text, fine.cells.state.text], ["20.00", "fine, 1 warning"]);
  const [open] = page.moduleRows([module("a", [endpoint("kms"), endpoint("sqs", { monthly: null })])]);
  assert.equal(open.cells.cost.text, "10.00 + ?");
});

test("a link is escaped and has the line", () => {
  assert.equal(page.sourceLink("https://x.example/{file}#L{line}", "specs/a b#?.yaml", 7), "https://x.example/specs/a%20b%23%3F.yaml#L7");
  assert.equal(page.sourceLink("https://x.example/{file}", "$&/a.yaml", 0), "https://x.example/%24%26/a.yaml");
  assert.equal(page.sourceLink(null, "a.yaml", 7), null);
});

test("the address says the view, and reads back as it was", () => {
  const state = { view: "module", name: "a/b c", endpoint: "kms", q: "x & y", sort: "-cost", bundle: "app@1", filters: { "value.tier": "prod", "has.ecr.dkr": "lacks" } };
  assert.deepEqual(page.stateOf(page.hashOf(state)), state);
  assert.equal(page.stateOf("").view, "endpoints");
  assert.equal(page.stateOf("#/module/%E0%A4%A").name, "%E0%A4%A");
});

test("a value that only says the Region once more is no column", () => {
  assert.deepEqual(page.valueNames([module("a", [], { values: { region: "eu-west-1", tier: "prod" } })]), ["tier"]);
  assert.deepEqual(page.valueNames([module("a", [], { values: { region: "europe" } })]), ["region"]);
});

test("modules of one key are told apart by their files", () => {
  const keys = page.distinct([module("a", []), module("a", [], { file: "b.yaml" }), module("c", [])]).map((each) => each.key);
  assert.deepEqual(keys, ["a", "a (b.yaml)", "c"]);
});

test("what is compared with is what is asked for, and the newest of each", () => {
  const bundles = ["app@1", "app@2", "app@3", "web@1"].map((name) => ({ name, title: name, endpoints: [] }));
  assert.deepEqual(page.comparable([module("a", [endpoint("kms", { bundles: ["app@1"] })])], bundles).map((each) => each.name), ["app@1", "app@3", "web@1"]);
});

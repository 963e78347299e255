/* The page that shows what differs between any two releases. */

import {
  CASE_TEXTS, CASE_VALUES, LABEL_TEXTS, LABEL_VALUES, asksAlike, between, catalogOf, endOf, isEqual, isRetired, leaves,
  stateOf, told,
} from "./changes.js";
import { redline, redlineOf } from "./redline.js";
import { at, dayOf, find, here, link, listed, make, order, set, spoken, timeline } from "./releases.js";
import { textOf } from "./texts.js";

const plain = (value) => {
  if (value === undefined || value === null || value === "") return "none";
  if (Array.isArray(value)) return value.map(plain).join(", ") || "none";
  if (typeof value === "object") return Object.entries(value).map(([key, one]) => `${key}: ${plain(one)}`).join("; ");
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
};
const said = (name) => (name.startsWith("dsa_") ? `DSA ${name.slice(4)}` : name[0].toUpperCase() + name.slice(1));
const swapped = (before, after) => [make("del", "", plain(before)), " ", make("ins", "", plain(after))];

/** Data as a text to compare: a list stays one, an object has a paragraph for each of its fields. */
function asText(value) {
  if (value === undefined || value === null) return null;
  const nodes = Array.isArray(value)
    ? [make("ul", "", ...value.map((item) => make("li", "", plain(item))))]
    : Object.values(typeof value === "object" ? value : { value }).map((one) => make("p", "", plain(one)));
  return { nodes, page: here.base, release: here.base.href };
}

/** Rows for the fields that differ: values before and after, texts as a redline. */
function fields({ before, after }, values, texts) {
  const differ = (name) => !isEqual(before.data[name], after.data[name]);
  const row = (name, ...nodes) => [make("dt", "", said(name)), make("dd", "", ...nodes)];
  const value = (name) => make("div", "gb-redline", ...swapped(before.data[name], after.data[name]));
  return make("dl", "gb-fields",
    ...values.filter(differ).flatMap((name) => row(name, value(name))),
    ...texts.filter(differ).flatMap((name) => row(name, redline(asText(before.data[name]), asText(after.data[name])))));
}

/** The heading of a change, with a link to each release that has it. */
function headed(one, from, to, name) {
  const links = [[one.before, from], [one.after, to]].filter(([thing]) => thing)
    .map(([thing, release]) => link(at(release, thing.url), release));
  const state = stateOf(one) ? make("span", "gb-change__state", stateOf(one)) : null;
  const title = make("h3", "gb-change__name", name, state ? " " : null, state);
  return [title, make("p", "gb-change__links", "Read it in ", ...listed(links))];
}

async function clauseShown(one, { from, to, after }) {
  const texts = await Promise.all([[one.before, from], [one.after, to]]
    .map(async ([thing, release]) => (thing ? (await textOf(release, thing)) ?? undefined : null)));
  const retired = !one.after && after.map((row) => row.retired?.[one.id]).find(Boolean);
  const why = retired ? make("p", "", `${retired.to} decides in its place. ${retired.why}`) : null;
  const body = texts.includes(undefined)
    ? make("p", "", "The text could not be loaded. Read it in the releases.")
    : redlineOf(...texts);
  return [...headed(one, from, to, `${one.id} ${one.title}`), why, body];
}

function labelShown(one, { from, to }) {
  const name = [make("code", "", one.id), ` ${one.title}`];
  const body = stateOf(one) ? make("p", "", one.data.summary ?? "") : fields(one, LABEL_VALUES, LABEL_TEXTS);
  return [...headed(one, from, to, make("span", "", ...name)), body];
}

/** A tree as a list of its questions, each with its answers. */
function treeText(tree) {
  if (!tree) return null;
  const answer = (one) => `${one.text}: ${one.go ? `go to ${one.go}` : endOf(one).join(", ")}`;
  const asked = ({ ask, answers }) =>
    make("li", "", ask, make("ul", "", ...answers.map((one) => make("li", "", answer(one)))));
  return { ...asText([]), nodes: [make("ol", "", ...tree.questions.map(asked))] };
}

/** Which answers of a tree end elsewhere; then the whole of it, where it differs in more than that. */
function treeShown(one, { from, to }) {
  const trees = [one.before, one.after].map((thing) => thing?.data);
  const items = leaves(...trees)
    .map(({ said, before, after }) => make("li", "", `${said}: `, ...swapped(before, after)));
  return [
    ...headed(one, from, to, `Decision tree of ${one.id} ${one.title}`),
    items.length ? make("div", "gb-redline", make("ul", "", ...items)) : null,
    items.length && asksAlike(...trees) ? null : redline(...trees.map(treeText)),
  ];
}

function caseShown(one, { from, to }) {
  const body = stateOf(one) ? make("p", "", `${said(one.data.verdict)}: ${one.data.label}, ${one.data.clause}`)
    : fields(one, CASE_VALUES, CASE_TEXTS);
  return [...headed(one, from, to, `${one.id} ${one.title}`), body];
}

/** How much is on a page that came or went; nothing more of it is told. */
function held({ data }) {
  const counts = ["clauses", "cases"].map((name) => [data[name]?.length, name]).filter(([count]) => count)
    .map(([count, name]) => `${count} ${count === 1 ? name.slice(0, -1) : name}`);
  return counts.length ? make("p", "", `It has ${counts.join(" and ")}.`) : null;
}

function pageShown(one, { from, to }) {
  const { before, after } = one;
  const row = (name, old, now) => make("p", "", `${name}: `, ...swapped(old, now));
  const rows = [];
  if (stateOf(one)) rows.push(held(after ?? before));
  else {
    if (before.url !== after.url) rows.push(row("Address", before.url || "home", after.url || "home"));
    const [old, now] = [before.data, after.data];
    if (isRetired(old) !== isRetired(now)) rows.push(row("Status", old.status, now.status));
  }
  return [...headed(one, from, to, `${one.id} ${one.title}`), rows[0] && make("div", "gb-redline", ...rows)];
}

const FLIPS = ["verdict", "label"];
const isFlipped = (one) => !stateOf(one) && FLIPS.some((name) => one.before.data[name] !== one.after.data[name]);
const PARTS = [
  ["clause", "Clauses", clauseShown],
  ["label", "Labels", labelShown],
  ["tree", "Decision trees", treeShown],
  ["case", "Cases", caseShown],
  ["page", "Pages", pageShown],
];

/** Everything that differs between two releases, or what differs in one clause, as nodes. */
async function compared(from, to, clause) {
  const [before, after] = await Promise.all([from, to].map(catalogOf));
  const lost = [[from, before], [to, after]].find(([, documents]) => !documents);
  if (lost) return [make("p", "", `The catalog of release ${lost[0]} could not be loaded. Try again later.`)];
  const every = between(before, after);
  const found = clause ? every.filter(({ kind, id }) => kind === "clause" && id === clause) : told(every);
  found.sort((one, other) => Number(isFlipped(other)) - Number(isFlipped(one))); // stable: within its kind
  const same = clause ? `${clause} is the same in both releases.` : "Nothing that decides cases differs.";
  if (!found.length) return [make("p", "", same)];
  const nodes = [];
  for (const [kind, title, show] of PARTS) {
    const ones = found.filter((one) => one.kind === kind);
    const parts = await Promise.all(ones.map((one) => show(one, { from, to, after })));
    if (ones.length) nodes.push(set(make("h2", "", `${title} (${ones.length})`), { id: `differs-${kind}` }));
    nodes.push(...parts.map((children) => make("section", "gb-change", ...children)));
  }
  return [contents(nodes), ...nodes];
}

/** Links to the headings of an answer, where it has several. */
function contents(nodes) {
  const links = nodes.filter(({ localName }) => localName === "h2")
    .map(({ id, textContent }) => link(`#${id}`, textContent));
  return links.length > 1 ? make("p", "gb-jump", ...links) : "";
}

function choice(name, label, releases) {
  const option = (release) => new Option(`${release}, ${spoken(dayOf(release))}`, release);
  const options = [...releases].reverse().map(option);
  const field = set(make("select", "", ...options), { name });
  return [field, make("label", "gb-form__field", make("span", "", label), " ", field)];
}

/** What is wrong with an address, or nothing. */
function fault(line, asked) {
  for (const name of ["from", "to"]) {
    const value = asked.get(name);
    if (value === null || line.releases.includes(value)) continue;
    return `There is no release “${value}” in this edition. Choose two of the list.`;
  }
  const clause = asked.get("clause");
  const isKnown = clause === null || Object.hasOwn(line.clauses, clause);
  return isKnown ? "" : `There is no clause “${clause}” in any release.`;
}

function comparePage(box, line) {
  const { releases } = line;
  const asked = new URLSearchParams(location.search);
  const [from, fromField] = choice("from", "From", releases);
  const [to, toField] = choice("to", "To", releases);
  const every = set(make("button", "gb-tool", "Show all that differs"), { type: "button" });
  const status = set(make("p", "gb-form__status"), { role: "status" });
  const answer = make("div", "gb-answer");
  let clause = asked.get("clause");
  let turn = 0;

  async function show() {
    const mine = ++turn;
    const back = order(from.value, to.value) > 0 ? " It reads backwards: the first is the later one." : "";
    const what = clause ? `What differs in ${clause}` : "What differs";
    status.textContent = "Comparing …";
    every.hidden = !clause;
    const nodes = await compared(from.value, to.value, clause);
    if (mine !== turn) return; // another choice was made meanwhile
    status.textContent = `${what} from ${from.value} to ${to.value}.${back}`;
    answer.replaceChildren(...nodes);
  }

  function choose() {
    const query = new URLSearchParams({ from: from.value, to: to.value, ...(clause ? { clause } : {}) });
    history.replaceState(null, "", `?${query}`);
    show();
  }

  [from, to].forEach((field) => field.addEventListener("change", choose));
  every.addEventListener("click", () => {
    clause = null;
    choose();
    from.focus();
  });
  box.append(make("div", "gb-form", fromField, toField, every), status, answer);
  box.hidden = false;
  const wrong = fault(line, asked);
  to.value = (!wrong && asked.get("to")) || releases.at(-1);
  from.value = (!wrong && asked.get("from")) || releases.at(Math.max(0, releases.indexOf(to.value) - 1));
  if (wrong) clause = null;
  every.hidden = !clause;
  if (wrong) status.textContent = wrong;
  else show();
}

const box = here && find("#gb-compare");
const line = box && (await timeline());
if (line) comparePage(box, line);

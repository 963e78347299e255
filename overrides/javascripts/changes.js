/* Changes: what differs between the catalogs of two releases, thing by thing, as hooks/guidebook/changes.py has it.

   Only what decides cases is compared; of pages, which came, went, moved or retired. */

import { at, fetched, here } from "./releases.js";

export const LABEL_VALUES = ["severity", "actions", "escalate", "surfaces", "precedence", "dsa_category",
  "dsa_keyword", "ozone", "status"];
export const LABEL_TEXTS = ["title", "summary", "includes", "excludes", "strike", "statement"];
export const CASE_VALUES = ["verdict", "label", "clause", "surface", "answers"];
export const CASE_TEXTS = ["title", "text", "reason"];

const pick = (data, names) =>
  Object.fromEntries(names.filter((name) => name in data).map((name) => [name, data[name]]));
export const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);
export const isRetired = (row) => row.status === "retired";

/** Everything that can differ, by kind and id. */
function thingsOf(documents) {
  const things = new Map();
  for (const row of documents) {
    const add = (kind, { id, title, url }, data, compared) =>
      things.set(`${kind} ${id}`, { kind, id, title, url, data, compared, page: row.id });
    add("page", row, row, [row.url, isRetired(row)]);
    for (const one of row.clauses ?? []) add("clause", one, one, one.sha256);
    if (row.type === "label") add("label", row, row, pick(row, [...LABEL_TEXTS, ...LABEL_VALUES]));
    if (row.tree) add("tree", { ...row, url: `${row.url}#decision-tree` }, row.tree, row.tree);
    for (const one of row.cases ?? []) add("case", one, one, pick(one, [...CASE_TEXTS, ...CASE_VALUES]));
  }
  return things;
}

/** What differs between the documents of two catalogs: each with what it was and what it is, null for none.

    What is gone stands where its page is. */
export function between(before, after) {
  const [old, now] = [thingsOf(before), thingsOf(after)];
  const ids = [...new Set([...now.keys(), ...old.keys()])];
  const both = ids.map((id) => ({ before: old.get(id) ?? null, after: now.get(id) ?? null }));
  const differ = both.filter(({ before, after }) => !isEqual(before?.compared, after?.compared))
    .map((one) => ({ ...(one.after ?? one.before), ...one }));
  const places = new Map([...after, ...before].map(({ id }) => id).reverse().map((id, place) => [id, -place]));
  return differ.sort((one, other) => places.get(one.page) - places.get(other.page));
}

/** Changes without those on a page that came or went: the page tells of them. A label is told by itself. */
export function told(changes) {
  const whole = new Set(changes.filter((one) => one.kind === "page" && stateOf(one)).map(({ id }) => id));
  return changes.filter(({ kind, page }) => kind === "page" || kind === "label" || !whole.has(page));
}

export const stateOf = ({ before, after }) => (before && after ? "" : after ? "new" : "gone");

/** The answers of a tree that ended before and end now, but elsewhere. A question is known by its id, not its words. */
export function leaves(before, after) {
  const [old, now] = [endsOf(before), endsOf(after)];
  return [...now].map(([key, { said, end }]) => ({ said, before: old.get(key)?.end, after: end }))
    .filter((leaf) => leaf.before && !isEqual(leaf.before, leaf.after));
}

function endsOf(tree) {
  const found = (tree?.questions ?? []).flatMap(({ id, ask, answers }) => answers.filter(({ go }) => !go)
    .map((answer) => [`${id} ${answer.text}`, { said: `${ask} ${answer.text}`, end: endOf(answer) }]));
  return new Map(found);
}

export const endOf = ({ label, clause, escalate }) => [label, clause, escalate].filter(Boolean);

/** Whether two trees ask the same in the same words and lead the same ways, wherever their answers end. */
export function asksAlike(before, after) {
  const asked = (tree) => tree?.questions.map(({ ask, answers }) => [ask, answers.map(({ text, go }) => [text, go])]);
  return isEqual(asked(before), asked(after));
}

/** The documents of a release; null where they cannot be had. */
export const catalogOf = (release) => fetched(at(release, "catalog.json"), async (response) => {
  const data = await response.json();
  return data.edition === here.edition && Array.isArray(data.documents) ? data.documents : null;
});

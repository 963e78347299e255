/* Redlines: two texts as one, with what came, what went and what moved.

   It gives the marks of hooks/guidebook/redline.py, so that one stylesheet serves both; a test holds it to that. */

import { runsOf, wordOf } from "./alignment.js";
import { compare } from "./difference.js";
import { isPlain, read } from "./prose.js";
import { find, link, make, set, words } from "./releases.js";
import { HEADING, bare } from "./texts.js";

const CLASSES = { deleted: "gb-del", inserted: "gb-ins", "moved-from": "gb-moved-from", "moved-to": "gb-moved-to" };
const SHOWN = { quote: "blockquote", box: "div", title: "p", table: "div" };
const TYPES = { strong: "bold", em: "italic", code: "code", reference: "a reference", image: "an image" };

/** Both texts as one: what went, what came, what moved. Texts as `textOf` gives them; null for none. */
export function redline(before, after) {
  const found = compare(read(before), read(after));
  return make("div", "gb-redline", ...shownAll(found.children, ""));
}

/** A redline with the heading where that differs too; a line of words where no word differs. */
export function redlineOf(before, after) {
  const same = !before || !after || words(bare(before.heading)) === words(bare(after.heading));
  const full = (text) => text && { ...text, nodes: same ? text.nodes : [text.heading, ...text.nodes] };
  const found = redline(full(before), full(after));
  return find("ins, del, .gb-redline__note", found) ? found : make("p", "", "No word differs.");
}

/** A redline without what stayed, but with the headings that lead to what did not. */
export function abridged(found) {
  let below = ""; // the rank above which a heading leads to what was kept last
  let gap = null;
  for (const node of [...found.children].reverse()) {
    const isHeading = HEADING.test(node.localName);
    if (find("ins, del, .gb-redline__note", node) || (isHeading && node.localName < below)) {
      below = isHeading ? node.localName : "h9";
      gap = null;
    } else {
      gap ??= found.insertBefore(make("p", "gb-redline__note", "…"), node);
      node.remove();
    }
  }
  return found;
}
/** Whether the mark of a change says more than that of the block it stands in. */
const isNews = ({ mark }, outer) => mark && mark !== outer && !(mark === "deleted" && outer === "moved-from");
const note = (said) => (said ? [make("span", "gb-redline__note", said), " "] : []);

const shownAll = (changes, outer, notes = []) =>
  changes.flatMap((one, place) => shown(one, outer, place ? [] : notes));

function shown(one, outer, before = [], more = {}) {
  const { kind, number, tight } = one.block;
  const tag = kind === "h" ? `h${Math.min(Math.max(number, 2) + 1, 5)}` : SHOWN[kind] ?? kind;
  const notes = [...before, ...note(one.moved)];
  const mark = isNews(one, outer) ? CLASSES[one.mark] : "";
  const own = ["box", "title", "table"].includes(kind) ? `gb-redline__${kind}` : "";
  const names = [own, mark].filter(Boolean).join(" ");
  if (["p", "h", "cell"].includes(kind)) {
    const [first, ...others] = inline(one);
    if (tight && !mark) return [...notes, ...first];
    return [make(tag, names, ...notes, ...first), ...others.map((nodes) => make(tag, "", ...nodes))];
  }
  return [set(make(tag, names, ...inside(one, notes)), more)];
}

function inside(one, notes) {
  const { kind } = one.block;
  if (kind === "table") return [...notes, tableShown(one)];
  if (kind === "ol") return itemsShown(one, notes);
  if (kind === "ul") return shownAll(one.children, one.mark, notes);
  if (kind === "pre") return [...notes, make("code", "", ...inline(one)[0])];
  if (kind === "title") return [...notes, make("strong", "", ...inline(one)[0])];
  return [...notes, ...shownAll(one.children, one.mark)];
}

/** The items of a list with their numbers: what went has the number it had. */
function itemsShown(one, notes) {
  let [old, now] = [one.before?.number ?? 1, one.after?.number ?? 1];
  return one.children.flatMap((item, place) => {
    const nodes = shown(item, one.mark, place ? [] : notes, { value: item.after ? now : old });
    [old, now] = [old + Number(Boolean(item.before)), now + Number(Boolean(item.after))];
    return nodes;
  });
}

function tableShown(one) {
  const [head, ...rows] = one.children;
  const body = rows.length ? make("tbody", "", ...rows.map((row) => rowShown(row, "td", one.mark))) : null;
  return make("table", "", make("thead", "", rowShown(head, "th", one.mark)), body);
}

function rowShown(one, tag, outer) {
  const cells = one.children.map((cell, place) => {
    const mark = isNews(cell, one.mark || outer) ? CLASSES[cell.mark] : "";
    return make(tag, mark, ...(place ? [] : note(one.moved)), ...inline(cell)[0]);
  });
  return make("tr", isNews(one, outer) ? CLASSES[one.mark] : "", ...cells);
}

/** What a reader is told of a pair of words: its state, and what is new about a word that stayed. */
function stateOf({ before, after }) {
  if (!before || !after) {
    const [went, came] = wordOf({ before, after }).key === "\n" ? ["joined", "parted"] : ["deleted", "inserted"];
    return { state: before ? went : came, notes: [] };
  }
  const [old, now] = [before, after].map(({ styles }) => styles.split(" ").filter(Boolean));
  const types = [...now.filter((style) => !old.includes(style)).map((style) => `now ${TYPES[style]}`),
    ...old.filter((style) => !now.includes(style)).map((style) => `no longer ${TYPES[style]}`)];
  const notes = types.length ? [["", types.join(", ")]] : [];
  if (before.target !== after.target) {
    const targets = [["deleted", before.target], ["inserted", after.target]];
    notes.push(["", "link"], ...targets.filter(([, target]) => target));
  }
  return { state: notes.length ? "restyled" : "same", notes };
}

/** The words of a block as nodes: a list for each paragraph it became. */
function inline({ block, pairs }) {
  const code = block.kind === "pre";
  const out = [[]];
  let [last, lastState, parted] = ["", "", false];
  for (const { items } of runsOf(pairs, (pair) => JSON.stringify(stateOf(pair)))) {
    const { state, notes } = stateOf(items[0]);
    const found = items.map((pair) => ({ ...wordOf(pair), gap: wordOf(pair).gap || pair.before?.gap || "" }));
    let gap = lastState || code ? found[0].gap : "";
    if (!gap && lastState === "deleted" && /[\p{L}\p{N}]$/u.test(last) && isPlain(found[0].text)) gap = " ";
    if (!parted) out.at(-1).push(...space(gap, code));
    parted = state === "parted" && !block.tight;
    found[0].gap = "";
    const nodes = styled(found, code);
    if (state === "parted" || state === "joined") {
      out.at(-1).push(make(state === "parted" ? "ins" : "del", "gb-redline__note", ...nodes));
      if (parted) out.push([]);
    } else if (state === "restyled") {
      const told = notes.flatMap(([kind, said], place) => [place ? " " : "", tagged(kind, [said])].flat());
      out.at(-1).push(make("span", "gb-redline__restyled", ...nodes), " ", make("span", "gb-redline__note", ...told));
    } else {
      out.at(-1).push(...tagged(state, nodes));
    }
    [last, lastState] = [found.at(-1).text, state];
  }
  return out;
}

const space = (gap, code) => (gap ? [code ? gap : gap === "\n" ? make("br", "") : " "] : []);
const tagged = (state, nodes) => {
  const tag = { deleted: "del", inserted: "ins" }[state];
  return tag ? [make(tag, "", ...nodes)] : nodes;
};

/** Words in their type and with their links. */
function styled(found, code) {
  return runsOf(found, ({ styles, href }) => `${styles}\n${href}`).flatMap(({ items }) => {
    const [{ styles, href, gap }] = items;
    const has = styles.split(" ");
    let nodes = items.flatMap((word, place) => [...(place ? space(word.gap, code) : []), word.text]);
    if (has.includes("code") || (href && has.includes("reference"))) nodes = [make("code", "", ...nodes)];
    for (const style of ["em", "strong"]) if (has.includes(style)) nodes = [make(style, "", ...nodes)];
    return [...space(gap, code), ...(href ? [link(href, ...nodes)] : nodes)];
  });
}

/* What differs between two releases: the redline of two rendered texts, and the page that takes any two releases.

   The redline does what hooks/guidebook/{alignment,difference,redline}.py do, with what a browser has: the page of each
   release. Both give the same marks, so that one stylesheet serves both; a test holds them to it. */

import { all, at, dayOf, fetched, find, here, link, listed, make, order, set, spoken, timeline, words }
  from "./releases.js";

/* --- Texts: a part of a page of a release --- */

// What stands in a text and is not of it: signs and buttons, what says when the text changes, and who asks about it.
const NOISE = `.headerlink, .footnote-backref, .gb-facts, .gb-jump, .gb-tool, .coming, .gb-until, .gb-known,
  p:has(> .gb-changed), .md-source-file, .md-content__button, script, style, template, svg, button, select, textarea,
  iframe, object, embed, noscript, link, meta, hr, nav, form, input:not([type=checkbox])`;
const HEADING = /^h[1-6]$/;
const HISTORY = "change-history"; // the section that the build adds to a page

const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
const isNoise = (node) => (isElement(node) ? node.matches(NOISE) : node.nodeType !== Node.TEXT_NODE);
const pages = new Map();

/** The page at an address of a release, as a document; null where it cannot be had. */
function pageOf(release, path) {
  const url = at(release, path);
  if (!pages.has(url.href)) {
    pages.set(url.href, fetched(url, async (response) => {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const said = (name) => find(`meta[name='guidebook:${name}']`, page)?.content;
      return said("release") === release && said("edition") === here.edition ? page : null;
    }));
  }
  return pages.get(url.href);
}

/** A clause's text from its heading to the next of that rank, or a whole page's; null where it cannot be had. */
export async function textOf(release, entry) {
  const [path, anchor] = entry.url.split("#");
  const page = await pageOf(release, path);
  const heading = page && (anchor ? page.getElementById(anchor) : find("article h1", page));
  if (!heading) return null;
  const nodes = [];
  let skips = ""; // the rank of the heading whose section is left out
  for (let node = heading.nextSibling; node; node = node.nextSibling) {
    if (HEADING.test(node.localName ?? "")) {
      if (node.localName <= heading.localName) break;
      if (node.localName <= skips) skips = "";
      if (node.id === HISTORY) skips = node.localName;
    }
    if (!skips) nodes.push(node);
  }
  return { heading, nodes, page: at(release, path), release: at(release).href };
}

// What a copy may hold; of all else only the words stay.
const TAGS = new Set(`p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tr th td blockquote pre code strong em b i
  a abbr span div img br sup sub del ins kbd figure figcaption`.split(/\s+/));
const NAMES = ["class", "title", "alt", "start", "value", "colspan", "rowspan", "data-verdict"];

/** Copies of nodes of a page: without scripts, ids and buttons, with links that lead into that release. */
export const copied = (nodes, page) => [...nodes].flatMap((node) => copyOf(node, page));

function copyOf(node, page) {
  if (isNoise(node)) return [];
  if (!isElement(node)) return [document.createTextNode(node.data)];
  if (node.localName === "input") return [tick(node)];
  if (isTabs(node)) {
    return tabsOf(node).flatMap(([name, body]) => [make("p", "", make("strong", "", name)), ...copyOf(body, page)]);
  }
  const inside = copied(node.childNodes, page);
  if (node.localName === "summary") return [make("p", "admonition-title", ...inside)];
  if (node.localName === "details") return [make("div", `admonition ${node.className}`, ...inside)];
  if (!TAGS.has(node.localName)) return inside;
  const copy = make(node.localName, "", ...inside);
  for (const name of NAMES) if (node.hasAttribute(name)) copy.setAttribute(name, node.getAttribute(name));
  for (const name of ["href", "src"]) {
    const url = node.hasAttribute(name) && address(node.getAttribute(name), page);
    if (url) copy.setAttribute(name, url);
  }
  return [copy];
}

/** Where a link of a page leads, whole; nothing for what is not for a reader's browser to open. */
function address(target, page) {
  try {
    const url = new URL(target, page);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

const tick = (box) => (box.hasAttribute("checked") ? "☑" : "☐");
const isTabs = (node) => node.matches(".tabbed-set");
function tabsOf(node) {
  const names = all(":scope > .tabbed-labels > label", node);
  return all(":scope > .tabbed-content > .tabbed-block", node).map((body, place) => [words(names[place]), body]);
}

/* --- Reading: a text as blocks and words --- */

const LETTERS = "\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff"; // of Chinese and Japanese, compared one by one
const REST = `(?![${LETTERS}])[\\p{L}\\p{N}\\p{M}_\\u200d\\ufe0f]`;
const PART = `(?![${LETTERS}])[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_\\u200d\\ufe0f]*`;
const WORD = new RegExp(
  `https?://[^\\s<>]*[\\p{L}\\p{N}_/]|[${LETTERS}]|(?![${LETTERS}])[\\p{L}\\p{N}_](?:${REST})*` +
  `(?:(?:['’.:@-]|(?<=\\d),(?=\\d))${PART})*|\\S`, "gu");
const isPlain = (text) => /^[\p{L}\p{N}]/u.test(text);
const BREAK = { text: "¶", key: "\n", gap: " ", styles: "break", target: "", href: "" };
const KINDS = { p: "p", ul: "ul", ol: "ol", li: "li", blockquote: "quote", pre: "pre", table: "table" };
const GROUPS = new Set("div section details dl dt dd figure figcaption article aside header footer".split(" "));

/** How often each word is in a block, with the number of all. */
function counted(texts) {
  const bag = new Map();
  for (const text of texts) bag.set(text, (bag.get(text) ?? 0) + 1);
  return { bag, total: texts.length };
}

const keysOf = (list) => list.map(({ key }) => key);

/** A block and what is in it: words in a p, h, title, pre or cell, blocks in all others. */
class Block {
  constructor(kind, children, own = [], more = {}) {
    Object.assign(this, { kind, children, own, number: 1, tight: false, ...more });
    this.words = [...own, ...children.flatMap((child) => child.words)];
    this.key = `${kind}(${keysOf(own).join("\u0001")}\u0002${keysOf(children).join("\u0003")})`;
    const plain = this.words.filter(({ text }) => isPlain(text)).map(({ text }) => text.toLowerCase());
    this.bag = counted(plain.length ? plain : this.words.map(({ text }) => text));
  }
}

function read(text) {
  return new Block("root", text ? blocksIn(text.nodes, text) : []);
}

/** The blocks of some nodes; words between them are a paragraph. */
function blocksIn(nodes, text, tight = false) {
  const found = [];
  let loose = [];
  const flush = () => {
    const own = wordsOf(loose, text);
    if (own.length) found.push(new Block("p", [], own, { tight }));
    loose = [];
  };
  for (const node of nodes) {
    if (isNoise(node)) continue;
    const name = isElement(node) ? node.localName : "";
    if (!KINDS[name] && !GROUPS.has(name) && !HEADING.test(name)) {
      loose.push(node);
      continue;
    }
    flush();
    found.push(...blocksOf(node, text));
  }
  flush();
  return found;
}

function blocksOf(node, text) {
  const name = node.localName;
  const own = () => wordsOf(node.childNodes, text);
  if (HEADING.test(name)) return [new Block("h", [], own(), { number: Number(name[1]) })];
  if (node.matches("p.admonition-title, summary")) return [new Block("title", [], own())];
  if (name === "p" || name === "dt") return own().length ? [new Block("p", [], own())] : [];
  if (name === "pre") return [new Block("pre", [], cut(node.textContent.replace(/\n$/, ""), "", "", {}))];
  if (name === "table") return tableOf(node, text);
  if (isTabs(node)) {
    return tabsOf(node).map(([title, body]) => new Block("box", [titled(title), ...blocksIn(body.childNodes, text)]));
  }
  const inside = blocksIn(node.childNodes, text, name === "li");
  if (node.matches(".admonition, details, dd")) return [new Block("box", inside)];
  if (!KINDS[name]) return inside;
  const items = name === "ul" || name === "ol" ? inside.filter(({ kind }) => kind === "li") : inside;
  return [new Block(KINDS[name], items, [], { number: Number(node.getAttribute("start") ?? 1) })];
}

const titled = (title) => new Block("title", [], cut(title, "", "", {}));

/** A table whose rows have as many cells as its widest. */
function tableOf(node, text) {
  const cellOf = (cell) => new Block("cell", [], wordsOf(cell.childNodes, text));
  const rows = all("tr", node).map((row) => [...row.cells].map(cellOf));
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  const filled = rows.map((cells) => [...cells, ...Array(width - cells.length).fill(CELL)]);
  return width ? [new Block("table", filled.map((cells) => new Block("tr", cells)))] : [];
}

const CELL = new Block("cell", []);

/** Words of a text; `leads` says where they lead. */
function cut(text, gap, styles, { target = "", href = "" }) {
  let end = 0;
  return [...text.matchAll(WORD)].map((found) => {
    const before = text.slice(end, found.index);
    end = found.index + found[0].length;
    const word = { text: found[0], key: found[0], gap: gap || before, styles, target, href };
    gap = "";
    return word;
  });
}

/** The words of nodes in one line of text, each with its type, and where it leads in its release. */
function wordsOf(nodes, text) {
  const found = [];
  let gap = "";
  const whole = (said, styles, leads) => {
    if (!said) return;
    found.push({ text: said, key: said, gap, styles, target: "", href: "", ...leads });
    gap = "";
  };
  const visit = (node, styles, leads) => {
    if (isNoise(node)) return;
    if (!isElement(node)) {
      const plain = node.data.replace(/\s+/g, " ");
      const cuts = cut(plain, gap, styles.join(" "), leads);
      found.push(...cuts);
      gap = plain.endsWith(" ") ? (cuts.length ? " " : gap || " ") : cuts.length ? "" : gap;
      return;
    }
    const name = node.localName;
    const more = (style) => [...new Set([...styles, style])].sort();
    if (name === "br") gap = "\n";
    else if (name === "input") whole(tick(node), "", {});
    else if (name === "img") whole(node.alt || "image", more("image").join(" "), leadsTo(node, "src", text));
    else if (name === "code") whole(words(node), more("code").join(" "), leads);
    else if (name === "a" && node.matches(".clause, .label, .document, .case")) {
      whole(words(node), more("reference").join(" "), { href: leadsTo(node, "href", text).href });
    } else {
      const style = { strong: "strong", b: "strong", em: "em", i: "em" }[name];
      const inner = name === "a" ? leadsTo(node, "href", text) : leads;
      for (const child of node.childNodes) visit(child, style ? more(style) : styles, inner);
    }
  };
  for (const node of nodes) visit(node, [], {});
  return found;
}

/** Where a link leads, and the same without the release, which differs in any two. */
function leadsTo(node, name, text) {
  const href = node.hasAttribute(name) ? address(node.getAttribute(name), text.page) : "";
  return { href, target: href.startsWith(text.release) ? href.slice(text.release.length) : href };
}

/* --- Aligning: which words stand for which --- */

const MOST = 100_000_000; // bits; beyond that, what stands between the equal ends counts as rewritten
const [FEW, SHORT, LONG] = [2, 4, 16]; // words of so many letters are overlooked between two changes

/** The places of a longest common subsequence, in order: Hyyrö's, with a bit for each item of `after`. */
function common(before, after) {
  let [head, tail] = [0, 0];
  const least = Math.min(before.length, after.length);
  while (head < least && before[head] === after[head]) head++;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const [rows, columns] = [before.length - tail, after.length - tail];
  const found = Array.from({ length: head }, (_, place) => [place, place]);
  if ((rows - head) * (columns - head) <= MOST) {
    const middle = commonInside(before.slice(head, rows), after.slice(head, columns));
    found.push(...middle.map(([row, column]) => [row + head, column + head]));
  }
  return [...found, ...Array.from({ length: tail }, (_, place) => [rows + place, columns + place])];
}

function commonInside(before, after) {
  const places = new Map();
  after.forEach((item, place) => places.set(item, (places.get(item) ?? 0n) | (1n << BigInt(place))));
  const every = (1n << BigInt(after.length)) - 1n;
  let last = every;
  const rows = before.map((item) => {
    const matched = last & (places.get(item) ?? 0n);
    last = ((last + matched) | (last - matched)) & every;
    return last;
  });
  const found = [];
  const isSet = (row, column) => ((rows[row] >> BigInt(column)) & 1n) === 1n;
  let [row, column] = [before.length, after.length];
  while (row && column) {
    if (isSet(row - 1, column - 1)) {
      column--;
    } else if (--row === 0 || isSet(row - 1, column - 1)) {
      found.push([row, --column]);
    }
  }
  return found.reverse();
}

const isSame = ({ before, after }) => Boolean(before && after);
const wordOf = ({ before, after }) => after ?? before;

/** The words of two texts in pairs, in the order in which a reader sees them: what went stands before what came. */
function paired(before, after) {
  const pairs = [];
  let [old, now] = [0, 0];
  for (const [row, column] of [...common(keysOf(before), keysOf(after)), [before.length, after.length]]) {
    pairs.push(...before.slice(old, row).map((word) => ({ before: word })));
    pairs.push(...after.slice(now, column).map((word) => ({ after: word })));
    if (row < before.length) pairs.push({ before: before[row], after: after[column] });
    [old, now] = [row + 1, column + 1];
  }
  return joined(slid(pairs));
}

/** Move what only came or only went to where a sentence starts, when the same words allow both. */
function slid(pairs) {
  const keys = pairs.map((pair) => wordOf(pair).key);
  for (let start = 0, end = 0; start < pairs.length; start = end + 1) {
    end = start;
    while (end < pairs.length && !isSame(pairs[end])) end++;
    if (new Set(pairs.slice(start, end).map(({ after }) => !after)).size === 1) slide(pairs, keys, start, end);
  }
  return pairs;
}

function slide(pairs, keys, start, end) {
  let [first, last] = [start, end];
  while (first && isSame(pairs[first - 1]) && keys[first - 1] === keys[first + end - start - 1]) first--;
  while (last < pairs.length && isSame(pairs[last]) && keys[last] === keys[last - end + start]) last++;
  const width = end - start;
  const came = !pairs[start].before;
  const edge = (place) => {
    const sign = place === 0 || place === keys.length ? "." : keys[place - 1].at(-1);
    return ".!?:\n".includes(sign) ? 3 : Number(",;)–—".includes(sign));
  };
  const rank = (place) => 2 * (edge(place) + edge(place + width)) + Number(place === start);
  const best = firstBest(Array.from({ length: last - width + 1 - first }, (_, place) => first + place), rank);
  const old = pairs.slice(first, last).map(({ before }) => before).filter(Boolean);
  const now = pairs.slice(first, last).map(({ after }) => after).filter(Boolean);
  for (let place = first; place < last; place++) {
    const alone = best <= place && place < best + width;
    pairs[place] = { before: alone && came ? undefined : old.shift(), after: alone && !came ? undefined : now.shift() };
  }
}

/** The first of the items that weigh most. */
function firstBest(items, weight) {
  const weights = items.map(weight);
  return items[weights.indexOf(Math.max(...weights))];
}

/** Lists of neighbours that are alike by `key`. */
function runsOf(items, key) {
  const runs = [];
  for (const item of items) {
    const now = key(item);
    if (runs.length && runs.at(-1).key === now) runs.at(-1).items.push(item);
    else runs.push({ key: now, items: [item] });
  }
  return runs;
}

const lengths = (found) => found.reduce((sum, word) => sum + (word?.text.length ?? 0), 0);
const wentIn = (pairs) => lengths(pairs.map(({ before }) => before));
const cameIn = (pairs) => lengths(pairs.map(({ after }) => after));

/** Two changes with no landmark between them are one, of which the words between are a part. */
function joined(pairs) {
  const changes = [];
  const islands = []; // before each change
  let same = [];
  for (const { key, items } of runsOf(pairs, isSame)) {
    if (key) {
      same = items;
      continue;
    }
    changes.push(items);
    islands.push(same);
    same = [];
    while (changes.length > 1 && isNoLandmark(islands.at(-1), ...changes.slice(-2))) {
      const last = changes.pop();
      changes.push([...changes.pop(), ...islands.pop(), ...last]);
    }
  }
  const went = (change) => change.filter(({ before }) => before).map(({ before }) => ({ before }));
  const came = (change) => change.filter(({ after }) => after).map(({ after }) => ({ after }));
  return [...changes.flatMap((change, place) => [...islands[place], ...went(change), ...came(change)]), ...same];
}

/** Whether the words between two changes are too few, beside these, for a reader to hold on to. */
function isNoLandmark(island, left, right) {
  const least = Math.min(...[left, right].map((change) => Math.max(wentIn(change), cameIn(change))));
  const sizes = island.map((pair) => wordOf(pair).text).filter(isPlain).map((text) => text.length);
  const sum = sizes.reduce((total, size) => total + size, 0);
  const few = sizes.length <= FEW && Math.max(0, ...sizes) <= SHORT && island.length - sizes.length <= 1;
  return (few && sum <= least) || 2 * sum <= Math.min(least, 2 * LONG);
}

/* --- What became of each block --- */

const [ALIKE, MOVED, MOVED_WORDS, SPLIT, CELLS] = [0.4, 0.8, 4, 3, 30_000];

const change = (before, after, mark = "", children = [], pairs = []) =>
  ({ before, after, mark, children, pairs, moved: "", block: after ?? before ?? CELL });
const walk = (found) => [found, ...found.children.flatMap(walk)];

function became(before, after) {
  if (before.kind === "table") return tableBecame(before, after);
  return change(before, after, "", childrenBecame(before, after), paired(before.own, after.own));
}

function childrenBecame(before, after) {
  let [old, now, first] = [before.children, after.children, []];
  const isLine = old.length && now.length && old[0].kind === now[0].kind && ["p", "title"].includes(old[0].kind);
  if (["li", "box"].includes(before.kind) && isLine && likeness(old[0], now[0]) < ALIKE) {
    first = [became(old[0], now[0])]; // the line of an item stays its line, whatever it says
    [old, now] = [old.slice(1), now.slice(1)];
  }
  return [...first, ...aligned(old, now).flatMap(([went, came]) => changesOf(went, came))];
}

function changesOf(went, came) {
  if (went.length && came.length) return [became(merged(went), merged(came))];
  return [...went.map((block) => whole(block, "deleted")), ...came.map((block) => whole(block, "inserted"))];
}

/** Paragraphs as one, with a word for each break between them. */
function merged(blocks) {
  if (blocks.length === 1) return blocks[0];
  const own = blocks.flatMap((block) => [BREAK, ...block.own]).slice(1);
  return new Block(blocks[0].kind, [], own, { number: blocks[0].number, tight: blocks[0].tight });
}

function whole(block, mark) {
  const gone = mark === "deleted";
  const pairs = block.own.map((word) => (gone ? { before: word } : { after: word }));
  const children = block.children.map((child) => whole(child, mark));
  return change(gone ? block : null, gone ? null : block, mark, children, pairs);
}

/** Which blocks became which, in order: one and one, one and several paragraphs, or some and none. */
function aligned(before, after) {
  let [head, tail] = [0, 0];
  const least = Math.min(before.length, after.length);
  while (head < least && before[head].key === after[head].key) head++;
  while (tail < least - head && before.at(-1 - tail).key === after.at(-1 - tail).key) tail++;
  const ones = (from, to, count) =>
    Array.from({ length: count }, (_, place) => [[before[from + place]], [after[to + place]]]);
  const old = before.slice(head, before.length - tail);
  const now = after.slice(head, after.length - tail);
  const groups = ones(0, 0, head);
  if (old.length * now.length <= CELLS) {
    groups.push(...weighed(old, now));
  } else {
    let [row, column] = [0, 0];
    for (const [to, on] of [...common(keysOf(old), keysOf(now)), [old.length, now.length]]) {
      const [went, came] = [old.slice(row, to), now.slice(column, on)];
      groups.push(...(went.length * came.length <= CELLS ? weighed(went, came) : [[went, []], [[], came]]));
      if (to < old.length) groups.push([[old[to]], [now[on]]]);
      [row, column] = [to + 1, on + 1];
    }
  }
  return [...groups, ...ones(before.length - tail, after.length - tail, tail)];
}

/** The groups that keep the most words together, best those of like blocks; what went stands first. */
function weighed(before, after) {
  const best = Array.from({ length: before.length + 1 }, () => Array(after.length + 1).fill(0));
  const step = best.map((row) => row.map(() => null));
  for (let row = 0; row <= before.length; row++) {
    for (let column = 0; column <= after.length; column++) {
      const ways = [];
      if (column) ways.push([best[row][column - 1], 0, 1]);
      if (row) ways.push([best[row - 1][column], 1, 0]);
      for (const [height, width] of shapes(before, after, row, column)) {
        const [went, came] = [before.slice(row - height, row), after.slice(column - width, column)];
        const weight = height === width ? likeness(went[0], came[0]) : overlap(bagOf(went), bagOf(came));
        const size = [...went, ...came].reduce((sum, block) => sum + block.words.length + 1, 0);
        if (weight >= ALIKE) ways.push([best[row - height][column - width] + weight ** 2 * size, height, width]);
      }
      if (!ways.length) continue;
      const [weight, ...shape] = firstBest(ways, ([one]) => one);
      [best[row][column], step[row][column]] = [weight, shape];
    }
  }
  const groups = [];
  for (let [row, column] = [before.length, after.length]; row || column; ) {
    const [height, width] = step[row][column];
    groups.unshift([before.slice(row - height, row), after.slice(column - width, column)]);
    [row, column] = [row - height, column - width];
  }
  return groups;
}

/** How many of the last blocks up to `row` and `column` may belong together: of paragraphs also several. */
function shapes(before, after, row, column) {
  if (!row || !column || before[row - 1].kind !== after[column - 1].kind) return [];
  const found = [[1, 1]];
  if (before[row - 1].kind !== "p") return found;
  for (const [one, many, end] of [[before[row - 1], after, column], [after[column - 1], before, row]]) {
    for (let count = 2; count <= Math.min(SPLIT, end); count++) {
      const pieces = many.slice(end - count, end);
      const fits = pieces.every(({ kind, bag }) => kind === "p" && 2 * shared(bag, one.bag) > bag.total);
      if (fits) found.push(many === after ? [1, count] : [count, 1]);
    }
  }
  return found;
}

const spread = ({ bag }) => [...bag.bag].flatMap(([word, times]) => Array(times).fill(word));
const bagOf = (blocks) => (blocks.length === 1 ? blocks[0].bag : counted(blocks.flatMap(spread)));
const shared = (one, other) =>
  [...one.bag].reduce((sum, [word, times]) => sum + Math.min(times, other.bag.get(word) ?? 0), 0);
const overlap = (one, other) => (one.total + other.total ? (2 * shared(one, other)) / (one.total + other.total) : 1);

/** How much two blocks have in common, from 0 to 1: 0 for different kinds, 1 for the same text. */
function likeness(before, after) {
  if (before.kind !== after.kind) return 0;
  if (before.key === after.key) return 1;
  let found = overlap(before.bag, after.bag);
  if (["ul", "ol", "table", "quote", "box"].includes(before.kind)) {
    const least = Math.min(before.bag.total, after.bag.total); // it stays itself when most of its blocks go
    found = Math.max(found, least ? (0.8 * shared(before.bag, after.bag)) / least : 0);
  }
  const [old, now] = [before.children[0], after.children[0]];
  if (["li", "tr", "box"].includes(before.kind) && old?.own.length && now?.own.length) {
    found = Math.max(found, (found + likeness(old, now)) / 2); // known by its first line or cell
  }
  return found;
}

function tableBecame(before, after) {
  const columns = columnsOf(before, after);
  const rows = [[before.children[0], after.children[0]]];
  for (const [went, came] of aligned(before.children.slice(1), after.children.slice(1))) {
    rows.push(...Array.from({ length: Math.max(went.length, came.length) }, (_, place) => [went[place], came[place]]));
  }
  return change(before, after, "", rows.map(([old, now]) => rowBecame(old, now, columns)));
}

/** The columns that both tables have: known by their heading, else by their cells. */
function columnsOf(before, after) {
  const cellsAt = (rows, place) => rows.map((cells) => cells.children[place]);
  const turned = ({ children: rows }) => rows[0].children.map((_, place) => new Block("tr", cellsAt(rows, place)));
  let [row, column] = [0, 0];
  return aligned(turned(before), turned(after)).flatMap(([went, came]) => {
    const found = went.length && came.length
      ? [[row, column]]
      : [...went.map((_, place) => [row + place, null]), ...came.map((_, place) => [null, column + place])];
    [row, column] = [row + went.length, column + came.length];
    return found;
  });
}

function rowBecame(before, after, columns) {
  const cell = (row, place) => (row && place !== null ? row.children[place] : null);
  const [old, now] = [columns.map(([place]) => cell(before, place)), columns.map(([, place]) => cell(after, place))];
  return change(before, after, before && after ? "" : before ? "deleted" : "inserted", cellsBecame(old, now));
}

/** What became of each cell; a row that came has no cell in a column that went. */
function cellsBecame(before, after) {
  return before.map((old, place) => {
    const now = after[place];
    if (old && now) return became(old, now);
    return old ? whole(old, "deleted") : now ? whole(now, "inserted") : change(null, null);
  });
}

/** Mark what was deleted in one place and inserted in another with the same words, or nearly: the largest first. */
function findMoves(root) {
  const places = new Map(walk(root).map((one, place) => [one, place]));
  const [gone, came] = [movable(root, "deleted"), movable(root, "inserted")];
  const taken = new Set();
  const isTaken = (one) => walk(one).some((part) => taken.has(part));
  const moves = [];
  for (const near of [false, true]) {
    if (near && gone.length * came.length > CELLS) break;
    for (const one of gone) {
      if (isTaken(one)) continue;
      const fits = (other) => one.block.kind !== "tr" || one.children.length === other.children.length;
      const alike = (other) => (near ? isNearly(one.block, other.block) : one.block.key === other.block.key);
      const free = came.filter((other) => alike(other) && !isTaken(other) && fits(other));
      if (!free.length) continue;
      const other = firstBest(free, ({ block }) => likeness(one.block, block));
      for (const part of [...walk(one), ...walk(other)]) taken.add(part);
      moves.push([one, other]);
    }
  }
  const start = (move) => Math.min(...move.map((end) => places.get(end)));
  moves.sort((one, other) => start(one) - start(other));
  moves.forEach(([one, other], place) => {
    move(one, other);
    [one.mark, other.mark] = ["moved-from", "moved-to"];
    const which = moves.length > 1 ? ` (${place + 1})` : "";
    one.moved = (places.get(one) < places.get(other) ? "moved down" : "moved up") + which;
    other.moved = `moved here${which}`;
  });
}

/** Show at the new place what became of the block on its way. */
function move(one, other) {
  if (one.block.kind === "tr") {
    const cells = cellsBecame(one.children.map(({ before }) => before), other.children.map(({ after }) => after));
    Object.assign(other, { before: one.before, children: cells });
  } else {
    const { before, children, pairs } = became(one.block, other.block);
    Object.assign(other, { before, children, pairs });
  }
}

/** What is marked so and long enough to be known again, the largest first. */
function movable(root, mark) {
  const found = walk(root).filter((one) => one.mark === mark && !["cell", "title"].includes(one.block.kind));
  const long = found.filter(({ block }) => block.bag.total >= MOVED_WORDS);
  return long.sort((one, other) => other.block.bag.total - one.block.bag.total);
}

/** Whether the words of two blocks are nearly the same, and in the same order. */
function isNearly(old, now) {
  if (old.kind !== now.kind || overlap(old.bag, now.bag) < MOVED) return false;
  return 2 * common(keysOf(old.words), keysOf(now.words)).length >= MOVED * (old.words.length + now.words.length);
}

/* --- Writing a redline --- */

const CLASSES = { deleted: "gb-del", inserted: "gb-ins", "moved-from": "gb-moved-from", "moved-to": "gb-moved-to" };
const SHOWN = { quote: "blockquote", box: "div", title: "p", table: "div" };
const TYPES = { strong: "bold", em: "italic", code: "code", reference: "a reference", image: "an image" };

/** Both texts as one: what went, what came, what moved. Texts as `textOf` gives them; null for none. */
export function redline(before, after) {
  const found = became(read(before), read(after));
  findMoves(found);
  return make("div", "gb-redline", ...shownAll(found.children, ""));
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

/* --- Two catalogs --- */

// What differs, as hooks/guidebook/changes.py has it: only what decides cases, and which pages came, went or moved.
const LABEL_VALUES = ["severity", "actions", "escalate", "surfaces", "precedence", "dsa_category", "dsa_keyword",
  "ozone", "status"];
const LABEL_TEXTS = ["title", "summary", "includes", "excludes", "strike", "statement"];
const CASE_VALUES = ["verdict", "label", "clause", "surface", "answers"];
const CASE_TEXTS = ["title", "text", "reason"];

const pick = (data, names) =>
  Object.fromEntries(names.filter((name) => name in data).map((name) => [name, data[name]]));
const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Everything that can differ, by kind and id. */
function thingsOf(documents) {
  const things = new Map();
  const add = (kind, { id, title, url }, data, compared) =>
    things.set(`${kind} ${id}`, { kind, id, title, url, data, compared });
  for (const row of documents) {
    add("page", row, row, row.url);
    for (const one of row.clauses ?? []) add("clause", one, one, one.sha256);
    if (row.type === "label") add("label", row, row, pick(row, [...LABEL_TEXTS, ...LABEL_VALUES]));
    if (row.tree) add("tree", { ...row, url: `${row.url}#decision-tree` }, row.tree, row.tree);
    for (const one of row.cases ?? []) add("case", one, one, pick(one, [...CASE_TEXTS, ...CASE_VALUES]));
  }
  return things;
}

/** What differs between the documents of two catalogs: each with what it was and what it is, null for none. */
function between(before, after) {
  const [old, now] = [thingsOf(before), thingsOf(after)];
  const ids = [...new Set([...now.keys(), ...old.keys()])];
  const both = ids.map((id) => ({ before: old.get(id) ?? null, after: now.get(id) ?? null }));
  const differ = both.filter(({ before, after }) => !isEqual(before?.compared, after?.compared));
  return differ.map((one) => ({ ...(one.after ?? one.before), ...one }));
}

const catalogOf = (release) => fetched(at(release, "catalog.json"), async (response) => {
  const data = await response.json();
  return data.edition === here.edition && Array.isArray(data.documents) ? data.documents : null;
});

/* --- The page that compares --- */

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

const changed = ({ before, after }) => (before && after ? "" : after ? "new" : "gone");

/** The heading of a change, with a link to each release that has it. */
function headed(one, from, to, name) {
  const links = [[one.before, from], [one.after, to]].filter(([thing]) => thing)
    .map(([thing, release]) => link(at(release, thing.url), release));
  const state = changed(one) ? make("span", "gb-change__state", changed(one)) : null;
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

function bare(heading) {
  const copy = heading.cloneNode(true);
  all(NOISE, copy).forEach((one) => one.remove());
  return copy;
}

function labelShown(one, { from, to }) {
  const name = [make("code", "", one.id), ` ${one.title}`];
  const body = changed(one) ? make("p", "", one.data.summary ?? "") : fields(one, LABEL_VALUES, LABEL_TEXTS);
  return [...headed(one, from, to, make("span", "", ...name)), body];
}

/** Where each answer of a tree ends, by its question and its words. */
function leavesOf(tree) {
  const ends = (tree?.questions ?? []).flatMap(({ ask, answers }) => answers.filter(({ go }) => !go)
    .map((answer) => [`${ask} ${answer.text}`, [answer.label, answer.clause, answer.escalate].filter(Boolean)]));
  return new Map(ends);
}

/** A tree as a list of its questions, each with its answers. */
function treeText(tree) {
  if (!tree) return null;
  const end = ({ label, clause, escalate }) => [label, clause, escalate].filter(Boolean).join(", ");
  const answer = (one) => `${one.text}: ${one.go ? `go to ${one.go}` : end(one)}`;
  const asked = ({ ask, answers }) =>
    make("li", "", ask, make("ul", "", ...answers.map((one) => make("li", "", answer(one)))));
  return { ...asText([]), nodes: [make("ol", "", ...tree.questions.map(asked))] };
}

/** Which leaves of a tree moved; where none did, how its questions differ. */
function treeShown(one, { from, to }) {
  const [old, now] = [leavesOf(one.before?.data), leavesOf(one.after?.data)];
  const moved = [...new Set([...now.keys(), ...old.keys()])].filter((key) => !isEqual(old.get(key), now.get(key)));
  const end = (ends, key) => ends.get(key) ?? "not there";
  const items = moved.map((key) => make("li", "", `${key}: `, ...swapped(end(old, key), end(now, key))));
  const body = items.length
    ? make("div", "gb-redline", make("ul", "", ...items))
    : redline(treeText(one.before?.data), treeText(one.after?.data));
  return [...headed(one, from, to, `Decision tree of ${one.id} ${one.title}`), body];
}

function caseShown(one, { from, to }) {
  const body = changed(one) ? make("p", "", `${said(one.data.verdict)}: ${one.data.label}, ${one.data.clause}`)
    : fields(one, CASE_VALUES, CASE_TEXTS);
  return [...headed(one, from, to, `${one.id} ${one.title}`), body];
}

function pageShown(one, { from, to }) {
  const [old, now] = [one.before, one.after].map((thing) => thing?.data.url || "home");
  const moved = make("div", "gb-redline", make("p", "", "Address: ", ...swapped(old, now)));
  return [...headed(one, from, to, `${one.id} ${one.title}`), changed(one) ? null : moved];
}

const FLIPS = ["verdict", "label"];
const isFlipped = (one) => !changed(one) && FLIPS.some((name) => one.before.data[name] !== one.after.data[name]);
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
  const found = between(before, after).filter(({ kind, id }) => !clause || (kind === "clause" && id === clause));
  found.sort((one, other) => Number(isFlipped(other)) - Number(isFlipped(one))); // stable: within its kind
  const same = clause ? `${clause} is the same in both releases.` : "Nothing that decides cases differs.";
  if (!found.length) return [make("p", "", same)];
  const nodes = [];
  for (const [kind, title, show] of PARTS) {
    const ones = found.filter((one) => one.kind === kind);
    const parts = await Promise.all(ones.map((one) => show(one, { from, to, after })));
    if (ones.length) nodes.push(make("h2", "", `${title} (${ones.length})`));
    nodes.push(...parts.map((children) => make("section", "gb-change", ...children)));
  }
  return nodes;
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

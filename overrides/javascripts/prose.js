/* Prose: a text as blocks of words, as hooks/guidebook/prose.py reads Markdown, but from the page of a release. */

import { all, words } from "./releases.js";
import { HEADING, address, isElement, isNoise, isTabs, tabsOf, tick } from "./texts.js";

const LETTERS = "\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff"; // of Chinese and Japanese, compared one by one
const REST = `(?![${LETTERS}])[\\p{L}\\p{N}\\p{M}_\\u200d\\ufe0f]`;
const PART = `(?![${LETTERS}])[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_\\u200d\\ufe0f]*`;
const WORD = new RegExp(
  `https?://[^\\s<>]*[\\p{L}\\p{N}_/]|[${LETTERS}]|(?![${LETTERS}])[\\p{L}\\p{N}_](?:${REST})*` +
  `(?:(?:['’.:@-]|(?<=\\d),(?=\\d))${PART})*|\\S`, "gu");
export const isPlain = (text) => /^[\p{L}\p{N}]/u.test(text);
export const BREAK = { text: "¶", key: "\n", gap: " ", styles: "break", target: "", href: "" };
const KINDS = { p: "p", ul: "ul", ol: "ol", li: "li", blockquote: "quote", pre: "pre", table: "table" };
const GROUPS = new Set("div section details dl dt dd figure figcaption article aside header footer".split(" "));

/** How often each word is in a block, with the number of all. */
export function counted(texts) {
  const bag = new Map();
  for (const text of texts) bag.set(text, (bag.get(text) ?? 0) + 1);
  return { bag, total: texts.length };
}

export const keysOf = (list) => list.map(({ key }) => key);

/** A block and what is in it: words in a p, h, title, pre or cell, blocks in all others. */
export class Block {
  constructor(kind, children, own = [], more = {}) {
    Object.assign(this, { kind, children, own, number: 1, tight: false, ...more });
    this.words = [...own, ...children.flatMap((child) => child.words)];
    this.key = `${kind}(${keysOf(own).join("\u0001")}\u0002${keysOf(children).join("\u0003")})`;
    const plain = this.words.filter(({ text }) => isPlain(text)).map(({ text }) => text.toLowerCase());
    this.bag = counted(plain.length ? plain : this.words.map(({ text }) => text));
  }
}

export function read(text) {
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

export const CELL = new Block("cell", []);

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

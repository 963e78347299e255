/* Texts: a clause or a page as a release shows it, taken from the page of that release, and copies of it. */

import { all, at, fetched, find, here, make, words } from "./releases.js";

// What stands in a text and is not of it: signs and buttons, what says when the text changes, and who asks about it.
const NOISE = `.headerlink, .footnote-backref, .gb-facts, .gb-jump, .gb-tool, .coming, .gb-until, .gb-known,
  p:has(> .gb-changed), .md-source-file, .md-content__button, script, style, template, svg, button, select, textarea,
  iframe, object, embed, noscript, link, meta, hr, nav, form, input:not([type=checkbox])`;
export const HEADING = /^h[1-6]$/;
const HISTORY = "change-history"; // the section that the build adds to a page

export const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
export const isNoise = (node) => (isElement(node) ? node.matches(NOISE) : node.nodeType !== Node.TEXT_NODE);
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
export function address(target, page) {
  try {
    const url = new URL(target, page);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

export const tick = (box) => (box.hasAttribute("checked") ? "☑" : "☐");
export const isTabs = (node) => node.matches(".tabbed-set");
/** The name of each tab, and what stands below it. */
export function tabsOf(node) {
  const names = all(":scope > .tabbed-labels > label", node);
  return all(":scope > .tabbed-content > .tabbed-block", node).map((body, place) => [words(names[place]), body]);
}

/** A heading without what stands in it and is not of it. */
export function bare(heading) {
  const copy = heading.cloneNode(true);
  all(NOISE, copy).forEach((one) => one.remove());
  return copy;
}

/* Which release a reader stands in: that it is old, and what changed since the last visit.

   It stands on top of a page that is complete without it, and asks only for `releases.json` at the root of the edition,
   which says what each clause and page was in which release. The last release that was read is kept in this browser
   and sent nowhere. A page that says no release, a preview, stays as it is. */

const RELEASE = /^20\d\d\.\d\d\.\d\d(\.\d{1,4})?$/;

/* --- Small tools, for the pages of the other two files as well --- */

export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const words = (node) => (node ? node.textContent.replace(/\s+/g, " ").trim() : "");
export const set = (node, attributes) => {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};

/** An element; children may be text, elements or null. */
export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null));
  return node;
}

export const link = (url, ...children) => set(make("a", "", ...children), { href: String(url) });

/** Children one after another, with ", " between. */
export const listed = (nodes) => nodes.flatMap((node, at) => (at ? [", ", node] : [node]));

/* --- Where the page stands --- */

/** The release and edition of the page, its root and that of the edition; null where the page does not say. */
export const here = (() => {
  try {
    const { content: release } = find("meta[name='guidebook:release']");
    const { content: edition } = find("meta[name='guidebook:edition']");
    const base = new URL(`${JSON.parse(find("#__config").textContent).base.replace(/\/$/, "")}/`, location.href);
    return RELEASE.test(release) ? { release, edition, base, root: new URL("../", base) } : null;
  } catch {
    return null;
  }
})();

export const at = (release, path = "") => new URL(`${release}/${path}`, here.root);

/** The page's address in its release, as `releases.json` has it. */
const path = () => decodeURI(location.pathname.slice(here.base.pathname.length)).replace(/(^|\/)index\.html$/, "$1");

/** What `read` makes of the file at `url`; null where it is not there, or is not what it should be. */
export async function fetched(url, read) {
  try {
    const response = await fetch(url, { cache: "no-cache" });
    return response.ok ? await read(response) : null;
  } catch {
    return null;
  }
}

/* --- The timeline --- */

const parts = (release) => [...release.split(".").map(Number), 1];

/** Below 0 where the first release was made before the second. */
export function order(one, other) {
  const [a, b] = [parts(one), parts(other)];
  const differs = [0, 1, 2, 3].find((place) => a[place] !== b[place]);
  return differs === undefined ? 0 : a[differs] - b[differs];
}

export const dayOf = (release) => release.split(".").slice(0, 3).join("-");
export const spoken = (day) =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));

let asked = null;

/** `releases.json`; null where it cannot be had, or is another edition's. */
export function timeline() {
  asked ??= fetched(new URL("releases.json", here.root), async (response) => {
    const data = await response.json();
    const releases = data.releases.map(({ release }) => release);
    const ours = data.format === 1 && data.edition === here.edition && releases.every((name) => RELEASE.test(name));
    return ours && releases.length && data.clauses && data.pages ? { ...data, releases } : null;
  });
  return asked;
}

/** The entries of a clause or a page, oldest first; none for an id that was never published. */
export function entriesOf({ clauses, pages }, id) {
  return [clauses, pages].filter((entries) => Object.hasOwn(entries, id)).flatMap((entries) => entries[id]);
}

/** What a clause or a page was in a release; undefined when no release until then had had it. */
export const entryIn = (line, id, release) =>
  entriesOf(line, id).findLast((entry) => order(entry.release, release) <= 0);

/** The id of the page at an address of a release. */
const pageAt = (line, url, release) => Object.keys(line.pages).find((id) => entryIn(line, id, release)?.url === url);

/* --- Old releases --- */

/** The clause that a reader is at: the one in the address while it is in sight, else the one that is scrolled to. */
function clauseAt(headings) {
  const sections = headings.filter((node) => node.matches("[data-clause], h2"));
  const target = sections.find((node) => node.id && `#${node.id}` === location.hash);
  const end = (node) => sections[sections.indexOf(node) + 1]?.getBoundingClientRect().top ?? Infinity;
  const seen = (node) => node.getBoundingClientRect().top < innerHeight && end(node) > 0;
  const passed = scrollY > 0 ? sections.findLast((node) => node.getBoundingClientRect().top < innerHeight / 3) : null;
  return (target && seen(target) ? target : passed)?.dataset.clause;
}

/** The link to what a reader reads, as it is today. */
function today(line, clause) {
  const latest = at("latest");
  const now = clause && entriesOf(line, clause).at(-1);
  if (now?.url) return link(new URL(now.url, latest), `Read ${clause} as it is today`);
  if (now) return link(new URL(`c/${clause}/`, latest), `${clause} is retired: read what became of it`);
  const page = pageAt(line, path(), here.release);
  const { url, release } = (page && entriesOf(line, page).at(-1)) ?? {};
  if (url !== undefined) return link(new URL(url, latest), "Read this page as it is today");
  return link(latest, release ? `This page is gone since ${release}: go` : "Go", " to the release in force");
}

function showOld(line) {
  const place = find("[data-md-component=outdated]");
  const text = place && find(".gb-old", place);
  const next = line.releases.find((release) => order(release, here.release) > 0);
  if (!text || !next) return;
  const newest = line.releases.at(-1);
  const said = [`You are reading release ${here.release}. It was replaced on ${spoken(dayOf(next))} by ${next}.`];
  if (newest !== next) said.push(` The release in force is ${newest}.`);
  const headings = all("article h2, article h3.clause[data-clause]");
  const changed = link(at("latest", `compare/?from=${here.release}&to=${newest}`), "What changed since");
  const now = make("span", "");
  let shown;
  const follow = () => {
    const clause = clauseAt(headings);
    if (now.hasChildNodes() && clause === shown) return;
    shown = clause;
    now.replaceChildren(make("strong", "", today(line, clause)));
  };
  follow();
  text.replaceChildren(make("span", "gb-old__said", ...said), " ", now, " ", changed);
  place.hidden = false;
  let waiting = false;
  const later = () => {
    if (!waiting) requestAnimationFrame(() => [(waiting = false), follow()]);
    waiting = true;
  };
  addEventListener("hashchange", later);
  addEventListener("scroll", later, { passive: true });
}

/* --- Since the last visit --- */

/** The release that was read last before this session of the browser; null where the browser keeps nothing. */
function lastVisit() {
  const key = `guidebook:${here.edition}:release`;
  const valid = (release) => (RELEASE.test(release ?? "") ? release : null);
  try {
    const newest = valid(localStorage.getItem(key)) ?? here.release;
    const since = valid(sessionStorage.getItem(key)) ?? newest;
    sessionStorage.setItem(key, since);
    localStorage.setItem(key, order(newest, here.release) < 0 ? here.release : newest);
    return since;
  } catch {
    return null;
  }
}

function markClauses(since) {
  const after = (release) => RELEASE.test(release ?? "") && order(release, since) > 0;
  const headings = all("article h3.clause[data-clause]"); // cases name their clause too
  const found = headings.filter(({ dataset }) => after(dataset.changed) || after(dataset.first));
  for (const heading of found) {
    const { clause, first } = heading.dataset;
    const said = after(first) ? "New since your last visit" : `Changed since your last visit (${since})`;
    const url = new URL(`compare/?from=${since}&to=${here.release}&clause=${clause}`, here.base);
    heading.after(make("p", "gb-since", link(url, said)));
  }
  if (!found.length) return;
  const links = found.map(({ id, dataset }) => link(`#${id}`, dataset.clause));
  const count = found.length === 1 ? "1 clause" : `${found.length} clauses`;
  const line = make("p", "gb-since-line", `${count} changed since your last visit: `, ...listed(links));
  const facts = find("article .gb-facts");
  if (facts) facts.after(line);
  else find("article").prepend(line);
}

function markNavigation(line, since) {
  const changed = new Map();
  for (const [id, entries] of Object.entries(line.pages)) {
    const now = entryIn(line, id, here.release);
    if (now?.url === undefined || order(now.release, since) <= 0) continue;
    changed.set(new URL(now.url, here.base).pathname, order(entries[0].release, since) > 0 ? "new" : "changed");
  }
  for (const node of all("a.md-nav__link[href]:not([href*='#'])")) {
    const path = node.pathname.replace(/index\.html$/, "");
    const inside = [...changed.keys()].filter((one) => one.startsWith(path)).length;
    const closed = node.closest(".md-nav__item--pruned") && inside; // a section shows what is in it
    const kind = closed ? `${inside} ${inside === 1 ? "page" : "pages"} changed` : changed.get(path);
    if (!kind) continue;
    const said = make("span", "gb-said", ` (${kind} since your last visit)`);
    (find(".md-ellipsis", node) ?? node.lastChild).after(make("span", "gb-nav-mark", said)); // before the theme's signs
  }
}

/* --- All of it --- */

async function start() {
  if (!here || !find("article")) return;
  const since = lastVisit();
  const behind = since && order(since, here.release) < 0;
  if (behind) markClauses(since);
  const isLatest = here.base.pathname.endsWith("/latest/"); // it is never old, whatever a cache says
  const line = isLatest && !behind ? null : await timeline();
  if (line && !isLatest) showOld(line);
  if (line && behind) markNavigation(line, since);
}

start();
// Only the two pages that need them load them.
if (here && find("#gb-as-at")) import("./as-at.js").catch(() => {});
if (here && find("#gb-compare")) import("./compare.js").catch(() => {});

/* The text of a clause or a page on a day: how it read then, the release that had it, and what changed since.

   It answers from `releases.json` and the pages of the releases themselves, so it answers alike from every release.
   Days are in UTC; the last release of a day answers for it. */

import { abridged, redlineOf } from "./redline.js";
import { at, dayOf, entriesOf, entryIn, find, here, link, make, order, set, spoken, timeline } from "./releases.js";
import { copied, textOf } from "./texts.js";

const DAY = /^\d{4}-\d\d-\d\d$/;

const todayUtc = () => new Date().toISOString().slice(0, 10);
const isDay = (day) => DAY.test(day) && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
const dayBefore = (day) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
const releaseOn = ({ releases }, day) => releases.findLast((release) => dayOf(release) <= day);
const isRetired = (entry) => Boolean(entry?.retired);
const isClause = (id) => id.includes(".");
const onDay = (release) => `${spoken(dayOf(release))} by release ${release}`;

/** The id of a clause or a page as `releases.json` has it, however it was typed; undefined for none. */
function known(line, typed) {
  const ids = [...Object.keys(line.clauses), ...Object.keys(line.pages)];
  return ids.find((id) => id.toLowerCase() === typed.trim().toLowerCase());
}

/** Why there is no answer, or nothing. */
function fault(line, day, typed) {
  if (!isDay(day)) return `Expected a day such as ${dayOf(line.releases[0])}, found “${day}”. Choose one.`;
  if (typed && !known(line, typed)) return `No release has a clause or a page “${typed}”. Choose one of the list.`;
  return "";
}

/* --- Answers --- */

/** From when until when this very text was in force: neighbours with the same text are one. */
function span(line, id, entry) {
  const entries = entriesOf(line, id);
  const same = (other) => other && other.sha256 === entry.sha256 && other.title === entry.title;
  let [first, last] = [entries.indexOf(entry), entries.indexOf(entry)];
  while (same(entries[first - 1])) first--;
  while (same(entries[last + 1])) last++;
  const from = spoken(dayOf(entries[first].release));
  const next = entries[last + 1];
  return `from ${from} ${next ? `until ${spoken(dayBefore(dayOf(next.release)))}` : "and still in force today"}`;
}

const where = (retired) => (retired.to ? ` ${retired.to} decides in its place: ${retired.why}` : "");

/** What each later entry did to a clause or a page. */
function became(entry, before) {
  if (isRetired(entry)) return `retired.${where(entry.retired)}`;
  if (!before) return "new";
  if (isRetired(before)) return "there again";
  if (entry.sha256 !== before.sha256) return "changed";
  return entry.title === before.title ? "moved to another address" : "renamed";
}

/** The entries after one, or all of them, each with the page that says what changed. */
function later(line, id, entry) {
  const entries = entriesOf(line, id);
  const rest = entries.slice(entries.indexOf(entry) + 1);
  if (!rest.length) return make("p", "", "Nothing: this is the text in force today.");
  const items = rest.map((one) => {
    const anchor = isClause(id) ? `#${id.toLowerCase().replace(".", "-")}` : "";
    const changes = link(at(one.release, `changes/${anchor}`), one.release);
    const what = became(one, entries[entries.indexOf(one) - 1]);
    return make("li", "", changes, `, ${spoken(dayOf(one.release))}: ${what}`);
  });
  return make("ul", "", ...items);
}

/** The words from then to today, where both are there and differ. */
async function sinceThen(line, id, entry, text) {
  const now = entriesOf(line, id).at(-1);
  if (now === entry || isRetired(now)) return [];
  const heading = make("h3", "", "From then to today");
  if (now.sha256 === entry.sha256) return [heading, make("p", "", "The text of today is the same.")];
  const today = text && (await textOf(line.releases.at(-1), now));
  if (!today) return [heading, make("p", "", "The text of today could not be loaded.")];
  const found = redlineOf(text, today);
  return [heading, isClause(id) ? found : abridged(found)];
}

function citation(release, id) {
  const told = set(make("span", "gb-cite__told"), { role: "status" });
  const cited = make("code", "gb-cite__text", `${release}/${id}`);
  const copy = set(make("button", "gb-tool", "Copy citation"), { type: "button" });
  copy.addEventListener("click", async () => {
    const byClipboard = async () => navigator.clipboard.writeText(cited.textContent); // fails over plain HTTP
    const done = await byClipboard().then(() => true, () => {
      getSelection().selectAllChildren(cited);
      return document.execCommand("copy");
    });
    told.textContent = done ? "Copied" : "Not copied. The citation is selected: copy it with the keyboard.";
  });
  return make("p", "gb-cite", "Cite as ", cited, " ", copy, " ", told);
}

/** The answer for a text that was in force in a release. */
async function textAnswer(line, id, release, entry) {
  const url = at(release, entry.url);
  const text = await textOf(release, entry);
  const shown = text
    ? make("div", "gb-answer__text", ...copied(text.nodes, text.page))
    : make("p", "", `The text could not be loaded. Read it in release ${release}.`);
  return [
    make("h2", "gb-answer__title", `${id} ${entry.title}`),
    citation(release, id),
    make("p", "gb-answer__span", `In force ${span(line, id, entry)}. `, link(url, `Read it in release ${release}`)),
    shown,
    make("h3", "", "What changed since"),
    later(line, id, entry),
    ...(await sinceThen(line, id, entry, text)),
  ];
}

/** The answer for what was not there in a release: retired, or not there yet. */
function noAnswer(line, id, entry) {
  const entries = entriesOf(line, id);
  if (!entry) {
    const first = entries.find((one) => !isRetired(one)) ?? entries[0];
    const said = "No text with this id was in force on that day; it first appeared in release";
    const read = isRetired(first) ? first.release : link(at(first.release, first.url), first.release);
    return [make("p", "", `${said} `, read, `, ${spoken(dayOf(first.release))}.`), later(line, id)];
  }
  const last = entries.slice(0, entries.indexOf(entry)).findLast((one) => !isRetired(one));
  const held = last && line.releases.findLast((release) => order(release, entry.release) < 0);
  const { to } = entry.retired;
  return [
    make("p", "", `${id} was retired on ${onDay(entry.release)}.${where(entry.retired)}`),
    to ? make("p", "", link(new URL(`c/${to}/`, at("latest")), `Read ${to} as it is today`)) : null,
    last ? make("p", "", "Its last text: ", link(at(held, last.url), `${id} ${last.title} in release ${held}`)) : null,
    ...(entry === entries.at(-1) ? [] : [make("h3", "", "What changed since"), later(line, id, entry)]),
  ].filter(Boolean);
}

/** One line that answers, and the nodes that say the rest. */
async function answerTo(line, day, id) {
  const [first, newest] = [line.releases[0], line.releases.at(-1)];
  const release = releaseOn(line, day);
  if (!release) {
    const start = `the first release is ${first}, ${spoken(dayOf(first))}`;
    return [`Nothing was in force on ${spoken(day)} (UTC): ${start}.`, []];
  }
  const force = day > todayUtc()
    ? `${spoken(day)} (UTC) has not come: this is as published until today, release ${newest}.`
    : `In force on ${spoken(day)} (UTC): release ${release}.`;
  if (!id) return [force, [make("p", "", link(at(release), `Read release ${release}`))]];
  const entry = entryIn(line, id, release);
  if (entry && !isRetired(entry)) return [force, await textAnswer(line, id, release, entry)];
  return [`${force} ${id} was not in it.`, noAnswer(line, id, entry)];
}

/* --- The page --- */

function listOf(line) {
  const option = ([id, entries]) => new Option(entries.findLast((one) => !isRetired(one))?.title ?? "retired", id);
  const options = [...Object.entries(line.clauses), ...Object.entries(line.pages)].map(option);
  return set(make("datalist", "", ...options), { id: "gb-as-at-ids" });
}

function asAtPage(box, line) {
  const asked = new URLSearchParams(location.search);
  const day = set(make("input", ""), { type: "date", name: "on", required: "" });
  const typed = set(make("input", ""), { name: "id", list: "gb-as-at-ids", autocomplete: "off", spellcheck: "false" });
  const field = (name, input) => make("label", "gb-form__field", make("span", "", name), " ", input);
  const show = set(make("button", "gb-tool gb-tool--main", "Show"), { type: "submit" });
  const form = make("form", "gb-form", field("Day", day), field("Clause or page", typed), show, listOf(line));
  const help = make("p", "gb-form__help", "Days are in UTC. A day with several releases is answered by its last one.");
  const status = set(make("p", "gb-form__status"), { role: "status" });
  const answer = make("div", "gb-answer");
  let turn = 0;

  async function reply(on, name) {
    const mine = ++turn;
    const wrong = fault(line, on, name);
    const [said, nodes] = wrong ? [wrong, []] : await answerTo(line, on, name && known(line, name));
    if (mine !== turn) return; // another question was asked meanwhile
    status.textContent = said;
    answer.replaceChildren(...nodes);
  }

  function ask(event) {
    event.preventDefault();
    const id = known(line, typed.value) ?? typed.value.trim();
    const query = new URLSearchParams({ on: day.value, ...(id ? { [isClause(id) ? "clause" : "page"]: id } : {}) });
    history.replaceState(null, "", `?${query}`);
    reply(day.value, id);
  }

  form.noValidate = true; // the answer says what is wrong
  form.addEventListener("submit", ask);
  form.addEventListener("change", (event) => day.value && ask(event)); // a day that is half typed waits
  const newest = dayOf(line.releases.at(-1));
  const on = asked.get("on") ?? newest;
  day.value = on;
  typed.value = asked.get("clause") ?? asked.get("page") ?? "";
  box.append(form, help, status, answer);
  box.hidden = false;
  reply(on, typed.value);
}

const box = here && find("#gb-as-at");
const line = box && (await timeline());
if (line) asAtPage(box, line);

/* What a reviewer does with a page beyond reading it: copy a clause's link, walk the tree, filter cases, practise.

   It stands on top of a page that is complete without it. It reads the page and what the reader does and nothing else:
   no request, no storage, no markup made from text. So it works offline and under a strict security policy. */
(() => {
  "use strict";

  const TREE_HASH = "#tree=";
  const SWITCH = "input:is([type=radio], [type=checkbox])"; // the theme's, for its colours: digits are not for them
  const TYPING = `input:not(${SWITCH}), textarea, select, [contenteditable]:not([contenteditable='false'])`;

  /* --- Small tools --- */

  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = (node) => (node ? node.textContent.replace(/\s+/g, " ").trim() : "");
  const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  const set = (node, attributes) => {
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };

  /** An element; children may be text, elements or null. */
  function make(tag, className, ...children) {
    const node = document.createElement(tag);
    node.className = className;
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  function button(className, children, onClick) {
    const node = set(make("button", className, ...[children].flat()), { type: "button" });
    node.addEventListener("click", () => onClick(node));
    return node;
  }

  /** The same content again elsewhere: without ids and our buttons, with what an open tooltip has taken from it. */
  function copyOf(node) {
    const copy = node.cloneNode(true);
    all("button, .headerlink", copy).forEach((one) => one.remove());
    for (const one of [copy, ...all("*", copy)]) {
      ["id", "aria-describedby"].forEach((name) => one.removeAttribute(name));
      if (one.dataset.title) one.title = one.dataset.title;
      if (one.matches("abbr") && !one.closest("a, button")) one.tabIndex = 0;
    }
    return copy;
  }

  /** Give focus, and scroll only as far as it takes to see what is `around` it. */
  function focus(node, around = node) {
    if (!node.matches("a, button")) node.tabIndex = -1;
    node.focus({ preventScroll: true });
    around.scrollIntoView({ block: "nearest" });
  }

  function decoded(hash) {
    try {
      return decodeURIComponent(hash);
    } catch {
      return hash; // a stray % in somebody else's link
    }
  }

  /* --- Copying --- */

  const live = set(make("div", "gb-live"), { role: "status", "aria-live": "polite" });

  function say(text) {
    live.textContent = ""; // so that the same words are read out a second time
    setTimeout(() => (live.textContent = text), 50);
  }

  async function copy(text, from) {
    const byClipboard = async () => navigator.clipboard.writeText(text); // fails over plain HTTP, or when not allowed
    const done = await byClipboard().then(() => true, () => bySelection(text));
    if (!done) return offer(text, from);
    say("Copied");
    from.dataset.text ??= from.textContent;
    from.textContent = "Copied";
    setTimeout(() => (from.textContent = from.dataset.text), 1500);
  }

  function bySelection(text) {
    const before = document.activeElement;
    const field = set(make("textarea", "gb-offscreen"), { readonly: "" });
    field.value = text;
    document.body.append(field);
    field.select();
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    } finally {
      field.remove();
      before?.focus({ preventScroll: true });
    }
  }

  /** The last resort: the text in a field, selected; the field goes when the reader leaves it. */
  function offer(text, from) {
    const field = set(make("input", "gb-copy"), { readonly: "", "aria-label": "Text to copy" });
    field.value = text;
    field.addEventListener("blur", () => field.remove());
    field.addEventListener("keydown", (event) => event.key === "Escape" && from.focus());
    from.after(field);
    field.focus();
    field.select();
    say("Not copied. The text is selected: copy it with the keyboard.");
  }

  /* --- Clauses --- */

  /** The root of this edition; undefined where the page does not say. */
  function root() {
    try {
      return new URL(`${JSON.parse(find("#__config").textContent).base}/`, location.href);
    } catch {
      return undefined;
    }
  }

  function enhanceClauses(article) {
    const release = find("meta[name='guidebook:release']")?.content;
    const base = root();
    for (const heading of all("h3.clause[data-clause]", article)) {
      const id = heading.dataset.clause;
      const copies = [];
      if (base) copies.push(["gb-copy-link", "Copy link", new URL(`c/${id}/`, base).href]);
      if (release) copies.push(["gb-copy-citation", "Copy citation", `${release}/${id}`]);
      const buttons = copies.map(([kind, name, text]) => button(`gb-tool ${kind}`, name, (from) => copy(text, from)));
      // After the heading, not in it: there they would be read out as part of its name.
      const tools = set(make("div", "gb-clause-tools", ...buttons), { role: "group", "aria-label": `Clause ${id}` });
      if (buttons.length) heading.after(tools);
    }
  }

  /* --- The tree: reading the list --- */

  function readTree(source) {
    const list = find("ol", source);
    const prefix = `${source.dataset.tree.toLowerCase()}-tree-`;
    const questions = new Map();
    for (const item of list ? list.children : []) {
      const answers = find("ul", item);
      if (!item.id || !answers) continue;
      const bare = copyOf(item);
      find("ul", bare).remove();
      const ask = make("p", "gb-walk__question");
      for (const node of [...bare.childNodes]) ask.append(...(node.nodeName === "P" ? node.childNodes : [node]));
      const read = [...answers.children].map(readAnswer);
      // Two answers that differ only in signs still need links of their own.
      read.forEach((one, at) => read.slice(0, at).some(({ slug }) => slug === one.slug) && (one.slug += `-${at + 1}`));
      questions.set(item.id, { id: item.id.replace(prefix, ""), number: questions.size + 1, ask, answers: read });
    }
    return questions.size ? { list, questions, first: questions.values().next().value } : null;
  }

  function readAnswer(item) {
    const text = words(find("strong", item));
    const [label, clause, workflow] = ["a.label", "a.clause", "a.document"].map((kind) => find(kind, item));
    return { text, slug: slug(text), go: find("a.gb-go", item)?.hash.slice(1), label, clause, workflow };
  }

  /* --- The tree: walking it --- */

  function enhanceTree(article) {
    const source = find("div.gb-tree[data-tree]", article);
    const tree = source && readTree(source);
    if (!tree) return null;
    const { list, questions, first } = tree;
    let path = []; // the answers so far, each with its question
    let from = ""; // the case that the reader came from

    const stage = make("div", "gb-walk__stage");
    const notice = set(make("p", "gb-walk__notice"), { role: "status" });
    const steps = make("ol", "gb-walk__path");
    const trailHeading = make("p", "gb-walk__heading", "Your answers: choose one to change it");
    const trail = make("div", "gb-walk__trail", trailHeading, steps);
    const back = button("gb-tool gb-walk__back", "Back", () => goTo(path.slice(0, -1)));
    const again = button("gb-tool gb-walk__again", "Start again", () => goTo([]));
    const link = button("gb-tool gb-walk__link", "Copy link to this path", (node) => copy(pathUrl(), node));
    const toggle = button("gb-tool gb-walk__toggle", "Show all questions", () => showList(list.hidden));
    const home = make("a", "gb-tool gb-walk__home");
    const tools = make("div", "gb-walk__tools", back, again, link, home, toggle);
    const help = make("p", "gb-walk__help", "Keys: 1-9 answer, Backspace back, t jumps here");
    const root = make("section", "gb-walk", stage, notice, tools, trail, help);
    set(root, { id: "gb-walk", "aria-label": `Decision tree ${source.dataset.tree}, one question at a time` });

    function showList(shown) {
      list.hidden = !shown;
      toggle.setAttribute("aria-expanded", String(shown));
    }

    const pathHash = () => (path.length ? TREE_HASH + path.map(({ answer }) => answer.slug).join(".") : "");
    const pathUrl = () => location.origin + location.pathname + pathHash(); // without what a search left in the address
    /** What keys act on next: the label of the outcome, or the question. */
    const target = () => find(".gb-walk__outcome a, .gb-walk__question", stage);

    /** The way from the start, as far as `pick` finds answers. */
    function follow(pick) {
      const way = [];
      for (let at = first; at && way.length < questions.size; at = questions.get(way.at(-1).answer.go)) {
        const answer = pick(at, way.length);
        if (!answer) break;
        way.push({ question: at, answer });
      }
      return way;
    }

    function goTo(way, caseId = way.length ? from : "") {
      [path, from] = [way, caseId];
      history.replaceState(history.state, "", pathHash() || location.pathname + location.search);
      render();
      focus(target(), stage);
    }

    function render(message = "") {
      const question = path.length ? questions.get(path.at(-1).answer.go) : first;
      stage.replaceChildren(...(question ? asked(question) : [outcome(path.at(-1).answer)]));
      steps.replaceChildren(...path.map(step));
      notice.textContent = message;
      trail.hidden = back.disabled = again.disabled = link.disabled = !path.length;
      home.hidden = !from;
      home.textContent = `Back to ${from}`;
      home.href = `#case-${from.toLowerCase()}`;
    }

    function asked(question) {
      question.ask.id = "gb-walk-question";
      const answers = question.answers.map((answer, at) => {
        const content = [make("kbd", "gb-key", String(at + 1)), " ", make("span", "", answer.text)];
        return button("gb-choice gb-walk__answer", content, () => goTo([...path, { question, answer }]));
      });
      const group = make("div", "gb-walk__answers", ...answers);
      set(group, { role: "group", "aria-labelledby": question.ask.id });
      return [make("p", "gb-walk__heading", `Question ${question.number}`), question.ask, group];
    }

    function outcome({ label, clause, workflow }) {
      const line = (link, kind, before) => {
        if (!link) return null;
        const name = link.dataset.title ? make("span", "gb-walk__name", link.dataset.title) : null;
        return make("p", kind, before, copyOf(link), " ", name);
      };
      const heading = set(make("p", "gb-walk__heading", "Outcome"), { id: "gb-walk-outcome" });
      const lines = [
        line(label, "gb-walk__label", null),
        line(workflow, label ? "gb-walk__fact" : "gb-walk__label", "Escalate by "),
        line(clause, "gb-walk__fact", "Clause "),
      ];
      return set(make("div", "gb-walk__outcome", heading, ...lines), { role: "group", "aria-labelledby": heading.id });
    }

    function step({ question, answer }, at) {
      const content = [make("span", "gb-walk__asked", words(question.ask)), " ", make("strong", "", answer.text)];
      const item = make("li", "", button("gb-walk__step", content, () => goTo(path.slice(0, at))));
      item.value = question.number; // as in the list of all questions
      return item;
    }

    /** Stand where the address says. */
    function restore() {
      const hash = decoded(location.hash);
      if (!hash.startsWith(TREE_HASH)) {
        if (!hash && path.length) [path, from] = [[], ""], render();
        return;
      }
      const slugs = hash.slice(TREE_HASH.length).split(".").filter(Boolean);
      [path, from] = [follow(({ answers }, depth) => answers.find((answer) => answer.slug === slugs[depth])), ""];
      // To end silently somewhere else than the link meant would be worse than not to end at all.
      const lost = "The tree has no such answer as this link holds. Check the answers so far and go on from here.";
      render(path.length < slugs.length ? lost : "");
      root.scrollIntoView();
      focus(target(), stage);
    }

    /** Walk as a case does; `answers` reads "opens=Yes; danger=No". */
    function walkCase(id, answers) {
      const pairs = answers.split(/;\s*(?=[a-z-]+=)/).map((pair) => pair.split(/=(.*)/s).map((part) => part.trim()));
      const given = new Map(pairs);
      root.scrollIntoView();
      goTo(follow((question) => question.answers.find(({ text }) => text === given.get(question.id))), id);
    }

    function press(key) {
      const answer = /^[1-9]$/.test(key) && find(`.gb-walk__answer:nth-child(${key})`, stage);
      const pressed = answer || (key === "Backspace" && path.length ? back : null);
      pressed?.click();
      return Boolean(pressed);
    }

    /** A link to a question leads into the list, so the list must be there. */
    function reveal(node) {
      if (!list.hidden || !list.contains(node)) return false;
      showList(true);
      return true;
    }

    list.id ||= "gb-tree-list";
    toggle.setAttribute("aria-controls", list.id);
    showList(false);
    render();
    source.before(root);
    return { root, press, restore, walkCase, reveal, jump: () => focus(target(), root) };
  }

  /* --- Cases: filter --- */

  /** What hides together with a case: the box around it, where the case is withheld from other editions. */
  const outer = (node) => node.closest("div.admonition.withheld") ?? node;

  function choice(name, options) {
    const select = make("select", "", ...[["", "All"], ...options].map(([value, text]) => new Option(text, value)));
    select.name = name.toLowerCase();
    return { select, field: make("label", `gb-bar__${select.name}`, make("span", "", name), " ", select) };
  }

  function enhanceCases(article, walker) {
    const nodes = all(".gb-case[data-case]", article);
    if (!nodes.length) return null;
    const labels = [...new Set(nodes.map((node) => node.dataset.label))].sort();
    const verdicts = [["violating", "Violating"], ["borderline", "Borderline"], ["not-violating", "Not violating"]];
    const verdict = choice("Verdict", verdicts);
    const label = choice("Label", labels.map((name) => [name, name]));
    const count = set(make("span", "gb-bar__count"), { role: "status" });
    const start = button("gb-tool gb-bar__practise", "Practise", begin);
    const bar = make("div", "gb-bar", verdict.field, label.field, count, start);
    let practice = null;

    const fits = ({ dataset }) =>
      [dataset.verdict, ""].includes(verdict.select.value) && [dataset.label, ""].includes(label.select.value);
    const queue = () => nodes.filter((node) => node.dataset.set === "teaching" && fits(node));

    function show(wanted) {
      nodes.forEach((node) => (node.hidden = !wanted(node)));
      const boxes = nodes.map(outer).filter((box) => !nodes.includes(box));
      boxes.forEach((box) => (box.hidden = all(".gb-case", box).every((node) => node.hidden)));
    }

    function filter() {
      show(fits);
      count.textContent = `${nodes.filter(fits).length} of ${nodes.length} cases`;
      start.disabled = !practice && !queue().length;
    }

    function begin() {
      practice ??= startPractice(queue(), labels, leave);
      bar.after(practice.root);
      bar.hidden = true;
      show(() => false);
      practice.resume();
    }

    /** Back to the list. A practice that is not done waits: a link out of it shall not cost the score. */
    function leave(done) {
      practice.root.remove();
      if (done) practice = null;
      start.textContent = practice ? "Go on practising" : "Practise";
      bar.hidden = false;
      filter();
      focus(start);
    }

    /** A link to a case that is out of sight brings the case back. */
    function reveal(node) {
      const wanted = node.closest(".gb-case");
      if (!wanted?.hidden) return false;
      if (practice?.root.isConnected) leave(practice.done());
      if (wanted.hidden) verdict.select.value = label.select.value = "";
      filter();
      return true;
    }

    set(bar, { role: "group", "aria-label": "Cases" });
    outer(nodes[0]).before(bar);
    [verdict, label].forEach(({ select }) => select.addEventListener("change", filter));
    for (const node of walker ? nodes.filter(({ dataset }) => dataset.answers) : []) {
      const walk = () => walker.walkCase(node.dataset.case, node.dataset.answers);
      find(".gb-case__answer", node)?.append(" ", button("gb-tool gb-case__walk", "Walk the tree", walk));
    }
    filter();
    return { reveal, practice: () => (practice?.root.isConnected ? practice : null) };
  }

  /* --- Cases: practice --- */

  function shuffled(list) {
    const copy = [...list];
    for (let at = copy.length - 1; at > 0; at--) {
      const other = Math.floor(Math.random() * (at + 1));
      [copy[at], copy[other]] = [copy[other], copy[at]];
    }
    return copy;
  }

  /** One case at a time, without what gives it away; `leave(done)` goes back to the list. */
  function startPractice(queue, labels, leave) {
    let cases = shuffled(queue);
    let picks = []; // one for each case so far, what the reader picked
    let at = 0;
    const card = make("div", "gb-practice__card");
    const root = set(make("section", "gb-practice", card), { "aria-label": "Practice" });

    const isRight = ({ node, pick }) => node.dataset.label === pick;
    const score = () => `${picks.filter(isRight).length} of ${picks.length} right`;
    const progress = () => `Case ${at + 1} of ${cases.length}${picks.length ? ` · ${score()}` : ""}`;
    const done = () => picks.length === cases.length;
    const stop = () => button("gb-tool gb-practice__stop", "Stop practising", () => leave(true));
    const main = (kind, name, act) => button(`gb-tool gb-tool--main gb-practice__${kind}`, name, act);
    const resume = () => focus(find(".gb-practice__next", card) ?? find(".gb-practice__id", card), card);

    function ask() {
      const node = cases[at];
      const facts = words(find(".gb-case__facts", node)).split(" · ");
      const options = labels.map((label, index) => {
        const key = index < 9 ? [make("kbd", "gb-key", String(index + 1)), " "] : [];
        const option = button("gb-choice gb-practice__option", [...key, make("code", "", label)], () => answer(label));
        return set(option, { "data-label": label });
      });
      card.replaceChildren(
        make("p", "gb-practice__score", progress()),
        make("p", "gb-practice__id", node.dataset.case), // no title: titles give the answer away
        make("p", "gb-practice__facts", facts.filter((fact) => slug(fact) !== node.dataset.verdict).join(" · ")),
        copyOf(find(".gb-case__text", node)),
        set(make("div", "gb-practice__options", ...options), { role: "group", "aria-label": "Which label?" }),
        set(make("div", "gb-practice__feedback"), { id: "gb-practice-feedback", role: "status" }),
        make("div", "gb-practice__tools", stop()),
        make("p", "gb-practice__help", "Keys: 1-9 pick a label, Enter goes on"),
      );
    }

    function answer(pick) {
      const node = cases[at];
      const right = node.dataset.label;
      picks.push({ node, pick });
      for (const option of all(".gb-practice__option", card)) {
        const { label } = option.dataset;
        option.disabled = true;
        if (label !== right && label !== pick) continue;
        option.classList.add(label === right ? "gb-choice--right" : "gb-choice--wrong");
        option.append(" ", make("span", "gb-choice__mark", label === right ? "Right label" : "Your pick"));
      }
      const [kind, verdict] = pick === right ? ["right", "Right."] : ["wrong", `Wrong: you picked ${pick}.`];
      const parts = [".gb-case__answer", ".gb-case__reason", ".gb-case__contrast"].map((part) => find(part, node));
      const feedback = find(".gb-practice__feedback", card);
      feedback.append(make("p", `gb-practice__verdict gb-practice__verdict--${kind}`, verdict));
      feedback.append(...parts.filter(Boolean).map(copyOf));
      find(".gb-practice__score", card).textContent = progress();
      const next = done() ? main("next", "See the result", summary) : main("next", "Next", () => turn(at + 1));
      find(".gb-practice__tools", card).prepend(set(next, { "aria-describedby": feedback.id }));
      resume();
    }

    function turn(to) {
      at = to;
      ask();
      resume();
    }

    function restart() {
      [cases, picks] = [shuffled(queue), []];
      turn(0);
    }

    function summary() {
      const wrong = picks.filter((one) => !isRight(one)).map(({ node, pick }) => {
        const heading = find("h4", node);
        const link = set(make("a", "case", words(copyOf(heading))), { href: `#${heading.id}` });
        const right = make("code", "", node.dataset.label);
        return make("li", "", link, ": ", right, ", you picked ", make("code", "", pick));
      });
      card.replaceChildren(
        make("p", "gb-practice__id", score()),
        make("p", "", wrong.length ? "Read these again:" : "No case was wrong."),
        make("ul", "gb-practice__wrong", ...wrong),
        make("div", "gb-practice__tools", main("again", "Again", restart), stop()),
      );
      resume();
    }

    function press(key) {
      const option = /^[1-9]$/.test(key) && find(`.gb-practice__option:nth-child(${key}):enabled`, card);
      if (option) option.click();
      return Boolean(option);
    }

    ask();
    return { root, press, resume, done };
  }

  /* --- Keys and links, for all parts --- */

  const onScreen = ({ root }) => {
    const { top, bottom } = root.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };

  function listen(walker, cases) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
      const active = document.activeElement ?? document.body;
      if (event.defaultPrevented || event.repeat || active.matches(TYPING) || find("#__search:checked")) return;
      // The digit on the key counts also where typing it needs Shift, as on a French keyboard.
      const key = /^Digit[1-9]$/.test(event.code) ? event.code.at(-1) : event.key;
      const parts = [cases?.practice(), walker].filter(Boolean);
      const free = active === document.body || active.matches(SWITCH);
      const part = parts.find(({ root }) => root.contains(active)) ?? (free ? parts.find(onScreen) : null);
      if (key.toLowerCase() === "t" && walker) walker.jump();
      else if (!part?.press(key)) return;
      event.preventDefault();
    });

    /** Bring back what the link to `hash` leads to; the element, if it was out of sight. */
    const reveal = (hash) => {
      const node = document.getElementById(decoded(hash).slice(1));
      return node && [walker, cases].some((part) => part?.reveal(node)) ? node : null;
    };
    const arrive = () => {
      walker?.restore();
      reveal(location.hash)?.scrollIntoView();
    };
    // On the click, so that the browser finds the place; and a second click on the same link changes no hash.
    document.addEventListener("click", ({ target }) => {
      const link = target.closest?.("a[href^='#']");
      if (link) reveal(link.hash);
    });
    addEventListener("hashchange", arrive);
    arrive();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const article = find("article.md-content__inner");
    if (!article) return;
    // The theme takes the title away while it shows it as a tooltip.
    all("[title]", article).forEach((one) => (one.dataset.title = one.title));
    // The theme shows a term's tooltip on focus too; a term only has to take the focus. In a link it need not.
    // Once in each section: a hundred stops on one page would be in the way of all other keys.
    let seen = new Set();
    for (const node of all("h2, abbr[title]", article)) {
      if (node.matches("h2")) seen = new Set();
      else if (!node.closest("a, button") && !seen.has(node.title)) node.tabIndex = seen.add(node.title) && 0;
    }
    enhanceClauses(article);
    const walker = enhanceTree(article);
    const cases = enhanceCases(article, walker);
    if (find(".gb-tool", article)) document.body.append(live);
    if (walker || cases) listen(walker, cases);
  });
})();

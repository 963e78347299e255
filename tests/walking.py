"""What a reader does with a guideline in a browser, and what the catalog says they must then see."""

from __future__ import annotations

import functools
import json
import re
import urllib.request

import pytest

RELEASE = "2026.11.24"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}

# What the reader sees of the walker, and what Enter would open; null where there is none in sight.
WALK = """() => {
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())
  const words = (node) => node?.textContent.replace(/\\s+/g, " ").trim() ?? null
  const [question, label, clause, notice] = ["question", "outcome a.label", "outcome a.clause", "notice"]
    .map((name) => words(seen(`.gb-walk__${name}`)[0]))
  const trail = seen(".gb-walk__step").map((one) => [...one.children].map(words))
  return { question, label, clause, notice, trail, enter: document.activeElement.href ?? null }
}"""

# The card of practice: what it says of itself, the text of the case, the labels to pick from, and what was answered.
CARD = """() => {
  const card = document.querySelector(".gb-practice__card")
  const part = (name) => card.querySelector(`.gb-practice__${name}`)?.innerText ?? null
  const rest = card.cloneNode(true)
  rest.querySelectorAll(".gb-case__text, .gb-practice__options").forEach((one) => one.remove())
  const options = [...card.querySelectorAll(".gb-practice__option")]
  const marked = options.filter((one) => one.querySelector(".gb-choice__mark"))
  return {
    id: part("id"), text: card.querySelector(".gb-case__text")?.textContent, rest: rest.outerHTML,
    labels: options.map((one) => one.dataset.label), looks: [...new Set(options.map((one) => one.className))],
    marks: marked.map((one) => [one.dataset.label, one.querySelector(".gb-choice__mark").innerText]),
    score: part("score"), verdict: part("verdict"), feedback: part("feedback"),
    focus: document.activeElement.innerText,
  }
}"""

# Ids of the cases in sight, and of those that stand in a box for staff that is in sight.
SHOWN = """() => [...document.querySelectorAll(".gb-case")]
  .filter((one) => one.checkVisibility()).map((one) => one.dataset.case)"""
BOXES = """() => [...document.querySelectorAll(".admonition.withheld:has(.gb-case)")]
  .filter((one) => one.checkVisibility()).map((one) => one.querySelector(".gb-case").dataset.case)"""
CONTROLS = """() => [...document.querySelectorAll("button, select, [role=button]")]
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .map((one) => one.className)"""
# What reaches out of the screen on its right.
WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement
  const out = [...document.querySelectorAll(":is(.gb-walk, .gb-practice, .gb-bar, .gb-clause-tools) *")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > clientWidth)
    .map((one) => one.className || one.nodeName)
  return scrollWidth > clientWidth ? [`page: ${scrollWidth}`, ...out] : out
}"""


@functools.cache
def guidelines(base):
    with urllib.request.urlopen(f"{base}latest/catalog.json") as answer:
        documents = json.load(answer)["documents"]
    found = {one["id"]: one for one in documents if one["type"] == "guideline"}
    assert len(found) >= 4
    return found


def address(base, guideline="G04"):
    return f"{RELEASE}/{guidelines(base)[guideline]['url']}"


def plain(text):
    """Return the words of a Markdown text as a reader sees them."""
    return " ".join(re.sub(r"\[([^]]+)]|`([^`]+)`", r"\1\2", text).split())


def way(guideline, case):
    """Return what a case meets in the tree: each question, the answer and its key."""
    questions = {one["id"]: one for one in guideline["tree"]["questions"]}
    steps, at = [], guideline["tree"]["questions"][0]
    while at:
        texts = [answer["text"] for answer in at["answers"]]
        number = texts.index(case["answers"][at["id"]])
        steps.append((plain(at["ask"]), texts[number], str(number + 1)))
        at = questions.get(at["answers"][number].get("go"))
    return steps


def trail(steps):
    return [[ask, answer] for ask, answer, _ in steps]


def keys(steps):
    return "".join(key for _, _, key in steps)


def press(page, *names):
    for name in names:
        page.keyboard.press(name)


def walk_to(page, steps):
    page.keyboard.type("t" + keys(steps))


def press_until(page, selector, key="Tab"):
    """Press a key until what has the focus is what was looked for, as a reader without a mouse does."""
    for _ in range(300):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"no {key} leads to {selector}")


def changed(page, pattern, new):
    """Serve guidelines with a pattern replaced, as another build would have written them."""

    def answer(route):
        text, count = re.subn(pattern, new, route.fetch().text())
        assert count, f"{pattern} is not on the page"
        route.fulfill(body=text, content_type="text/html")

    page.route("**/guidelines/**/", answer)


def same(found, case, steps):
    return (found["label"], found["clause"], found["trail"]) == (case["label"], case["clause"], trail(steps))


def answer_card(page, cases, picks):
    """Answer the card on the screen, every second time with a wrong label, and check what it tells before and after."""
    before = page.evaluate(CARD)
    case = cases[before["id"]]
    assert before["text"].split() == plain(case["text"]).split()
    secret = [case["label"], case["verdict"], case["verdict"].replace("-", " "), case["clause"]]
    told = [one for one in [*secret, case["title"], plain(case["reason"])] if one.lower() in before["rest"].lower()]
    assert not told, (case["id"], told)
    assert page.evaluate(SHOWN) == [], "and no case stands open below"
    assert set(before["labels"]) == {one["label"] for one in cases.values()}
    assert (before["marks"], len(before["looks"]), before["feedback"]) == ([], 1, "")
    wrong = [one for one in before["labels"] if one != case["label"]]
    pick = wrong[0] if len(picks) % 2 else case["label"]
    press(page, str(before["labels"].index(pick) + 1))
    picks[case["id"]] = pick
    after = page.evaluate(CARD)
    right = pick == case["label"]
    assert after["verdict"] == ("Right." if right else f"Wrong: you picked {pick}.")
    marks = {case["label"]: "Right label"} | ({} if right else {pick: "Your pick"})
    assert dict(after["marks"]) == marks
    feedback = " ".join(after["feedback"].split())
    due = (case["label"], case["clause"], plain(case["reason"]))
    assert not [one for one in due if one not in feedback], case["id"]
    count = sum(cases[one]["label"] == two for one, two in picks.items())
    assert f"{count} of {len(picks)} right" in after["score"]
    press(page, "1", "2", "3")
    assert page.evaluate(CARD) == after, "the first answer counts"


def practise(page, cases, number):
    """Go through a whole practice by keys; returns what was picked for each case."""
    picks = {}
    for at in range(number):
        assert page.evaluate(CARD)["score"].startswith(f"Case {at + 1} of {number}")
        answer_card(page, cases, picks)
        assert page.evaluate(CARD)["focus"] == ("Next" if at + 1 < number else "See the result")
        press(page, "Enter")
    return picks

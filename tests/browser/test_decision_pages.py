"""What stands around the decision: clauses and terms, other screens and paper, no script, no network."""

from __future__ import annotations

import re
import urllib.request

import pytest
from walking import (
    BOXES,
    CLIPBOARD,
    CONTROLS,
    RELEASE,
    SHOWN,
    WALK,
    WIDE,
    address,
    answer_card,
    changed,
    guidelines,
    plain,
    press,
    press_until,
    same,
    walk_to,
    way,
)

pytestmark = pytest.mark.xdist_group("browser")  # one worker publishes and serves for them all


# --- Without a network, a script or a screen ---


def test_tree_filter_and_practice_ask_nothing_of_the_network(editions, browse):
    watched = browse(editions.external)
    page = watched.open(address(editions.external))
    page.wait_for_load_state("networkidle")
    requests = []
    # Chromium takes the icon of the tab from its cache anew whenever the address changes: that is no request of a page.
    icon = page.locator("link[rel=icon]").evaluate("(one) => one.href")
    page.on("request", lambda request: request.url == icon or requests.append(request.url))
    page.context.set_offline(True)
    guideline = guidelines(editions.external)["G04"]
    case = guideline["cases"][0]
    walk_to(page, way(guideline, case))
    assert same(page.evaluate(WALK), case, way(guideline, case))
    page.locator("select[name=label]").select_option(case["label"])
    assert 0 < len(page.evaluate(SHOWN)) < len(guideline["cases"])
    page.locator(".gb-bar__practise").click()
    answer_card(page, {one["id"]: one for one in guideline["cases"]}, {})
    page.locator(".gb-clause-tools button").first.dispatch_event("click")
    page.wait_for_timeout(200)
    assert requests == []
    page.evaluate("fetch('/positive-control').catch(() => {})")
    page.wait_for_timeout(200)
    assert len(requests) == 1
    watched.faults.clear()


@pytest.mark.parametrize(("edition", "some"), [("external", 1), ("internal", None)], ids=["external", "internal"])
def test_without_a_script_the_whole_page_is_there(editions, desk, edition, some):
    base = getattr(editions, edition)
    page = desk(base, java_script_enabled=False).page
    for guideline in [*guidelines(base).values()][:some]:
        page.goto(base + address(base, guideline["id"]))
        items = page.locator(".gb-tree > ol > li")
        questions = guideline["tree"]["questions"]
        assert items.count() == len(questions)
        for item, question in zip(items.all(), questions, strict=True):
            assert item.is_visible()
            lines = [" ".join(line.split()) for line in item.inner_text().splitlines() if line.strip()]
            assert lines[0] == plain(question["ask"])
            for line, answer in zip(lines[1:], question["answers"], strict=True):
                assert line.startswith(f"{answer['text']}: ")
                assert "go" in answer or f"{answer['label']} ({answer['clause']})" in line
        links = page.locator(".gb-tree a.gb-go")
        wanted = [one["go"] for question in questions for one in question["answers"] if "go" in one]
        assert [one.get_attribute("href").rpartition("-tree-")[2] for one in links.all()] == wanted
        for link in links.all():
            assert page.locator(f"li[id='{link.get_attribute('href')[1:]}']").count() == 1
        for case in guideline["cases"]:
            text = " ".join(page.locator(f".gb-case[data-case='{case['id']}']").inner_text().split())
            assert not [one for one in (case["title"], case["label"], plain(case["reason"])) if one not in text], text
        assert page.evaluate(SHOWN) == [case["id"] for case in guideline["cases"]]
        assert page.evaluate(CONTROLS) == []
    links.first.click()
    assert page.locator("li:target").is_visible()


def test_paper_shows_all_of_it_whatever_the_reader_did_before(editions, desk):
    page = desk(editions.internal).open(address(editions.internal))
    cases = [one["id"] for one in guidelines(editions.internal)["G04"]["cases"]]
    page.locator("select[name=verdict]").select_option("borderline")
    page.locator(".gb-bar__practise").click()
    walk_to(page, way(*[guidelines(editions.internal)["G04"], guidelines(editions.internal)["G04"]["cases"][0]]))
    shown = ".gb-walk, .gb-practice, .gb-tool"
    assert page.locator(".gb-tree > ol").is_hidden()
    assert page.locator(shown).locator("visible=true").count() > 5, "positive control"
    page.emulate_media(media="print")
    assert page.locator(".gb-tree > ol").is_visible()
    assert page.evaluate(SHOWN) == cases
    assert len(page.evaluate(BOXES)) >= 2
    hidden = page.locator(f"{shown}, .gb-bar, .gb-clause-tools, article button, article select")
    assert hidden.locator("visible=true").count() == 0


# --- Clauses and terms ---


def test_a_clause_gives_its_link_and_its_citation(editions, desk):
    base = editions.external
    clauses = guidelines(base)["G04"]["clauses"]
    page = desk(base, **CLIPBOARD).open(address(base))
    for clause in clauses:
        tools = page.locator(f"h3[data-clause='{clause['id']}'] + .gb-clause-tools")
        page.locator(f"h3[data-clause='{clause['id']}']").hover()
        copied = []
        for name in ("Copy link", "Copy citation"):
            tools.get_by_role("button", name=name).click()
            tools.get_by_text("Copied").last.wait_for()
            copied.append(page.evaluate("navigator.clipboard.readText()"))
        assert copied == [f"{base}{RELEASE}/c/{clause['id']}/", f"{RELEASE}/{clause['id']}"]
    page.goto(copied[0])
    page.wait_for_url(f"**/guidelines/**#{clause['anchor']}")
    heading = page.locator("h3:target")
    assert heading.get_attribute("data-clause") == clause["id"]
    assert 0 <= heading.bounding_box()["y"] < 900


def test_a_clause_can_be_copied_by_keyboard_without_a_clipboard_to_write_to(editions, desk):
    """Over plain HTTP a browser gives pages no clipboard: the copy is made from a selection, or left to the reader."""
    base = editions.external
    page = desk(base).page
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(base + address(base) + "#g04-1")
    press_until(page, "h3.clause + .gb-clause-tools .gb-copy-citation")
    shown = "getComputedStyle(document.activeElement.parentElement).opacity === '1'"
    page.wait_for_function(shown)
    press(page, "Enter")
    page.locator(".gb-copy-citation:has-text('Copied')").wait_for()
    press(page, "/", "Control+v")
    assert page.locator(".md-search__input").input_value() == f"{RELEASE}/G04.1"
    press(page, "Escape")
    page.evaluate("document.execCommand = () => false")
    page.evaluate("document.querySelector('#g04-1 a').focus()")
    press_until(page, "h3.clause + .gb-clause-tools .gb-copy-link")
    press(page, "Enter")
    field = page.locator("input.gb-copy")
    field.wait_for()
    assert field.input_value() == f"{base}{RELEASE}/c/G04.1/"
    assert page.evaluate("getSelection().toString()") == field.input_value()
    press(page, "Escape")
    assert field.count() == 0
    assert page.evaluate("document.activeElement.matches('.gb-copy-link')")


def test_only_clauses_have_tools_and_only_a_release_can_be_cited(editions, desk):
    page = desk(editions.external).page
    for path in ("labels/spam-redirect/", "faqs/f01-shorteners/", "c/", ""):
        page.goto(f"{editions.external}{RELEASE}/{path}")
        assert page.locator(".gb-tool, .gb-clause-tools").count() == 0, path
    changed(page, '<meta name="guidebook:release"[^>]*>', "")
    page.goto(editions.external + address(editions.external))
    clauses = guidelines(editions.external)["G04"]["clauses"]
    assert page.locator(".gb-copy-link").count() == len(clauses)
    assert page.locator(".gb-copy-citation").count() == 0


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_a_permalink_names_its_icon(editions, edition):
    """Without one the browser asks the host for /favicon.ico, and the reader's first error stands in the console."""
    base = getattr(editions, edition)
    for guideline in guidelines(base).values():
        for clause in guideline["clauses"]:
            with urllib.request.urlopen(f"{base}latest/c/{clause['id']}/") as page:
                text = page.read().decode()
            assert f"#{clause['anchor']}" in text
            assert '<link rel="icon"' in text


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_the_list_of_clauses_leads_to_each(editions, desk, edition):
    base = getattr(editions, edition)
    page = desk(base).open("latest/c/")
    for guideline in guidelines(base).values():
        for clause in guideline["clauses"]:
            assert page.locator("article a", has_text=re.compile(rf"^{re.escape(clause['id'])}\b")).count() >= 1
    page.locator("article a", has_text=clause["id"]).first.click()
    page.wait_for_url(f"**#{clause['anchor']}")
    assert page.locator("h3:target").get_attribute("data-clause") == clause["id"]


def test_a_term_shows_its_definition_to_the_keyboard_as_to_the_mouse(editions, desk):
    page = desk(editions.external).open(address(editions.external))
    term = page.locator("article > p > abbr[tabindex]").first
    definition = term.get_attribute("title")
    # What the keyboard passed on its way may fade out yet.
    tip = page.locator(".md-tooltip2--active", has_text=definition)
    press_until(page, "article > p > abbr[tabindex]")
    tip.wait_for(state="visible")
    by_key = tip.inner_text()
    page.evaluate("document.activeElement.blur()")
    tip.wait_for(state="detached")
    term.hover()
    tip.wait_for(state="visible")
    assert tip.inner_text() == by_key


def test_a_term_in_the_walker_shows_its_definition_too(editions, desk):
    page = desk(editions.external).open(address(editions.external))
    walk_to(page, way(guidelines(editions.external)["G04"], guidelines(editions.external)["G04"]["cases"][0])[:2])
    press_until(page, ".gb-walk__question abbr")
    shown = page.evaluate("getComputedStyle(document.activeElement, '::after').content")
    assert len(shown) > 20
    assert shown.strip('"') == page.evaluate("document.activeElement.title")


# --- Small screens and colours ---

# Answer every question in every way; `look` is called at each question and at each outcome.
EVERYWHERE = """(look) => {
  const found = [], seen = { questions: new Set(), outcomes: new Set() }
  const visit = () => {
    found.push(...look())
    const answers = document.querySelectorAll(".gb-walk__answer")
    const [kind, name] = answers.length ? ["questions", "question"] : ["outcomes", "outcome"]
    seen[kind].add(document.querySelector(`.gb-walk__${name}`).textContent)
    for (let at = 0; at < answers.length; at++) {
      document.querySelectorAll(".gb-walk__answer")[at].click()
      visit()
      document.querySelector(".gb-walk__back").click()
    }
  }
  visit()
  return [found, seen.questions.size, seen.outcomes.size]
}"""


def test_nothing_is_wider_than_a_small_screen(editions, desk):
    base = editions.internal
    page = desk(base, width=390, has_touch=True).page
    for guideline in guidelines(base).values():
        page.goto(base + address(base, guideline["id"]))
        found, questions, outcomes = page.evaluate(f"() => ({EVERYWHERE})({WIDE})")
        answers = [answer for question in guideline["tree"]["questions"] for answer in question["answers"]]
        ends = {(one["label"], one["clause"], one.get("escalate")) for one in answers if "label" in one}
        assert (questions, outcomes) == (len(guideline["tree"]["questions"]), len(ends))
        assert found == []
        page.locator(".gb-bar__practise").click()
        assert page.evaluate(WIDE) == []
        press(page, "1")
        assert page.evaluate(WIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_script_adds_can_be_read(editions, desk, contrast, scheme):
    """WCAG AA: contrast of at least 4.5 to 1, in every state."""
    base = editions.external
    guideline = guidelines(base)["G04"]
    page = desk(base, scheme=scheme, reduced_motion="reduce").open(address(base) + "#tree=gone")
    rows = contrast(page, ".gb-walk") + contrast(page, ".gb-bar") + contrast(page, ".gb-clause-tools")
    for case in {one["label"]: one for one in guideline["cases"]}.values():
        page.locator(f".gb-case[data-case='{case['id']}'] .gb-case__walk").click()
        rows += contrast(page, ".gb-walk")
    page.locator("select[name=verdict]").select_option("borderline")
    page.locator(".gb-bar__practise").click()
    rows += contrast(page, ".gb-practice")
    while page.locator(".gb-practice__option").count():
        press(page, "1")
        rows += contrast(page, ".gb-practice")
        press(page, "Enter")
    rows += contrast(page, ".gb-practice")
    seen = " ".join(row[0] for row in rows)
    wanted = ("notice", "question", "asked", "help", "verdict--right", "verdict--wrong", "choice__mark", "copy-link")
    assert not [one for one in wanted if one not in seen]
    low = {tuple(row) for row in rows if row[1] < 4.5}
    assert not low, low

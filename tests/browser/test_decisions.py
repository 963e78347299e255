"""How a reader decides with a guideline: by its tree, by its cases, and in practice."""

from __future__ import annotations

import itertools
import re

import pytest
from walking import (
    BOXES,
    CARD,
    CLIPBOARD,
    SHOWN,
    WALK,
    address,
    guidelines,
    keys,
    practise,
    press,
    press_until,
    same,
    trail,
    walk_to,
    way,
)

pytestmark = pytest.mark.xdist_group("browser")  # one worker publishes and serves for them all


# --- The tree ---


def by_tab(page):
    press_until(page, "article a[href$='#choose-the-guideline']")
    press(page, "Enter")
    page.wait_for_url("**/w01-first-review/**", wait_until="load")
    press_until(page, "article a[href$='g04-link-deception/']")


def by_search(page):
    page.wait_for_function("document.querySelector('.md-search-result__meta').textContent.includes('Type to start')")
    page.keyboard.press("s")
    page.keyboard.type("link deception")
    page.locator(".md-search-result__link[href*='g04-link-deception']").first.wait_for()
    page.wait_for_timeout(400)  # results still move while they come in
    page.keyboard.press("ArrowDown")


@pytest.mark.parametrize("find", [by_tab, by_search])
def test_from_the_start_page_to_the_label_by_keyboard_alone(editions, desk, find):
    guideline = guidelines(editions.external)["G04"]
    case = max(guideline["cases"], key=lambda one: len(one["answers"]))
    page = desk(editions.external).open("latest/")
    find(page)
    press(page, "Enter")
    page.wait_for_url("**/g04-link-deception/**", wait_until="load")
    walk_to(page, way(guideline, case))
    assert same(page.evaluate(WALK), case, way(guideline, case))
    press(page, "Enter")
    page.wait_for_url(f"**/labels/{case['label']}/")


def test_every_teaching_case_ends_at_its_label_and_clause_by_keys(editions, desk):
    """Each way starts where the one before it ended: Backspace to where they part, then the answers of its cases."""
    page = desk(editions.external).page
    for guideline in guidelines(editions.external).values():
        page.goto(editions.external + address(editions.external, guideline["id"]))
        press(page, "t")
        cases = {case["id"]: way(guideline, case) for case in guideline["cases"]}
        before = []
        for steps in sorted(cases.values()):
            if steps == before:
                continue
            common = next((at for at, (one, two) in enumerate(zip(before, steps, strict=False)) if one != two), 0)
            press(page, *["Backspace"] * (len(before) - common))
            page.keyboard.type(keys(steps[common:]))
            found = page.evaluate(WALK)
            for case in guideline["cases"]:
                if cases[case["id"]] == steps:
                    assert same(found, case, steps), (case["id"], found)
            assert found["question"] is None
            assert found["enter"].endswith(f"/labels/{found['label']}/")
            before = steps
        press(page, "Enter")
        page.wait_for_url(f"**/labels/{found['label']}/")


def test_each_case_walks_the_tree_for_the_reader(editions, desk):
    guideline = guidelines(editions.internal)["G04"]
    page = desk(editions.internal).open(address(editions.internal))
    walked = page.evaluate(f"""() => [...document.querySelectorAll(".gb-case__walk")].map((one) => {{
      one.click()
      const home = document.querySelector(".gb-walk__home")
      return [one.closest(".gb-case").dataset.case, ({WALK})(), home.innerText, home.hash]
    }})""")
    assert len(guideline["cases"]) > len(guidelines(editions.external)["G04"]["cases"])
    for case, (name, found, home, link) in zip(guideline["cases"], walked, strict=True):
        assert (name, home, link) == (case["id"], f"Back to {case['id']}", f"#case-{case['id'].lower()}")
        assert same(found, case, way(guideline, case)), case["id"]


def test_the_reader_goes_back_one_step_any_step_or_to_the_start(editions, desk):
    guideline = guidelines(editions.external)["G04"]
    steps = way(guideline, max(guideline["cases"], key=lambda one: len(one["answers"])))
    page = desk(editions.external).open(address(editions.external))
    walk_to(page, steps)
    press(page, "Backspace")
    found = page.evaluate(WALK)
    assert (found["question"], found["label"], found["trail"]) == (steps[-1][0], None, trail(steps[:-1]))
    for at in (4, 2, 0):
        walk_to(page, steps[len(page.evaluate(WALK)["trail"]) :])
        press_until(page, f".gb-walk__path li:nth-child({at + 1}) button")
        press(page, "Enter")
        found = page.evaluate(WALK)
        assert (found["question"], found["trail"]) == (steps[at][0], trail(steps[:at]))
    walk_to(page, steps)
    press_until(page, ".gb-walk__again")
    press(page, "Enter")
    found = page.evaluate(WALK)
    assert (found["question"], found["trail"]) == (steps[0][0], [])
    assert page.url == editions.external + address(editions.external)
    press(page, "Backspace")
    assert page.evaluate(WALK) == found, "at the start there is no way back"


def test_the_address_of_a_path_opens_it_again(editions, desk):
    base, guideline = editions.external, guidelines(editions.external)["G04"]
    case = guideline["cases"][0]
    steps = way(guideline, case)
    page = desk(base, **CLIPBOARD).open(address(base))
    walk_to(page, steps)
    page.locator(".gb-walk__link").click()
    page.locator(".gb-walk__link:has-text('Copied')").wait_for()
    url = page.evaluate("navigator.clipboard.readText()")
    assert url == page.url
    assert url.startswith(f"{base}{address(base)}#tree=")
    other = desk(base).page
    other.goto(url)
    found = other.evaluate(WALK)
    assert same(found, case, steps)
    assert (found["notice"], found["enter"].endswith(f"/labels/{case['label']}/")) == ("", True)
    assert other.evaluate("document.querySelector('.gb-walk__stage').getBoundingClientRect().top") < 900
    # An answer that the tree no longer has: the reader is told, and stands at the question that is open.
    other.goto(re.sub(r"[^.]+$", "an-answer-of-last-year", url))
    found = other.evaluate(WALK)
    assert "no such answer" in found["notice"]
    assert (found["question"], found["label"], found["trail"]) == (steps[-1][0], None, trail(steps[:-1]))
    press(other, steps[-1][2])
    found = other.evaluate(WALK)
    assert (same(found, case, steps), found["notice"]) == (True, "")
    other.goto(f"{base}{address(base)}#tree=%")
    assert "no such answer" in other.evaluate(WALK)["notice"]


def test_keys_act_only_where_the_reader_means_the_tree(editions, desk):
    page = desk(editions.external).open(address(editions.external))
    steps = way(guidelines(editions.external)["G04"], guidelines(editions.external)["G04"]["cases"][0])
    walk_to(page, steps[:2])
    start = page.evaluate(WALK)

    def nothing_comes_of(names):
        for name in names:
            press(page, name)
            assert page.evaluate(WALK)["trail"] == start["trail"], name

    nothing_comes_of([f"{held}+{key}" for held in ("Control", "Alt", "Meta") for key in ("1", "Backspace")])
    page.locator("select[name=label]").focus()
    nothing_comes_of("1")
    press(page, "t")
    assert page.evaluate("document.activeElement.name") == "label", "a list of choices takes letters of its own"
    page.evaluate("document.activeElement.blur()")
    press(page, "/")
    page.locator("#__search:checked").wait_for(state="attached")
    nothing_comes_of(["t", "1", "Backspace", "3", "t"])
    assert page.locator(".md-search__input").input_value() == "t3t"
    press(page, "Escape")
    for top in ("0", "document.body.scrollHeight"):
        page.evaluate(f"document.activeElement.blur(); scrollTo(0, {top})")
        nothing_comes_of(["1", "Backspace"])
    page.evaluate("document.querySelector('.gb-walk').scrollIntoView()")
    press(page, steps[2][2])
    assert page.evaluate(WALK)["trail"] == trail(steps[:3]), "positive control: in sight the key is an answer"


# --- Cases ---


# Choose every verdict with every label, and tell what stands there.
CHOOSE = f"""() => {{
  const [verdict, label] = document.querySelectorAll(".gb-bar select")
  const pairs = [...verdict.options].flatMap((one) => [...label.options].map((two) => [one.value, two.value]))
  return pairs.map((pair) => {{
    [verdict, label].forEach((select, at) => {{
      select.value = pair[at]
      select.dispatchEvent(new Event("change"))
    }})
    const [count, start] = ["count", "practise"].map((name) => document.querySelector(`.gb-bar__${{name}}`))
    return [...pair, ({SHOWN})(), ({BOXES})(), count.innerText, !start.disabled]
  }})
}}"""


@pytest.mark.parametrize(("edition", "some"), [("external", 1), ("internal", None)], ids=["external", "internal"])
def test_the_filter_shows_the_cases_that_the_catalog_counts(editions, desk, edition, some):
    base = getattr(editions, edition)
    page = desk(base).page
    for guideline in [*guidelines(base).values()][:some]:
        page.goto(base + address(base, guideline["id"]))
        cases, choices = guideline["cases"], page.evaluate(CHOOSE)
        verdicts, labels = ({"", *(case[kind] for case in cases)} for kind in ("verdict", "label"))
        assert {(one, two) for one, two, *_ in choices} == set(itertools.product(verdicts, labels))
        for verdict, label, shown, boxes, count, practice in choices:
            fits = [one for one in cases if verdict in {"", one["verdict"]} and label in {"", one["label"]}]
            assert shown == [one["id"] for one in fits]
            assert boxes == [one["id"] for one in fits if one["set"] != "teaching"]
            assert count == f"{len(fits)} of {len(cases)} cases"
            assert practice == any(one["set"] == "teaching" for one in fits)


def test_a_link_to_a_case_out_of_sight_brings_it_back(editions, desk):
    cases = {one["id"]: one for one in guidelines(editions.external)["G04"]["cases"]}
    page = desk(editions.external).open(address(editions.external))
    pairs = [one for one in cases.values() if one.get("contrast") and cases[one["contrast"]]["label"] != one["label"]]
    for case in pairs[:3]:
        page.locator("select[name=label]").select_option(case["label"])
        assert case["contrast"] not in page.evaluate(SHOWN)
        page.locator(f".gb-case[data-case='{case['id']}'] .gb-case__contrast a.case").click()
        target = page.locator(f".gb-case h4:target[id='case-{case['contrast'].lower()}']")
        assert target.is_visible()
        assert -1 <= target.bounding_box()["y"] <= 900, "and in sight"
        assert page.evaluate(SHOWN) == list(cases)
    other = desk(editions.external).open(f"{address(editions.external)}#case-{case['id'].lower()}")
    assert other.locator("h4:target").bounding_box()["y"] <= 900


# --- Practice ---


def test_practice_by_keyboard_alone(editions, desk):
    cases = {one["id"]: one for one in guidelines(editions.external)["G04"]["cases"]}
    borderline = [one["id"] for one in cases.values() if one["verdict"] == "borderline"]
    assert 3 <= len(borderline) < len(cases)
    page = desk(editions.external).open(f"{address(editions.external)}#cases")
    press_until(page, "select[name=verdict]")
    page.keyboard.type("Bord")
    assert page.evaluate(SHOWN) == borderline
    press_until(page, ".gb-bar__practise")
    press(page, "Enter")
    picks = practise(page, cases, len(borderline))
    assert sorted(picks) == borderline
    wrong = [one for one in picks if picks[one] != cases[one]["label"]]
    assert 0 < len(wrong) < len(picks)
    assert page.locator(".gb-practice__id").inner_text() == f"{len(picks) - len(wrong)} of {len(picks)} right"
    said = [f"{one} {cases[one]['title']}: {cases[one]['label']}, you picked {picks[one]}" for one in wrong]
    assert [one.inner_text() for one in page.locator(".gb-practice__wrong li").all()] == said
    press_until(page, ".gb-practice__again")
    press(page, "Enter")
    assert page.evaluate(CARD)["score"] == f"Case 1 of {len(borderline)}"
    press_until(page, ".gb-practice__stop")
    press(page, "Enter")
    assert page.evaluate(SHOWN) == borderline
    assert page.locator(".gb-practice").count() == 0
    assert page.evaluate("document.activeElement.innerText") == "Practise"


def test_practice_asks_each_teaching_case_once_and_never_another(editions, desk):
    cases = {one["id"]: one for one in guidelines(editions.internal)["G04"]["cases"]}
    teaching = [one["id"] for one in cases.values() if one["set"] == "teaching"]
    assert len(teaching) < len(cases)
    page = desk(editions.internal).open(address(editions.internal))
    page.locator(".gb-bar__practise").click()
    assert page.evaluate(BOXES) == []
    picks = practise(page, cases, len(teaching))
    assert sorted(picks) == sorted(teaching)
    assert list(picks) != teaching, "in an order of its own"
    last = page.locator(".gb-practice__wrong a").last
    wanted = last.get_attribute("href")
    last.click()
    assert page.locator(f"h4:target[id='{wanted[1:]}']").is_visible()
    assert page.evaluate(SHOWN) == list(cases)
    assert len(page.evaluate(BOXES)) == len(cases) - len(teaching)


def test_practice_waits_while_the_reader_follows_a_link_out_of_it(editions, desk):
    page = desk(editions.external).open(address(editions.external))
    page.locator(".gb-bar__practise").click()
    link = page.locator(".gb-practice__feedback a.case")
    while True:
        page.locator(".gb-practice__option").first.click()
        if link.count():
            break
        page.locator(".gb-practice__next").click()
    score = page.evaluate(CARD)["score"]
    link.click()
    assert page.locator("h4:target").is_visible()
    page.locator(".gb-bar__practise:has-text('Go on practising')").click()
    assert page.evaluate(CARD)["score"] == score
    assert page.evaluate(SHOWN) == []

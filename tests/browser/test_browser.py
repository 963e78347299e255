"""What a reader sees and does, in a real browser over real HTTP."""

from __future__ import annotations

import json

import pytest
from searching import results

pytestmark = pytest.mark.xdist_group("browser")  # one worker publishes and serves for them all

FIRST, SECOND = "2026.11.23", "2026.11.24"
GUIDELINE = f"{SECOND}/guidelines/g04-link-deception/"


def pages_of(editions, base):
    catalog = json.loads((editions.folders[base] / "latest" / "catalog.json").read_text())
    return [document["url"] for document in catalog["documents"]]


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_every_page_opens_without_error_asks_no_other_host_and_fits_the_screen(editions, browse, edition):
    base = getattr(editions, edition)
    watched = browse(base)
    urls = pages_of(editions, base)
    assert len(urls) >= 30
    for url in urls:
        page = watched.open(f"latest/{url}")
        assert page.locator("h1").count() == 1, url
        assert page.locator(".gb-facts__readers").count() == 1, url
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{url} is {wide} px too wide at {width}"


def test_the_watch_sees_what_it_is_for(editions, browse):
    """Positive control: the fixture that finds nothing on our pages finds each of these when planted."""
    watched = browse(editions.external)
    page = watched.open("latest/")
    page.evaluate("console.error('planted')")
    page.evaluate("setTimeout(() => { throw new Error('planted') })")
    page.evaluate("fetch('/no-such-file').catch(() => {})")
    page.evaluate("fetch('http://127.0.0.2:9/').catch(() => {})")
    page.wait_for_timeout(500)
    found = "\n".join(watched.faults)
    for sign in ("console error: planted", "script error: planted", "404: ", "request to another host"):
        assert sign in found, sign
    watched.faults.clear()


def first_results(page, words):
    """Type into the search as a reader does, and return where the first results lead."""
    return [link for result in results(page, words) for link in result][:3]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("short link allowed", ("g04-link-deception", "f01-shorteners", "n001-shorteners")),
        ("spam-redirect", ("labels/spam-redirect",)),
        ("G12.1", ("g12-scams",)),
        ("followers for money", ("g09-engagement-manipulation", "labels/engagement-trade")),
    ],
)
def test_search_finds_the_page_by_keyboard_alone(editions, browse, words, wanted):
    page = browse(editions.external).open("latest/")
    results = first_results(page, words)
    assert any(one in results[0] for one in wanted), results
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: any(one in url for one in wanted))


def test_search_on_the_external_site_knows_nothing_internal(editions, browse):
    words = "Editor handbook"
    inside = browse(editions.internal).open("latest/")
    assert "handbook" in first_results(inside, words)[0], "positive control: the internal site finds it"
    outside = browse(editions.external).open("latest/")
    first_results(outside, words)
    # What a result lacks of the reader's own words is named beside it, struck through.
    outside.evaluate("document.querySelectorAll('.md-search-result__terms').forEach((one) => one.remove())")
    assert "handbook" not in outside.locator(".md-search-result__list").inner_html()


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_the_selector_leads_to_an_old_release_which_says_so_and_leads_back(editions, browse, edition):
    base = getattr(editions, edition)
    page = browse(base).open(GUIDELINE)
    assert page.locator("[data-md-component=outdated]").is_hidden()
    assert page.locator("text=A sentence of the second release.").count() == 1
    page.locator(".md-version").hover()
    page.locator(f".md-version__link:has-text('{FIRST}')").click()
    page.wait_for_url(f"**/{FIRST}/guidelines/g04-link-deception/")
    assert page.locator("text=A sentence of the second release.").count() == 0
    banner = page.locator("[data-md-component=outdated]")
    banner.wait_for(state="visible")
    page.wait_for_function("document.querySelector('[data-md-component=outdated]').innerText.includes('replaced on')")
    assert f"You are reading release {FIRST}" in banner.inner_text()
    banner.locator("a", has_text="today").first.click()
    page.wait_for_url("**/latest/guidelines/g04-link-deception/**")
    assert page.locator("[data-md-component=outdated]").is_hidden()


def test_an_address_that_is_not_there_leads_on(editions, browse):
    watched = browse(editions.external)
    page = watched.open("latest/404.html")
    lines = page.locator("article li a")
    assert lines.all_inner_texts() == ["Start here", "As at a date", "Clauses"]
    for target in lines.evaluate_all("nodes => nodes.map((node) => node.href)"):
        assert page.request.get(target).ok, target


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_paper_says_of_which_release_it_is_and_for_whom(editions, browse, edition):
    page = browse(getattr(editions, edition)).open(GUIDELINE)
    page.emulate_media(media="print")
    assert f"release {SECOND}" in page.locator(".gb-printed").inner_text()
    assert page.locator("text=Do not forward").is_visible() == (edition == "internal")


def test_only_a_document_has_a_way_to_its_source(editions, browse):
    watched = browse(editions.internal)
    assert watched.open(GUIDELINE).locator("[rel=edit]").count() == 1
    assert watched.open("latest/changes/").locator("[rel=edit]").count() == 0


def test_the_root_leads_to_the_latest_release(editions, browse):
    page = browse(editions.external).open("")
    page.wait_for_url("**/latest/")


def test_withheld_passages_are_marked_with_their_reason_and_only_inside(editions, browse):
    inside = browse(editions.internal).open(GUIDELINE)
    marks = inside.locator(".admonition.withheld > .admonition-title")
    assert marks.count() >= 3
    assert marks.first.is_visible()
    assert all(text.startswith("Staff only: ") for text in marks.all_inner_texts())
    outside = browse(editions.external).open(GUIDELINE)
    assert outside.locator(".withheld").count() == 0


def test_a_term_shows_its_definition_on_hover(editions, browse):
    page = browse(editions.external).open(GUIDELINE)
    term = page.locator("article p abbr", has_text="destination").first
    term.scroll_into_view_if_needed()
    term.hover()
    tip = page.locator(".md-tooltip2--active")
    tip.wait_for(state="visible")
    assert "redirects" in tip.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edition", ["external", "internal"])
def test_labels_and_marks_can_be_read(editions, browse, contrast, edition, scheme):
    """WCAG AA: the contrast of our own colours to what they stand on is at least 4.5 to 1."""
    page = browse(getattr(editions, edition), scheme=scheme).open(GUIDELINE)
    ours = (".label > code", ".gb-facts li", ".gb-jump a", ".admonition-title", "article p > a", ".md-banner")
    ratios = [row for selector in ours for row in contrast(page, selector)]
    assert len(ratios) > 20
    low = [row for row in ratios if row[1] < 4.5]
    assert not low, low

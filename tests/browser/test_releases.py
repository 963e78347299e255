"""Old releases, marks since the last visit, answers for a day and comparisons, in a real browser over real HTTP.

The site is a small one, written here: four releases of an edition with the DOM of the theme, its stylesheets and our
own scripts, under a strict security policy. Its `releases.json` is made by the core, as publishing makes it.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import jinja2
import material
import pytest
import yaml
from bs4 import BeautifulSoup, NavigableString, Tag
from guidebook import redline, timeline
from projects import ROOT, served

pytestmark = pytest.mark.xdist_group("browser")

R1, R2, R3, R4 = RELEASES = ("2026.05.03", "2026.06.10", "2026.06.10.2", "2026.11.23")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
G04, G09, G11 = "guidelines/g04-link-deception/", "guidelines/g09-reach/", "guidelines/g11-coordination/"
GOLDEN = ROOT / "tests" / "golden" / "redline"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"

TABLE = """<table><thead><tr><th>Redirects</th><th>Label</th></tr></thead><tbody>
<tr><td>Up to three</td><td><a class="label" href="../../labels/no-action/"><code>no-action</code></a></td></tr>
<tr><td>{count} or more</td>
<td><a class="label severity-medium" href="../../labels/spam-redirect/"><code>spam-redirect</code></a></td></tr>
{more}</tbody></table>"""
NESTED = """<ul><li>Count the moves:<ul><li>from one domain to another;</li><li>{inner}</li></ul></li>
<li>Stop at the promised page. See <a class="clause" href="#g04-1">G04.1</a>.</li></ul>"""
SHORT = {  # G04.2 by release: a word changes on 10 June, by the second release; the table and the list in November
    R1: '<p>Up to three <abbr title="A move.">redirects</abbr> are allowed.</p>'
    + TABLE.format(count="Four", more="")
    + NESTED.format(inner="also through a shortener."),
    R4: '<p>Up to two <abbr title="A move.">redirects</abbr> are allowed.</p>'
    + TABLE.format(count="Three", more="<tr><td>Not known</td><td>Ask the lead</td></tr>")
    + NESTED.format(inner="not through a shortener."),
}
SHORT[R2] = SHORT[R1]
SHORT[R3] = SHORT[R1].replace("are allowed", "are always allowed")
HOSTILE = """<script>window.harm = 1</script><button>Press</button>
<p id="own" class="kept" data-own="1">Before the end. <a href="javascript:harm()">No</a>
<a href="../../faqs/f01-shorteners/">Yes</a><a class="headerlink" href="#own">#</a></p>
<div class="admonition coming"><p>Not yet.</p></div>"""
LONG = "".join(f"<p>Paragraph {number} of a long page.</p>" for number in range(40))


def clauses(release):
    found = {"G04.1": ("A destination without the promised page is deceptive", "<p>Compare both.</p>")}
    found["G04.2"] = ("A short link is allowed", SHORT[release])
    if release == R4:
        found["G04.5"] = ("A link that does not open is no violation", "<p>Judge the image.</p>")
    else:
        found["G04.9"] = ("Ask in doubt", "<p>Ask the lead reviewer.</p>")
    return found


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def row(name, kind, title, url, text, **more):
    return {
        "id": name, "type": kind, "title": title, "summary": f"About {title}.", "url": url,
        "sha256": digest(title + text), **more,
    }  # fmt: skip


def documents(release):
    """Return the rows of a release's catalog."""
    new = release == R4
    texts = clauses(release)
    listed = [
        {"id": name, "title": title, "text": text, "sha256": digest(name + title + text),
         "url": f"{G04}#{name.lower().replace('.', '-')}"}
        for name, (title, text) in texts.items()
    ]  # fmt: skip
    end = {"text": "Yes", "label": "needs-classification" if new else "spam-redirect", "clause": "G04.2"}
    no = {"text": "No", "label": "no-action", "clause": "G04.2"}
    ask = f"Are there {'three' if new else 'four'} or more?"
    tree = {"questions": [{"id": "count", "ask": ask, "answers": [end, no]}]}
    paid = {"questions": [{"id": "paid", "ask": "Is it paid?", "answers": [end]}]}
    case = {"id": "G04-01", "title": "A cake", "verdict": "borderline" if new else "violating", "clause": "G04.2",
            "label": end["label"], "text": "A cake and a link.", "reason": "Counted.",
            "url": f"{G04}#case-g04-01"}  # fmt: skip
    other = {**case, "id": "G04-00", "verdict": "violating", "label": "no-action", "text": f"Made for {release}."}
    label = {"severity": "high" if new else "medium", "precedence": 60,
             "includes": ["Four or more redirects.", "A survey."] if new else ["Four or more redirects."]}  # fmt: skip
    rows = [
        row("index", "page", "Home", "", "Home"),
        row("G04", "guideline", "Link deception", G04, json.dumps(texts), clauses=listed, tree=tree,
            cases=[other, case], retired={"G04.9": {"to": "G04.1", "why": "G04.1 decides it."}} if new else {}),
        row("G09", "guideline", "Reach", G09 if release == R1 else "guidelines/g09-engagement/", "Reach", clauses=[],
            tree=paid),
        row("W01", "workflow", "First review", "workflows/w01-first-review/", HOSTILE,
            status="retired" if new else "in-force"),
        row("spam-redirect", "label", "Redirect spam", "labels/spam-redirect/", json.dumps(label), **label),
    ]  # fmt: skip
    if not new:
        return [*rows, row("F01", "faq", "Shorteners", "faqs/f01-shorteners/", "Short")]
    url = f"{G11}#g11-1"
    one = {"id": "G11.1", "title": "One sign is none", "text": "One.", "sha256": digest("G11.1"), "url": url}
    more = {"clauses": [one], "cases": [{**case, "id": "G11-01"}]}
    return [*rows, row("G11", "guideline", "Coordination", G11, "One.", **more)]


TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader([ROOT / "overrides", Path(material.__file__).parent / "templates"]), autoescape=True
)
TEMPLATES.filters["url"] = lambda target: target
STATUS = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), yaml.CSafeLoader)["extra"]["status"]
SECTIONS = {"guidelines/": "Guidelines", "labels/": "Labels", "workflows/": "Workflows"}
TOLD = {"changes/": "What changed", "as-at/": "As at a date", "compare/": "Compare releases"}


def menu(release, url, up):
    """Return the menu of the page at `url`, from our own template: a page for each document, in sections, as MkDocs
    gives them. In the newest release every guideline and label is changed.
    """
    entries = []

    def entry(where, title, *, is_index=False, **meta):
        more = {"is_index": is_index, "active": where == url, "children": (), "toc": ()}
        entries.append(SimpleNamespace(url=up + where, title=title, meta=meta, **more))
        return entries[-1]

    def section(title, children):
        return SimpleNamespace(title=title, children=children, active=any(one.active for one in children))

    rows = documents(release)
    items = [entry(one["url"] or "index.html", one["title"]) for one in rows if one["type"] in {"page", "faq"}]
    for folder, title in SECTIONS.items():
        inside = [one for one in rows if one["url"].startswith(folder)]
        changed = release == R4 and folder != "workflows/"
        index = entry(folder, title, is_index=True, **({"marked": {"changed": len(inside)}} if changed else {}))
        status = {"status": "changed"} if changed else {}
        items.append(section(title, [index, *(entry(one["url"], one["title"], **status) for one in inside)]))
    items.append(section("Releases", [entry(where, title, is_index=True) for where, title in TOLD.items()]))
    here = {"page": next((one for one in entries if one.active), None), "config": {"extra": {"status": STATUS}}}
    module = TEMPLATES.get_template("partials/nav-item.html").make_module(here)
    return "".join(module.render(one, f"__nav_{at}", 1) for at, one in enumerate(items))


def page(release, url, article, *, preview=False, up=""):
    """Return a page with the DOM of the theme; `up` is the root of its release, as on a page that stands anywhere."""
    base = up or ("../" * url.count("/") or "./").rstrip("/")
    up = f"{base.rstrip('/')}/"
    own = "".join(f'<link rel="stylesheet" href="{up}stylesheets/{name}">' for name in STYLES)
    says = "" if preview else f'<meta name="guidebook:release" content="{release}">'
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<link rel="icon" href="{up}icon.png">
<title>{url or "Home"}</title>{own}<meta name="guidebook:edition" content="external">{says}</head>
<body dir="ltr" data-md-color-scheme="SCHEME" data-md-color-primary="custom" data-md-color-accent="custom">
<div data-md-color-scheme="default" data-md-component="outdated" hidden><aside class="md-banner md-banner--warning">
<div class="md-banner__inner md-grid md-typeset">
<div class="gb-old">You are reading an old release. Decide by the one in force:
<a href="{up}../latest/"><strong>go to the latest release</strong></a>.</div></div></aside></div>
<div class="md-container"><main class="md-main"><div class="md-main__inner md-grid">
<div class="md-sidebar md-sidebar--primary"><nav class="md-nav md-nav--primary">
<ul class="md-nav__list">{menu(release, url, up)}</ul></nav></div>
<div class="md-content"><article class="md-content__inner md-typeset">{article}</article></div></div></main></div>
<script id="__config" type="application/json">{json.dumps({"base": base})}</script>
<script src="{up}javascripts/guidebook.js"></script>
<script type="module" src="{up}javascripts/releases.js"></script></body></html>
"""


def heading(name, title, release):
    anchor = name.lower().replace(".", "-")
    changed = max((one for one in RELEASES if one <= release and is_new(name, one)), default=R4)
    first = next((one for one in RELEASES if name in clauses(one)), R4)
    return (
        f'<h3 id="{anchor}" class="clause" data-clause="{name}" data-first="{first}" data-changed="{changed}">'
        f'{name} {html.escape(title)}<a class="headerlink" href="#{anchor}">#</a></h3>'
        f'<p><a class="gb-changed" href="../../changes/#{anchor}">Changed in {changed}</a></p>'
    )


def is_new(name, release):
    at = RELEASES.index(release)
    before = clauses(RELEASES[at - 1]).get(name) if at else None
    return clauses(release).get(name) not in {None, before}


def article(release, one):
    """Return the article of a page."""
    if one["id"] == "W01":
        return f"<h1>First review</h1>{HOSTILE}"
    if one["id"] == "G11":
        return f"<h1>Coordination</h1>{heading('G11.1', 'One sign is none', release)}<p>Look for two.</p>"
    if one["id"] != "G04":
        return f"<h1>{one['title']}</h1><p>{one['summary']}</p>{LONG}"
    known = f'<p class="gb-known">Known questions, {release}: none</p>'
    body = "".join(heading(name, title, release) + text + known for name, (title, text) in clauses(release).items())
    facts = '<ul class="gb-facts"><li>Guideline <strong>G04</strong></li></ul>'
    coming = '<div class="admonition coming"><p class="admonition-title">From 1 December</p><p>Not yet.</p></div>'
    case = '<div class="gb-case" data-case="G04-01" data-clause="G04.2"><h4>G04-01</h4><p>A cake.</p></div>'
    history = f'<h2 id="change-history">Change history</h2><p>History of {release}.</p>'
    return f"{facts}<h1>Link deception</h1><h2>Clauses</h2>{body}{coming}<h2>Cases</h2>{case}{LONG}{history}"


PAGES = {
    "as-at/": '<h1>As at</h1><div id="gb-as-at" hidden></div><table><tr><td>The plain table</td></tr></table>',
    "compare/": '<h1>Compare</h1><div id="gb-compare" hidden></div><p>The plain list</p>',
    "no-facts/": "<h1>All clauses</h1>",
}
THEME = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
STYLES = [*(min(THEME.glob(f"{name}.*.min.css")).name for name in ("main", "palette")),
          "guidebook.css", "walk.css", "redline.css", "releases.css"]  # fmt: skip


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def make_release(root, release, scheme="default"):
    folder = root / release
    for one in documents(release):
        write(folder / one["url"] / "index.html", page(release, one["url"], article(release, one)))
    for url, text in PAGES.items():
        write(folder / url / "index.html", page(release, url, text))
    write(folder / "catalog.json", json.dumps({"format": 2, "edition": "external", "documents": documents(release)}))
    for name in STYLES:
        ours = ROOT / "overrides" / "stylesheets" / name
        write(folder / "stylesheets" / name, (ours if ours.exists() else THEME / name).read_text("utf-8"))
    shutil.copytree(ROOT / "overrides" / "javascripts", folder / "javascripts")
    write(folder / "icon.png", "")
    for path in folder.rglob("*.html"):
        path.write_text(path.read_text("utf-8").replace("SCHEME", scheme), "utf-8")


def make_site(root, scheme="default"):
    for release in RELEASES:
        make_release(root, release, scheme)
    shutil.copytree(root / R4, root / "latest")
    write(root / "latest" / "preview" / "index.html", page(R4, "preview/", "<h1>Preview</h1>", preview=True))
    write(root / "latest" / "404.html", page(R4, "404.html", "<h1>This page is not here</h1>", up="/latest/"))
    catalogs = [(release, (root / release / "catalog.json").read_bytes()) for release in RELEASES]
    (root / timeline.FILE).write_bytes(timeline.rebuilt(catalogs))
    return root


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(make_site(tmp_path_factory.mktemp("releases"))) as base:
        yield base


@pytest.fixture(scope="module")
def dark(tmp_path_factory):
    with served(make_site(tmp_path_factory.mktemp("dark"), "slate")) as base:
        yield base


@pytest.fixture
def reader(desk, site):
    """A reader on the fixed day, in a browser that remembers no visit."""

    def start(base=site, **options):
        watched = desk(base, **options)
        memory = {"origin": base.rstrip("/"), "storageTypes": "local_storage"}
        watched.page.context.new_cdp_session(watched.page).send("Storage.clearDataForOrigin", memory)
        watched.page.clock.set_fixed_time(NOW)
        return watched

    return start


def banner(page):
    return page.locator("[data-md-component=outdated]")


def links(locator):
    return {one.inner_text(): one.evaluate("node => node.href") for one in locator.locator("a").all()}


def said(page):
    """Return the answer's one line, once it is there."""
    line = page.locator(".gb-form__status", has_text=re.compile(r"\S\.$"))
    line.wait_for()
    return line.inner_text()


# --- Old releases


def test_an_old_release_says_since_when_and_leads_to_the_page_as_it_is_today(reader, site):
    page = reader().open(f"{R1}/{G04}")
    banner(page).wait_for(state="visible")
    text = banner(page).inner_text()
    assert (
        f"You are reading release {R1}. It was replaced on 10 June 2026 by {R2}. The release in force is {R4}." in text
    )
    assert links(banner(page)) == {
        "Read this page as it is today": f"{site}latest/{G04}",
        "What changed since": f"{site}latest/compare/?from={R1}&to={R4}",
    }


def test_the_last_release_before_the_newest_names_one_release_only(reader):
    page = reader().open(f"{R3}/")
    banner(page).wait_for(state="visible")
    assert f"replaced on 23 November 2026 by {R4}. Read" in " ".join(banner(page).inner_text().split())


@pytest.mark.parametrize(
    ("url", "name", "target"),
    [
        (f"{G04}#g04-2", "Read G04.2 as it is today", f"{G04}#g04-2"),
        (f"{G04}#g04-9", "G04.9 is retired: read what became of it", "c/G04.9/"),
        (f"{G04}#cases", "Read this page as it is today", G04),
        (G09, "Read this page as it is today", "guidelines/g09-engagement/"),
        (f"{G09}index.html", "Read this page as it is today", "guidelines/g09-engagement/"),
        ("faqs/f01-shorteners/", f"This page is gone since {R4}: go to the release in force", ""),
        ("no-facts/", "Go to the release in force", ""),
        ("", "Read this page as it is today", ""),
    ],
)
def test_the_banner_leads_to_the_same_clause_or_page_today(reader, site, url, name, target):
    page = reader().open(f"{R1}/{url}")
    banner(page).wait_for(state="visible")
    assert links(banner(page))[name] == f"{site}latest/{target}"


def test_the_banner_follows_the_address_and_the_scrolling(reader):
    page = reader().open(f"{R1}/{G04}")
    first = banner(page).locator("a").first
    first.wait_for(state="visible")
    page.evaluate("location.hash = '#g04-9'")
    assert page.evaluate("document.querySelector('.gb-old').getBoundingClientRect().bottom <= innerHeight"), "in sight"
    page.locator(".gb-old", has_text="G04.9 is retired").wait_for()
    page.evaluate("history.replaceState(null, '', location.pathname)")
    page.evaluate("scrollTo(0, document.getElementById('g04-2').offsetTop)")
    page.locator(".gb-old", has_text="Read G04.2 as").wait_for()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator(".gb-old", has_text="Read this page").wait_for()


def test_the_banner_follows_the_address_also_where_nothing_scrolls(reader):
    watched = reader()
    watched.page.set_viewport_size({"width": 1440, "height": 6000})
    page = watched.open(f"{R1}/{G04}")
    page.locator(".gb-old", has_text="Read this page as").wait_for()
    page.evaluate("location.hash = '#g04-2'")
    page.locator(".gb-old", has_text="Read G04.2 as").wait_for()


def test_the_latest_release_is_never_old_whatever_a_cache_says(reader):
    """A page from a cache beside a fresh list, which has one release more."""
    watched = reader()
    page = watched.open(f"{R3}/no-facts/")
    listed = page.evaluate("fetch('../../releases.json').then((response) => response.json())")
    listed["releases"].append({"release": "2026.12.05", "from": "2026-12-05T00:00:00Z"})
    page.route("**/releases.json", lambda route: route.fulfill(status=200, body=json.dumps(listed)))
    watched.open(f"{R4}/{G04}")
    banner(page).wait_for(state="visible")
    watched.open(f"latest/{G04}")
    page.locator(".gb-nav-mark").first.wait_for(state="attached")
    assert banner(page).is_hidden()


@pytest.mark.parametrize("url", [f"latest/{G04}", f"{R4}/{G04}", "latest/preview/"])
def test_the_newest_release_and_a_preview_are_never_old(reader, url):
    page = reader().open(url)
    page.wait_for_load_state("networkidle")
    assert banner(page).is_hidden()
    assert page.locator(".gb-since-line, .gb-since").count() == 0


# --- The menu


def test_a_closed_section_says_how_many_of_its_pages_changed(reader):
    watched = reader(java_script_enabled=False)
    page = watched.open("latest/")
    assert page.get_by_role("link", name="Workflows", exact=True).is_visible(), "nothing changed in it"
    for title, said in (("Guidelines", "3 changed pages"), ("Labels", "1 changed page")):
        section = page.get_by_role("link", name=f"{title} ({said} in this release)", exact=True)
        assert section.locator("[aria-hidden]").inner_text() == said[0]
    page = watched.open(f"latest/{G04}")
    count = page.locator(".gb-nav-count").first
    assert page.get_by_role("link", name="Link deception (Changed in this release)", exact=True).is_visible()
    assert count.is_hidden(), "its pages say it themselves"
    page.locator(".md-nav__container label").click()
    assert count.is_visible()
    page = watched.open(f"{R3}/")
    assert page.locator(".gb-nav-count, .md-status").count() == 0


def test_the_menu_lists_every_page_about_releases(reader):
    page = reader().open("latest/as-at/")
    section = page.locator(".md-nav__item--nested", has_text="Releases")
    assert section.locator("a").all_inner_texts() == list(TOLD.values())
    assert section.locator(":scope > label").inner_text() == "Releases"


# --- Since the last visit


def test_what_changed_since_the_last_visit_is_marked_as_long_as_the_session_lasts(reader, site):
    watched = reader()
    page = watched.open(f"{R1}/{G04}")
    assert page.locator(".gb-since").count() == 0, "a first visit marks nothing"
    for _ in range(2):  # also on the second page of a session
        page = watched.open(f"latest/{G04}")
        marks = {one.inner_text(): one.evaluate("node => node.href") for one in page.locator(".gb-since a").all()}
        assert marks == {
            f"Changed since your last visit ({R1})": f"{site}latest/compare/?from={R1}&to={R4}&clause=G04.2",
            "New since your last visit": f"{site}latest/compare/?from={R1}&to={R4}&clause=G04.5",
        }
        line = page.locator(".gb-facts + .gb-since-line")
        assert line.inner_text() == "2 clauses changed since your last visit: G04.2, G04.5"
        assert links(line) == {"G04.2": f"{site}latest/{G04}#g04-2", "G04.5": f"{site}latest/{G04}#g04-5"}
        page.locator(".gb-nav-mark").first.wait_for(state="attached")
        named = [" ".join(one.split()) for one in page.locator("a:has(.gb-nav-mark)").all_text_contents()]
        assert named == [
            "Link deception (changed since your last visit) (Changed in this release)",
            "Reach (changed since your last visit) (Changed in this release)",
            "Coordination (new since your last visit) (Changed in this release)",
            "Labels (1 page changed since your last visit) 1 (1 changed page in this release)",  # a closed section
        ]
    assert page.locator("h3 .gb-since").count() == 0, "a mark is not part of the name of its heading"


def test_a_page_for_an_address_that_is_not_there_is_marked_too(reader):
    watched = reader()
    watched.open(f"{R1}/")
    page = watched.open("latest/404.html")
    page.locator(".gb-nav-mark").first.wait_for(state="attached")
    assert page.get_by_role("link", name="Labels").get_attribute("href") == "/latest/labels/"


def test_an_ended_session_moves_on_and_an_old_release_does_not_move_back(reader):
    watched = reader()
    page = watched.open(f"{R3}/{G04}")
    end = "sessionStorage.clear()"  # what the end of a session does
    for url, kept, marks in (
        (f"latest/{G04}", R4, 2),
        (f"latest/{G04}", R4, 0),
        (f"{R1}/{G04}", R4, 0),
        (f"latest/{G04}", R4, 0),
    ):
        page.evaluate(end)
        page = watched.open(url)
        assert page.evaluate("localStorage.getItem('guidebook:external:release')") == kept
        assert page.locator(".gb-since").count() == marks, url


@pytest.mark.parametrize("kept", ["nonsense", "2026.99", "<b>", ""])
def test_a_damaged_memory_counts_as_a_first_visit(reader, kept):
    watched = reader()
    page = watched.open("latest/no-facts/")
    page.evaluate("kept => { sessionStorage.clear(); localStorage.setItem('guidebook:external:release', kept) }", kept)
    page = watched.open(f"latest/{G04}")
    assert page.locator(".gb-since").count() == 0
    assert page.evaluate("localStorage.getItem('guidebook:external:release')") == R4


def test_a_browser_that_keeps_nothing_shows_the_plain_page(reader):
    watched = reader()
    watched.page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })")
    page = watched.open(f"{R1}/{G04}")
    banner(page).wait_for(state="visible")
    assert page.locator(".gb-since").count() == 0


# --- As at


@pytest.mark.parametrize(
    ("day", "release", "text", "span"),
    [
        ("2026-05-03", R1, "are allowed", "from 3 May 2026 until 9 June 2026"),
        ("2026-06-09", R1, "are allowed", "from 3 May 2026 until 9 June 2026"),
        ("2026-06-10", R3, "are always allowed", "from 10 June 2026 until 22 November 2026"),
        ("2026-06-11", R3, "are always allowed", "from 10 June 2026 until 22 November 2026"),
        ("2026-11-22", R3, "are always allowed", "from 10 June 2026 until 22 November 2026"),
        ("2026-11-23", R4, "Up to two redirects are allowed", "from 23 November 2026 and still in force today"),
    ],
)
def test_a_link_answers_for_its_day(reader, day, release, text, span):
    page = reader().open(f"latest/as-at/?on={day}&clause=G04.2")
    spoken = f"{int(day[8:])} {datetime.fromisoformat(day):%B} 2026"
    assert said(page) == f"In force on {spoken} (UTC): release {release}."
    assert page.locator(".gb-answer__title").inner_text() == "G04.2 A short link is allowed"
    assert page.locator(".gb-cite code").inner_text() == f"{release}/G04.2"
    assert f"In force {span}." in page.locator(".gb-answer__span").inner_text()
    body = page.locator(".gb-answer__text")
    assert text in body.inner_text()
    assert body.locator("table tr").count() == (4 if release == R4 else 3)
    assert "Not yet." not in body.inner_text(), "what is coming is not in force"
    assert "Changed in" not in body.inner_text()
    assert not {"Ask the lead reviewer.", "Judge the image."} & set(body.inner_text().split("\n")), "the next clause's"
    assert "Known questions" not in body.inner_text()
    assert page.locator("text=The plain table").is_visible()


def test_every_release_gives_the_same_answer(reader, site):
    watched = reader()
    answers = set()
    for home in ("latest", *RELEASES):
        page = watched.open(f"{home}/as-at/?on=2026-05-03&clause=G04.2")
        said(page)
        page.locator(".gb-redline").wait_for()
        answers.add(page.locator("#gb-as-at").inner_html())
    assert len(answers) == 1
    assert links(page.locator(".gb-answer__span")) == {f"Read it in release {R1}": f"{site}{R1}/{G04}#g04-2"}
    assert links(page.locator(".gb-answer__text"))["G04.1"] == f"{site}{R1}/{G04}#g04-1"


def test_what_changed_since_is_listed_and_shown_as_a_redline(reader, site):
    page = reader().open("latest/as-at/?on=2026-05-03&clause=G04.2")
    said(page)
    items = page.locator(".gb-answer > ul > li")
    assert items.all_inner_texts() == [f"{R3}, 10 June 2026: changed", f"{R4}, 23 November 2026: changed"]
    assert list(links(page.locator(".gb-answer > ul")).values()) == [f"{site}{one}/changes/#g04-2" for one in (R3, R4)]
    words = page.locator(".gb-redline > p").first
    assert words.locator("del").all_inner_texts() == ["three"]
    assert words.locator("ins").all_inner_texts() == ["two"]


def test_a_clause_that_is_retired_says_since_when_and_where_it_went(reader, site):
    page = reader().open("latest/as-at/?on=2026-11-23&clause=G04.9")
    assert said(page) == f"In force on 23 November 2026 (UTC): release {R4}. G04.9 was not in it."
    answer = page.locator(".gb-answer")
    assert (
        f"retired on 23 November 2026 by release {R4}. G04.1 decides in its place: G04.1 decides it."
        in answer.inner_text()
    )
    assert links(answer) == {
        "Read G04.1 as it is today": f"{site}latest/c/G04.1/",
        f"G04.9 Ask in doubt in release {R3}": f"{site}{R3}/{G04}#g04-9",
    }
    assert "What changed since" not in answer.inner_text(), "nothing did"
    page = reader().open("latest/as-at/?on=2026-11-22&clause=G04.9")
    said(page)
    assert "Ask the lead reviewer." in page.locator(".gb-answer__text").inner_text()
    assert f"{R4}, 23 November 2026: retired. G04.1 decides" in page.locator(".gb-answer > ul").inner_text()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("on=2026-05-03&clause=G04.5", "No text with this id was in force on that day; it first appeared in release"),
        (
            "on=2026-05-02&clause=G04.2",
            f"Nothing was in force on 2 May 2026 (UTC): the first release is {R1}, 3 May 2026.",
        ),
        (
            "on=2027-03-01&clause=G04.2",
            "1 March 2027 (UTC) has not come: this is as published until today, release 2026.11.23.",
        ),
        ("on=2026-02-30&clause=G04.2", "Expected a day such as 2026-05-03, found “2026-02-30”."),
        ("on=yesterday", "Expected a day such as 2026-05-03, found “yesterday”."),
        ("on=2026-05-03&clause=G99.9", "No release has a clause or a page “G99.9”."),
        ("on=2026-05-03&clause=__proto__", "No release has a clause or a page “__proto__”."),
        ("clause=g04.2", "In force on 23 November 2026 (UTC): release 2026.11.23."),
        ("on=2026-06-10", f"In force on 10 June 2026 (UTC): release {R3}."),
        ("", "In force on 23 November 2026 (UTC): release 2026.11.23."),
    ],
)
def test_every_address_is_answered_in_plain_words(reader, query, wanted):
    page = reader().open(f"latest/as-at/?{query}")
    said(page)
    assert wanted in page.locator("#gb-as-at").inner_text()


def test_pages_are_answered_too_also_where_they_moved_or_went(reader, site):
    watched = reader()
    page = watched.open("latest/as-at/?on=2026-05-03&page=G09")
    said(page)
    assert f"{R2}, 10 June 2026: moved to another address" in page.locator(".gb-answer").inner_text()
    assert links(page.locator(".gb-answer__span")) == {f"Read it in release {R1}": f"{site}{R1}/{G09}"}
    assert "In force from 3 May 2026 and still in force today" in page.locator(".gb-answer__span").inner_text()
    page = watched.open("latest/as-at/?on=2026-11-23&page=F01")
    said(page)
    assert f"F01 was retired on 23 November 2026 by release {R4}." in page.locator(".gb-answer").inner_text()


def test_a_page_is_shown_whole_and_its_redline_without_what_stayed(reader):
    page = reader().open("latest/as-at/?on=2026-05-03&page=G04")
    said(page)
    text = page.locator(".gb-answer__text").inner_text()
    assert "Paragraph 39 of a long page." in text
    assert "History of" not in text, "the section that the build adds is not the text"
    shown = page.locator(".gb-redline > *").all_inner_texts()
    assert shown[:4] == ["Clauses", "…", "G04.2 A short link is allowed", "Up to three two redirects are allowed."]
    assert shown[-1] == "…"
    assert "Paragraph 39 of a long page." not in " ".join(shown)
    assert "History of" not in " ".join(shown)


def test_a_copy_of_a_page_holds_no_script_no_id_and_no_way_out(reader, site):
    page = reader().open("latest/as-at/?on=2026-05-03&page=W01")
    said(page)
    body = page.locator(".gb-answer__text")
    assert "Before the end." in body.inner_text(), "positive control: the page is there"
    assert body.locator("script, button, [id], [data-own], .headerlink, .coming, [href^='javascript']").count() == 0
    assert links(body)["Yes"] == f"{site}{R1}/faqs/f01-shorteners/"
    assert page.evaluate("window.harm") is None


def test_the_form_is_filled_by_keyboard_and_keeps_the_address_in_step(reader, site):
    watched = reader(permissions=["clipboard-read", "clipboard-write"])
    page = watched.open("latest/as-at/")
    said(page)
    page.locator("input[type=date]").focus()
    page.keyboard.type("06/09/2026")
    while page.evaluate("document.activeElement.name") != "id":
        page.keyboard.press("Tab")
    page.keyboard.type("g04.2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/latest/as-at/?on=2026-06-09&clause=G04.2")
    page.locator(".gb-answer__title").wait_for()
    page.locator("input[type=date]").focus()
    page.keyboard.press("Backspace")  # a day that is half typed is no question yet
    assert page.evaluate("document.querySelector('input[type=date]').value") == ""
    page.locator("input[name=id]").focus()
    assert said(page) == f"In force on 9 June 2026 (UTC): release {R1}."
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Copy citation"
    page.keyboard.press("Enter")
    page.locator(".gb-cite__told", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{R1}/G04.2"
    assert (
        page.locator("#gb-as-at-ids option[value='G04.2']").evaluate("node => node.label") == "A short link is allowed"
    )


# --- Compare


def test_a_comparison_shows_a_table_and_a_nested_list_as_redlines(reader, site):
    page = reader().open(f"latest/compare/?from={R1}&to={R4}")
    assert said(page) == f"What differs from {R1} to {R4}."
    part = page.locator(".gb-change", has=page.locator("h3", has_text="G04.2"))
    rows = part.locator("table tr")
    cells = [row.locator("td, th").all_inner_texts() for row in rows.all()]
    assert cells == [
        ["Redirects", "Label"],
        ["Up to three", "no-action"],
        ["Four Three or more", "spam-redirect"],
        ["Not known", "Ask the lead"],
    ]
    assert rows.last.get_attribute("class") == "gb-ins"
    assert part.locator("td del").all_inner_texts() == ["Four"]
    inner = part.locator("ul > li > ul > li")
    assert inner.all_inner_texts() == ["from one domain to another;", "also not through a shortener."]
    assert inner.locator("del").all_inner_texts() == ["also"]
    assert inner.locator("ins").all_inner_texts() == ["not"]
    assert links(part)["G04.1"] == f"{site}{R4}/{G04}#g04-1"
    assert links(part.locator(".gb-change__links")) == {one: f"{site}{one}/{G04}#g04-2" for one in (R1, R4)}


def test_a_comparison_lists_labels_trees_cases_and_pages(reader):
    page = reader().open(f"{R2}/compare/?from={R1}&to={R4}")
    said(page)
    assert page.locator("text=Show all that differs").is_hidden(), "there is nothing more to show"
    assert page.locator(".gb-answer h2").all_inner_texts() == [
        "Clauses (3)", "Labels (1)", "Decision trees (2)", "Cases (2)", "Pages (4)",
    ]  # fmt: skip
    assert [url[url.index("#") :] for url in links(page.locator(".gb-answer .gb-jump")).values()] == [
        f"#{one.get_attribute('id')}" for one in page.locator(".gb-answer h2").all()
    ]
    names = page.locator(".gb-change__name").all_inner_texts()
    assert names == [
        "G04.2 A short link is allowed",
        "G04.5 A link that does not open is no violation new",
        "G04.9 Ask in doubt gone",
        "spam-redirect Redirect spam",
        "Decision tree of G04 Link deception",
        "Decision tree of G09 Reach",
        "G04-01 A cake",  # its verdict flipped: before the case whose text only differs
        "G04-00 A cake",
        "G09 Reach",
        "W01 First review",
        "G11 Coordination new",  # with what it holds, which is not told again above
        "F01 Shorteners gone",
    ]
    text = page.locator(".gb-answer").inner_text()
    assert "G04.1 decides in its place. G04.1 decides it." in text
    sections = [" ".join(one.split()) for one in page.locator(".gb-change").all_inner_texts()]
    assert "Severity medium high" in sections[3]
    assert page.locator(".gb-fields ins").all_inner_texts()[:2] == ["high", "A survey."]
    moved = "Yes: spam-redirect, G04.2 needs-classification, G04.2"
    assert f"Are there three or more? {moved}" in sections[4]
    trees = page.locator(".gb-change", has_text="Decision tree of")
    assert trees.first.locator(".gb-redline > ul > li").count() == 1, "the answer No ends where it did"
    assert trees.first.locator(".gb-redline > ol ins").first.inner_text() == "three", "how its questions differ"
    assert f"Is it paid? {moved}" in sections[5]
    assert trees.last.locator("ol").count() == 0, "only an end differs"
    assert "Verdict violating borderline" in sections[6]
    assert f"Text Made for {R1} {R4}." in sections[7]
    assert f"Address: {G09} guidelines/g09-engagement/" in sections[8]
    assert "Status: in-force retired" in sections[9]
    assert "It has 1 clause and 1 case." in sections[10]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", f"What differs from {R3} to {R4}."),
        (f"from={R1}&to={R1}", "Nothing that decides cases differs."),
        (f"from={R4}&to={R1}", "It reads backwards: the first is the later one."),
        (f"from={R1}&to={R4}&clause=G04.1", "G04.1 is the same in both releases."),
        (f"from={R1}&to={R4}&clause=G11.1", "G11.1 One sign is none new"),
        (f"from={R1}&to={R4}&clause=G04.2", f"What differs in G04.2 from {R1} to {R4}."),
        ("from=2020.01.01", "There is no release “2020.01.01” in this edition."),
        (f"from={R1}&clause=constructor", "There is no clause “constructor” in any release."),
    ],
)
def test_every_comparison_that_is_asked_for_is_answered(reader, query, wanted):
    page = reader().open(f"latest/compare/?{query}")
    said(page)
    assert wanted in page.locator("#gb-compare").inner_text()


def test_one_clause_is_shown_alone_and_the_rest_on_request(reader):
    page = reader().open(f"latest/compare/?from={R1}&to={R4}&clause=G04.2")
    said(page)
    assert page.locator(".gb-change__name").count() == 1
    page.locator("select[name=to]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/compare/?from={R1}&to={R4}")
    page.locator(".gb-change__name").nth(8).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "from"


def test_the_last_choice_counts_however_late_an_earlier_one_is_answered(reader):
    watched = reader()
    page = watched.open(f"latest/compare/?from={R3}&to={R4}")
    said(page)
    held = []

    def hold(route):
        held.append(route)

    page.route(f"**/{R1}/catalog.json", hold)
    page.locator("select[name=from]").select_option(R1)
    page.locator("select[name=from]").select_option(R2)
    page.locator(".gb-form__status", has_text=f"from {R2} to {R4}.").wait_for()
    with page.expect_response(f"**/{R1}/catalog.json"):
        held[0].continue_()
    page.wait_for_timeout(200)  # enough for the late answer to come, and to be left out
    assert said(page) == f"What differs from {R2} to {R4}."
    assert "G09 Reach" not in page.locator(".gb-change__name").all_inner_texts(), "it moved before"
    page = watched.open("latest/as-at/?on=2026-05-03&clause=G04.2")
    said(page)
    page.unroute_all()
    page.route(f"**/{R3}/{G04}", hold)
    page.locator("input[type=date]").fill("2026-06-10")
    page.locator("input[name=id]").focus()
    page.locator("input[type=date]").fill("2026-05-04")
    page.locator("input[name=id]").focus()
    page.locator(".gb-form__status", has_text="4 May 2026").wait_for()
    with page.expect_response(f"**/{R3}/{G04}"):
        held[1].continue_()
    page.wait_for_timeout(200)  # enough for the late answer to come, and to be left out
    assert "4 May 2026" in said(page)


# --- Faults


@pytest.mark.parametrize(
    "url", [f"{R1}/{G04}", "latest/as-at/?on=2026-05-03&clause=G04.2", f"latest/compare/?from={R1}&to={R4}"]
)
@pytest.mark.parametrize("answer", ["404", "nothing", "not JSON", "another edition", "no releases"])
def test_without_a_list_of_releases_the_page_stays_plain(reader, site, url, answer):
    watched = reader()
    empty = {"format": 1, "edition": "external", "releases": [], "clauses": {}, "pages": {}}
    other = {**empty, "edition": "internal", "releases": [{"release": R1}, {"release": R4}]}
    bodies = {"not JSON": "<html>", "another edition": json.dumps(other), "no releases": json.dumps(empty)}

    asked = []

    def respond(route):
        asked.append(route)
        if answer == "nothing":
            route.abort()
        elif answer == "404":
            route.fulfill(status=404)
        else:
            route.fulfill(status=200, body=bodies[answer])

    watched.page.route("**/releases.json", respond)
    page = watched.open(url)
    while not asked:
        page.wait_for_timeout(20)
    page.wait_for_timeout(100)  # enough for the scripts to read it
    assert banner(page).is_hidden()
    assert page.locator("#gb-as-at:visible, #gb-compare:visible").count() == 0
    assert page.locator("h1").is_visible()
    assert not [fault for fault in watched.faults if "script error" in fault]
    if answer in {"404", "nothing"}:
        watched.faults.clear()  # the browser itself says that a file is missing


@pytest.mark.parametrize(
    ("pattern", "url", "wanted"),
    [
        (
            f"**/{R1}/{G04}",
            "latest/as-at/?on=2026-05-03&clause=G04.2",
            f"The text could not be loaded. Read it in release {R1}.",
        ),
        (f"**/{R4}/{G04}", "latest/as-at/?on=2026-05-03&clause=G04.2", "The text of today could not be loaded."),
        (
            f"**/{R1}/catalog.json",
            f"latest/compare/?from={R1}&to={R4}",
            f"The catalog of release {R1} could not be loaded.",
        ),
        (
            f"**/{R1}/{G04}",
            f"latest/compare/?from={R1}&to={R4}",
            "The text could not be loaded. Read it in the releases.",
        ),
    ],
)
def test_what_cannot_be_loaded_is_said_and_nothing_else_is_shown_in_its_place(reader, pattern, url, wanted):
    """The server answers with the page of another release, as one does that sends its home page for all it lacks."""
    watched = reader()
    watched.page.route(pattern, lambda route: route.fulfill(status=200, content_type="text/html", body=page_of_other()))
    page = watched.open(url)
    said(page)
    assert wanted in page.locator(".gb-answer").inner_text()
    assert "Wrong text" not in page.locator(".gb-answer").inner_text()


@pytest.mark.parametrize(
    ("url", "loaded"),
    [
        (f"latest/{G04}", set()),
        ("latest/as-at/?on=2026-05-03&clause=G04.2", {"as-at.js"}),
        (f"latest/compare/?from={R1}&to={R4}", {"changes.js", "compare.js"}),
    ],
)
def test_the_scripts_of_a_page_are_loaded_there_only(reader, url, loaded):
    watched = reader()
    names = set()
    watched.page.on("request", lambda request: names.add(request.url.rpartition("/")[2]))
    page = watched.open(url)
    page.wait_for_load_state("networkidle")
    redlines = {"alignment.js", "difference.js", "prose.js", "redline.js", "texts.js"} if loaded else set()
    assert {name for name in names if name.endswith(".js")} == {"guidebook.js", "releases.js"} | loaded | redlines


def page_of_other():
    says = '<meta name="guidebook:release" content="2020.01.01"><meta name="guidebook:edition" content="external">'
    return f'{says}<article><h3 id="g04-2">G04.2</h3><p>Wrong text.</p></article>'


def test_without_a_script_every_page_is_complete(reader, site):
    watched = reader(java_script_enabled=False)
    page = watched.open(f"{R1}/as-at/")
    assert page.locator("text=The plain table").is_visible()
    assert page.locator("#gb-as-at").is_hidden()


# --- The redline is that of the core


BLOCKS = {"div", "ul", "ol", "table", "thead", "tbody", "tr", "blockquote", "li"}  # in which white space shows nothing


def normal(node):
    """Return HTML as nested tuples: names, classes, addresses and words, white space as a reader sees it."""
    if isinstance(node, NavigableString):
        return str(node)
    children = []
    for child in (normal(one) for one in node.children):
        if isinstance(child, str) and children and isinstance(children[-1], str):
            children[-1] += child
        else:
            children.append(child)
    if node.parent.name != "pre":
        plain = str.strip if node.name in BLOCKS else str
        children = [plain(child.replace("\n", " ")) if isinstance(child, str) else child for child in children]
        children = [child for child in children if child]
    kept = tuple((name, str(node.get(name))) for name in ("class", "href", "value") if node.get(name))
    return (node.name, kept, tuple(children))


def whole(target):
    """Return an address that a browser leaves as it is."""
    return target if target.startswith("https:") else f"https://x.example/{target}"


def plain_dom(text):
    """Return a text as the page of a release has it: from the core's own HTML of it, unchanged."""
    soup = BeautifulSoup(redline.html(text, text, whole), "html.parser")
    for node in soup.find_all(["h3", "h4", "h5"]):
        node.name = f"h{int(node.name[1]) - 1}"  # in a redline headings stand one deeper
    for node in soup.select(".gb-redline__title"):
        node["class"] = "admonition-title"
        node.strong.unwrap()
    for node in soup.select("div.gb-redline__box"):
        node["class"] = "admonition"
    for node in soup.find_all("a"):
        if isinstance(node.next, Tag) and node.next.name == "code":
            node["class"] = "clause"
    # The mark of a footnote is one word, as the sign that a page has in its place.
    return re.sub(r"\[\^\w+\]", r'<a class="document">\g<0></a>', "".join(str(node) for node in soup.div.contents))


REDLINE = """async ([script, pairs]) => {
  const { redline } = await import(script)
  const text = (html) => {
    const box = new DOMParser().parseFromString(`<main>${html}</main>`, "text/html").querySelector("main")
    return { nodes: [...box.childNodes], page: location.href, release: "https://nowhere.example/" }
  }
  return pairs.map(([before, after]) => redline(text(before), text(after)).outerHTML)
}"""


def test_the_redline_in_the_browser_is_that_of_the_core(reader, site):
    """Each text of the golden cases against each other, so that not only small changes are compared."""
    cases = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(GOLDEN.glob("*.yaml"))]
    for case in cases:  # addresses that a browser leaves as they are
        case |= {key: case[key].replace("](../", "](https://x.example/") for key in ("before", "after")}
    texts = [case[key] for case in cases for key in ("before", "after")]
    kept = "Nobody changes this line of the text.\n\nNor does anybody change this other line of it."
    line = "A report names one page as the source of eleven posts of that week"
    near = [f"{line[:-9]}{end}" for end in ("some year.", "that month.", "no day.")]
    pairs = [(f"{line}.\n\n{kept}", "\n\n".join([kept, *near]))]  # which of three did it become?
    pairs += [(case["before"], case["after"]) for case in cases]
    pairs += [(one, texts[(at * 7 + step) % len(texts)]) for at, one in enumerate(texts) for step in (3, 10, 24)]
    doms = {text: plain_dom(text) for pair in pairs for text in pair}
    page = reader().open("latest/")
    shown = page.evaluate(REDLINE, [f"{site}latest/javascripts/redline.js", [[doms[a], doms[b]] for a, b in pairs]])
    differ = []
    for (before, after), got in zip(pairs, shown, strict=True):
        wanted = redline.html(before, after, whole)
        one, other = (normal(BeautifulSoup(text, "html.parser").div) for text in (wanted, got))
        if one != other:
            differ.append((before, after, wanted, got))
    assert len(pairs) > 100
    assert sum("<del>" in text for text in shown) > len(pairs) / 2
    assert not differ, f"{len(differ)} of {len(pairs)}:\n" + "\n--\n".join(differ[0])


# --- How it looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_everything_fits_the_screen_and_can_be_read(request, reader, contrast, width, scheme):
    base = request.getfixturevalue({"light": "site", "dark": "dark"}[scheme])
    watched = reader(base, width=width, scheme=scheme)
    low, seen = [], 0
    for url, part in (
        (f"{R1}/{G04}", ".gb-old"),
        (f"latest/{G04}", ".gb-since-line, .gb-since"),
        ("latest/as-at/?on=2026-05-03&clause=G04.2", "#gb-as-at"),
        (f"latest/compare/?from={R1}&to={R4}", "#gb-compare"),
    ):
        page = watched.open(url)
        page.locator(part).first.wait_for(state="visible")
        if "?" in url:
            said(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{url} is {wide} px too wide"
        for selector in part.split(", "):
            ratios = contrast(page, selector)
            seen += len(ratios)
            low += [(url, *one) for one in ratios if one[1] < 4.5]
    assert seen > 60
    assert not low, low


def test_what_is_printed_is_the_answer_and_says_that_a_release_is_old(reader):
    watched = reader()
    page = watched.open("latest/as-at/?on=2026-05-03&clause=G04.2")
    said(page)
    page.emulate_media(media="print")
    assert page.locator(".gb-answer__text").is_visible()
    for gone in (".gb-form", ".gb-form__help", "text=The plain table"):
        assert page.locator(gone).is_hidden(), gone
    page = watched.open(f"{R1}/{G04}")
    page.emulate_media(media="screen")
    page.locator(".gb-old__said").wait_for()
    page.emulate_media(media="print")
    places = [page.locator(one).bounding_box()["y"] for one in (".gb-old__said", "h1")]
    assert places == sorted(places), "it comes first, and covers nothing"

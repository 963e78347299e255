"""The verify step over real sites: clean ones pass, and whatever is planted in one is found."""

import base64
import gzip
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from functools import reduce

import pytest
from guide_cli import verify
from guide_cli.linkcheck import linkcheck
from guidebook import sitecheck, sweep

PAGE = "guidelines/g04-link-deception/index.html"
LEAK = "with the copied words and the account id"  # of a passage in W02
SOURCE = "docs/workflows/w02-escalation.md"


@pytest.fixture(scope="session")
def secret(built, theme):
    one = built["external"]
    return sweep.withheld(one.library, one.view, one.tree, theme)


@pytest.fixture(scope="session")
def site(built):
    return built["external"]


def swept(files, secret):
    return sweep.sweep(files.items(), secret)


def checked(site, files, theme, **more):
    return sitecheck.check(files, site.tree, theme, **more)


def control(files, secret):
    """Prove the sweep of one edition over the site of the edition that reads everything."""
    return sweep.blind(secret, sweep.seen(files.items(), secret))


def rules(problems):
    return {problem.rule for problem in problems}


# --- clean sites


@pytest.mark.parametrize("name", ["external", "internal"])
def test_a_clean_site_passes(built, theme, name):
    one = built[name]
    assert checked(one, one.files, theme) == []
    assert swept(one.files, sweep.withheld(one.library, one.view, one.tree, theme)) == []


def test_the_sweep_sees_everything_withheld_on_the_site_that_shows_it(built, secret):
    internal = built["internal"].files
    assert control(internal, secret) == []
    found = {
        re.search(r"(docs/\S+):", problem.message)[1]
        for problem in swept(internal, secret)
        if "docs/" in problem.message
    }
    hidden = {
        f"docs/{path}" for path in built["internal"].library.documents if f"docs/{path}" not in built["external"].tree
    }
    assert hidden
    assert hidden | {SOURCE} <= found


def test_a_blind_sweep_is_told(built, secret):
    external = built["external"].files
    problems = control(external, secret)
    assert rules(problems) == {"sweep-blind"}
    assert SOURCE in {problem.path for problem in problems}
    assert any("search" in problem.message for problem in problems)
    without_pages = {path: data for path, data in built["internal"].files.items() if not path.endswith(".html")}
    assert SOURCE in {problem.path for problem in control(without_pages, secret)}


def test_a_page_missing_from_the_full_site_blinds_its_sources_only(built, secret):
    files = dict(built["internal"].files)
    del files["workflows/w02-escalation/index.html"]
    assert {problem.path for problem in control(files, secret)} == {SOURCE}


# --- leaks


def zipped(data):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", data)
    return packed.getvalue()


def png(kind, data):
    head = b"\x89PNG\r\n\x1a\n"
    return head + struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def escaped(text):
    return "".join(f"\\u{ord(char):04x}" for char in text)


def after(text, new):
    return lambda data: data.replace(text, text + new, 1)


BODY = b"<p>"
LEAKS = {
    "text": (PAGE, after(BODY, LEAK.encode())),
    "text over lines": (PAGE, after(BODY, LEAK.replace(" ", "\n   ").encode())),
    "capitals": (PAGE, after(BODY, LEAK.upper().encode())),
    "title attribute": (PAGE, after(BODY, f'<a title="{LEAK}">x</a>'.encode())),
    "attribute with entities": (PAGE, after(BODY, f'<a title="{LEAK.replace("o", "&#111;")}">x</a>'.encode())),
    "class names": (PAGE, after(BODY, f'<a class="{LEAK}">x</a>'.encode())),
    "an id": (PAGE, after(BODY, f'<a id="{LEAK.replace(" ", "-")}">x</a>'.encode())),
    "an address": (PAGE, after(BODY, f'<a href="{LEAK.replace(" ", "%20")}">x</a>'.encode())),
    "an address coded twice": (PAGE, after(BODY, f'<a href="{LEAK.replace(" ", "%2520")}">x</a>'.encode())),
    "comment": (PAGE, after(BODY, f"<!-- {LEAK} -->".encode())),
    "tags in a comment": (
        PAGE,
        after(BODY, f"<!-- {LEAK.replace('ied', '<b>ied</b>').replace('cc', 'c<i>c</i>')} -->".encode()),
    ),
    "split by tags": (PAGE, after(BODY, LEAK.replace("pi", "<b>pi</b>").replace("cc", "c<i>c</i>").encode())),
    "linked words": (PAGE, after(BODY, LEAK.replace("words", '<a href="x" title="y">words</a>').encode())),
    "split by a footnote": (
        PAGE,
        after(BODY, LEAK.replace("copied", 'copied<sup id="fnref:1"><a href="#fn:1">1</a></sup>').encode()),
    ),
    "soft hyphens": (PAGE, after(BODY, LEAK.replace("pi", "p\u00adi").replace("cc", "c\u00adc").encode())),
    "soft hyphens as entities": (PAGE, after(BODY, LEAK.replace("pi", "p&shy;i").replace("cc", "c&shy;c").encode())),
    "zero-width characters": (PAGE, after(BODY, LEAK.replace("pi", "p\u200bi").replace("cc", "c\u2060c").encode())),
    "full-width letters": (PAGE, after(BODY, LEAK.replace("w", "\uff57").replace("a", "\uff41").encode())),
    "entities": (PAGE, after(BODY, LEAK.replace("w", "&#x77;").replace("a", "&#97;").encode())),
    "no-break spaces": (PAGE, after(BODY, LEAK.replace(" ", "&nbsp;").encode())),
    "cells of a row": (
        PAGE,
        after(BODY, f"<table><tr><td>{LEAK.replace(' ', '</td><td>')}</td></tr></table>".encode()),
    ),
    "script string": (PAGE, after(BODY, f'<script>var a="{escaped(LEAK)}"</script>'.encode())),
    "script with line ends": (
        PAGE,
        after(BODY, f'<script>var a="{LEAK.replace(" ", chr(92) + "n")}"</script>'.encode()),
    ),
    "base64 address": (
        PAGE,
        after(BODY, b'<img src="data:text/plain;base64,' + base64.b64encode(LEAK.encode()) + b'">'),
    ),
    "base64 by itself": (PAGE, after(BODY, b"<i>" + base64.b64encode(LEAK.encode()) + b"</i>")),
    "base64 of gzip": (
        PAGE,
        after(BODY, b'<img src="data:x;base64,' + base64.b64encode(gzip.compress(LEAK.encode())) + b'">'),
    ),
    "stylesheet": ("stylesheets/guidebook.css", lambda data: data + f'\na::after{{content:"{LEAK}"}}'.encode()),
    "stylesheet escapes": (
        "stylesheets/guidebook.css",
        lambda data: data + "".join(f"\\{ord(char):06x}" for char in LEAK).encode(),
    ),
    "theme script": (
        "assets/javascripts/bundle.js",
        lambda data: b"var a='" + LEAK.encode() + b"'",
    ),
    "gzipped sitemap": ("sitemap.xml.gz", lambda data: gzip.compress(f"<a>{LEAK}</a>".encode())),
    "two gzip members": ("sitemap.xml.gz", lambda data: data + gzip.compress(LEAK.encode())),
    "zip": ("assets/a.zip", lambda data: zipped(LEAK.encode())),
    "zip in gzip": ("assets/a.gz", lambda data: gzip.compress(zipped(LEAK.encode()))),
    "PNG text chunk": ("assets/a.png", lambda data: png(b"tEXt", b"Comment\0" + LEAK.encode())),
    "PNG compressed chunk": ("assets/a.png", lambda data: png(b"zTXt", b"Comment\0\0" + zlib.compress(LEAK.encode()))),
    "JPEG UTF-16 comment": (
        "assets/a.jpg",
        lambda data: b"\xff\xd8\xff\xe1\x00" + LEAK.encode("utf-16-le") + b"\xff\xd9",
    ),
    "SVG": ("assets/a.svg", lambda data: f'<svg xmlns="x"><desc>{LEAK}</desc></svg>'.encode()),
    "SVG text in spans": (
        "assets/a.svg",
        lambda data: f"<svg><text>{LEAK.replace('cc', '<tspan>cc</tspan>')}</text></svg>".encode(),
    ),
    "UTF-16 among other bytes": ("assets/a.bin", lambda data: b"\xff\xfe\xfd" * 999 + LEAK.encode("utf-16-le")),
    "UTF-16": ("assets/a.txt", lambda data: LEAK.encode("utf-16")),
    "UTF-16 of any order": ("assets/a.txt", lambda data: LEAK.encode("utf-16-be")),
    "Latin-1": ("assets/a.txt", lambda data: b"caf\xe9 " + LEAK.encode()),
    "JSON": ("catalog.json", lambda data: json.dumps({"a": [{"b": LEAK}]}).encode()),
    "JSON key": ("catalog.json", lambda data: json.dumps({LEAK: 1}).encode()),
    "JSON escapes": ("catalog.json", lambda data: f'{{"a": "{escaped(LEAK)}"}}'.encode()),
    "JSON in JSON": (
        "catalog.json",
        lambda data: json.dumps({"a": json.dumps({"b": f"{LEAK[:20]}\u00ad{LEAK[20:]}"})}).encode(),
    ),
    "broken JSON": ("catalog.json", lambda data: b"{" + LEAK.encode()),
    "Markdown": ("glossary/index.md", lambda data: data + f"\n**{LEAK[:8]}**[{LEAK[8:]}](x.md)\n".encode()),
    "file name": (f"assets/{LEAK.replace(' ', '-')}.txt", lambda data: b""),
    "file name in percents": (f"assets/{LEAK.replace(' ', '%20')}.txt", lambda data: b""),
}


@pytest.mark.parametrize("how", LEAKS)
def test_a_leak_is_found(site, secret, how):
    path, edit = LEAKS[how]
    files = {**site.files, path: edit(site.files.get(path, b""))}
    assert files != site.files
    problems = swept(files, secret)
    assert [problem.path for problem in problems] == [f"external site/{path}"]
    assert f"{SOURCE}:" in problems[0].message
    assert LEAK not in problems[0].message


def test_a_leak_in_the_search_index_is_found(site, secret):
    index = json.loads(site.files["search/search_index.json"])
    index["docs"][5]["text"] += f" <p>{LEAK.replace('words', '<em>words</em>')}</p>"
    files = {**site.files, "search/search_index.json": json.dumps(index).encode()}
    assert [problem.path for problem in swept(files, secret)] == ["external site/search/search_index.json"]


def test_a_leak_on_many_pages_is_told_of_each(site, secret):
    for leak in (f"<p>{LEAK}</p>", f'<a title="{LEAK}">x</a>'):
        pages = {path: data for path, data in site.files.items() if path.endswith(".html")}
        leaked = {path: data.replace(b"</body>", f"{leak}</body>".encode()) for path, data in pages.items()}
        assert {path for path in pages if leaked[path] == pages[path]} == set()
        told = [problem.path for problem in swept({**site.files, **leaked}, secret)]
        assert sorted(told) == sorted(f"external site/{path}" for path in pages)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("handbook-passages", "withheld-id"),
        ("How to keep text from vendors, and how to date a text", "withheld-title"),
        ("handbook/passages/", "withheld-name"),
        ("site-internal", "withheld-setting"),
        ("guidelines.corp.example", "withheld-setting"),
        ("esc-urgent", "withheld-text"),
    ],
)
def test_a_name_is_found(site, secret, text, rule):
    files = {**site.files, PAGE: site.files[PAGE].replace(b"<p>", f"<p>{text} ".encode(), 1)}
    assert rule in rules(swept(files, secret))


def test_the_name_of_a_file_in_an_archive_is_found(site, secret):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handbook-passages.txt", "")
    assert rules(swept({**site.files, "assets/a.zip": packed.getvalue()}, secret)) == {"withheld-id", "withheld-name"}


def test_a_page_by_the_name_of_a_withheld_one_is_found(site, secret):
    files = {**site.files, "releasing/index.html": b""}
    assert rules(swept(files, secret)) == {"withheld-name"}


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b"0" * 80_000_000), zipped(b"0" * 80_000_000), b"\x1f\x8bnothing", b"PK\x03\x04nothing",
     gzip.compress(b"text" * 99)[:-12], reduce(lambda data, _: gzip.compress(data), range(5), b"x")],
    ids=["gzip bomb", "zip bomb", "damaged gzip", "damaged zip", "cut gzip", "deep"],
)  # fmt: skip
def test_an_archive_that_cannot_be_read_is_refused(site, secret, data):
    assert "sweep-unreadable" in rules(swept({**site.files, "assets/a.bin": data}, secret))


def test_text_of_the_theme_is_no_leak(built, theme, secret):
    one = built["external"]
    told = sweep.withheld(one.library, one.view, one.tree, {})
    assert set(secret.phrases) <= set(told.phrases)
    assert not [phrase for phrase in secret.phrases if " ".join(phrase) == "edit this page"]


# --- the site


def tag(text):
    return PAGE, lambda data: data.replace(b"</main>", text.encode() + b"</main>", 1)


SCRIPT = '__md_scope=new URL("'
FAULTS = {
    "image elsewhere": (*tag('<img src="https://cdn.example/a.png">'), "outside-request"),
    "image elsewhere without scheme": (*tag("<img src='//cdn.example/a.png'>"), "outside-request"),
    "image elsewhere behind entities": (*tag('<img src="&#104;ttps://cdn.example/a.png">'), "outside-request"),
    "image elsewhere with backslashes": (*tag('<img src="\\\\cdn.example/a.png">'), "outside-request"),
    "srcset": (*tag('<img srcset="https://cdn.example/a.png 2x">'), "outside-request"),
    "second of a srcset": (
        *tag('<img srcset="../../assets/images/favicon.png 1x, https://cdn.example/a.png 2x">'),
        "outside-request",
    ),
    "poster": (*tag('<video poster="http://cdn.example/a.png"></video>'), "outside-request"),
    "iframe": (*tag('<iframe src="x"></iframe>'), "element"),
    "object": (*tag('<object data="https://cdn.example/a"></object>'), "element"),
    "base": (*tag('<base href="https://cdn.example/">'), "element"),
    "form": (*tag('<form action="https://cdn.example/"></form>'), "outside-request"),
    "ping": (*tag('<a href="../" ping="https://cdn.example/">x</a>'), "outside-request"),
    "stylesheet elsewhere": (*tag('<link rel="stylesheet" href="https://cdn.example/a.css">'), "outside-request"),
    "preconnect": (*tag('<link rel="preconnect" href="https://cdn.example">'), "outside-request"),
    "svg use": (*tag('<svg><use href="https://cdn.example/a.svg#b"/></svg>'), "outside-request"),
    "style attribute": (*tag('<p style="background:url(https://cdn.example/a)">x</p>'), "outside-request"),
    "style element": (*tag("<style>@import 'https://cdn.example/a.css';</style>"), "outside-request"),
    "script elsewhere": (*tag('<script src="https://cdn.example/a.js"></script>'), "outside-request"),
    "refresh": (*tag('<meta http-equiv="refresh" content="0;url=https://cdn.example/">'), "refresh"),
    "mermaid": (*tag('<pre class="mermaid">graph</pre>'), "outside-request"),
    "stars": (*tag('<a href="https://github.com/a/b" data-md-component="source">x</a>'), "outside-request"),
    "inline script": (*tag("<script>alert(1)</script>"), "inline-script"),
    "module script": (*tag("<script type=module>alert(1)</script>"), "inline-script"),
    "theme script of another type": (
        PAGE,
        lambda data: data.replace(b"<script>__md_scope", b"<script type='module'>__md_scope"),
        "inline-script",
    ),
    "theme script with more": (
        PAGE,
        lambda data: data.replace(b"<script>__md_scope", b"<script>alert(1);__md_scope"),
        "inline-script",
    ),
    "theme script with another address": (
        PAGE,
        lambda data: data.replace(f"{SCRIPT}../..".encode(), f"{SCRIPT}https://cdn.example".encode()),
        "inline-script",
    ),
    "theme script broken out of": (
        PAGE,
        lambda data: data.replace(f"{SCRIPT}../..".encode(), f'{SCRIPT}",alert(1),"'.encode()),
        "inline-script",
    ),
    "settings that ask elsewhere": (
        PAGE,
        lambda data: re.sub(rb'"search": "[^"]*"', b'"search": "https://cdn.example/a.js"', data),
        "outside-request",
    ),
    "event handler": (*tag('<p onclick="a()">x</p>'), "event-handler"),
    "event handler in capitals": (*tag("<p ONLOAD=a()>x</p>"), "event-handler"),
    "javascript link": (*tag('<a href="javascript:alert(1)">x</a>'), "active-link"),
    "javascript link behind blanks": (*tag('<a href=" java&#10;script:alert(1)">x</a>'), "active-link"),
    "data link": (*tag('<a href="data:text/html,x">x</a>'), "active-link"),
    "plain http link": (*tag('<a href="http://cdn.example/">x</a>'), "link-scheme"),
    "comment": (*tag("<!-- to do -->"), "comment"),
    "open quote": (*tag("<p title='x>y</p>"), "markup"),
    "stray sign": (*tag("a < b"), "markup"),
    "open comment": (*tag("<!-- x"), "markup"),
    "link to no file": (*tag('<a href="../g99-none/">x</a>'), "broken-link"),
    "link to no place": (*tag('<a href="../g12-scams/#none">x</a>'), "broken-link"),
    "link to no place here": (*tag('<a href="#none">x</a>'), "broken-link"),
    "link out": (*tag('<a href="../../../2026.01.01/">x</a>'), "broken-link"),
    "link from the root": (*tag('<a href="/latest/">x</a>'), "broken-link"),
    "image that is not there": (*tag('<img src="a.png">'), "broken-link"),
    "wrong stamp": (
        PAGE,
        lambda data: data.replace(b'edition" content="external"', b'edition" content="internal"'),
        "stamp",
    ),
    "no stamp": (PAGE, lambda data: data.replace(b"guidebook:edition", b"x"), "stamp"),
    "two stamps": (*tag('<meta name="guidebook:edition" content="internal">'), "stamp"),
    "other generator": (*tag('<meta name="generator" content="properdocs-1.6.7">'), "generator"),
    "later MkDocs": (*tag('<meta name="generator" content="mkdocs-1.6.10">'), "generator"),
    "canonical": (
        PAGE,
        lambda data: re.sub(rb'(rel="canonical" href=")[^"]*', rb"\1https://cdn.example/", data),
        "canonical",
    ),
    "another page": ("guidelines/g99-none/index.html", lambda data: b"", "site-unexpected"),
    "another file": ("assets/a.js", lambda data: b"1", "site-unexpected"),
    "another twin": ("guidelines/g99-none/index.md", lambda data: b"", "site-unexpected"),
    "changed data": ("catalog.json", lambda data: data.replace(b"G04", b"G05", 1), "site-changed"),
    "changed style": ("stylesheets/guidebook.css", lambda data: data + b" ", "site-changed"),
    "style elsewhere": (
        "stylesheets/guidebook.css",
        lambda data: data + b"a{b:url( '//cdn.example/a' )}",
        "outside-request",
    ),
    "import elsewhere": (
        "stylesheets/guidebook.css",
        lambda data: b"@import 'https://cdn.example/a';" + data,
        "outside-request",
    ),
    "style to no file": ("stylesheets/guidebook.css", lambda data: data + b"a{b:url(x.png)}", "broken-link"),
    "script that asks elsewhere": (
        "javascripts/a.js",
        lambda data: b"fetch('https://cdn.example/')",
        "outside-request",
    ),
    "twin to no file": ("glossary/index.md", lambda data: data + b"\n[x](../none/index.md)\n", "broken-link"),
    "search to no page": (
        "search/search_index.json",
        lambda data: data.replace(b'"location":"glossary/', b'"location":"none/', 1),
        "broken-link",
    ),
    "search to no place": (
        "search/search_index.json",
        lambda data: data.replace(b"glossary/#", b"glossary/#x", 1),
        "broken-link",
    ),
    "search index broken": ("search/search_index.json", lambda data: data[:-1], "site-data"),
    "catalog to no place": ("catalog.json", lambda data: data.replace(b"/#g04-1", b"/#g04-99", 1), "broken-link"),
    "sitemap with another page": ("sitemap.xml", lambda data: data.replace(b"glossary/", b"none/"), "sitemap"),
    "sitemap without a page": ("sitemap.xml", lambda data: re.sub(rb"<loc>[^<]*glossary/</loc>", b"", data), "sitemap"),
    "other compressed sitemap": ("sitemap.xml.gz", lambda data: gzip.compress(b"x"), "sitemap"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_found(site, theme, what):
    path, edit, rule = FAULTS[what]
    files = {**site.files, path: edit(site.files.get(path, b""))}
    assert files != site.files
    problems = [problem for problem in checked(site, files, theme) if problem.path == f"external site/{path}"]
    assert rule in rules(problems)


GOOD = {
    "link elsewhere": '<a href="https://example.org/a?b=c#d">x</a>',
    "link to the newest release": '<a href="../../../latest/">x</a>',
    "link to a place": '<a href="../g12-scams/#clauses">x</a>',
    "link to a file with a query": '<a href="../../catalog.json?x">x</a>',
    "button": '<a href="javascript:void(0)">x</a>',
    "local picture": '<img src="../../assets/images/favicon.png" srcset="../../assets/images/favicon.png 2x">',
    "empty link": '<a href="#">x</a>',
}


@pytest.mark.parametrize("what", GOOD)
def test_what_is_fine_passes(site, theme, what):
    files = {**site.files, PAGE: site.files[PAGE].replace(b"</main>", GOOD[what].encode() + b"</main>", 1)}
    assert checked(site, files, theme) == []


def test_a_page_may_lead_only_to_pages_that_another_release_has(site, theme):
    link = b'<a href="../../../2026.11.02/guidelines/g04-link-deception/#g04-2">x</a></main>'
    files = {**site.files, PAGE: site.files[PAGE].replace(b"</main>", link, 1)}
    there = "../2026.11.02/guidelines/g04-link-deception/"
    assert checked(site, files, theme, beyond={*sitecheck.BEYOND, there}) == []
    for others in ((), ["../2026.11.02/"], [there.replace("g04", "g05")], [there.replace("11.02", "11.03")]):
        assert rules(checked(site, files, theme, beyond={*sitecheck.BEYOND, *others})) == {"broken-link"}


@pytest.mark.parametrize(
    "path", [PAGE, "404.html", "catalog.json", "sitemap.xml", "assets/stylesheets/palette.fb2fffe2.min.css"]
)
def test_a_missing_file_is_found(site, theme, path):
    files = {name: data for name, data in site.files.items() if name != path}
    told = {problem.rule for problem in checked(site, files, theme) if problem.path == f"external site/{path}"}
    assert "site-missing" in told or path.endswith(".css")
    assert checked(site, files, theme)


def test_files_and_hosts_can_be_allowed(site, theme):
    page = site.files[PAGE].replace(b"</main>", b'<img src="https://cdn.example/a.png"></main>')
    files = {**site.files, PAGE: page, "prompts/a.txt": b""}
    assert rules(checked(site, files, theme)) == {"outside-request", "site-unexpected"}
    allowed = checked(site, files, theme, extra={"prompts/a.txt"}, hosts={"cdn.example"})
    assert "outside-request" not in rules(allowed)
    assert "site-unexpected" not in rules(allowed)


def test_links_and_pipes_are_no_files(tmp_path):
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").symlink_to("a")
    assert sitecheck.read(tmp_path) == {"a": b"x", "b (not a plain file)": b""}


# --- LinkChecker


def test_linkchecker_finds_a_broken_link_and_a_broken_anchor():
    files = {
        "index.html": b'<title>a</title><h1 id="a">a</h1><a href="b/#here">b</a><a href="#a">b</a>',
        "b/index.html": b'<title>b</title><p id="here">b</p><a href="../">a</a>',
    }
    assert linkcheck(files, "external") == []
    files["b/index.html"] += b'\n<a href="../c/">c</a>\n<a href="../#none">c</a>\n<a href="#gone">c</a>'
    problems = linkcheck(files, "external")
    assert [(problem.path, problem.line, problem.rule) for problem in problems] == [
        ("external site/b/index.html", 2, "broken-link"),
        ("external site/b/index.html", 3, "broken-link"),
        ("external site/b/index.html", 4, "broken-link"),
    ]


def test_linkchecker_looks_at_other_releases_too():
    away = b'<a href="../2026.11.02/changes/">b</a>\n<a href="../2026.11.03/changes/">c</a>'
    files = {"index.html": b"<title>a</title>" + away}
    problems = linkcheck(files, "external", anchors=False, beyond={"../2026.11.02/changes/"})
    assert [(problem.path, problem.line, problem.rule) for problem in problems] == [
        ("external site/index.html", 2, "broken-link")
    ]
    assert len(linkcheck(files, "external", anchors=False)) == 2


def test_a_page_that_linkchecker_never_saw_is_told():
    files = {"index.html": b"<title>a</title>", "b/index.html": b"<title>b</title>"}
    assert rules(linkcheck(files, "external")) == {"linkcheck-missed"}


def test_a_linkchecker_that_fails_is_told(monkeypatch):
    assert "linkcheck-failed" in rules(linkcheck({}, "external"))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert "linkcheck-failed" in rules(linkcheck({"index.html": b""}, "external"))
    monkeypatch.setattr(sys, "executable", "/bin/true")
    assert "linkcheck-failed" in rules(linkcheck({"index.html": b""}, "external"))
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert "linkcheck-failed" in rules(linkcheck({"index.html": b""}, "external"))


def test_linkchecker_and_our_own_pass_agree_on_every_anchor(small, theme):
    """Publishing leaves anchors to our own pass: here LinkChecker, which shares no code with it, says the same."""
    path = "glossary/index.html"
    broken = small.files[path].replace(b"</article>", b'<a href="../guidelines/#nowhere">x</a></article>')
    files = {**small.files, path: broken}
    assert {problem.path for problem in linkcheck(files, "external")} == {f"external site/{path}"}
    own = [problem for problem in sitecheck.check(files, small.tree, theme) if "nowhere" in problem.message]
    assert {problem.path for problem in own} == {f"external site/{path}"}


def test_linkchecker_walks_the_real_site(site):
    assert linkcheck(site.files, "external", anchors=False) == []


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_gates_shared_out_over_processes_find_what_one_process_finds(built, edition, tmp_path, monkeypatch):
    """A large site is verified by several processes: here a small one is, with a leak and a blind spot planted."""
    one = built[edition]
    files = dict(one.files)
    secret = sweep.withheld(one.library, built["external"].view, built["external"].tree, verify.theme_files())
    text = " ".join(next(phrase for phrase in sorted(secret.phrases) if len(phrase) == 5))
    files["glossary/index.html"] = one.files["glossary/index.html"].replace(b"</article>", f"{text}</article>".encode())
    if edition == "internal":
        files["guidelines/g12-scams/index.html"] = one.files["guidelines/index.html"]
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    secrets = verify.secrets(one.library, {edition: one.tree}, one.view.reader.day)
    arguments = (one.library, [verify.Built(edition, one.tree, tmp_path)], secrets)
    (alone,) = verify.verify(*arguments, linkchecker=False).values()
    monkeypatch.setattr(verify, "WORTH_FORKING", 1)
    assert verify.verify(*arguments, linkchecker=False, workers=3) == {edition: alone}
    assert {"external": "withheld-text", "internal": "sweep-blind"}[edition] in {problem.rule for problem in alone}

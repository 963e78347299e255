"""How links are followed, and which inline scripts count as the theme's."""

import pytest
from guidebook import sitecheck, tags


@pytest.mark.parametrize(
    ("folder", "target", "where"),
    [
        ("", "a/", "a/"), ("", ".", ""), ("", "./", ""), ("a/b", "..", "a/"), ("a/b", "../", "a/"),
        ("a/b", "../..", ""),
        ("a/b", "../c/d.png", "a/c/d.png"), ("a", "../..", "../"), ("a", "../../latest/", "../latest/"),
        ("", "../../x", "../../x"), ("a", "./b//c", "a/b//c"), ("", "latest//../latest/", "latest/latest/"),
    ],
)  # fmt: skip
def test_a_link_goes_where_a_browser_goes(folder, target, where):
    assert sitecheck._resolve(folder, target) == where


@pytest.mark.parametrize(
    ("script", "good"),
    [
        ('a=new URL("../..",location)', True), ('a=new URL(".",location)', True),
        ('a=new URL("/x/y.z/",location)', True),
        ('a=new URL("//x.y",location)', False), ('a=new URL("https://x.y",location)', False),
        ('a=new URL("",b(),"",location)', False), ('a=new URL("..",location);b()', False), ("", False),
    ],
)  # fmt: skip
def test_a_script_is_the_themes_when_only_a_path_was_filled_in(script, good):
    template = '<script>a=new URL("{{ base_url }}",location)</script><script>{% if b %}b(){% endif %}</script>'
    patterns = list(tags._script_patterns(template))
    assert len(patterns) == 1
    assert any(pattern.fullmatch(script) for pattern in patterns) is good


def test_the_first_folder_of_a_theme_wins_and_icons_are_left_out(tmp_path):
    for path in ("a/x.css", "b/x.css", "b/y.css", "b/.icons/z.svg", "b/z.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    assert sitecheck.read_theme([tmp_path / "a", tmp_path / "b"]) == {"x.css": b"a/x.css", "y.css": b"b/y.css"}


TREE = {
    "mkdocs.yml": b"site_url: https://guidelines.example/latest/\nextra: {edition: {name: external}}\n",
    "docs/index.md": b"",
}
STAMP = b'<meta name="guidebook:edition" content="external">'
HOME = STAMP + b'<h3 id="g04-1">One</h3>'


def told(path, page, *, staged):
    """Return the rules by which a page is refused that stands beside the home page, staged as it is or not."""
    tree = (
        {**TREE, f"docs/{path}": page} if staged else {**TREE, f"docs/{path.removesuffix('index.html')}index.md": b""}
    )
    files = {"index.html": HOME, "404.html": STAMP, "sitemap.xml": b"", path: page}
    return {one.rule for one in sitecheck.check(files, tree, {}) if one.path == f"external site/{path}"}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("0; url=../../#g04-1", ""), ("0; url=../../", ""), ("0; url=../../#g04-2", "broken-link"),
        ("0; url=../../none/", "broken-link"), ("0; url=../../../", "broken-link"),
        ("0; url=../../../../", "broken-link"),
        ("0; url=/", "broken-link"), ("0; url=//cdn.example/", "broken-link"),
        ("0; url=/\\cdn.example/", "broken-link"), ("0; url=\\\\cdn.example/", "broken-link"),
        ("0; url=https://cdn.example/", "active-link"),
        ("0; url=https&#58;//cdn.example/", "active-link"), ("0; url=https&colon;//cdn.example/", "active-link"),
        ("0; url=javascript:a()", "active-link"), ("0; url=data&#x3a;text/html,x", "active-link"),
        ("0;url=../../", "active-link"), ("5; url=../../", "active-link"), ("0; URL=../../", "active-link"),
        ("0, url=../../", "active-link"), (" 0; url=../../", "active-link"), ("0; url=../../; x", "active-link"),
        ("0; url='../../'", "broken-link"), ("0", "active-link"), ("", "active-link"), ("0; ../../", "active-link"),
    ],
)  # fmt: skip
def test_a_staged_page_sends_its_reader_to_a_place_on_this_site_only(content, rule):
    for name in ("refresh", "Refresh", "REFRESH"):
        page = f'<meta http-equiv="{name}" content="{content}">'.encode()
        assert told("c/G04.1/index.html", page, staged=True) == ({rule} if rule else set())


def test_a_page_that_was_built_sends_nobody_on():
    page = STAMP + b'<meta http-equiv="refresh" content="0; url=../../#g04-1">'
    assert told("c/G04.1/index.html", page, staged=False) == {"refresh"}
    assert told("c/G04.1/index.html", STAMP, staged=False) == set()
    assert told("c/G04.1/index.html", b"", staged=False) == {"stamp"}


def test_a_second_refresh_on_a_page_is_judged_too():
    good, bad = (f'<meta http-equiv="refresh" content="0; url={to}">' for to in ("../../", "https://cdn.example/"))
    assert told("c/G04.1/index.html", f"{good}{bad}".encode(), staged=True) == {"active-link"}

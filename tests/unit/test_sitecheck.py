"""How links are followed, and which inline scripts count as the theme's."""

import pytest
from guidebook import sitecheck


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
    patterns = list(sitecheck._script_patterns(template))
    assert len(patterns) == 1
    assert any(pattern.fullmatch(script) for pattern in patterns) is good


def test_the_first_folder_of_a_theme_wins_and_icons_are_left_out(tmp_path):
    for path in ("a/x.css", "b/x.css", "b/y.css", "b/.icons/z.svg", "b/z.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    assert sitecheck.read_theme([tmp_path / "a", tmp_path / "b"]) == {"x.css": b"a/x.css", "y.css": b"b/y.css"}

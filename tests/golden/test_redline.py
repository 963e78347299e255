"""What a reader sees of a change: one file of `redline/` for each, with both texts, the page and the terminal.

`pytest tests/golden/test_redline.py --update-golden` writes page and terminal anew; read them as a reviewer would, who
has eight seconds.
"""

from pathlib import Path

import pytest
import yaml
from guidebook import redline

CASES = sorted((Path(__file__).parent / "redline").glob("*.yaml"))
AT_LEAST = 12


def link(target):
    """Return the address of what a reference leads to; labels have none here."""
    return f"/c/{target}/" if target[:1] == "G" else None


def block(key, text):
    """Return a text as a block of YAML that shows every line as it is."""
    if not text:
        return f'{key}: ""'
    return "\n".join([f"{key}: |-", *(f"  {line}".rstrip() for line in text.split("\n"))])


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_change_is_shown_as_written(file, request):
    kept = file.read_text("utf-8").split("\nhtml:")[0].rstrip("\n")
    case = yaml.safe_load(file.read_text("utf-8"))
    page = redline.html(case["before"], case["after"], link)
    shown = redline.text(case["before"], case["after"])
    if request.config.getoption("--update-golden"):
        file.write_text("\n".join([kept, block("html", page), block("text", shown)]) + "\n", "utf-8")
        return
    assert page == case["html"]
    assert shown == case["text"]


def test_there_are_cases_and_each_says_why():
    cases = [yaml.safe_load(file.read_text("utf-8")) for file in CASES]
    assert len(cases) >= AT_LEAST
    for case in cases:
        assert case["why"].endswith(".")
        assert case["before"] != case["after"]
        assert case["text"]
        assert any(sign in case["html"] for sign in ("<ins", "<del", "gb-moved", "gb-redline__note"))

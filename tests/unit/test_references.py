"""References: a link leads to a file, a heading or a plain https address, and nowhere else."""

from urllib.parse import urlsplit

import pytest
from bodies import FRONT
from guidebook import configuration, library, references
from guidebook.markup import Kind, Mark
from guidebook.references import Broken, Target
from guidebook.sources import AssetFile, Sources, TextFile
from hypothesis import given
from hypothesis import strategies as st

SETTINGS = configuration.load(
    "extra: {editions: {external: {title: T, readers: R, reads: [external], branch: a}, "
    "internal: {title: T, readers: R, reads: '*', branch: b}}}"
).configuration


def made(**files):
    found = Sources("docs")
    for path, text in files.items():
        found.texts[f"{path}.md"] = TextFile(f"{path}.md", text)
    found.assets["a.png"] = AssetFile("a.png", b"")
    return library.from_sources(SETTINGS, found, {}).library


LIBRARY = made(index=FRONT + "\n## Some heading\n\nText.\n", broken="---\nid: broken-page\ntype: pages\n---\n")
HOME = LIBRARY.documents["index.md"]


def resolve(target, kind=Kind.LINK):
    return references.resolve(LIBRARY, HOME, Mark(kind, 0, 1, 1, "text", target))


@pytest.mark.parametrize("target", ["index.md", "./index.md", "x/../index.md", "#some-heading",
"index.md#some-heading", "a.png",
                                    "https://example.com", "https://a-b.example.com:8080/x/~y?z=1&u=2#v"])  # fmt: skip
def test_a_good_target_leads_somewhere(target):
    assert isinstance(resolve(target), Target)


@pytest.mark.parametrize("target", [
    "", "#", "#other", "index.md#other", "a.png#x", "gone.md", "../etc/passwd", "/etc/passwd", "//example.com",
    "\\\\host\\x",
    "javascript:alert", "JaVaScRiPt:x", "java&#115;cript:x", "javascript&colon;x", "java%73cript:x", "vbscript:x",
    "data:x",
    "file:///etc/passwd", "http://example.com", "HTTPS://example.com", "https:example.com", "https:///x", "https://",
    "https://localhost", "https://user@example.com", "https://user:pass@example.com",
    "https://example.com\\@evil.example",
    "https://example.com&#47;x", "https://example.com/&#47;x", "https://example.com/&sol;x",
    "https://example.com/<b>", "https://éxample.com", "index.md?x=1", "index%2emd",
    "mailto:a@b.c",
])  # fmt: skip
def test_a_bad_target_is_refused(target):
    found = resolve(target)
    assert isinstance(found, Broken)
    assert found.message.endswith(".")


def test_an_address_is_never_taken_for_a_file():
    assert [resolve(target).rule for target in ("index%2emd", "index.md?x=1", "a:b", "/index.md")] == [
        "link-scheme"
    ] * 4


def test_an_image_is_a_file_of_the_library():
    assert isinstance(resolve("a.png", Kind.IMAGE), Target)
    assert isinstance(resolve("https://example.com/a.png", Kind.IMAGE), Broken)
    assert isinstance(resolve("index.md", Kind.IMAGE), Broken)


def test_what_leads_to_an_unreadable_page_is_not_reported_again():
    assert resolve("broken.md") is None
    assert resolve("broken.md#x") is None
    assert resolve("broken-page", Kind.REFERENCE) is None
    assert isinstance(resolve("other-page", Kind.REFERENCE), Broken)


@given(st.text("javscript:/\\.#?&%;x10@[]\t \n<>'\"ht p-é", max_size=30))
def test_any_target_is_safe_or_refused(target):
    found = resolve(target)
    if isinstance(found, Target):
        # As a browser reads it: tabs and line ends are dropped, the scheme is in any case.
        parts = urlsplit("".join(char for char in target if char >= " "))
        assert parts.scheme in {"", "https"}
        assert "@" not in parts.netloc
        assert bool(parts.netloc) == (parts.scheme == "https")

"""Reading a folder of files that somebody else made: none of them hurts, hangs or leads elsewhere."""

import os
import socket
from pathlib import Path

import pytest
from bodies import texts
from guidebook import sources
from guidebook.sources import Sources
from hypothesis import given, settings
from hypothesis import strategies as st


def rules(found):
    return [(problem.path, problem.rule) for problem in found.problems]


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "index.md").write_text("text")
    return folder


def test_plain_files_are_read(docs):
    (docs / "a").mkdir()
    (docs / "a" / "b.md").write_bytes(b"one\r\ntwo\r\n")
    (docs / "a" / "c.png").write_bytes(b"\0\r\n")
    found = sources.read(docs, "docs")
    assert found.problems == []
    assert {path: file.text for path, file in found.texts.items()} == {"index.md": "text", "a/b.md": "one\ntwo\n"}
    assert found.assets["a/c.png"].data == b"\0\r\n"


@pytest.mark.parametrize("target", ["/etc/passwd", "/etc", "nowhere", "index.md", ".", ".."])
def test_no_link_is_followed(docs, target):
    (docs / "link.md").symlink_to(target)
    (docs / "link").symlink_to(target)
    found = sources.read(docs, "docs")
    assert rules(found) == [("docs/link", "not-a-file"), ("docs/link.md", "not-a-file")]
    assert set(found.texts) == {"index.md"}


def test_the_folder_itself_may_not_be_a_link_a_file_or_missing(docs, tmp_path):
    (tmp_path / "link").symlink_to(docs)
    for name in ("link", "docs/index.md", "gone"):
        found = sources.read(tmp_path / name, "docs")
        assert (rules(found), found.texts) == ([("docs", "no-library")], {})


def test_pipes_and_sockets_are_not_opened(docs, monkeypatch):
    os.mkfifo(docs / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(docs)  # a socket's path may not be long
        server.bind("socket.md")
        found = sources.read(docs, "docs")
    assert rules(found) == [("docs/pipe.md", "not-a-file"), ("docs/socket.md", "not-a-file")]


def test_a_file_that_becomes_a_pipe_or_a_link_after_the_look_is_not_read(docs, monkeypatch):
    (docs / "a.md").write_text("x")
    (docs / "b.md").write_text("x")
    real = os.open

    def swapped(path, *rest):
        name = Path(path).name
        if name in {"a.md", "b.md"}:
            assert rest[0] & os.O_NONBLOCK, "opening a pipe would wait for ever"
            Path(path).unlink()
            os.mkfifo(path) if name == "a.md" else Path(path).symlink_to("/etc/passwd")
        return real(path, *rest)

    monkeypatch.setattr(os, "open", swapped)
    found = sources.read(docs, "docs")
    assert rules(found) == [("docs/a.md", "not-a-file"), ("docs/b.md", "not-readable")]
    assert set(found.texts) == {"index.md"}


@pytest.mark.parametrize("error", [PermissionError(13, "x"), FileNotFoundError(2, "x"), OSError(5, "x")])
@pytest.mark.parametrize("call", ["open", "scandir"])
def test_what_may_not_be_read_is_a_problem(docs, monkeypatch, call, error):
    (docs / "a").mkdir()
    (docs / "a" / "b.md").write_text("x")
    real = getattr(os, call)

    def fails(path, *rest):
        if Path(path).name in {"b.md", "a"}:
            raise error
        return real(path, *rest)

    monkeypatch.setattr(os, call, fails)
    found = sources.read(docs, "docs")
    assert [rule for _, rule in rules(found)] == ["not-readable"]
    assert found.problems[0].message.endswith(".")


def test_a_file_that_vanishes_before_the_look_is_a_problem(docs, monkeypatch):
    class Entry:
        name = "gone.md"

        def stat(self, *, follow_symlinks):
            raise FileNotFoundError

    class Scan(list):
        __enter__ = list.copy
        __exit__ = lambda *_: None  # noqa: E731 - a stub

    monkeypatch.setattr(os, "scandir", lambda _: Scan([Entry()]))
    assert rules(sources.read(docs, "docs")) == [("docs/gone.md", "not-readable")]


@pytest.mark.parametrize(
    "name",
    [
        "README.md", "A.md", "é.md", "e\u0301.md", "a b.md", " a.md", "a.md ", "a..md", "a.md.", ".a.md", ".meta.yml",
        "-a.md", "a-.md", "a--b.md", "a\u200b.md", "a\n.md", "a\x1b[31m.md", "a\u202e.md", "a'b.md", "a&b.md", "a<b.md",
        "a%2f.md", "a#b.md", "a?b.md", "a:b.md", "a\\b.md", "a*b.md", "\uff41.md", "a" * 81 + ".md", "con.md", "nul.md",
        "com1.md", "lpt9.png", "aux", "assets", "search.md", "404.md", "sitemap.md", "versions.md", "latest.md",
        "stylesheets", "javascripts", "robots.txt",
    ],
)  # fmt: skip
def test_names_that_do_not_travel_are_refused(docs, name):
    (docs / name).write_text("x")
    found = sources.read(docs, "docs")
    assert [rule for _, rule in rules(found)] == ["file-name"]
    assert found.problems[0].path.isprintable()
    assert set(found.texts) == {"index.md"}


def test_a_name_that_is_no_text_is_refused(docs):
    Path(os.fsdecode(os.fsencode(docs) + b"/\xff.md")).write_text("x")
    (problem,) = sources.read(docs, "docs").problems
    assert (problem.rule, str(problem).isprintable()) == ("file-name", True)


def test_the_names_the_site_keeps_are_free_below_the_root(docs):
    (docs / "a").mkdir()
    (docs / "a" / "search.md").write_text("x")
    assert sources.read(docs, "docs").problems == []


@pytest.mark.parametrize(("one", "two"), [("a.md", "a/index.md"), ("a/b.md", "a/b/index.md")])
def test_two_files_may_not_have_one_address(docs, one, two):
    for path in (one, two):
        (docs / path).parent.mkdir(exist_ok=True, parents=True)
        (docs / path).write_text("x")
    assert [rule for _, rule in rules(sources.read(docs, "docs"))] == ["same-address"]


def test_folders_are_followed_to_their_limit(docs):
    deep = docs.joinpath(*"abcdef")
    deep.mkdir(parents=True)
    (deep / "x.md").write_text("x")
    assert sources.read(docs, "docs").problems == []
    (deep / "g").mkdir()
    assert rules(sources.read(docs, "docs")) == [("docs/a/b/c/d/e/f/g", "too-deep")]


def test_limits_hold_to_the_byte(docs, monkeypatch):
    monkeypatch.setattr(sources, "MAX_TEXT_BYTES", 10)
    monkeypatch.setattr(sources, "MAX_ASSET_BYTES", 12)
    for name, size in (("a.md", 10), ("b.md", 11), ("e.png", 12), ("f.png", 13)):
        (docs / name).write_text("x" * size)
    found = sources.read(docs, "docs")
    assert rules(found) == [("docs/b.md", "file-size"), ("docs/f.png", "file-size")]
    monkeypatch.setattr(sources, "MAX_TOTAL_BYTES", 20)
    assert ("docs", "file-size") in rules(sources.read(docs, "docs"))
    monkeypatch.setattr(sources, "MAX_FILES", 2)
    assert rules(sources.read(docs, "docs")).count(("docs", "too-many-files")) == 1


def test_a_huge_file_is_not_read_to_its_end(docs):
    with (docs / "huge.md").open("wb") as file:
        file.truncate(1 << 40)  # a hole of a terabyte
    assert rules(sources.read(docs, "docs")) == [("docs/huge.md", "file-size")]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"\xff\xfet\0", "encoding"),
        (b"caf\xe9", "encoding"),
        (b"\xc0\xaf", "encoding"),
        (b"\xed\xa0\x80", "encoding"),
        (b"\xef\xbb\xbftext", "control-character"),
        (b"a\0b", "control-character"),
        (b"a\rb", "control-character"),
        (b"a\x1b[31m", "control-character"),
        (b"x" * 2001, "line-length"),
        (b"x\n" * 5000, "file-size"),
        *((f"a{sign}b".encode(), "control-character") for sign in (
            "\u202e", "\u2066", "\u200b", "\u200d", "\u2060", "\u00ad", "\u034f", "\u180e", "\u2028", "\u2029",
            "\u0085",
            "\u3164", "\uffa0", "\u2800", "\ue000", "\U000e0041", "\U000e0100", "\ufe00", "\u3000", "\u2003", "\u1680",
            "\x0b", "\x0c", "\x7f", "\ufff9", "\uffff",
        )),
    ],
)  # fmt: skip
def test_text_that_is_not_what_it_looks_like_is_refused(data, rule):
    found = Sources("docs")
    assert sources.decode(data, "a.md", found) is None
    assert [problem.rule for problem in found.problems] == [rule]


@pytest.mark.parametrize(
    "text",
    ["a\u00a0b", "5\u202fkm", "⚠\ufe0f", "Größe, 内部, Διεθνής, Внутренний, עברית, عربي, 🍲", "a\tb", "x" * 2000],
)
def test_text_of_every_language_is_read(text):
    found = Sources("docs")
    assert sources.decode(text.encode(), "a.md", found) == text
    assert found.problems == []


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=200), texts.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_text_or_a_problem(data):
    found = Sources("docs")
    text = sources.decode(data, "a.md", found)
    assert (text is None) == bool(found.problems)
    if text is not None:
        assert text.encode() == data.replace(b"\r\n", b"\n")
        assert "\r" not in text
    assert all(1 <= problem.line <= data.count(b"\n") + 1 for problem in found.problems)

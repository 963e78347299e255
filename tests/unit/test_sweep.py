"""What counts as withheld, and how text is compared."""

import datetime as dt
import gzip
import json
from typing import Literal

import pytest
import worked
from guidebook import configuration, containers, library, phrases, staging, sweep
from guidebook import withheld as withheld_module

DAY = dt.date(2026, 11, 23)
SETTINGS = """
site_name: Guide
site_url: https://guide.example/
theme: {name: material}
extra:
  editions:
    external: {title: External, readers: Vendors, reads: [external], fields: [status], branch: vendor-branch}
    internal:
      title: Internal
      readers: Staff
      reads: "*"
      branch: staff-branch
      remote: git@git.corp.example:trust/guide.git
      site: {site_url: "https://guide.corp.example/"}
"""
HOME = "Welcome to the guide of all rules that reviewers apply."


def document(name, body, **fields):
    front = {
        "id": name, "type": "page", "title": f"Title of {name}", "summary": f"What the page {name} is about.",
        "audience": "external", "owner": "Spam Policy", "status": "in-force", "valid_from": "2026-11-02",
        "review_by": "2027-11-01", **fields,
    }  # fmt: skip
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in front.items()) + f"---\n\n{body}\n"


def withheld(tmp_path, docs, edition="external", *, assets=(), theme=(), settings=SETTINGS):  # noqa: PLR0913 - each by its name
    (tmp_path / "mkdocs.yml").write_text(settings)
    for path, text in {"index.md": document("home", HOME), **docs}.items():
        (tmp_path / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / path).write_text(text)
    for path, data in dict(assets).items():
        (tmp_path / "docs" / path).write_bytes(data)
    loaded = library.load(tmp_path)
    assert not loaded.problems
    view = staging.view(loaded.library, edition, DAY)
    return sweep.withheld(loaded.library, view, staging.project(view), dict(theme))


def found(secret, text, path="a/index.html"):
    return {
        problem.rule for problem in sweep.sweep([(path, text if isinstance(text, bytes) else text.encode())], secret)
    }


def control(files, secret):
    """Prove the sweep of one edition over the site of the edition that reads everything."""
    return sweep.blind(secret, sweep.seen(files.items(), secret))


def sources(secret):
    return {(trace.source.path, trace.source.what) for trace in secret.traces}


INCLUDE = '/// internal\n    reason: signal\n\n--8<-- "snip.md"\n\n///'
PASSAGE = "/// internal\n    reason: signal\n\nAccounts above 40 saves a minute are queued by `rate-guard`.\n///"


def test_nothing_withheld_means_nothing_to_find(tmp_path):
    secret = withheld(
        tmp_path, {}, settings=SETTINGS.replace("    internal:", "    external2:").replace('"*"', "[external]")
    )
    assert sources(secret) == {("mkdocs.yml", "setting of edition external2 in")}
    assert sweep.sweep([("index.html", HOME.encode())], secret) == []
    assert control({"index.html": HOME.encode()}, secret) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("accounts above 40 saves a second", "withheld-text"),
        ("ACCOUNTS, above <b>40</b> saves a", "withheld-text"),
        ("rate-guard", "withheld-text"),
        ("reason: signal", "withheld-text"),
        ("accounts above forty saves a", None),
        ("40 saves a minute", None),
        (HOME, None),
    ],
)
def test_a_passage_is_known_by_five_words_or_by_a_name_in_it(tmp_path, text, rule):
    secret = withheld(tmp_path, {"a.md": document("a-page", f"Some text.\n\n{PASSAGE}\n\nMore text.")})
    assert found(secret, f"<p>{text}</p>") == ({rule} if rule else set())


def test_how_a_drawing_opens_is_no_secret_and_what_it_says_is_one(tmp_path):
    icon = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M3 3h1"/></svg>'
    data = icon.replace("<path", "<title>over seventy pins an hour</title><path").encode()
    secret = withheld(tmp_path, {"b.md": document("b-page", "Text.", audience="internal")}, assets={"x.svg": data})
    assert found(secret, f"<p>{icon.replace('M3 3h1', 'M9 9')}</p>") == set()
    assert found(secret, icon.replace("<path", "<title>over seventy pins an hour</title><path")) != set()


def test_what_is_shown_as_well_is_no_secret(tmp_path):
    shown = "Accounts above 40 saves a minute are queued by `rate-guard`, as all may know."
    secret = withheld(tmp_path, {"a.md": document("a-page", f"{shown}\n\n{PASSAGE}\n\nMore text.")})
    assert found(secret, "<p>accounts above 40 saves a minute are queued by rate-guard</p>") == set()
    assert control({"index.html": b""}, secret) == []


def test_what_the_theme_says_is_no_secret(tmp_path):
    docs = {"edit.md": document("a-page", "## Edit this page\n\nSomething else.", audience="internal")}
    assert found(withheld(tmp_path, docs), "<a>Edit this page</a>") == {"withheld-text"}
    theme = {"partials/en.html": b'"action.edit": "Edit this page"'}
    assert found(withheld(tmp_path, docs, theme=theme), "<a>Edit this page</a>") == set()


def test_a_file_of_the_theme_or_the_tree_is_not_swept_and_a_withheld_one_is_known_by_its_bytes(tmp_path):
    docs = {"a.md": document("a-page", "![x](limits.txt)\n\nSomething else.", audience="internal")}
    data = b"accounts over seventy pins an hour are held\n"
    secret = withheld(tmp_path, docs, assets={"limits.txt": data}, theme={"bundle.js": b"over seventy pins an hour"})
    assert found(secret, b"over seventy pins an hour", "bundle.js") == set()
    assert found(secret, b"over seventy pins an hour ", "bundle.js") == {"withheld-text"}
    assert found(secret, data, "x.txt") == {"withheld-file", "withheld-text"}
    assert found(secret, b"", "limits.txt") == {"withheld-name"}
    shown = withheld(tmp_path, docs, assets={"limits.txt": data}, theme={"licence.txt": data})
    assert found(shown, data, "x.txt") == set()


def test_addresses_and_names_that_a_site_has_anyway_are_no_secret(tmp_path):
    docs = {
        "area/notes.md": document("notes-shown", "Text."),
        "staff/notes.md": document(
            "notes-staff", "See https://guide.example/latest/area/notes for it.", audience="internal"
        ),
    }
    secret = withheld(tmp_path, docs)
    assert found(secret, "<loc>https://guide.example/latest/area/notes/</loc>", "area/notes/index.html") == set()
    assert found(secret, "", "staff/index.html") == {"withheld-name"}


@pytest.mark.parametrize(
    ("fields", "edition", "rule"),
    [
        ({"audience": "internal"}, "external", True),
        ({"status": "draft"}, "external", True),
        ({"valid_from": "2026-12-01"}, "external", True),
        ({"valid_from": "2026-12-01"}, "internal", True),
        ({"audience": "internal"}, "internal", False),
        ({"status": "draft"}, "internal", False),
        ({}, "external", False),
    ],
)
def test_a_document_is_withheld_from_who_may_not_read_it(tmp_path, fields, edition, rule):
    secret = withheld(tmp_path, {"pilot-9.md": document("pilot-9", "One two three four five six.", **fields)}, edition)
    rules = {"withheld-text", "withheld-title", "withheld-id", "withheld-name"}
    text = "<p>one two three four five</p><p>Title of pilot 9</p><a id=pilot-9>what the page pilot 9 is</a>"
    assert found(secret, text, "pilot-9/index.html") == (rules if rule else set())


LATER = "/// effective\n    from: 2026-12-01\n\nSend the form within the next two hours.\n///"
OVER = LATER.replace("from: 2026-12-01", "until: 2026-11-23")
SENT = "<p>send the form within the next</p>"


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_a_passage_that_is_over_is_withheld_from_everybody_and_one_to_come_from_nobody(tmp_path, edition):
    over = withheld(tmp_path, {"a.md": document("a-page", f"Text.\n\n{OVER}\n")}, edition)
    assert found(over, SENT) == {"withheld-text"}
    assert control({"a.html": b""}, over) == []
    later = withheld(tmp_path, {"a.md": document("a-page", f"Text.\n\n{LATER}\n")}, edition)
    assert found(later, SENT) == set()
    assert control({"a.html": b""}, later) == []


@pytest.mark.parametrize("fields", [{"audience": "internal"}, {"status": "draft"}])
def test_a_passage_to_come_is_withheld_from_those_who_may_not_read_its_page(tmp_path, fields):
    docs = {"a.md": document("a-page", f"Text.\n\n{LATER}\n", **fields)}
    assert found(withheld(tmp_path, docs), SENT, "b.html") == {"withheld-text"}
    assert found(withheld(tmp_path, docs, "internal"), SENT, "b.html") == set()


def nested(outer, inner):
    """Return a passage in a passage, with the text of `inner` alone."""
    opened, _, text = outer.partition("\n\n")
    assert text
    return f"/{opened}\n\n{inner}\n////"


@pytest.mark.parametrize(
    "body", [nested(LATER, PASSAGE), nested(PASSAGE, LATER)], ids=["staff in later", "later in staff"]
)
def test_of_an_internal_and_a_later_passage_in_each_other_staff_see_all_and_others_nothing(tmp_path, body):
    docs = {"a.md": document("a-page", f"Text.\n\n{body}\n")}
    text = "<p>Accounts above 40 saves a minute</p>" if PASSAGE.split("\n\n")[1] in body else SENT
    secret = withheld(tmp_path, docs)
    assert found(secret, text) == {"withheld-text"}
    assert found(withheld(tmp_path, docs, "internal"), text) == set()
    index = {"search/search_index.json": json.dumps({"docs": [{"text": text}]}).encode()}
    assert control({"a/index.html": text.encode(), **index}, secret) == []
    assert {problem.rule for problem in control({"a/index.html": b"", **index}, secret)} == {"sweep-blind"}


def test_nobody_looks_for_an_internal_passage_in_which_nothing_holds_any_more(tmp_path):
    secret = withheld(tmp_path, {"a.md": document("a-page", f"Text.\n\n{nested(PASSAGE, OVER)}\n")})
    assert found(secret, SENT) == {"withheld-text"}
    assert control({"a/index.html": b""}, secret) == []


def test_of_a_case_to_come_only_a_line_is_shown_and_a_tree_whole(tmp_path):
    made = worked.project(worked.body(
        drawn=later(worked.tree()),
        cases=[later(worked.case("20", **worked.FORCED)), later(worked.case("X21", **worked.FORCED, set="golden",
               reason="Nobody may read why it is so."))],
    ))  # fmt: skip
    source, _ = made.load()
    view = staging.view(source, "external", DAY)
    secret = sweep.withheld(source, view, staging.project(view), {})
    assert found(secret, "<p>Title 20, Case G04-20</p>") == set()
    assert found(secret, f"<p>{worked.TEXT}</p>") == {"withheld-text"}
    assert found(secret, "<p>Nobody may read why it is so.</p>") == {"withheld-text"}
    assert found(secret, "<p>G04-X21</p>") == {"withheld-id"}
    assert found(secret, "<p>Does it force a file?</p>") == set()
    assert control({"a/index.html": b""}, secret) == []  # staff see no more of them


def later(text):
    return f"/// effective\n    from: 2026-12-01\n\n{text}\n\n///"


def test_fields_that_are_not_shown_are_withheld_if_they_hold_words(tmp_path, monkeypatch):
    monkeypatch.setattr(configuration, "ALWAYS_SHOWN", frozenset({"id", "type", "title"}))
    withheld(tmp_path, {})
    loaded = library.load(tmp_path).library
    for edition, hidden in (("external", {"docs/index.md"}), ("internal", set())):
        collector = withheld_module.Collector(loaded, staging.view(loaded, edition, DAY))
        collector.documents()
        assert {trace.source.path for trace in collector.traces} == hidden
        assert {trace.line for trace in collector.traces} == ({5} if hidden else set())


@pytest.mark.parametrize(
    "text", ["https://guide.corp.example/a/", "staff-branch", "git.corp.example", "trust/guide.git"]
)
def test_settings_of_other_editions_are_withheld(tmp_path, text):
    secret = withheld(tmp_path, {})
    rule = {"withheld-setting"} if text != "trust/guide.git" else set()
    assert found(secret, f"<p>{text}</p>") == rule
    assert found(secret, "<p>Internal. Staff</p>") == set()
    assert found(withheld(tmp_path, {}, "internal"), f"<p>{text}, vendor-branch</p>") == set()


def test_the_control_needs_each_source_on_a_page_and_something_in_the_index(tmp_path):
    docs = {
        "a.md": document("a-page", f"Text.\n\n{PASSAGE}\n\nMore text."),
        "b.md": document("b-page", "Nobody outside may read these words.", audience="internal"),
        "later.md": document("c-page", "In force only when the year is over.", valid_from="2027-01-01"),
        "only.md": document("only-page", f"Text.\n\n{INCLUDE}"),
        "snip.md": document("snippet-ask", "Words that stand in a snippet.", type="snippet", audience="internal"),
        "d.md": document("d-page", "Text.\n\n/// internal\n    reason: signal\n\nAsk.\n///"),
    }
    secret = withheld(tmp_path, docs)
    page = b"<p>Accounts above 40 saves a minute</p><p>words that stand in a snippet</p>"
    page += b"<p>nobody outside may read these</p>"
    index = json.dumps({"docs": [{"text": "nobody outside may read these"}]}).encode()
    good = [("a/index.html", page), ("search/search_index.json", index)]
    told = [(problem.path, problem.severity) for problem in control(dict(good), secret)]
    assert told == [("docs/d.md", "warning")]
    for bad, path in [
        ([("a/index.html", page[:80] + b"<a id=b-page>staff/b.md</a>"), good[1]], "docs/b.md"),
        ([("a/index.html", page[40:]), good[1]], "docs/a.md"),
        ([("a.txt", page), good[1]], "docs/b.md"),
        ([good[0], ("search/search_index.json", b"{}")], "docs/a.md"),
    ]:
        assert path in {problem.path for problem in control(dict(bad), secret) if problem.severity == "error"}


def test_messages_name_the_place_and_not_the_text(tmp_path):
    secret = withheld(tmp_path, {"a.md": document("a-page", f"Some text.\n\n{PASSAGE}\n\nMore text.")})
    (problem,) = sweep.sweep([("x/index.html", b"accounts above 40 saves a minute")], secret)
    assert (problem.path, problem.rule) == ("external site/x/index.html", "withheld-text")
    assert "passage docs/a.md:" in problem.message
    assert "saves" not in problem.message


@pytest.mark.parametrize(
    ("block", "plain"),
    [
        ("1. Do **not** `open` it", "Do not open it"),
        ('- [x] [Read](a.md "b") this[^1]', " Read this"),
        ('[`a-b`](x.md "T"){ .label .severity-low }. On', "a-b. On"),
        ("a \\* b &amp; c", "a  b & c"),
    ],
)
def test_markdown_is_read_as_its_reader_sees_it(block, plain):
    assert phrases.plain(block) == plain


def test_blocks_are_paragraphs_items_rows_and_headings():
    text = "one\ntwo\n\n- three\n  four\n- five\n\n| six | seven |\n|---|---|\n# eight\nnine"
    assert list(withheld_module._blocks(text, 7)) == [
        (7, "one\ntwo"), (10, "- three\n  four"), (12, "- five"), (14, "| six | seven |"), (15, "|---|---|"),
        (16, "# eight"), (17, "nine"),
    ]  # fmt: skip


def test_archives_are_bounded(monkeypatch):
    monkeypatch.setattr(containers, "MAX_UNPACKED", 100)
    assert list(containers.unpack(gzip.compress(b"x" * 99))) == [b"x" * 99]
    with pytest.raises(containers.DamagedError):
        list(containers.unpack(gzip.compress(b"x" * 100)))
    with pytest.raises(containers.DamagedError):
        list(containers.unpack(gzip.compress(b"x" * 60) * 2))


def test_what_an_override_says_is_a_secret_all_the_same_and_what_an_xml_template_says_is_none(tmp_path):
    docs = {"edit.md": document("a-page", "## Edit this page\n\nSomething else.", audience="internal")}
    (tmp_path / "overrides").mkdir()
    (tmp_path / "overrides/main.html").write_text("<!-- edit this page -->")
    assert found(withheld(tmp_path, docs), "<a>Edit this page</a>") == {"withheld-text"}
    theme = {"sitemap.xml": b"<!-- edit this page -->"}
    assert found(withheld(tmp_path, docs, theme=theme), "<a>Edit this page</a>") == set()


def test_a_withheld_file_with_the_bytes_of_one_that_is_shown_is_no_secret(tmp_path):
    docs = {"a.md": document("a-page", "[Get it](shown.txt)"), "b.md": document("b-page", "Text.", audience="internal")}
    data = b"accounts over seventy pins an hour are held\n"
    secret = withheld(tmp_path, docs, assets={"shown.txt": data, "kept.txt": data})
    assert found(secret, data, "x.txt") == set()
    assert found(secret, b"", "kept.txt") == {"withheld-name"}


@pytest.mark.parametrize(
    ("name", "data", "rules"),
    [
        ("x.png", b"\x89PNG\x00", {"withheld-file"}),
        ("index.png", b"\x89PNG\x00", {"withheld-file"}),
        ("x.png", b"", set()),
    ],
)
def test_a_file_without_words_is_known_though_nothing_else_is_withheld(tmp_path, name, data, rules):
    secret = withheld(tmp_path, {}, "internal", assets={name: data})  # no page shows it
    assert not secret.phrases
    assert found(secret, b"", "x/index.html") == ({"withheld-name"} if name == "x.png" else set())
    assert found(secret, data, "y.bin") == rules


def test_a_site_without_an_address_has_secrets_too(tmp_path):
    settings = SETTINGS.replace("site_url: https://guide.example/\n", "")
    docs = {"a.md": document("a-page", f"Text.\n\n{PASSAGE}\n")}
    assert found(withheld(tmp_path, docs, settings=settings), "rate-guard") == {"withheld-text"}


def test_a_file_that_cannot_be_read_to_its_end_is_a_problem(tmp_path):
    secret = withheld(tmp_path, {"a.md": document("a-page", f"Text.\n\n{PASSAGE}\n")})
    assert found(secret, gzip.compress(b"x" * 99)[:-9], "a.gz") == {"sweep-unreadable"}


def test_the_control_asks_nothing_of_an_index_nor_of_short_words_that_nobody_sees(tmp_path):
    index = {"search/search_index.json": b"{}"}
    assert control(index, withheld(tmp_path, {})) == []
    over = OVER.replace("Send the form within the next two hours.", "Ask.")
    assert control(index, withheld(tmp_path, {"a.md": document("a-page", f"Text.\n\n{over}\n")})) == []


# What is collected


def test_bits_are_cells_of_a_table_and_names_in_code():
    assert list(withheld_module._bits("  | hold-queue | *Two* words |")) == ["  ", " hold-queue ", " Two words ", ""]
    assert list(withheld_module._bits("Ask `rate-guard`, `two words` or a | b.")) == ["rate-guard"]


def test_a_row_of_spaces_parts_blocks_and_signs_inside_a_row_do_not():
    text = "one # 1\ntwo - three\n \nfour"
    assert list(withheld_module._blocks(text, 1)) == [(1, "one # 1\ntwo - three"), (4, "four")]


@pytest.mark.parametrize(
    ("name", "words"),
    [("glossary", None), ("W01", ("w01",)), ("notes-staff", ("notes", "staff")), ("G04.2", ("g04", "2"))],
)
def test_an_id_is_withheld_unless_it_is_a_plain_word(tmp_path, name, words):
    withheld(tmp_path, {})
    loaded = library.load(tmp_path).library
    collector = withheld_module.Collector(loaded, staging.view(loaded, "external", DAY))
    collector.identifier(withheld_module.Source("docs/a.md", 1, "document"), 1, name)
    assert set(collector.phrases) == ({words} if words else set())


CAKE = "A cake that nobody here has eaten stands in the window of a shop that sells none, and the link leads nowhere."


def kept_back(name="X21", **fields):
    return worked.case(name, **worked.FORCED, set="golden", **fields)


def guideline(body, **fields):
    """Return what two editions may not show of a library with one guideline, which the check may refuse."""
    source, _ = worked.project(body, **{"rules-g04": fields}).load()
    assert not source.problems
    views = [staging.view(source, edition, DAY) for edition in ("external", "internal")]
    return [sweep.withheld(source, view, staging.project(view), {}) for view in views]


def test_of_a_withheld_guideline_the_ids_of_its_clauses_and_cases_are_withheld():
    secret, _ = guideline(worked.body(), audience="internal")
    for name in ("G04.1", "G04-05"):  # G04.2 is an example of the page of days
        assert found(secret, f"<a>{name}</a>") == {"withheld-id"}


def test_of_a_case_kept_back_every_text_is_withheld_and_the_control_wants_it_seen():
    told = {"text": CAKE, "title": "Why this one is kept from them",
            "reason": "Nobody may read why it is so."}  # fmt: skip
    secret, internal = guideline(worked.body(cases=[*worked.needed(), kept_back(**told)]))
    for text in told.values():
        assert found(secret, f"<p>{text}</p>") == {"withheld-text"}
        assert found(internal, f"<p>{text}</p>") == set()
    assert [(one.path, one.rule) for one in control({"a/index.html": b""}, secret)] == [
        (f"docs/{worked.PATH}", "sweep-blind")
    ]
    assert control({"a/index.html": " ".join(told.values()).encode()}, secret) == []


def test_a_case_to_come_is_withheld_from_everybody_and_the_control_wants_it_nowhere():
    dated = later(worked.case("20", **worked.FORCED, text=CAKE))
    inside = f"//// internal\n    reason: signal\n\n{dated}\n\n////"
    for drawn in (dated, inside):
        secret, internal = guideline(worked.body(cases=[*worked.needed(), drawn]))
        assert found(secret, f"<p>{CAKE}</p>") == found(internal, f"<p>{CAKE}</p>") == {"withheld-text"}
        assert control({"a/index.html": b""}, secret) == []


def test_the_control_does_not_look_for_a_passage_of_which_all_is_over_whatever_stands_around_it(tmp_path):
    around = "Some words that are shown to everybody who reads."
    body = f"{OVER}\n\n{around}\n\n{nested(PASSAGE, OVER)}\n\n{around}\n\n{OVER}\n"
    assert control({"a/index.html": b""}, withheld(tmp_path, {"a.md": document("a-page", body)})) == []


def test_the_control_looks_for_a_snippet_only_where_a_page_includes_it(tmp_path):
    over = {"audience": "internal", "valid_from": "2026-01-01", "expires": "2026-11-02"}
    staff = {"type": "snippet", "audience": "internal"}
    docs = {
        "only.md": document("only-page", f"Text.\n\n{INCLUDE}"),
        "snip.md": document("snippet-ask", "Words that stand in a snippet.", **staff),
        "alone.md": document("snippet-alone", "Words that no page at all includes.", **staff),
        "part.md": document("snippet-part", f"Text.\n\n{PASSAGE}", type="snippet"),
        "over.md": document("over-page", 'Text.\n\n--8<-- "gone.md"', **over),
        "gone.md": document("snippet-gone", "Words that stood on a page that is over.", **staff),
    }
    secret = withheld(tmp_path, docs)
    assert found(secret, "words that no page at all includes") == {"withheld-text"}
    told = [(one.path, one.line) for one in control({"a/index.html": b""}, secret)]
    assert told == [("docs/snip.md", 1)]


def test_the_control_names_the_line_of_a_passage_and_minds_no_short_words_beside_longer_ones(tmp_path):
    secret = withheld(tmp_path, {"a.md": document("a-page", f"Text.\n\n{PASSAGE[:-3]}\nAsk.\n///\n")})
    assert [(one.line, one.severity) for one in control({"a/index.html": b""}, secret)] == [(15, "error")]


def test_of_a_withheld_document_nothing_is_collected_twice(tmp_path):
    docs = {"a.md": document("a-page", f"Text.\n\n{PASSAGE}\n", audience="internal")}
    secret = withheld(tmp_path, docs)
    assert {one for one in sources(secret) if one[0] == "docs/a.md"} == {("docs/a.md", "document")}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("How we see it", "withheld-title"),
        ("why lemons float", "withheld-title"),
        ("staff-room/notes", "withheld-name"),
        ("hold-list", "withheld-name"),
    ],
)
def test_a_title_a_summary_and_a_file_name_are_each_withheld(tmp_path, text, rule):
    docs = {
        "pilot.md": document(
            "pilot-9", "Text.", audience="internal", title="How we see it", summary="Why lemons float."
        ),
        "staff-room/notes.md": document("a-page", "Text.", audience="internal"),
        "staff/hold-list.md": document("b-page", "Text.", audience="internal"),
    }
    assert found(withheld(tmp_path, docs), f"<p>{text}</p>") == {rule}


def test_of_a_text_file_words_are_withheld_as_written_and_as_its_tags_let_them_be_read(tmp_path):
    data = b'<svg class="hold-queue for all">over <b>seventy</b> pins an hour</svg>'
    secret = withheld(tmp_path, {"b.md": document("b-page", "Text.", audience="internal")}, assets={"x.svg": data})
    for text in ("<p>over seventy pins an hour</p>", "svg class hold queue for"):
        assert found(secret, text) == {"withheld-text"}


def test_titles_and_readers_of_other_editions_are_withheld(tmp_path):
    settings = SETTINGS.replace("title: Internal", "title: The house of staff").replace(
        "readers: Staff", "readers: Those who work here"
    )
    secret = withheld(tmp_path, {}, settings=settings)
    for text in ("the house of staff", "those who work here"):
        assert found(secret, f"<p>{text}</p>") == {"withheld-setting"}


def test_words_of_fields_are_those_inside_lists_and_mappings_and_a_choice_has_none():
    assert list(withheld_module._texts({"a": ["x", {"b": "y"}], "c": 3})) == ["x", "y"]
    kinds = Literal["a", "b"]
    assert [withheld_module._is_choice(one) for one in (kinds, kinds | None, list[kinds], str, str | None)] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "parts"),
    [("Staff/Hold.list.md", {"staff", "hold"}), ("a/index.html", {"a"}), ("a//b/", {"a", "b"})],
)
def test_parts_of_a_path_are_its_names_in_small_letters(path, parts):
    assert withheld_module.parts_of(path) == parts

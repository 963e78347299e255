"""Text taken out of published releases: found whatever stands between its words, and nothing else touched."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import unicodedata
import zlib

import pytest
from guidebook import decoding, redaction, twins
from guidebook.problems import ProblemsError
from guidebook.redaction import MARK, Redactor, redact, sought
from guidebook.releases import ReleaseError
from hypothesis import example, given
from hypothesis import strategies as st

PHRASE = "Reviewers may skip the second look at night"
WORDS = PHRASE.casefold().split()
STAGED = hashlib.sha256(b"staged").hexdigest()


def sha(data):
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def page(text, path="index.html"):
    """What is left of a file that holds `text`."""
    done = redact({path: text.encode()}, [PHRASE])
    assert not done.problems
    return done.files[path].decode()


def words(text):
    """The words of a text as a person reads it, worked out without the code under test."""
    plain = re.sub(r"</?(?:b|em|i|span|code|strong)\b[^>]*>", "", text)
    plain = html.unescape(re.sub(r"<!--.*?-->|<[^>]*>|\]\([^)]*\)", " ", plain, flags=re.DOTALL))
    plain = unicodedata.normalize("NFKC", re.sub("[\u00ad\u200b*_`~]", "", plain)).casefold()
    return re.findall(r"[^\W_]+", plain)


def holds(text):
    found = words(text)
    return any(found[at : at + len(WORDS)] == WORDS for at in range(len(found)))


def test_the_check_of_these_tests_can_see():
    assert holds(f"<p>x {PHRASE}.</p>")
    assert holds("reviewers **may** <b>sk</b>ip&nbsp;the\nsecond</p><p>[look](x.md) at n\u00adight")
    assert not holds("reviewers may skip the look at night")


# What stands between the words.


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"<p>a {PHRASE}. b</p>", f"<p>a {MARK}. b</p>"),
        (f"<p>a {PHRASE.upper()}. b</p>", f"<p>a {MARK}. b</p>"),
        ("<p>reviewers\n  may skip the second look at\tnight</p>", f"<p>{MARK}</p>"),
        ("<p>reviewers <b>may</b> skip the second look at night</p>", f"<p>{MARK}<b></b></p>"),
        ("<p>reviewers may</p>\n<p>skip the second look at night</p>", f"<p>{MARK}</p><p></p>"),
        ("<b>reviewers may</b><i>skip</i> the second look at night", f"<b>{MARK}</b><i></i>"),
        ("re<b>view</b>ers may skip the second look at night", f"{MARK}<b></b>"),
        ("reviewers may skip the s&eacute;cond look", "reviewers may skip the s&eacute;cond look"),
        ("reviewers&nbsp;may&#32;skip the &#115;econd &amp; look at night!", f"{MARK}!"),
        ("re\u00adviewers may skip the sec\u200bond look at night", MARK),
        ("\uff32eviewers may skip the second look at night", MARK),
        ("reviewers may skip the second look<!-- a --> at night", f"{MARK}<!-- a -->"),
        (f"<!-- {PHRASE} -->", f"<!-- {MARK} -->"),
        ("<!-- reviewers <b>may</b> skip the second look at night -->", f"<!-- {MARK}<b></b> -->"),
        (f'<meta content="{PHRASE}. More">', f'<meta content="{MARK}. More">'),
        ('<a title="reviewers &quot;may&quot; skip the second look at night">x</a>', f'<a title="{MARK}">x</a>'),
        ('<a href="?q=reviewers%20may%20skip%20the%20second%20look%20at%20night&b=1">', f'<a href="?q={MARK}&b=1">'),
        ('<h2 id="reviewers-may-skip-the-second-look-at-night">x</h2>', f'<h2 id="{MARK}">x</h2>'),
        (
            '<p data-x="{&quot;a&quot;: &quot;reviewers\\nmay skip the second look at night&quot;}">',
            f'<p data-x="{{&quot;a&quot;: &quot;{MARK}&quot;}}">',
        ),
        (
            'reviewers may<sup id="fnref:1"><a href="#fn:1">1</a></sup> skip the second look at night',
            f'{MARK}<sup id="fnref:1"><a href="#fn:1">1</a></sup>',
        ),
        (f"<script>var a = '{PHRASE}'</script>", f"<script>var a = '{MARK}'</script>"),
        ("<script>a('Reviewers may\\u0020skip the second look at night')</script>", f"<script>a('{MARK}')</script>"),
        (f"{PHRASE}, {PHRASE}", f"{MARK}, {MARK}"),
    ],
)  # fmt: skip
def test_a_phrase_is_found_in_html_and_tags_stay(text, left):
    assert page(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("reviewers **may skip** the second look at night", MARK),
        ("**reviewers may** skip the second look at night", f"**{MARK}**"),
        ("reviewers may skip the _second look at night_", f"_{MARK}_"),
        ("reviewers may skip the _second look at night or day_ x", f"_{MARK} or day_ x"),
        ("**a reviewers may** skip the **second look at night b**", f"**a {MARK} b**"),
        ("reviewers may [skip the](a.md) second look at night", MARK),
        ("[x reviewers may](a.md) skip the second look at night", f"[x {MARK}](a.md)"),
        ("reviewers may skip the [second look at night x](a.md)", f"[{MARK} x](a.md)"),
        ("reviewers may skip the second [look] at night", MARK),
        ("reviewers may `skip` the second[^1] look at night", f"{MARK}[^1]"),
        ("- reviewers may\n- skip the second look at night\n", f"- {MARK}\n- \n"),
        ("1. reviewers may\n2. skip the second look at night\n", f"1. {MARK}\n2. \n"),
        ("| reviewers may | skip the second look at night |", f"| {MARK}| |"),
        ("| reviewers | may | skip the second look at night |", f"| {MARK}|| |"),
        ("reviewers_may skip*the second look at night", MARK),
        ("reviewers may skip\n\nthe second look at night\n", f"{MARK}\n\n\n"),
        (f"{PHRASE}: x\n", f"{MARK} : x\n"),
        (f"{PHRASE}(x)\n", f"{MARK} (x)\n"),
        ("## Reviewers may skip { #a .b }\nthe second look at night", f"## {MARK}{{ #a .b }}"),
        ("a <b reviewers may skip the second look at night", f"a <b {MARK}"),
        ("a <b reviewers may skip the second look at night > c", f"a <b {MARK} > c"),
        ("```\nreviewers may skip the second look at night\n```", f"```\n{MARK}\n```"),
    ],
)
def test_a_phrase_is_found_in_markdown_and_what_stands_around_it_stays(text, left):
    text, left = f"{text}", f"{left}"
    assert page(text, "a/index.md") == left


@pytest.mark.parametrize(
    "text",
    [
        "reviewers may skip the look at night",
        "reviewers may skip the second look at nights",
        "previewers may skip the second look at night",
        "reviewers may skip the second look. Not at night",
        '<a title="reviewers may skip">the second look at night</a>',
        '<a title="reviewers may skip" alt="the second look at night">',
    ],
)
def test_other_text_is_left_alone(text):
    files = {"index.html": text.encode(), "search/search_index.json": json.dumps([text]).encode()}
    done = redact(files, [PHRASE])
    assert done.files == files
    assert not done.counts
    assert not done.problems


def test_json_stays_json_and_its_strings_are_read_one_by_one():
    said = {
        "text": "<p>Reviewers <em>may</em>\nskip the \u201csecond\u201d look at night.</p>",
        "list": ["reviewers may skip", "the second look at night"],
        "reviewers may skip": "the second look at night",
        "more": [{"a": 'x "reviewers may" skip the second look at night\\'}],
    }
    left = {
        **said,
        "text": f"<p>{MARK}<em></em>.</p>",
        "more": [{"a": f'x "{MARK}\\'}],
    }
    for ascii_only in (True, False):
        for indent in (None, 1):
            before = json.dumps(said, ensure_ascii=ascii_only, indent=indent)
            after = page(before, "search/search_index.json")
            assert json.loads(after) == left
            assert after == json.dumps(left, ensure_ascii=ascii_only, indent=indent)


def test_lines_of_json_keep_all_but_the_words():
    rows = [{"id": "a", "text": f"x\n{PHRASE}"}, {"id": "b", "text": "y"}]
    before = "".join(json.dumps(row) + "\n" for row in rows)
    after = page(before, "cases.jsonl")
    assert [json.loads(line) for line in after.splitlines()] == [{"id": "a", "text": f"x\n{MARK}"}, rows[1]]


def test_words_of_another_alphabet_are_found_in_every_form():
    phrase = "Проверяющие могут пропустить второй взгляд"
    files = {
        "a.html": f"<p>{phrase.upper()}</p>".encode(),
        "b.json": json.dumps({"a": phrase}).encode(),
        "c.html": "".join(f"&#{ord(sign)};" for sign in phrase).encode(),
        "d.html": "<p>Проверяющие <b>могут</b> пропустить второ\u0438\u0306 взгляд</p>".encode(),
    }
    done = redact(files, [phrase])
    assert not done.problems
    assert [sum(done.counts[path].values()) for path in files] == [1, 1, 1, 1]
    assert json.loads(done.files["b.json"]) == {"a": MARK}


def test_an_unpacked_sitemap_is_packed_again():
    xml = f"<urlset><url><loc>https://x/</loc><!--{PHRASE}--></url></urlset>".encode()
    other = gzip.compress(b"<urlset/>", mtime=7)
    done = redact({"sitemap.xml.gz": gzip.compress(xml, mtime=7), "other.gz": other}, [PHRASE])
    assert not done.problems
    assert gzip.decompress(done.files["sitemap.xml.gz"]) == xml.replace(PHRASE.encode(), MARK.encode())
    assert done.files["sitemap.xml.gz"][4:8] == (7).to_bytes(4, "little")
    assert done.files["other.gz"] == other


def test_the_places_of_each_phrase_are_counted_by_path():
    other = "Nobody looks at accounts on Sundays"
    files = {"a.html": f"<p>{PHRASE}</p><p>{other}</p><p>{PHRASE}</p>".encode(), "b.html": b"<p>x</p>"}
    done = redact(files, [PHRASE, other])
    assert done.counts == {"a.html": {1: 2, 2: 1}}
    assert done.files["b.html"] is files["b.html"]


def test_a_phrase_that_another_one_holds_or_overlaps_goes_as_well():
    files = {"a.html": b"<p>one two three four five six seven eight nine ten</p>"}
    done = redact(files, ["three four five six", "one two three four five six seven", "seven eight nine ten"])
    assert done.files["a.html"] == f"<p>{MARK} eight nine ten</p>".encode()
    assert not done.problems
    assert done.files["a.html"] == redact(done.files, ["one two three four five six seven"]).files["a.html"]


# Anything around it.

INNOCENT = st.text(alphabet="aou ,.<>&;\"'()[]*_`|\\/%#{}\n1-:=!?\u00e9\u2026\u0416", max_size=40)
TAGS = st.sampled_from(["<b>", "</b>", "<p>", "</p>", "<br/>", '<a href="x">', "</a>", "<li>", "<!-- a b -->"])
HTML_GAPS = st.lists(st.sampled_from([" ", "\n", "&nbsp;", "&#32;", "&mdash;", ", ", "\u00a0"]) | TAGS, max_size=4)


def rendered(draw, gaps, inside):
    """The phrase with something between its words, and something inside some."""
    said = []
    for number, word in enumerate(PHRASE.split()):
        gap = "".join(draw(gaps))
        said += [gap if not number or words(f"a{gap}a") == ["a", "a"] else f"{gap} "] if number else []
        form = draw(st.sampled_from([word, word.upper(), word.title()]))
        cut = draw(st.integers(1, len(word) - 1))
        said.append(f"{form[:cut]}{draw(st.sampled_from(inside))}{form[cut:]}")
    return "".join(said)


@st.composite
def in_html(draw):
    around = st.lists(st.text(alphabet="aou .,1\n", max_size=9) | TAGS | st.sampled_from(["&amp;", "&lt;"]), max_size=6)
    return ".".join(
        [
            "".join(draw(around)),
            rendered(draw, HTML_GAPS, ["", "", "", "\u00ad", "</b>", "<em>"]),
            "".join(draw(around)),
        ]
    )


@given(in_html())
@example(f"<p>{PHRASE}</p>")
def test_in_any_html_it_is_gone_and_all_tags_stay(text):
    assert holds(text)
    done = redact({"a.html": text.encode()}, [PHRASE])
    assert not done.problems
    left = done.files["a.html"].decode()
    assert not holds(left)
    assert MARK in left
    tags = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
    assert tags.findall(left) == tags.findall(text)
    before, after = tags.sub("", left).split(MARK)
    assert tags.sub("", text).startswith(before)
    assert tags.sub("", text).endswith(after)
    assert redact(done.files, [PHRASE]).files == done.files


@given(INNOCENT, INNOCENT, st.booleans(), st.sampled_from([None, 1]))
def test_in_any_json_string_it_is_gone_and_all_else_stays(before, after, ascii_only, indent):
    data = [{"a": f"{before} {PHRASE} {after}", "b": before, "c": {"d": [after, 1, None]}}]
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    done = redact({"a.json": text.encode()}, [PHRASE])
    assert not done.problems
    left = json.loads(done.files["a.json"])
    assert left == [{**data[0], "a": f"{before} {MARK} {after}"}]


@given(INNOCENT, INNOCENT, st.data())
def test_in_any_markdown_it_is_gone_and_all_else_stays(before, after, data):
    gaps = st.lists(
        st.sampled_from([" ", "\n", " **", "** ", " _", "_ ", " `", "` ", "](x.md) ", " [", "\n> ", "\n\n"]), max_size=3
    )
    said = rendered(data.draw, gaps, [""])
    text = f"{before} {said} {after}"
    done = redact({"a.md": text.encode()}, [PHRASE])
    assert not done.problems
    left = done.files["a.md"].decode()
    assert not holds(left)
    assert MARK in left
    assert left.startswith(before)
    assert left.endswith(after)


@given(INNOCENT)
def test_what_does_not_hold_it_is_the_same_to_the_byte(text):
    files = {path: text.encode() for path in ("a.html", "a.md", "a.json", "a.js", "a.css")}
    done = redact(files, [PHRASE])
    assert done.files == files
    assert not done.counts


@given(st.binary(max_size=60))
def test_any_bytes_at_all_are_read(data):
    files = dict.fromkeys(("a.html", "a.md", "a.json", "a.png", "a.gz"), data)
    assert redact(files, [PHRASE]).files == files


# Hashes, which tell a guess from the truth.


def clause(number, title, text):
    name = f"G04.{number}"
    return {
        "id": name,
        "anchor": f"g04-{number}",
        "title": title,
        "text": text,
        "sha256": sha(f"{name}\n{title}\n{text}\n"),
    }


def release(secret=PHRASE):
    """The files of a small release whose second clause holds the text, and whose third does not."""
    clauses = [
        clause(1, "One", "First."),
        clause(2, "Two", f"At **times** {secret}, if\nneeded."),
        clause(3, "Three", "Third."),
    ]
    rows = [
        {"id": "G04", "url": "g04/", "markdown": "g04/index.md", "sha256": sha(f"page {secret}"), "clauses": clauses},
        {"id": "home", "title": "Home", "url": "", "markdown": "index.md", "sha256": sha("home")},
        {"id": "faq", "url": "f/", "markdown": "f/index.md", "sha256": sha(f"faq {secret}"), "summary": f"So {secret}"},
    ]  # fmt: skip
    heads = "".join(
        f'<h3 data-sha256="{one["sha256"]}" id="{one["anchor"]}">{one["title"]}</h3><p>{one["text"]}</p>'
        for one in clauses
    )
    marked = "".join(f"### {one['id']} {{ data-sha256={one['sha256']} }}\n\n{one['text']}\n\n" for one in clauses)
    files = {
        "catalog.json": json.dumps({"format": 2, "documents": rows}, indent=1).encode(),
        "g04/index.html": heads.encode(),
        "g04/index.md": marked.encode(),
        "index.html": b"<p>Home</p>",
        "index.md": b"Home\n",
        "f/index.md": b"FAQ\n",
        "picture.png": b"\x89PNG\r\n" + bytes(range(256)),
    }
    return files | {"manifest.json": twins.manifest("external", "2026.11.23", STAGED, files.items())}


def test_the_hashes_of_changed_clauses_and_pages_agree_again_everywhere():
    before = release()
    done = redact(before, [PHRASE])
    assert not done.problems
    rows = json.loads(done.files["catalog.json"])["documents"]
    old = json.loads(before["catalog.json"])["documents"]
    assert rows[0]["clauses"][1]["text"] == f"At **times** {MARK}, if\nneeded."
    for one, other in zip(rows[0]["clauses"], old[0]["clauses"], strict=True):
        assert one["sha256"] == sha(f"{one['id']}\n{one['title']}\n{one['text']}\n")
        assert (one["sha256"] == other["sha256"]) is (one["id"] != "G04.2")
        for path in ("g04/index.html", "g04/index.md"):
            assert one["sha256"].encode() in done.files[path]
    assert [row["sha256"] for row in rows] == [sha(done.files["g04/index.md"]), sha("home"), sha(b"FAQ\n")]
    gone = {old[0]["sha256"], old[0]["clauses"][1]["sha256"], old[2]["sha256"], STAGED, sha(before["g04/index.md"])}
    assert gone <= done.digests
    assert not any(total.encode() in data for total in gone for data in done.files.values())
    assert done.files["picture.png"] == before["picture.png"]
    assert done.files["index.html"] == before["index.html"]


def test_a_page_whose_markdown_alone_held_it_has_another_hash():
    before = release() | {"index.md": f"Home. {PHRASE}\n".encode()}
    done = redact(before, [PHRASE])
    rows = json.loads(done.files["catalog.json"])["documents"]
    assert rows[1]["sha256"] == sha(f"Home. {MARK}\n")


def test_the_manifest_has_the_sums_of_the_files_as_they_are_and_no_staged_tree():
    done = redact(release(), [PHRASE])
    said = json.loads(done.files["manifest.json"])
    rest = {path: data for path, data in done.files.items() if path != "manifest.json"}
    assert done.files["manifest.json"] == twins.manifest("external", "2026.11.23", "0" * 64, rest.items())
    assert said["files"] == {path: sha(data) for path, data in sorted(rest.items())}
    assert STAGED in done.digests


def test_what_is_left_does_not_depend_on_the_text():
    other = "Moderators can pass over every check on Sundays"
    one, two = redact(release(), [PHRASE]), redact(release(other), [other])
    assert one.files == two.files
    assert one.files != release()


def test_a_release_without_the_text_is_the_same_to_the_byte_unless_it_names_a_hash():
    digests = {sha("a"): sha("b")}
    redactor = Redactor(sought([PHRASE]))
    clean = release("nothing of the kind at all")
    assert redactor.redact(clean, digests).files == clean
    listed = clean | {"list.json": json.dumps([sha("a"), sha("c")]).encode()}
    done = redactor.redact(listed, digests)
    assert json.loads(done.files["list.json"]) == [sha("b"), sha("c")]
    assert json.loads(done.files["manifest.json"])["staged"] == "0" * 64


def test_running_it_twice_changes_nothing():
    once = redact(release(), [PHRASE])
    twice = redact(once.files, [PHRASE])
    assert twice.files == once.files
    assert not twice.counts
    assert not twice.digests


@pytest.mark.parametrize(
    "data", [b"{", b"[]", b'{"documents": [1]}', b"[" * 100_000, b'{"documents": [{"clauses": [{}]}]}']
)
def test_a_damaged_catalog_is_refused(data):
    files = release() | {"catalog.json": data}
    if data == b'{"documents": [{"clauses": [{}]}]}':
        assert redact(files, [PHRASE]).files["catalog.json"] == data  # there is no clause to hash anew
        return
    with pytest.raises(ReleaseError, match=r"^catalog\.json: expected the catalog of a release"):
        redact(files, [PHRASE])


def test_a_damaged_manifest_is_refused():
    with pytest.raises(ReleaseError, match=r'^manifest\.json: expected an object with "staged"'):
        redact(release() | {"manifest.json": b"{}"}, [PHRASE])


# What cannot be mended is refused.


def rules(files):
    return [(problem.path, problem.rule) for problem in redact(files, [PHRASE]).problems]


def test_a_name_that_holds_it_is_refused_and_not_repeated():
    path = "faqs/reviewers-may-skip-the-second-look-at-night/index.html"
    done = redact({path: b"x"}, [PHRASE])
    (problem,) = done.problems
    assert (problem.path, problem.rule) == (f"faqs/{MARK}/index.html", "removed-name")
    assert "second" not in str(problem)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.html", f'<img src="data:text/plain;base64,{base64.b64encode(PHRASE.encode()).decode()}">'.encode()),
        ("a.png", b"\x89PNG\r\n\0tEXtComment\0" + PHRASE.encode() + b"\0"),
        ("a.png", b"\x89PNG\r\n\0zTXt" + zlib.compress(PHRASE.encode()) + b"\0\xff"),
        ("a.txt", PHRASE.encode("utf-16")),
        ("a.json", json.dumps({PHRASE: 1}).encode()),
        ("a.gz", gzip.compress(b"x" * 100, mtime=0)[:-9]),
        ("a.html", PHRASE.encode() + b"\xff"),
    ],
    ids=["base64", "png text", "png zipped", "utf-16", "json key", "gzip cut off", "no utf-8"],
)
def test_a_place_that_only_the_sweep_can_see_is_refused(path, data):
    assert rules({path: data, "b.html": b"<p>x</p>"}) == [(path, "removed-place")]


def test_a_finder_that_overlooks_it_is_caught_by_the_sweep(monkeypatch):
    files = release()
    assert rules(files) == []
    monkeypatch.setattr(decoding, "edits", lambda *_, **__: [])
    assert {path for path, rule in rules(files)} == {"catalog.json", "g04/index.html", "g04/index.md"}


def test_a_finder_that_cuts_too_much_is_caught(monkeypatch):
    def greedy(text, phrases, **_):
        return [(0, len(text), MARK, 1)] if PHRASE in text else []

    monkeypatch.setattr(decoding, "edits", greedy)
    files = {"a.html": f"<p>{PHRASE}</p>".encode(), "a.json": json.dumps([PHRASE]).encode()}
    assert rules(files) == [("a.html", "removed-form"), ("a.json", "removed-form")]


def test_parts_that_still_stand_are_named():
    files = {"a.html": f"<p>{PHRASE}</p>".encode(), "b.html": b"<p>Reviewers may skip the second glance at night</p>"}
    done = redact(files, [PHRASE])
    assert set(done.partly) == {"b.html"}
    assert done.partly["b.html"] == {("reviewers", "may", "skip", "the", "second")}
    assert not done.problems


@pytest.mark.parametrize(
    ("text", "short", "message"),
    [
        ("40 saves", False, "found 2 and 7,"),
        ("a b c", False, "found 3 and 3,"),
        ("extraordinarily long", False, "found 2 and 19,"),
        ("...", True, "found 0;"),
        ("[removed]", True, "words other than that of the mark"),
        ("", True, "found 0;"),
    ],
)
def test_a_phrase_that_would_hit_innocent_text_is_refused_without_repeating_it(text, short, message):
    with pytest.raises(ProblemsError) as caught:
        redact({}, [PHRASE, text], short=short)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("phrases", 2)
    assert message in problem.message
    assert not text.strip(".") or text == "[removed]" or text not in str(problem)


def test_a_short_phrase_is_whole_words_only():
    done = redact({"a.html": b"<p>140 saves, 40 saves, <b>40</b> saves, 40 saveset</p>"}, ["40 saves"], short=True)
    assert done.files["a.html"] == f"<p>140 saves, {MARK}, <b>{MARK}</b>, 40 saveset</p>".encode()


def test_the_lines_of_a_source_that_hold_it_are_named():
    redactor = Redactor(sought([PHRASE]))
    assert redactor.lines("a.md", f"a\n\nb {PHRASE}\nreviewers may\nskip the second look at night\n") == [3, 4]
    assert redactor.lines("a.md", "a\n") == []


def test_a_hash_is_told_from_other_text():
    assert redaction.tells(f"a {sha('a')} b".encode(), [sha("a")])
    assert not redaction.tells(f"a {sha('b')} b".encode(), [sha("a")])


@pytest.mark.parametrize(
    ("text", "fits"), [("abcd efg hijk", False), ("abcd efgh ijkl", True), ("abcdef ghijkl", False)]
)
def test_a_phrase_has_three_words_and_twelve_letters(text, fits):
    if fits:
        assert len(sought([text])) == 1
    else:
        with pytest.raises(ProblemsError):
            sought([text])


KEYED = b'{"the secret words to go": "x"}\n'


def test_the_same_bytes_are_read_as_what_each_file_is():
    names = ["a.txt", "a.json", "a.md", "a.jsonl", "a.html", "a", "a.json.gz"]
    files = {name: gzip.compress(KEYED, mtime=0) if name.endswith(".gz") else KEYED for name in names}
    for order in (names, names[::-1]):
        done = redact({name: files[name] for name in order}, ["the secret words to go"])
        kept = {name for name, data in done.files.items() if data == files[name]}
        assert kept == {"a.json", "a.jsonl", "a.json.gz"}  # the name of a field is not ours to change
        assert {(one.path, one.rule) for one in done.problems} == {(name, "removed-place") for name in kept}


def test_a_packed_file_keeps_its_moment():
    data = gzip.compress(b"Here are the secret words to go away.", mtime=0x5A000001)
    done = redact({"a.txt.gz": data}, ["the secret words to go"]).files["a.txt.gz"]
    assert gzip.decompress(done) == b"Here are [removed] away."
    assert done[4:8] == data[4:8]


def test_a_file_that_is_no_text_is_not_mended():
    data = b"Here are the secret words to go away.\0"
    done = redact({"a.bin": data}, ["the secret words to go"])
    assert done.files == {"a.bin": data}
    assert [one.rule for one in done.problems] == ["removed-place"]


def test_a_text_file_is_read_as_markdown():
    done = redact({"llms.txt": b"Here are the secret[^1] words to go away."}, ["the secret words to go"])
    assert done.files["llms.txt"].startswith(b"Here are [removed]")
    assert b"secret" not in done.files["llms.txt"]


def test_a_name_is_refused_though_a_sign_stands_inside_a_word_of_it():
    done = redact({"the-sec~ret-words-to-go.html": b"Text."}, ["the secret words to go"])
    assert [one.rule for one in done.problems] == ["removed-name"]


@pytest.mark.parametrize(
    "written",
    [
        r"the \u{73}ecret words to go", r"the \u0073ecret words to go", r"the \x73ecret words to go",
        r"the \73 ecret words to go", "the%20%73ecret%20words%20to%20go", r"the\nsecret\twords to go",
        "the &lt;b&gt;secret&lt;/b&gt; words to go", "the &#x73;ecret words to go",
        r"\u{110000} the \u{73}ecret words to go",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ['<a title="{}">x</a>', "<script>a = '{}'</script>", "<!-- {} -->", "<p>{}</p>"])
def test_words_are_found_in_each_writing_wherever_it_stands(written, around):
    done = redact({"a.html": around.replace("{}", written).encode()}, ["the secret words to go"])
    assert not done.problems
    assert MARK.encode() in done.files["a.html"]
    assert b"ecret" not in done.files["a.html"]

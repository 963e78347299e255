"""What `check` says about mistakes: one file of `check/` for each, on top of the small clean library in `library/`.

A case changes that library (`files`, `edits`, `delete`, `binary` in hex, `repeat`, `links`, `pipes`, `limits`) and
holds the problems this prints. `released` lists how the library was released before, one release a day up to the day
before: changes of the clean library too, of the same shape. `pytest tests/golden --update-golden` writes them anew;
read the difference as an editor would.
"""

import ast
import datetime as dt
import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from guide_cli import pipeline
from guidebook import history, library, promises, schedule, sources
from guidebook.history import Past
from guidebook.problems import errors, ordered

HERE = Path(__file__).parent
CASES = sorted((HERE / "check").glob("*.yml"))
CORE = HERE.parents[1] / "hooks" / "guidebook"
# The modules that read and check a library; the others speak of what is staged, built or published.
MODULES = (
    "sources", "frontmatter", "metadata", "wording", "lookalikes", "masking", "passages", "markup", "references",
    "rules", "ids",
    "images", "library", "documents", "glossary", "configuration",
    "blocks", "trees", "cases", "decisions", "labels", "language", "sufficiency", "prompts", "steps", "workflows",
    "readability", "fields", "signoffs", "announcements", "permanence", "numbering",
)  # fmt: skip
DAY = dt.date(2026, 11, 23)
# Root may read everything: a test of the unit that reads files stubs the system for it. And a clause stands on the page
# of its id or is refused, so that it moved is known only of releases from before that rule.
ELSEWHERE = {"not-readable", "moved-clause"}
JARGON = re.compile(
    r"\bNone\b|(?i:\^|\\d|\[a-z|regex|pattern|schema|pydantic|valid (string|date|list)|should (be|match|have)|input|"
    r"traceback|dict|NoneType|\bmapping\b|scalar|str\b|token(?!s\b)|extra_forbidden)"
)


def make(case, root):
    """Write the library of a case to the folder `root`."""
    shutil.copytree(HERE / "library", root, dirs_exist_ok=True)
    for path in case.get("delete", ()):
        target = root / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    written = {path: text.encode() for path, text in case.get("files", {}).items()}
    written |= {path: bytes.fromhex(text) for path, text in case.get("binary", {}).items()}
    for path, (part, times, *end) in case.get("repeat", {}).items():
        written[path] = (case.get("before", {}).get(path, "") + part * times + "".join(end)).encode()
    for path, data in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    for path, edits in case.get("edits", {}).items():
        text = (root / path).read_text("utf-8")
        for old, new in edits.items():
            assert old in text, f"{path} has no {old!r}"
            text = text.replace(old, new, 1)
        (root / path).write_text(text, "utf-8")
    for path, target in case.get("links", {}).items():
        (root / path).symlink_to(target)
    for path in case.get("pipes", ()):
        os.mkfifo(root / path)


def check(root, pasts):
    """Return the problems of the library at `root` as `check` finds them; `pasts` are the editions' last releases."""
    loaded = library.load(root)
    if loaded.library is None:
        return loaded.problems
    problems = schedule.check(loaded.library, DAY)
    if errors(problems):
        return problems
    asked = loaded.library, list(loaded.library.configuration.editions), DAY, pasts
    return ordered([*problems, *promises.check(*asked), *promises.ahead(*asked)])


def released(cases, root):
    """Return the last release of each edition when the libraries of these cases were released, one on each day."""
    pasts = {}
    for left, case in zip(range(len(cases), 0, -1), cases, strict=True):
        day = DAY - dt.timedelta(left)
        make(case, root / str(left))
        made = library.load(root / str(left)).library
        assert errors(schedule.check(made, day)) == []
        for one in pipeline.stage(made, list(made.configuration.editions), day):
            release = f"{day:%Y.%m.%d}"
            dated = history.dated(one.tree, release, pasts.get(one.name, Past()))
            pasts[one.name] = Past(release, dated.tree[history.CATALOG], dated.timeline)
    return pasts


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_mistake_is_reported_as_written(file, tmp_path, monkeypatch, request):
    case = yaml.safe_load(file.read_text("utf-8"))
    for name, limit in case.get("limits", {}).items():
        monkeypatch.setattr(sources, name, limit)
    make(case, tmp_path / "now")
    pasts = released(case.get("released", ()), tmp_path)
    found = [str(problem) for problem in check(tmp_path / "now", pasts)]
    if request.config.getoption("--update-golden"):
        kept = file.read_text("utf-8").split("\nproblems:")[0].rstrip("\n")
        lines = [yaml.safe_dump([line], width=10_000, allow_unicode=True).strip() for line in found]
        file.write_text("\n".join([kept, "problems:" + " []" * (not lines), *lines]) + "\n", "utf-8")
        return
    assert found == case["problems"]
    assert len(found) == len(set(found))


CLEAN = [file for file in CASES if "\nproblems: []" in file.read_text("utf-8")]


@pytest.mark.parametrize("file", CLEAN, ids=lambda file: file.stem)
def test_without_a_mistake_each_edition_is_staged_on_each_day_ahead_and_names_only_what_is_there(file, tmp_path):
    make(yaml.safe_load(file.read_text("utf-8")), tmp_path / "now")
    made = library.load(tmp_path / "now").library
    for day in [DAY, *schedule.boundaries(made, DAY)]:
        for one in pipeline.stage(made, list(made.configuration.editions), day):
            rows = json.loads(one.tree[history.CATALOG])["documents"]
            there = {row["id"] for row in rows}
            assert {name for row in rows for name in row.get("labels", ())} <= there, (one.name, day)
            clauses = {clause["id"] for row in rows for clause in row.get("clauses", ())}
            assert clauses.isdisjoint(name for row in rows for name in row.get("retired", ()))


def printed():
    return {file.stem: yaml.safe_load(file.read_text("utf-8"))["problems"] for file in CASES}


def slugs():
    """Return every rule that the core can name, from its source."""
    found = set()
    for file in [CORE / f"{name}.py" for name in MODULES]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            parts = []
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = {"Problem": 2, "_problem": 2, "Fault": 1, "Broken": 0, "fault": 1}.get(name)
                parts = (
                    node.args[1:3] if name == "refuse" else node.args[place : place + 1] if place is not None else []
                )
            elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
                parts = node.elts[1:2] if file.stem in {"images", "masking"} else []
            elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
                parts = node.value.elts[1:2]
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "rule":
                parts = [node.value]
            parts = [part for part in parts if not isinstance(part, ast.JoinedStr)]  # that is a message
            values = [one for part in parts for one in ast.walk(part) if isinstance(one, ast.Constant)]
            found |= {one.value for one in values if re.fullmatch(r"[a-z]{2,}(-[a-z]+)*", str(one.value))}
    return found


def test_every_rule_has_a_case():
    known = slugs()
    assert len(known) > 50, "the source is not read as this test thinks"
    assert {"front-matter", "raw-html", "comment", "code-fence", "image", "broken-link", "passage-balance"} <= known
    shown = {line.rsplit("[", 1)[1][:-1] for lines in printed().values() for line in lines}
    assert known - shown == ELSEWHERE


def test_ten_mistakes_are_ten_problems():
    assert len(printed()["ten-mistakes"]) == 10
    assert printed()["clean"] == []


def test_messages_are_sentences_in_plain_words():
    for name, lines in printed().items():
        for line in lines:
            said, *difference = re.fullmatch(r"(.*) \[[a-z-]+\]", line, re.DOTALL)[1].split("\n")
            place, message = re.fullmatch(r"([^:]+(?::\d+)): (?:warning: )?(.*)", said).groups()
            assert place, (name, line)
            assert all(row.startswith("  ") for row in difference), (name, line)
            plain = re.sub(r"`[^`]*`+", "", message)
            assert not JARGON.search(plain), (name, line)
            assert message.endswith((".", "?", "?).")), (name, line)
            assert len(message) < 420, (name, line)

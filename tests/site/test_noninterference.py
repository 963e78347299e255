"""Built sites: with MkDocs and nothing of ours, an external site is the same to the byte, whatever is internal."""

import datetime as dt
import logging
import re
import shutil
from pathlib import Path
from random import Random

import pytest
from changes import CHANGES
from guidebook import library, rules, staging
from guidebook.library import OVERRIDES, read_overrides
from guidebook.problems import errors
from libraries import EXTERNAL, INTERNAL, grow, trees
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 23)
STEPS = ("add_a_page", "add_a_question", "add_a_label", "add_a_passage", "delete_a_passage",
         "edit_the_internal_edition", "add_an_edition", "add_a_term", "add_a_file", "rename_a_page", "put_a_page_first",
         "comment_on_the_settings")  # fmt: skip


class Warnings(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Build a staged tree and return the bytes of every file of the site; any warning fails."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")

    def make(tree, name):
        staging.write(tree, tmp_path / name)
        heard = Warnings()
        log = logging.getLogger("mkdocs")
        log.addHandler(heard)
        try:
            config = load_config(str(tmp_path / name / "mkdocs.yml"), site_dir=str(tmp_path / f"{name}-site"))
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
        finally:
            log.removeHandler(heard)
        assert heard.lines == []
        out = tmp_path / f"{name}-site"
        files = {file.relative_to(out).as_posix(): file.read_bytes() for file in out.rglob("*") if file.is_file()}
        for path in tree:
            if path.startswith("docs/") and path.endswith(".md"):
                stem = path.removeprefix("docs/").removesuffix(".md").removesuffix("index").rstrip("/")
                assert f"{stem}/index.html".lstrip("/") in files
        assert "search/search_index.json" in files
        return files

    return make


def differing(one, other):
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_external_site_of_a_random_library_is_the_same(seed, site):
    project = grow(seed, 2)
    project.settings["theme"]["custom_dir"] = OVERRIDES
    project.overrides = read_overrides(ROOT / OVERRIDES)
    before = trees(project)
    changed = project
    for name in STEPS:
        trial = changed.copy()
        if CHANGES[name](Random(seed), trial) and trees(trial):
            changed = trial
    after = trees(changed)
    outside = site(before[EXTERNAL], "before")
    assert differing(outside, site(after[EXTERNAL], "after-some-edits")) == []
    inside = site(after[INTERNAL], "inside")
    tokens = {token for data in inside.values() for token in re.findall(rb"secret-\d+", data)}
    assert len(tokens) > 10
    assert {path for path, data in outside.items() if b"secret-" in data or b"secret-" in path.encode()} == set()


def test_the_external_site_of_this_library_is_the_same(site, tmp_path):
    other = tmp_path / "other"
    for name in (library.DOCS, OVERRIDES):
        shutil.copytree(ROOT / name, other / name)
    shutil.copy(ROOT / "mkdocs.yml", other)
    token = "zqcanary"
    edited = 0
    for file in sorted((other / "docs").rglob("*.md")):
        text = file.read_text()
        internal = "\naudience: internal\n" in text
        if internal:
            text = re.sub(r"(?m)^title: .*$", f"title: {token} {edited}", text)
            text = re.sub(r"(?m)^summary: .*$", f"summary: {token}.", text)
        else:
            text = re.sub(r"(?m)^review_by: 2\d\d\d", "review_by: 2039", text)
            text = (
                text.rstrip("\n")
                + f"\n\n\n/// internal\n    reason: legal\n\n## {token} head\n\n| {token} |\n|---|\n| x |\n\n\n///\n"
            )
        file.write_text(text)
        edited += 1
    head = re.split(r"(?m)^---\n", (other / "docs" / "handbook" / "index.md").read_text())[1]
    head = re.sub(r"(?m)^id: .*$", f"id: {token}", head)
    (other / "docs" / "labels" / f"{token}.md").write_text(f"---\n{head}---\n\nOnly staff read {token}.\n")
    settings = (other / "mkdocs.yml").read_text()
    settings = settings.replace("readers: Staff only", f"readers: {token}").replace(
        "title: Internal", f"title: {token}"
    )
    (other / "mkdocs.yml").write_text(f"# {token}\n{settings}")
    found = []
    for root in (ROOT, other):
        loaded = library.load(root).library
        assert loaded is not None
        assert errors(rules.check(loaded, TODAY)) == []
        found.append({name: staging.project(staging.view(loaded, name, TODAY)) for name in (EXTERNAL, INTERNAL)})
    here, there = found
    assert sum(token.encode() in data for data in there[INTERNAL].values()) > edited
    outside = site(here[EXTERNAL], "one")
    assert differing(outside, site(there[EXTERNAL], "two")) == []
    assert not any(token.encode() in data or token in path for path, data in outside.items())
    inside = site(there[INTERNAL], "three")
    assert any(token.encode() in data for data in inside.values())

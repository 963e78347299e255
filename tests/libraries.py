"""Random libraries that pass the check, in memory or on disk, for tests that must hold for every library.

A library is grown from a seed, by `growing`. A `Level` says who sees a document or a part of it on DAY: every edition,
only the one that reads everything, or none. A reference never leads from one level to a higher one.
"""

from __future__ import annotations

import copy
import datetime as dt
import struct
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache, lru_cache
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import markdown
import yaml
from guidebook import configuration, documents, rules, sources, staging
from guidebook.library import DOCS, OVERRIDES, Library, from_sources
from guidebook.problems import Problem, errors
from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 11, 23)
PAST, FUTURE, FAR = dt.date(2026, 3, 1), dt.date(2027, 2, 1), dt.date(2028, 1, 1)
SOON = dt.date(2026, 12, 15)  # of all that is in force on DAY, nothing ends before
EXTERNAL, INTERNAL = "external", "internal"

# Words that stand nowhere by chance: a clause holds one where its guideline allows it.
SAID = "Here the word {} may stand."
LISTED = ("Zebra", "quokka", "wombat lane", "kiwi", "It's a yak")
WORDS = (  # noqa: SIM905 - a list of words
    "account board case clause post review report save queue draw note link shop page label profile comment message "
    "appeal trainer vendor shift record score reward prize survey recipe lamp pattern redirect preview domain"
).split()
TERMS = ("account", "link preview", "C++", "A/B test", "prize draw", "Q&A", "e.g. case", "board", "save", "GmbH & Co.")
ODD = ("A & B", "What's new?", "It's 5 * 3 * 2", "one_two_three", "C#", "Yes | no", "a) First (of two", "50 % off!",
       "Note: read this", "*Stars*", "1. First", "- Dash", "~~Gone~~", "& # !", "_under_", "Q&amp;A", "Ends #",
        "50:50",
       "Größe – «fein»", "yes", "null", "2026-01-01", "x^2^", "$5")  # fmt: skip


STEPS = """
## Steps

| Step | Role | Action | Timer | Record |
| --- | --- | --- | --- | --- |
| 1 | Reviewer | **Ask** | At once | Nothing |
"""


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def dump(values: dict[str, Any]) -> str:
    return yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)


# Documents are read from their text alone: most of a library is the same before and after a change.
_read = lru_cache(4096)(documents.read)


class Level(IntEnum):
    """Who sees a document or a part of it on DAY."""

    ALL = 0
    STAFF = 1
    NOBODY = 2


@dataclass
class Doc:
    """A document to be written: its metadata and its body."""

    meta: dict[str, Any]
    body: str
    comment: str = ""

    @property
    def level(self) -> Level:
        if self.meta["valid_from"] > DAY or self.meta.get("expires", FAR) <= DAY:
            return Level.NOBODY
        return Level.STAFF if self.meta["audience"] != EXTERNAL or self.meta["status"] == "draft" else Level.ALL

    def text(self) -> str:
        front = dump(self.meta)
        return f"---\n{self.comment}{front}---\n{self.body}"


@dataclass
class Project:
    """A project as its author keeps it: settings, documents and assets by path below `docs/`."""

    settings: dict[str, Any]
    docs: dict[str, Doc] = field(default_factory=dict)
    assets: dict[str, bytes] = field(default_factory=dict)
    overrides: dict[str, bytes] = field(default_factory=dict)
    comment: str = ""
    before: Project | None = None  # what a change has to be compared with, if not with what it was given

    def copy(self) -> Project:
        return copy.deepcopy(self)

    def paths(self, level: Level | None = None, *kinds: str) -> list[str]:
        return [
            path
            for path, doc in self.docs.items()
            if (level is None or doc.level is level) and (not kinds or doc.meta["type"] in kinds)
        ]

    @property
    def edition(self) -> dict[str, Any]:
        """What the settings say of the external edition."""
        return self.settings["extra"]["editions"][EXTERNAL]

    def mkdocs(self) -> str:
        return self.comment + dump(self.settings)

    def load(self) -> tuple[Library | None, list[Problem]]:
        """Return the library and every error of it on DAY."""
        settings = configuration.load(self.mkdocs())
        if settings.configuration is None:
            return None, settings.problems
        found = sources.Sources(DOCS)
        for path, doc in self.docs.items():
            found.texts[path] = sources.TextFile(path, doc.text())
        for path, data in self.assets.items():
            found.assets[path] = sources.AssetFile(path, data)
        with patch.object(documents, "read", _read):
            loaded = from_sources(settings.configuration, found, self.overrides)
        assert loaded.library is not None
        return loaded.library, errors(rules.check(loaded.library, DAY))

    def write(self, root: Path) -> None:
        """Write the project to disk."""
        files = {f"{DOCS}/{path}": doc.text().encode() for path, doc in self.docs.items()}
        files |= {f"{DOCS}/{path}": data for path, data in self.assets.items()}
        files |= {f"{OVERRIDES}/{path}": data for path, data in self.overrides.items()}
        files["mkdocs.yml"] = self.mkdocs().encode()
        for path, data in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)


def trees(project: Project) -> dict[str, staging.Tree] | None:
    """Return the staged tree of every edition; None when the project does not pass the check."""
    library, problems = project.load()
    if library is None or problems:
        return None
    return {name: staging.project(staging.view(library, name, DAY)) for name in library.configuration.editions}


def settings() -> dict[str, Any]:
    """Return settings like the shipped ones, without mike."""
    return {
        "site_name": "Guidelines",
        "site_description": "Invented.",
        "site_url": "https://guidelines.example.com/",
        "theme": {"name": "material", "font": False, "features": ["navigation.indexes"]},
        "markdown_extensions": [
            "abbr", "admonition", "attr_list", "def_list", "footnotes", "tables",
            {"toc": {"permalink": "#", "toc_depth": 3}},
            {"pymdownx.blocks.admonition": {"types": ["withheld", "coming"]}},
            "pymdownx.superfences",
            {"pymdownx.tasklist": {"custom_checkbox": True}},
        ],
        "plugins": ["search"],
        "extra": {
            "generator": False,
            "editions": {
                EXTERNAL: {
                    "title": "External",
                    "readers": "Vendors and staff",
                    "reads": [EXTERNAL],
                    "fields": ["status", "valid_from", "expires", "owner", "labels", "severity", "actions", "answers",
                               "dsa_category", "dsa_keyword", "escalate", "changes", "kind", "state", "impact",
                               "next_update", "surfaces", "precedence", "strike", "statement", "retired", "renewed"],
                    "branch": "site-external",
                },
                INTERNAL: {
                    "title": "Internal",
                    "readers": "Staff only",
                    "reads": "*",
                    "branch": "site-internal",
                    "site": {"site_name": "Guidelines for staff"},
                },
            },
        },
    }  # fmt: skip


@cache
def png(shade: int) -> bytes:
    """Return a picture of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    drawn = zlib.compress(bytes([0, shade % 256]))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", drawn)
        + chunk(b"IEND", b"")
    )


def svg(text: str) -> bytes:
    """Return a picture that shows `text`."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{text}</text></svg>\n'.encode()


def closed(inner: str) -> str:
    """Return text that a line can follow: code wants a blank line after it."""
    return f"{inner}\n" if inner.endswith("```") else inner


def grow(seed: int, size: int = 2) -> Project:
    """Return the library that grows from `seed`."""
    from growing import Grower  # it needs what stands above

    return Grower(Random(seed), size).grow()


seeds = st.integers(0, 2**32 - 1)
projects = st.builds(grow, seeds, st.integers(1, 3))


def loaded(project: Project) -> Library:
    """Return the library of a project that passes the check."""
    library, problems = project.load()
    assert library is not None, problems
    assert not problems, "\n".join(map(str, problems))
    return library


def simple(bodies: dict[str, str], **meta: dict[str, Any]) -> Project:
    """Return a project with a home page and a page of each body, by path; `meta` gives fields of pages by name."""
    project = Project(settings())
    common = {"type": "page", "summary": "Summary.", "audience": EXTERNAL, "owner": "Quality", "status": "in-force",
              "valid_from": PAST, "review_by": FAR}  # fmt: skip
    for path, body in {"index.md": "Home.\n", **bodies}.items():
        name = path.removesuffix(".md").replace("/", "-")
        project.docs[path] = Doc({"id": name, **common, "title": name.capitalize(), **meta.get(name, {})}, body)
    return project


def render(tree: staging.Tree, path: str) -> str:
    """Return the HTML of a staged page, made by Python-Markdown with the settings that were staged."""
    written = yaml.safe_load(tree["mkdocs.yml"])["markdown_extensions"]
    rows = [row if isinstance(row, dict) else {row: {}} for row in written]
    configs = {name: config for row in rows for name, config in row.items()}
    text = tree[f"{DOCS}/{path}"].decode().split("\n---\n", 1)[1]
    return markdown.markdown(text, extensions=list(configs), extension_configs=configs)

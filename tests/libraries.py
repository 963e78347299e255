"""Random libraries that pass the check, in memory or on disk, for tests that must hold for every library.

A library is grown from a seed. A `Level` says who sees a document or a part of it on DAY: every edition, only the one
that reads everything, or none. A reference never leads from one level to a higher one.
"""

from __future__ import annotations

import copy
import datetime as dt
import posixpath
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
from guidebook.passages import REASONS
from guidebook.problems import Problem, errors
from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 11, 23)
PAST, FUTURE, FAR = dt.date(2026, 3, 1), dt.date(2027, 2, 1), dt.date(2028, 1, 1)
EXTERNAL, INTERNAL = "external", "internal"

WORDS = (  # noqa: SIM905 - a list of words
    "account board case clause post review report save queue draw note link shop page label profile comment message "
    "appeal trainer vendor shift record score reward prize survey recipe lamp pattern redirect preview domain"
).split()
TERMS = ("account", "link preview", "C++", "A/B test", "prize draw", "Q&A", "e.g. case", "board", "save", "GmbH & Co.")
ODD = ("A & B", "What's new?", "It's 5 * 3 * 2", "one_two_three", "C#", "Yes | no", "a) First (of two", "50 % off!",
       "Note: read this", "*Stars*", "1. First", "- Dash", "~~Gone~~", "& # !", "_under_", "AT&amp;T", "Ends #",
        "50:50",
       "Größe – «fein»", "yes", "null", "2026-01-01", "x^2^", "$5")  # fmt: skip


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
            {"pymdownx.blocks.admonition": {"types": ["withheld"]}},
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
                               "next_update"],
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


class Grower:
    """Grows one library from a random source; everything it makes passes the check."""

    def __init__(self, rng: Random, size: int = 2) -> None:
        self.rng = rng
        self.size = size
        self.project = Project(settings())
        self.ids: dict[str, Level] = {}  # what text may refer to by id
        self.anchors: dict[str, list[tuple[str, Level]]] = {}
        self.snippets: list[tuple[str, Level]] = []
        self.assets: list[tuple[str, Level]] = []
        self.folders: dict[str, Level] = {}
        self.planned: list[tuple[str, dict[str, Any], Level]] = []
        self.targets: list[tuple[str, Level]] = []
        self.labels: dict[str, Level] = {}
        self.clauses: dict[str, Level] = {}
        self.counter = 0

    # Small things

    def chance(self, likely: float) -> bool:
        return self.rng.random() < likely

    def fresh(self) -> int:
        self.counter += 1
        return self.counter

    def word(self) -> str:
        return self.rng.choice(WORDS)

    def sentence(self, most: int = 7) -> str:
        words = [self.rng.choice(TERMS) if self.chance(0.12) else self.word() for _ in range(self.rng.randint(2, most))]
        return " ".join(words).capitalize() + self.rng.choice([".", ".", "!", "?"])

    def title(self) -> str:
        return self.rng.choice(ODD) if self.chance(0.3) else f"{self.word().capitalize()} {self.word()} {self.fresh()}"

    def date(self, first: dt.date, last: dt.date) -> dt.date:
        return first + dt.timedelta(self.rng.randint(0, (last - first).days))

    # Documents

    def grow(self) -> Project:
        shown = self.project.edition["fields"]
        for name in self.rng.sample(shown, self.rng.randint(0, 5) if self.chance(0.5) else 0):
            shown.remove(name)
        self._assets()
        self._folders()
        self._labels_and_guidelines()
        self._questions_and_news()
        self._other_pages()
        self.ids = {meta["id"]: level for _, meta, level in self.planned if meta["type"] != "page"} | self.clauses
        self.targets = [(path, level) for path, _, level in self.planned]
        self._snippets()
        self.rng.shuffle(self.planned)
        for path, meta, level in self.planned:
            writer = Writer(self, path, level)
            if meta["id"] == "glossary":
                body = self.glossary(writer)
            elif meta["type"] == "guideline":
                body = writer.guideline([one for one in self.clauses if one.startswith(meta["id"])])
            else:
                body = writer.blocks(level, self.rng.randint(1, 2 + self.size))
            self.project.docs[path] = Doc(meta, body)
            self.anchors[path] = writer.headings
        return self.project

    def _folders(self) -> None:
        for top in ("", "rules", "labels", "faqs", "comms", "handbook", "more"):
            name, level = top, Level.STAFF if top == "handbook" else Level.ALL
            self.folders[name] = level
            for likely in (0.4, 0.5) if top else ():
                if not self.chance(likely):
                    break
                level = max(level, self.rng.choice([Level.ALL, Level.STAFF]))
                name = f"{name}/{self.word()}-{self.fresh()}"
                self.folders[name] = level
        for folder, level in self.folders.items():
            ident = f"index-{self.fresh()}" if folder else "home"
            self.planned.append((posixpath.join(folder, "index.md"), self.meta("page", ident, level), level))

    def place(self, base: str, stem: str, kind: str, ident: str, level: Level | None = None) -> dict[str, Any]:
        """Plan a document somewhere below the folder `base`, for readers of `level`, and return its metadata."""
        below = [one for one in self.folders if not base or one == base or one.startswith(f"{base}/")]
        folder = self.rng.choice([one for one in below if level is None or self.folders[one] <= level])
        if level is None:
            level = self.rng.choice([Level.ALL, Level.ALL, Level.STAFF, Level.NOBODY])
        level = max(level, self.folders[folder])
        meta = self.meta(kind, ident, level)
        self.planned.append((posixpath.join(folder, f"{stem}.md"), meta, level))
        return meta

    def _labels_and_guidelines(self) -> None:
        for at in range(self.rng.randint(2, 2 + self.size)):
            ident = f"{self.word()}-{'abcdefghij'[at]}"
            meta = self.place("labels", ident, "label", ident, Level.ALL if at == 0 else None)
            self.label(meta)
            self.labels[ident] = Doc(meta, "").level
        for at in range(1, self.rng.randint(2, 1 + self.size) + 1):
            ident = f"G{at:02}"
            stem = f"{ident.lower()}-{self.word()}"
            meta = self.place("rules", stem, "guideline", ident, Level.ALL if at == 1 else None)
            level = Doc(meta, "").level
            fit = [one for one, other in self.labels.items() if other <= level]
            meta["labels"] = self.rng.sample(fit, self.rng.randint(1, len(fit)))
            for number in range(1, self.rng.randint(1, 3) + 1):
                self.clauses[f"{ident}.{number}"] = level

    def _questions_and_news(self) -> None:
        rng = self.rng
        for at in range(rng.randint(1, self.size)):
            meta = self.place("faqs", f"f{at:02}-{self.word()}", "faq", f"F{at:02}")
            fit = [one for one, other in self.clauses.items() if other <= Doc(meta, "").level]
            meta["answers"] = rng.sample(fit, rng.randint(1, min(3, len(fit))))
        for at in range(rng.randint(0, self.size)):
            meta = self.place("comms", f"n{at:03}-{self.word()}", "notice", f"N{at:03}")
            fit = [one for one, other in (self.clauses | self.labels).items() if other <= Doc(meta, "").level]
            meta["changes"] = rng.sample(fit, rng.randint(1, min(2, len(fit))))
            meta["kind"] = rng.choice(["editorial", "substantive"])
        if self.chance(0.5):
            meta = self.place("comms", f"s001-{self.word()}", "status", "S001")
            meta |= {"state": rng.choice(["resolved", "in_progress"]), "impact": rng.choice(["none", "major"])}
            if self.chance(0.5):
                meta["next_update"] = FUTURE

    def _other_pages(self) -> None:
        if self.chance(0.5):
            self.place("", f"w01-{self.word()}", "workflow", "W01")
        if self.chance(0.5):
            self.place("", f"c01-{self.word()}", "checklist", "C01")
        for _ in range(self.rng.randint(1, self.size)):
            ident = f"page-{self.fresh()}"
            self.place("", ident, "page", ident)
        self.place("handbook", "staff", "page", "staff", Level.STAFF)
        if self.chance(0.9):
            self.planned.append(("glossary.md", self.meta("page", "glossary", Level.ALL), Level.ALL))

    def _snippets(self) -> None:
        for at in range(self.rng.randint(1, 1 + self.size)):
            level = self.rng.choice([Level.ALL, Level.ALL, Level.STAFF])
            path, ident = f"parts/part-{at}.md", f"snippet-{'abcdef'[at]}"
            writer = Writer(self, path, level, snippet=ident)
            body = writer.blocks(level, self.rng.randint(1, 3))
            self.project.docs[path] = Doc(self.meta("snippet", ident, level), body)
            self.snippets.append((path, level))

    def meta(self, kind: str, ident: str, level: Level) -> dict[str, Any]:
        rng = self.rng
        valid = self.date(PAST, DAY)
        meta: dict[str, Any] = {
            "id": ident,
            "type": kind,
            "title": self.title(),
            "summary": rng.choice(ODD) if self.chance(0.1) else self.sentence(12),
            "audience": EXTERNAL
            if level is Level.ALL
            else rng.choice([EXTERNAL, INTERNAL])
            if level is Level.NOBODY
            else INTERNAL,
            "owner": rng.choice(["Spam Policy", "Quality", "Training"]),
            "status": "retired" if self.chance(0.1) else "in-force",
            "valid_from": valid,
            "review_by": self.date(FUTURE, FAR),
        }
        if self.chance(0.4):
            meta["order"] = rng.randint(0, 5)
        if level is Level.STAFF and self.chance(0.3):
            meta |= {"audience": EXTERNAL, "status": "draft"}
        elif level is Level.NOBODY:
            meta |= {"valid_from": FUTURE} if self.chance(0.5) else {"expires": DAY}
            if meta.get("expires") == valid:
                meta["valid_from"] = PAST
            if meta["review_by"] <= meta["valid_from"]:
                meta["review_by"] = FAR
        elif self.chance(0.2):
            meta["expires"] = FUTURE
        return meta

    def label(self, meta: dict[str, Any]) -> None:
        meta |= {
            "severity": self.rng.choice(["none", "low", "severe"]),
            "actions": self.rng.sample(
                ["DECISION_ACCOUNT_SUSPENDED", "DECISION_VISIBILITY_CONTENT_REMOVED"], self.rng.randint(0, 2)
            ),
            "dsa_category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
            "dsa_keyword": self.rng.choice(["KEYWORD_PHISHING", "KEYWORD_OTHER"]),
        }
        if self.chance(0.4):
            meta["escalate"] = True

    def glossary(self, writer: Writer) -> str:
        terms = self.rng.sample(TERMS, self.rng.randint(2, 6))
        rows = [
            f"{term}\n:   {self.rng.choice(['', chr(34) + 'Quoted' + chr(34) + ' '])}{self.sentence()}"
            for term in terms
        ]
        if self.chance(0.7):
            rows.insert(
                self.rng.randint(0, len(rows)),
                self.passage(INTERNAL, f"score-{self.fresh()} {self.word()}\n:   Staff {self.sentence()}"),
            )
        parts = [writer.heading(Level.ALL), *rows]
        return "\n" + "\n\n".join(parts) + "\n"

    def passage(self, name: str, inner: str, slashes: int = 3) -> str:
        mark = "/" * slashes
        options = f"    reason: {self.rng.choice(REASONS)}\n"
        if self.chance(0.3):
            options += f"    recheck: {self.date(FUTURE, FAR)}\n"
        gap = "\n" * self.rng.choice([0, 0, 1])
        return f"{mark} {name}\n{options}\n{gap}{closed(inner)}\n{gap}{mark}"

    def _assets(self) -> None:
        for at in range(self.rng.randint(1, 1 + self.size)):
            level = self.rng.choice([Level.ALL, Level.STAFF, Level.STAFF])
            folder = self.rng.choice(["", "files", "handbook/files"])
            kind = self.rng.choice(["csv", "svg", "png", "txt"])
            path = posixpath.join(folder, f"{self.word()}-{at}.{kind}")
            data = {"svg": svg(self.word()), "png": png(self.fresh())}.get(
                kind, f"{self.word()},{self.fresh()}\n".encode()
            )
            self.project.assets[path] = data
            self.assets.append((path, level))


class Writer:
    """Writes the body of one document."""

    def __init__(self, grower: Grower, path: str, level: Level, snippet: str = "") -> None:
        self.grower, self.path, self.level, self.snippet = grower, path, level, snippet
        self.rng = grower.rng
        self.headings: list[tuple[str, Level]] = []
        self.included: set[str] = set()

    def guideline(self, clauses: list[str]) -> str:
        parts: list[str] = []
        for title in rules.GUIDELINE_SECTIONS:
            parts.append(f"## {title}")
            if title == "Clauses":
                for ident in clauses:
                    words = self.grower.title().rstrip("# ")
                    text = self.blocks(self.level, self.rng.randint(1, 2), heads=False).strip()
                    parts.append(f"### {ident} {words}\n\n{text}")
                    self.headings.append((ident.lower().replace(".", "-"), self.level))
            elif self.grower.chance(0.4):
                parts.append(self.blocks(self.level, 1, heads=False).strip("\n"))
        return "\n" * self.rng.randint(0, 2) + "\n\n".join(parts) + "\n"

    def blocks(
        self, level: Level, count: int, *, heads: bool = True, depth: int = 0, around: tuple[str, ...] = ()
    ) -> str:
        """Return `count` blocks for readers of `level`, inside the passages named `around`."""
        makers = [
            self.paragraph,
            self.paragraph,
            self.items,
            self.table,
            self.fence,
            self.terms,
            self.quote,
            self.footnote,
            self.tasks,
        ]
        parts = []
        for _ in range(count):
            choice = self.rng.random()
            if choice < 0.25 and depth < 3:
                made = self.passage(level, depth, around, heads=heads)
            elif choice < 0.33 and heads:
                made = self.heading(level)
            elif choice < 0.4 and not self.snippet:
                made = self.include(level)
            else:
                made = self.rng.choice(makers)(level)
            parts.append(made)
        ends = self.rng.choice(["\n", "", "\n\n"]) if not depth else ""
        starts = self.rng.choice(["\n", "", "\n\n"]) if not depth else ""
        joined = "".join(part + self.rng.choice(["\n\n", "\n\n", "\n\n\n"]) for part in parts)
        return starts + joined.strip("\n") + ends

    def passage(self, level: Level, depth: int, around: tuple[str, ...], *, heads: bool) -> str:
        names = [name for name in ("internal", "external", "effective") if name not in around]
        name = self.rng.choice(names) if names else ""
        if not name:
            return self.paragraph(level)
        slashes = 6 - depth
        if name == "effective":
            option, inner_level = self.rng.choice(
                [(f"    from: {PAST}\n", level), (f"    until: {FUTURE}\n", level),
                 (f"    from: {FUTURE}\n", Level.NOBODY), (f"    until: {DAY}\n", Level.NOBODY)]
            )  # fmt: skip
        else:
            option = ""
            inner_level = max(level, Level.STAFF) if name == INTERNAL else level
        inner = self.blocks(
            inner_level, self.rng.randint(1, 2), heads=heads, depth=depth + 1, around=(*around, name)
        ).strip("\n")
        if name == "effective":
            mark = "/" * slashes
            return f"{mark} effective\n{option}\n{closed(inner)}\n{mark}"
        return self.grower.passage(name, inner, slashes)

    # Blocks

    def span(self, level: Level) -> str:
        """Return a few words, one of them perhaps a link."""
        made = [self.grower.sentence(), *(self.link(level) for _ in range(self.rng.randint(0, 2)))]
        self.rng.shuffle(made)
        return " ".join(made)

    def link(self, level: Level) -> str:  # noqa: PLR0911 - one return for each kind
        ids = [one for one, other in self.grower.ids.items() if other <= level]
        paths = [one for one, other in self.grower.targets if other <= level]
        assets = [one for one, other in self.grower.assets if other <= level]
        here = posixpath.dirname(self.path) or "."
        kinds = ["id", "id", "id", "page", "page", "anchor", "out", "code", "bold"]
        kinds += ["asset", "asset"] if assets else []
        match self.rng.choice(kinds):
            case "id" if ids:
                before, after = self.rng.choice([("", ""), ("**", "**"), ("(", ")"), ("*", "*"), ("", ","), ('"', '"')])
                return f"{before}[{self.rng.choice(ids)}]{after}"
            case "page" if paths:
                target = self.rng.choice(paths)
                title = self.rng.choice(["", "", ' "A title"'])
                return f"[{self.grower.word()} `x`]({posixpath.relpath(target, here)}{title})"
            case "anchor":
                known = [
                    (path, anchor)
                    for path, heads in self.grower.anchors.items()
                    if dict(self.grower.targets).get(path, Level.NOBODY) <= level
                    for anchor, other in heads
                    if other <= level
                ]
                if known:
                    path, anchor = self.rng.choice(known)
                    return f"[{self.grower.word()}]({posixpath.relpath(path, here)}#{anchor})"
            case "asset":
                target = self.rng.choice(assets)
                sign = "!" if target.endswith((".png", ".svg")) and self.grower.chance(0.6) else ""
                return f"{sign}[{self.grower.word()}]({posixpath.relpath(target, here)})"
            case "out":
                return self.rng.choice(["[site](https://example.com/a_b)", "<https://example.com/>"])
            case "bold":
                return f"**{self.grower.word()}**"
        return "`[G99.9] | code`" if self.grower.chance(0.3) else f"`{self.grower.word()}`"

    def paragraph(self, level: Level) -> str:
        return "\n".join(self.span(level) for _ in range(self.rng.randint(1, 2)))

    def items(self, level: Level) -> str:
        sign = self.rng.choice(["- ", "1. "])
        gap = self.rng.choice(["\n", "\n", "\n\n"])
        rows = []
        for _ in range(self.rng.randint(1, 3)):
            rows.append(f"{sign}{self.span(level)}")
            if self.grower.chance(0.3):
                rows.append(f"    - {self.span(level)}")
        return gap.join(rows)

    def tasks(self, level: Level) -> str:
        return "\n".join(f"- [{self.rng.choice(' x')}] {self.span(level)}" for _ in range(2))

    def table(self, level: Level) -> str:
        rows = [f"| {self.span(level)} | {self.link(level)} |" for _ in range(self.rng.randint(1, 3))]
        return "\n".join(["| One | Two |", "|---|---|", *(row.replace("`[G99.9] | code`", "`code`") for row in rows)])

    def fence(self, _level: Level) -> str:
        if self.grower.chance(0.3):
            return "```{ .markdown .example }\n/// internal\n    reason: signal\n\n\nShown as it is.\n///\n```"
        return '```text\n# no heading\n\n\n\n[G99.1] [not](a-link.md)\n\n    --8<-- "none"\n```'

    def terms(self, level: Level) -> str:
        return "\n\n".join(f"{self.grower.word()}\n:   {self.span(level)}" for _ in range(2))

    def quote(self, level: Level) -> str:
        return f"> {self.span(level)}\n> {self.span(level)}"

    def footnote(self, level: Level) -> str:
        name = f"{self.snippet}-n{self.grower.fresh()}" if self.snippet else f"n{self.grower.fresh()}"
        return f"{self.span(level)} {self.grower.word()}[^{name}]\n\n[^{name}]: {self.span(level)}"

    def heading(self, level: Level) -> str:
        number = self.grower.fresh()
        text = f"{self.grower.word().capitalize()} {number}"
        anchor = text.lower().replace(" ", "-")
        if not self.snippet:
            self.headings.append((anchor, level))
        ids = [one for one, other in self.grower.ids.items() if other <= level and "." not in one]
        if ids and self.grower.chance(0.2):
            ident = self.rng.choice(ids)
            self.headings = [row for row in self.headings if row[0] != anchor]
            text = f"{text} [{ident}]"
        return f"{'#' * self.rng.randint(2, 4)} {text}"

    def include(self, level: Level) -> str:
        fit = [one for one, other in self.grower.snippets if other <= level and one not in self.included]
        if not fit:
            return self.paragraph(level)
        target = self.rng.choice(fit)
        self.included.add(target)
        return f'--8<-- "{target}"'


def grow(seed: int, size: int = 2) -> Project:
    """Return the library that grows from `seed`."""
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

"""Corpus: a library of any size with everything a page may hold, the same for the same seed. For benchmarks and tests.

It is written as people write: tables, tabs, code, footnotes, lists, links by path and by id, passages for staff only,
decision trees and cases. What it says means nothing.
"""

from __future__ import annotations

import posixpath
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guidebook.configuration import FILE
from guidebook.library import DOCS, OVERRIDES
from guidebook.metadata import OUTCOMES
from guidebook.rules import GUIDELINE_SECTIONS

_TEXT = (
    "account action answer appeal archive audit banner basket board border bridge button camera candle card carrier "
    "case chart claim clock coat colour comment copy corner counter country crowd date deadline delivery desk detail "
    "device diary domain door draft drawer edge editor engine entry error event example fact family field figure file "
    "filter flower folder font form friend garden gate glass goal group guest habit harbour heading helper history "
    "hour image index inbox island item jacket journey kettle key kitchen label ladder lamp language leaf lesson "
    "letter level limit line link list location lunch map market mask meal measure member message method minute "
    "mirror month morning motion name network night note number object offer office order owner page paper parcel "
    "part password pattern payment person phone photo picture place plan player point post price profile promise "
    "proof queue question reader reason recipe record report request result review reward river road role room rule "
    "sample scarf school score screen seat season section seller service shelf shop sign signal sketch source space "
    "spoon staff stage step store story street subject summary survey table task team term test text theme ticket "
    "title tool topic track trader train tree user value vendor version visit voice wall water week window winter "
    "word worker year"
)
WORDS = _TEXT.split()
# A label's id is words alone: what a reviewer picks is read aloud.
HARMFUL = ("spam-basket", "spam-lantern", "fake-harbour", "unsafe-parcel")
LABELS = (*OUTCOMES, *HARMFUL)
QUESTIONS = ("opens", "asks", "shows", "repeats", "ends")
SURFACES = ("post", "board", "profile", "comment", "message")
TERMS = ("shelf mark", "basket rule", "lamp post", "river gate", "paper trail")
REASONS = ("detection-threshold", "signal", "tooling", "operations")
FEWEST = 40
CLAUSES = 6
INTERNAL_ONE_IN = 10
PAGES_A_FOLDER = 7
FOLDERS_A_FOLDER = 4
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><title>Two boxes and a line</title>'
    '<rect width="20" height="20"/><line x1="20" y1="10" x2="40" y2="10" stroke="black"/>'
    '<rect x="40" width="20" height="20"/></svg>\n'
)


@dataclass(frozen=True)
class Place:
    """One page of the corpus: where it stands, its id, and whether it is for staff only."""

    path: str
    id: str
    title: str
    internal: bool = False


def write(root: Path, project: Path, pages: int, seed: int = 1) -> None:
    """Write a project of `pages` pages to `root`, with the settings and the theme of `project`."""
    for path, text in files(pages, seed).items():
        file = root / DOCS / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    shutil.copyfile(project / FILE, root / FILE)
    shutil.copytree(project / OVERRIDES, root / OVERRIDES)


def files(pages: int, seed: int = 1) -> dict[str, str]:
    """Return the files of the corpus by path below `docs/`; `pages` of them are pages."""
    if pages < FEWEST:
        raise ValueError(f"expected at least {FEWEST} pages, found {pages}")
    return _Writer(pages, random.Random(seed)).files()  # noqa: S311 - prose, no secret


def letters(number: int) -> str:
    """Return a number as letters, `aaa` for 0: an id that other pages refer to holds no digit."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in (2, 1, 0))


def places(pages: int) -> list[Place]:
    """Return `pages` pages in folders three deep, each folder with its index page; about one in ten is for staff."""
    found: list[Place] = []
    for number, path in zip(range(pages), _paths(), strict=False):
        name = letters(number)
        index = posixpath.basename(path) == "index.md"
        internal = not index and number % INTERNAL_ONE_IN == 0
        found.append(Place(path, f"note-{name}", f"{WORDS[number % len(WORDS)].capitalize()} {name}", internal))
    return found


def _paths() -> Iterator[str]:
    area = 0
    while True:
        yield f"area-{area}/index.md"
        for topic in range(FOLDERS_A_FOLDER):
            yield f"area-{area}/topic-{topic}/index.md"
            for part in range(FOLDERS_A_FOLDER):
                yield f"area-{area}/topic-{topic}/part-{part}/index.md"
                yield from (f"area-{area}/topic-{topic}/part-{part}/note-{at}.md" for at in range(PAGES_A_FOLDER))
        area += 1


class _Writer:
    def __init__(self, pages: int, chance: random.Random) -> None:
        self.chance = chance
        self.guidelines = [f"G{number:02}" for number in range(1, min(20, pages // 30) + 2)]
        self.faqs = [f"F{number:02}" for number in range(1, min(20, pages // 30) + 2)]
        # Beside them: the home page, the glossary, and the index pages of three folders.
        others = len(self.guidelines) + len(self.faqs) + len(LABELS) + 5
        self.places = places(pages - others)
        self.external = [place for place in self.places if not place.internal]
        self.internal = [place for place in self.places if place.internal]

    def files(self) -> dict[str, str]:
        parts = [
            self._page("index.md", "home", self._prose(60)),
            self._page("glossary.md", "glossary", self._terms()),
            *(self._page(f"{folder}/index.md", folder, self._prose(30)) for folder in ("guidelines", "labels", "faqs")),
            *(self._guideline(name) for name in self.guidelines),
            *(self._label(name) for name in LABELS),
            *(self._faq(name) for name in self.faqs),
            *(self._note(place) for place in self.places),
            self._snippet(),
        ]
        return {**dict(parts), "picture.svg": PICTURE}

    def _front(self, place: Place, kind: str, more: str = "") -> str:
        audience = "internal" if place.internal else "external"
        return (
            f"---\nid: {place.id}\ntype: {kind}\ntitle: {place.title}\nsummary: {self._sentence()}\n"
            f"audience: {audience}\nowner: Spam Policy\nstatus: in-force\n"
            f"valid_from: 2026-11-02\nreview_by: 2027-11-01\n{more}---\n\n"
        )

    def _page(self, path: str, name: str, body: str) -> tuple[str, str]:
        return path, self._front(Place(path, name, name.capitalize()), "page", "order: 500\n") + body

    def _snippet(self) -> tuple[str, str]:
        place = Place("snippets/ask.md", "snippet-ask", "Ask")
        return place.path, f"{self._front(place, 'snippet')}{self._sentences(2)}\n"

    def _guideline(self, name: str) -> tuple[str, str]:
        place = Place(f"guidelines/{name.lower()}-rule.md", name, f"Rule {name}")
        clauses = [
            f"### {name}.{number} {self._sentence()[:-1]}\n\n{self._prose(24)}" for number in range(1, CLAUSES + 1)
        ]
        inside = {
            "Clauses": "".join(clauses),
            "Decision tree": self._tree(name),
            "Cases": "".join(self._cases(name)),
        }
        front = self._front(place, "guideline", f"labels: [{', '.join(LABELS[::-1])}]\n")
        sections = (f"## {title}\n\n{inside.get(title, self._prose(15))}" for title in GUIDELINE_SECTIONS)
        return place.path, "".join([front, *sections, self._passage()])

    def _tree(self, name: str) -> str:
        """Return a chain of questions, one for each label but the last: who answers yes has found it."""
        rows = []
        for at, (question, label) in enumerate(zip(QUESTIONS, LABELS, strict=False)):
            last = at + 1 == len(QUESTIONS)
            after = f"label: {LABELS[-1]}, clause: {name}.{CLAUSES}" if last else f"go: {QUESTIONS[at + 1]}"
            rows += [f"{question}:", f"  ask: {self._sentence()[:-1]}?", "  answers:"]
            rows += [f"    Yes: {{label: {label}, clause: {name}.{at + 1}}}", f"    No: {{{after}}}"]
        return "```tree\n" + "\n".join(rows) + "\n```\n\n"

    def _cases(self, name: str) -> Iterator[str]:
        """Yield cases that show each label; two guidelines show it often enough for the check."""
        rows: list[tuple[str, str, tuple[str, ...]]] = [("violating", label, ()) for label in HARMFUL]
        edge = self.chance.randrange(len(HARMFUL))
        rows.append(("borderline", HARMFUL[edge], HARMFUL[:edge] + HARMFUL[edge + 1 :]))
        # A case is near three labels at most: what one leaves out, the other has.
        rows += [("not-violating", "no-action", HARMFUL[:at] + HARMFUL[at + 1 :]) for at in (0, 1)]
        for number, (verdict, label, near) in enumerate(rows, 1):
            yield self._case(f"{name}-{number:02}", "teaching", verdict, label, near)
        yield self._case(f"{name}-K01", "calibration", "borderline", self.chance.choice(LABELS), ())
        yield self._case(f"{name}-X01", "golden", "violating", self.chance.choice(HARMFUL), ())

    def _case(self, name: str, group: str, verdict: str, label: str, near: tuple[str, ...]) -> str:
        at = LABELS.index(label)
        answers = [f"{question}: No" for question in QUESTIONS[:at]]
        answers += [f"{question}: Yes" for question in QUESTIONS[at : at + 1]]
        facts = {
            "id": name,
            "title": " ".join(self.chance.choices(WORDS, k=4)).capitalize(),
            "verdict": verdict,
            "label": label,
            "clause": f"{name[:3]}.{at + 1}",
            "answers": f"{{{', '.join(answers)}}}",
            "surface": self.chance.choice(SURFACES),
            "language": "en",
            "set": group,
            "text": f">-\n  {self._words(22)}",
            "reason": self._words(10),
            **({"near": f"[{', '.join(near)}]"} if near else {}),
        }
        return "```case\n" + "".join(f"{key}: {value}\n" for key, value in facts.items()) + "```\n\n"

    def _words(self, count: int) -> str:
        return f"{' '.join(self.chance.choices(WORDS, k=count)).capitalize()}."

    def _label(self, name: str) -> tuple[str, str]:
        place = Place(f"labels/{name}.md", name, f"Label {name}")
        facts = "severity: low\nactions: [DECISION_VISIBILITY_CONTENT_REMOVED]\n"
        facts += "dsa_category: STATEMENT_CATEGORY_OTHER_VIOLATION_TC\ndsa_keyword: KEYWORD_OTHER\nstatement:\n"
        facts += "".join(f"  {part}: {self._words(24)}\n" for part in ("ground", "explanation", "facts"))
        if name in OUTCOMES:
            facts = "severity: none\nactions: []\n"
        facts += f"surfaces: [{', '.join(SURFACES)}]\nprecedence: {LABELS.index(name) + 1}\n"
        others = [one for one in LABELS if one != name][:3]
        inside = "\n".join(f"- {self._sentence()}" for _ in range(3))
        outside = "\n".join(f"- {self._sentence()[:-1]}: [{other}]." for other in others)
        sections = f"## Includes\n\n{inside}\n\n## Excludes\n\n{outside}\n"
        return place.path, self._front(place, "label", facts) + self._prose(120) + sections

    def _faq(self, name: str) -> tuple[str, str]:
        place = Place(f"faqs/{name.lower()}-question.md", name, f"Questions {name}")
        front = self._front(place, "faq", f"answers: [{self._clause()}]\n")
        return place.path, front + "".join(
            f"## {self._sentence()[:-1]} {letters(at)}\n\n{self._prose(90)}" for at in range(5)
        )

    def _note(self, place: Place) -> tuple[str, str]:
        """Return a page of 700 to 1,200 words with one of everything."""
        words = self.chance.randint(380, 720)
        parts = [self._front(place, "page", f"order: {self.chance.randint(1, 400)}\n"), self._prose(words // 8)]
        picture = posixpath.relpath("picture.svg", posixpath.dirname(place.path))
        sections = [
            self._table(),
            self._tabs(),
            self._code(),
            self._list(),
            self._links(place),
            self._passage(),
            f"![Two boxes]({picture})\n\n",
            '--8<-- "snippets/ask.md"\n\n',
        ]
        self.chance.shuffle(sections)
        for number, section in enumerate(sections):
            level = "##" if number % 3 == 0 else "###"
            parts += [f"{level} {self._sentence()[:-1]} {letters(number)}\n\n", self._prose(words // 10), section]
        return place.path, "".join([*parts, self._footnotes()])

    def _sentence(self) -> str:
        words = self.chance.choices(WORDS, k=self.chance.randint(6, 12))
        return f"{' '.join(words).capitalize()}."

    def _sentences(self, count: int) -> str:
        return " ".join(self._sentence() for _ in range(count))

    def _prose(self, words: int) -> str:
        """Return paragraphs of about `words` words with the marks and terms that people use."""
        paragraphs = []
        while words > 0:
            text = self.chance.choices(WORDS, k=min(self.chance.randint(30, 60), max(words, 8)))
            words -= len(text)
            for mark in ("**{}**", "`{}`", "*{}*"):
                at = self.chance.randrange(len(text))
                text[at] = mark.format(text[at]) if text[at].isalpha() else text[at]
            text.insert(len(text) // 2, self.chance.choice(TERMS))
            text.insert(1, self.chance.choice([f"[{self.chance.choice(LABELS)}]", f"[{self._clause()}]", "and", "or"]))
            parts = [text[at : at + 12] for at in range(0, len(text), 12)]
            paragraphs.append(" ".join(f"{self.chance.choice(WORDS).capitalize()} {' '.join(one)}." for one in parts))
        return "\n\n".join(paragraphs) + "\n\n"

    def _clause(self) -> str:
        return f"{self.chance.choice(self.guidelines)}.{self.chance.randint(1, CLAUSES)}"

    def _table(self) -> str:
        rows = [" | ".join(self.chance.choices(WORDS, k=4)) for _ in range(6)]
        return "".join(f"| {row} |\n" for row in [rows[0], "--- | --- | --- | ---", *rows[1:]]) + "\n"

    def _tabs(self) -> str:
        return "".join(f'=== "Way {number}"\n\n    {self._sentences(2)}\n\n' for number in (1, 2, 3))

    def _code(self) -> str:
        lines = [f"def {self.chance.choice(WORDS)}(value: int) -> int:", '    """Say it."""', "    return value + 1"]
        return "```python\n" + "\n".join(lines) + "\n```\n\n"

    def _list(self) -> str:
        rows = [f"- {self._sentence()}" for _ in range(4)]
        rows.insert(2, f"    1. {self._sentence()}")
        return "\n".join(rows) + "\n\n"

    def _links(self, place: Place) -> str:
        """Return links by path and by id to pages that every reader of this one may open."""
        near = self.chance.sample(self.external, k=4)
        links = [f"[{one.title}]({posixpath.relpath(one.path, posixpath.dirname(place.path))})" for one in near[:2]]
        links += [f"[{one.id}]" for one in near[2:]]
        links += [f"[{self.chance.choice(self.guidelines)}]"]
        return " ".join(f"{' '.join(self.chance.choices(WORDS, k=5)).capitalize()} {link}." for link in links) + "\n\n"

    def _passage(self) -> str:
        inside = f"{self._sentences(3)} See [{self.chance.choice(self.internal).id}]."
        return f"/// internal\n    reason: {self.chance.choice(REASONS)}\n\n{inside}\n///\n\n"

    def _footnotes(self) -> str:
        text = f"{self._sentence()}[^1] {self._sentence()}[^2]\n\n"
        return text + f"[^1]: {self._sentence()}\n\n[^2]: {self._sentence()}\n"

    def _terms(self) -> str:
        return "\n\n".join(f"{term.capitalize()}\n:   {self._sentence()}" for term in TERMS) + "\n"

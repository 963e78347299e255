"""Growing: how a random library comes to be, document by document; everything that is grown passes the check."""

from __future__ import annotations

import datetime as dt
import posixpath
from random import Random
from typing import Any

import casework
from guidebook.labels import KEYWORDS
from guidebook.metadata import OUTCOMES
from guidebook.passages import REASONS
from libraries import (
    DAY,
    EXTERNAL,
    FAR,
    FUTURE,
    INTERNAL,
    LISTED,
    ODD,
    PAST,
    SAID,
    SOON,
    TERMS,
    WORDS,
    Doc,
    Level,
    Project,
    closed,
    png,
    settings,
    svg,
)
from writing import Writer

FRESH = dt.timedelta(60)  # answers this young are no problem


def signed(meta: dict[str, Any]) -> dict[str, dt.date]:
    """Return the sign-offs that a substantive notice needs, in time, and given by DAY."""
    roles = ["Training", "Quality", "Vendor Management"]
    day = min(meta["valid_from"], DAY) - dt.timedelta(30)
    return {"Spam Policy" if role == meta["owner"] else role: day for role in roles}


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
        self.facts: dict[str, dict[str, Any]] = {}  # the metadata of labels
        self.workflow: Level | None = None
        self.clauses: dict[str, Level] = {}
        self.said: dict[str, list[str]] = {}  # what a clause has to say, by its id
        self.guidelines: dict[str, casework.Page] = {}
        self.worked: dict[str, Level] = {}  # the cases
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
        self._workflow()
        self._labels()
        self._guidelines()
        self._questions_and_news()
        self._other_pages()
        self.ids = {meta["id"]: level for _, meta, level in self.planned if meta["type"] != "page"} | self.clauses
        self.ids |= self.worked
        self.targets = [(path, level) for path, _, level in self.planned]
        self._snippets()
        self.rng.shuffle(self.planned)
        for path, meta, level in self.planned:
            writer = Writer(self, path, level)
            if meta["id"] == "glossary":
                body = self.glossary(writer)
            elif meta["type"] == "guideline":
                body = writer.guideline(meta["id"], [one for one in self.clauses if one.startswith(meta["id"])])
            elif meta["type"] == "label":
                body = writer.label()
            elif meta["type"] == "workflow":
                body = writer.workflow()
            elif meta["id"] == "words":
                body = self.list_of_words()
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

    def _workflow(self) -> None:
        if self.chance(0.6):
            self.workflow = Doc(self.place("", f"w01-{self.word()}", "workflow", "W01"), "").level

    def _labels(self) -> None:
        for at in range(self.rng.randint(1, 2 + self.size)):
            ident = f"{self.word()}-{'abcdefghij'[at]}"
            if at == 1 and self.chance(0.3):
                ident = "needs-classification"
            self.label(ident, Level.ALL if at == 0 else None)
        self.label("no-action", Level.ALL)

    def _guidelines(self) -> None:
        """Plan guidelines: one for the labels of each level, with all the cases that these need, and some others."""
        homes = sorted(set(self.labels.values()))
        levels = [*homes, *[None] * self.rng.randint(1 if len(homes) == 1 else 0, self.size)]
        listed = self.rng.sample(LISTED, len(LISTED)) if self.chance(0.7) else []
        has_list = bool(listed)
        for at, wanted in enumerate(levels, 1):
            ident = f"G{at:02}"
            meta = self.place("rules", f"{ident.lower()}-{self.word()}", "guideline", ident, wanted)
            level = Doc(meta, "").level
            fit = [one for one, other in self.labels.items() if other <= level]
            names = self.rng.sample(fit, self.rng.randint(1, len(fit)))
            if wanted is not None:
                names += [one for one in fit if one not in names and self.labels[one] in {level, Level.ALL}]
                self._put_in_force(meta, level)
            meta["labels"] = names
            numbers = range(1, self.rng.randint(1, 4) + 1)
            gone = [number for number in numbers[1:] if self.chance(0.25)]
            clauses = [f"{ident}.{number}" for number in numbers if number not in gone]
            self.clauses |= dict.fromkeys(clauses, level)
            if gone:
                whys = [{"to": self.rng.choice(clauses), "why": self.sentence(12)} for _ in gone]
                meta["retired"] = {f"{ident}.{number}": why for number, why in zip(gone, whys, strict=True)}
            if self.chance(0.9):
                self.said.setdefault(self.rng.choice(clauses), []).append(SAID.format(f"yak{self.fresh()}"))
            if listed and self.chance(0.8):
                self._allow(meta, self.rng.choice(clauses), listed.pop())
            if meta["status"] != "retired" or self.chance(0.5):
                self._decide(ident, level, names, clauses, home=wanted is not None)
            else:
                self._name(names, clauses)
        if has_list:
            self.planned.append(("handbook/words.md", self.meta("page", "words", Level.STAFF), Level.STAFF))

    def _put_in_force(self, meta: dict[str, Any], level: Level) -> None:
        """Let a guideline count: its cases are those that its labels need."""
        if level is Level.STAFF:
            meta["audience"] = INTERNAL
        meta["status"] = "in-force"

    def _allow(self, meta: dict[str, Any], clause: str, word: str) -> None:
        """Let a clause hold a word from the list of those to replace."""
        meta["wording"] = [{"clause": clause, "word": word.lower(), "why": self.sentence(12)}]
        self.said.setdefault(clause, []).append(SAID.format(word))

    def _name(self, labels: list[str], clauses: list[str]) -> None:
        """Let clauses name the labels that no tree leads to."""
        for name in labels:
            self.said.setdefault(self.rng.choice(clauses), []).append(f"The label [{name}] is for this.")

    def _decide(self, ident: str, level: Level, names: list[str], clauses: list[str], *, home: bool) -> None:
        """Plan the decision tree of a guideline and its cases."""
        rng = self.rng
        harmful = [one for one in names if self.facts[one]["severity"] != "none"]
        may_escalate = self.workflow is not None and self.workflow <= level
        optional = [one for one in names if not home or one not in {*harmful, "no-action"}]
        ends = list(names)
        if len(ends) > 1 and optional and self.chance(0.25):
            ends.remove(rng.choice(optional))
        self._name([one for one in names if one not in ends], clauses)
        leaves = [{"label": one, "clause": rng.choice(clauses)} for one in ends]
        for leaf in leaves:
            if self.facts[leaf["label"]].get("escalate") or (may_escalate and self.chance(0.1)):
                leaf["escalate"] = "W01"
        if may_escalate and self.chance(0.3):
            leaves.append({"escalate": "W01", "clause": rng.choice(clauses)})
        rng.shuffle(leaves)
        tree = casework.grow_tree(rng, leaves, lambda: self.sentence()[:-1] + "?")
        page = casework.Page(
            ident,
            tree,
            [one for one in ends if one in harmful],
            [one for one, other in self.labels.items() if other <= level],
            [one for one, other in self.labels.items() if other <= max(level, Level.STAFF)],
        )
        self.guidelines[ident] = casework.Caseworker(self, page).write(needed=home)
        stands = {"all": level, "staff": max(level, Level.STAFF), "nobody": Level.NOBODY}
        self.worked |= {one: stands[who] for one, who in page.ids.items()}

    def _questions_and_news(self) -> None:
        rng = self.rng
        for at in range(rng.randint(1, self.size)):
            meta = self.place("faqs", f"f{at:02}-{self.word()}", "faq", f"F{at:02}")
            fit = [one for one, other in self.clauses.items() if other <= Doc(meta, "").level]
            meta["answers"] = rng.sample(fit, rng.randint(1, min(3, len(fit))))
            if meta["valid_from"] < DAY - FRESH or (meta["valid_from"] <= DAY and self.chance(0.3)):
                meta["renewed"] = self.date(max(meta["valid_from"], DAY - FRESH), DAY)
        for at in range(rng.randint(0, self.size)):
            meta = self.place("comms", f"n{at:03}-{self.word()}", "notice", f"N{at:03}")
            fit = [one for one, other in (self.clauses | self.labels).items() if other <= Doc(meta, "").level]
            meta["changes"] = rng.sample(fit, rng.randint(1, min(2, len(fit))))
            meta["kind"] = rng.choice(["editorial", "substantive"])
            meta |= {"signed": signed(meta)} if meta["kind"] == "substantive" else {}
        if self.chance(0.5):
            meta = self.place("comms", f"s001-{self.word()}", "status", "S001")
            meta |= {"state": rng.choice(["resolved", "in_progress"]), "impact": rng.choice(["none", "major"])}
            if self.chance(0.5):
                meta["next_update"] = FUTURE

    def _other_pages(self) -> None:
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

    def label(self, ident: str, level: Level | None) -> None:
        """Plan a label with all that its kind needs."""
        rng = self.rng
        meta = self.place("labels", ident, "label", ident, level)
        self.labels[ident] = Doc(meta, "").level
        self.facts[ident] = meta
        if meta["status"] == "retired":
            meta["status"] = "in-force"  # a tree may lead there
        outcome = ident in OUTCOMES
        actions = rng.sample(
            ["DECISION_ACCOUNT_SUSPENDED", "DECISION_VISIBILITY_CONTENT_REMOVED"], 0 if outcome else rng.randint(0, 2)
        )
        severity = "none" if outcome else rng.choice(["none", "low", "low", "severe"])
        meta |= {"severity": severity, "actions": actions}
        if not outcome:
            category = rng.choice(list(KEYWORDS))
            meta |= {"dsa_category": category, "dsa_keyword": rng.choice(sorted(KEYWORDS[category]))}
        surfaces = rng.sample(casework.SURFACES, 5 if outcome else rng.randint(1, 5))
        meta |= {"surfaces": surfaces, "precedence": 10 * len(self.labels) + rng.randint(0, 9)}
        if severity == "low" and "DECISION_ACCOUNT_SUSPENDED" in actions:
            meta["strike"] = self.sentence(12)
        if self.chance(0.4):
            meta["ozone"] = rng.choice(["reasonMisleadingSpam", "reasonRuleBanEvasion"])
        if actions:
            meta["statement"] = {name: self.sentence(12) for name in ("ground", "explanation", "facts")}
        if (
            self.workflow is not None
            and self.workflow <= self.labels[ident]
            and ident != "no-action"
            and self.chance(0.4)
        ):
            meta["escalate"] = True

    def list_of_words(self) -> str:
        rows = [f"| {word.lower()}, {word.lower()}like | {self.sentence()} |" for word in LISTED]
        return "\n## Words to replace\n\n" + "\n".join(["| Word | Say instead |", "| --- | --- |", *rows]) + "\n"

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
        parts = [writer.heading(Level.ALL), *rows, f"Reviewer\n:   {self.sentence()}"]
        return "\n" + "\n\n".join(parts) + "\n"

    def passage(self, name: str, inner: str, slashes: int = 3) -> str:
        mark = "/" * slashes
        options = f"    reason: {self.rng.choice(REASONS)}\n"
        if self.chance(0.3):
            options += f"    recheck: {self.date(FUTURE, FAR)}\n"
        gap = "\n" * self.rng.choice([0, 0, 1])
        return f"{mark} {name}\n{options}\n{gap}{closed(inner)}\n{gap}{mark}"

    def effective(self, inner: str, *, shown: bool) -> str:
        """Return text in a passage that holds on DAY, or does not."""
        dates = [f"from: {PAST}", f"until: {FUTURE}"] if shown else [f"from: {SOON}", f"until: {DAY}"]
        return f"/// effective\n    {self.rng.choice(dates)}\n\n{closed(inner)}\n///"

    def _assets(self) -> None:
        for at in range(self.rng.randint(1, 1 + self.size)):
            level = self.rng.choice([Level.ALL, Level.STAFF]) if at else Level.STAFF
            folder = self.rng.choice(["", "files", "handbook/files"])
            kind = self.rng.choice(["csv", "svg", "png", "txt"])
            path = posixpath.join(folder, f"{self.word()}-{at}.{kind}")
            data = {"svg": svg(self.word()), "png": png(self.fresh())}.get(
                kind, f"{self.word()},{self.fresh()}\n".encode()
            )
            self.project.assets[path] = data
            self.assets.append((path, level))

"""Decision trees and worked cases for random libraries, in the source's own words: YAML in fences.

A tree is grown so that each way through it ends after seven questions at most; cases are written for its ways.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from random import Random
from typing import Any

Tree = dict[str, dict[str, Any]]  # as YAML reads it
Leaf = dict[str, str]

QUESTIONS = ["opens", "danger", "two-pages", "stop", "promised", "hops", "age-check", "asks", "shows-a-page", "price"]
# Some of these are more than text to YAML; here each is the answer that it reads as.
ANSWERS = ("Yes", "No", "On", "off", "Only in part", "null", "3 or more", "2026-01-01", "0x1f", "Yes: by post",
           "It's so", "1,5", "A, B and C", '"Other"', "Größe", "None # here", "y")  # fmt: skip
LANGUAGES = ("en", "de", "tr", "pt-BR", "zh-Hant-TW", "no")
SURFACES = ("post", "board", "profile", "comment", "message")


def fence(kind: str, text: str) -> str:
    return f"```{kind}\n{text}```"


def scalar(text: str) -> str:
    """Return text as YAML that reads as this text: bare where it is an answer or a plain word."""
    bare = re.fullmatch(r"[A-Za-z][A-Za-z. -]*[A-Za-z]|[a-z-]+|[GW]\d\d(\.\d+|-[KX]?\d\d)?", text)
    return text if bare else json.dumps(text, ensure_ascii=False)


def flow(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{scalar(key)}: {scalar(value)}" for key, value in values.items()) + "}"


def tree_block(tree: Tree) -> str:
    rows = []
    for name, question in tree.items():
        rows += [f"{name}:", f"  ask: {json.dumps(question['ask'], ensure_ascii=False)}", "  answers:"]
        rows += [f"    {scalar(text)}: {flow(leads)}" for text, leads in question["answers"].items()]
    return fence("tree", "".join(f"{row}\n" for row in rows))


def case_block(fields: dict[str, Any], rng: Random) -> str:
    """Return a case as a fence, its texts written in one of the ways that YAML has."""
    rows = []
    for key, value in fields.items():
        if key == "answers" and rng.random() < 0.3:
            rows += ["answers:", *(f"  {name}: {scalar(text)}" for name, text in value.items())]
        elif isinstance(value, dict):
            rows.append(f"{key}: {flow(value)}")
        elif isinstance(value, list):
            rows.append(f"{key}: [{', '.join(value)}]")
        elif key == "language" or (key in {"title", "reason"} and " " not in value):
            rows.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")  # "no" is a word for false
        elif key in {"text", "reason"} and rng.random() < 0.4:
            words = value.split(" ")
            lines = [" ".join(words[at : at + 12]) for at in range(0, len(words), 12)]
            rows += [f"{key}: >-", *(f"  {line}" for line in lines)]
        else:
            rows.append(f"{key}: {scalar(value)}")
    return fence("case", "".join(f"{row}\n" for row in rows))


def grow_tree(rng: Random, leaves: list[Leaf], ask: Any, *, most: int = 7) -> Tree:
    """Return a tree of up to `most` questions, no way longer than that, in which each of `leaves` stands."""
    count = rng.choice([1, 2, 2, 3, 3, 4, 5, rng.randint(1, most)])
    names = rng.sample(QUESTIONS, count)
    chain = rng.random()
    parents = [0, *(at - 1 if rng.random() < chain else rng.randrange(at) for at in range(1, count))]
    sizes = [max(2, parents[1:].count(at)) + rng.choice([0, 0, 0, 1, 2]) for at in range(count)]
    while sum(sizes) - (count - 1) < len(leaves):
        sizes[rng.randrange(count)] += 1
    free = [at for at, size in enumerate(sizes) for _ in range(size - parents[1:].count(at))]
    rng.shuffle(free)
    leads: list[list[Leaf]] = [
        [{"go": names[to]} for to in range(1, count) if parents[to] == at] for at in range(count)
    ]
    for number, at in enumerate(free):
        later = names[at + 1 :]
        if number < len(leaves):
            leads[at].append(leaves[number])
        elif later and rng.random() < 0.3:
            leads[at].append({"go": rng.choice(later)})  # a question that two ways meet at
        else:
            leads[at].append(rng.choice(leaves))
    tree: Tree = {}
    for at in [0, *rng.sample(range(1, count), count - 1)]:
        rng.shuffle(leads[at])
        texts = ["Yes", "No"] if len(leads[at]) == 2 and rng.random() < 0.6 else rng.sample(ANSWERS, len(leads[at]))
        tree[names[at]] = {"ask": ask(), "answers": dict(zip(texts, leads[at], strict=True))}
    return tree


def ways(tree: Tree) -> list[tuple[dict[str, str], Leaf]]:
    """Return every way through a tree: the answers on it, and the leaf at its end."""
    found: list[tuple[dict[str, str], Leaf]] = []

    def follow(name: str, given: dict[str, str]) -> None:
        for text, leads in tree[name]["answers"].items():
            if "go" in leads:
                follow(leads["go"], {**given, name: text})
            else:
                found.append(({**given, name: text}, leads))

    follow(next(iter(tree)), {})
    return found


def outcome(leaf: Leaf) -> str:
    return leaf.get("label") or leaf["escalate"]


@dataclass
class Page:
    """What the cases of one guideline are written from: its tree, and the labels its readers can read."""

    id: str
    tree: Tree
    harmful: list[str]  # labels of the guideline that stand for a violation
    shown: list[str]  # labels that all its readers can read
    to_staff: list[str]  # labels that staff can read
    blocks: list[str] = field(default_factory=list)
    # Ids of cases, by who reads them: `all` readers of the page, `staff`, or `nobody` yet.
    ids: dict[str, str] = field(default_factory=dict)


class Caseworker:
    """Writes the cases of one page. `grower` gives the words, the passages, and the random source."""

    def __init__(self, grower: Any, page: Page) -> None:
        self.grower, self.page, self.rng = grower, page, grower.rng
        self.ways = ways(page.tree)
        self.ends: dict[str, list[tuple[dict[str, str], Leaf]]] = {}
        for way in self.ways:
            self.ends.setdefault(outcome(way[1]), []).append(way)

    def write(self, *, needed: bool) -> Page:
        """Write the cases: with `needed`, so many that each harmful label of the page is shown by enough."""
        made = self.wanted() if needed else []
        made += [self.case(None, self.rng.choice(self.ways)) for _ in range(self.rng.randint(int(needed), 2))]
        self.rng.shuffle(made)
        standing = [self.rng.choice(["all"] * 9 + ["now"]) for _ in made]
        # What not all can read stands last, so that nobody sees a gap.
        for where in ("nobody", "staff"):
            if self.grower.chance(0.45):
                near = self.page.to_staff if where == "staff" else self.page.shown  # "nobody" may become everybody
                made.append(self.case(None, self.rng.choice(self.ways), near=near))
                standing.append(where)
        for number, fields in enumerate(made, 1):
            fields["id"] = f"{self.page.id}-{number:02}"
            self.page.ids[fields["id"]] = {"now": "all"}.get(standing[number - 1], standing[number - 1])
        self.contrast(made, standing)
        blocks = [self.stand(case_block(self.order(one), self.rng), at) for one, at in zip(made, standing, strict=True)]
        for at, block in self.kept_back(made, standing):
            blocks.insert(at, block)
        self.page.blocks = blocks
        return self.page

    def wanted(self) -> list[dict[str, Any]]:
        """Return two violating cases for each harmful label, one on its border, and two near it that break no rule."""
        made = []
        for label in self.page.harmful:
            made += [self.case("violating", self.way(label)) for _ in range(self.rng.choice([2, 2, 3]))]
            if self.grower.chance(0.5):
                made.append(self.case("borderline", self.way(label)))
            else:
                end = self.rng.choice([one for one in self.ends if one != label])
                made.append(self.case("borderline", self.way(end), near=[label]))
        for at in range(0, len(self.page.harmful), 3):
            near = self.page.harmful[at : at + 3]
            made += [self.case("not-violating", self.way("no-action"), near=near) for _ in range(2)]
        return made

    def way(self, end: str) -> tuple[dict[str, str], Leaf]:
        return self.rng.choice(self.ends[end])

    def words(self, fewest: int, most: int) -> str:
        text = self.grower.sentence()
        while len(text.split()) < fewest:
            end = self.rng.choice([" `code_of/a.example`", " The label: 5 of 7!", ' It\'s a "post" & more.', ""])
            text = f"{text}{end} {self.grower.sentence()}"
        return " ".join(text.split()[:most])

    def case(
        self, verdict: str | None, way: tuple[dict[str, str], Leaf], near: list[str] | None = None
    ) -> dict[str, Any]:
        """Return a case that takes `way`; it is near all of the labels `near`, or of some of those shown."""
        end = outcome(way[1])
        verdicts = (
            ["borderline"] + (["violating"] * (end in self.page.harmful)) + ["not-violating"] * (end == "no-action")
        )
        given = near is not None and len(near) <= 3
        pool = [one for one in (near if near is not None else self.page.shown) if one != end]
        chosen = pool if given else self.rng.sample(pool, self.rng.randint(0, min(2, len(pool))))
        case: dict[str, Any] = {
            "id": "",
            "title": f"{self.grower.word().capitalize()} {self.grower.word()} {self.grower.fresh()}",
            "verdict": verdict or self.rng.choice(verdicts),
            "label": end,
            "clause": way[1]["clause"],
            "answers": dict(way[0]),
            "surface": self.rng.choice(self.grower.facts.get(end, {}).get("surfaces", SURFACES)),
            "language": self.rng.choice(LANGUAGES),
            "set": "teaching",
            "text": f"Facts {self.grower.fresh()}: {self.words(18, 60)}",
            "reason": self.words(3, 20),
        }
        return case | ({"near": chosen} if chosen else {})

    def order(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a case, the first of them in their order, the others in any."""
        rest = list(fields)[1:]
        if self.grower.chance(0.2):
            self.rng.shuffle(rest)
        return {name: fields[name] for name in ["id", *rest]}

    def contrast(self, made: list[dict[str, Any]], standing: list[str]) -> None:
        """Let some cases name one that differs, which all who see them can read."""
        for one in made:
            others = [
                two["id"]
                for two, where in zip(made, standing, strict=True)
                if where == "all" and two["label"] != one["label"]
            ]
            if others and self.grower.chance(0.3):
                one["contrast"] = self.rng.choice(others)

    def kept_back(self, made: list[dict[str, Any]], standing: list[str]) -> list[tuple[int, str]]:
        """Return calibration and golden cases, each with its place among the others; often they stand last."""
        found = []
        shown = [one for one, where in zip(made, standing, strict=True) if where == "all"]
        for kind, letter in (("calibration", "K"), ("golden", "X")):
            places = sorted(
                self.rng.choice([len(made), self.rng.randint(0, len(made))])
                for _ in range(self.rng.choice([0, 1, 1, 2]))
            )
            for number, at in enumerate(places, 1):
                fields = self.case(None, self.rng.choice(self.ways)) | {
                    "id": f"{self.page.id}-{letter}{number:02}",
                    "set": kind,
                    "text": f"Kept back {kind} {self.grower.fresh()}: {self.words(18, 60)}",
                }
                others = [one["id"] for one in shown if one["label"] != fields["label"]]
                if others and self.grower.chance(0.5):
                    fields["contrast"] = self.rng.choice(others)
                self.page.ids[fields["id"]] = "staff"
                found.append((at, case_block(self.order(fields), self.rng)))
        # From the end, so that no place moves; of two at one place, the first is put in last.
        return sorted(found, key=lambda row: row[0])[::-1]

    def stand(self, block: str, where: str) -> str:
        """Return a case in the passage that hides it from those who may not read it, or in one that hides nothing."""
        if where == "staff":
            return self.grower.passage("internal", block, self.rng.choice([3, 5]))
        if where in {"nobody", "now"}:
            return self.grower.effective(block, shown=where == "now")
        return block

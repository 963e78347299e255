"""Writing: the bodies of a random library's documents, with everything that a body may hold."""

from __future__ import annotations

import datetime as dt
import posixpath
from typing import TYPE_CHECKING

import casework
from guidebook import rules
from libraries import DAY, FUTURE, INTERNAL, PAST, SOON, Level, closed

if TYPE_CHECKING:
    from growing import Grower


class Writer:
    """Writes the body of one document."""

    def __init__(self, grower: Grower, path: str, level: Level, snippet: str = "") -> None:
        self.grower, self.path, self.level, self.snippet = grower, path, level, snippet
        self.rng = grower.rng
        self.headings: list[tuple[str, Level]] = []
        self.included: set[str] = set()

    def guideline(self, ident: str, clauses: list[str]) -> str:
        parts: list[str] = []
        for title in rules.GUIDELINE_SECTIONS:
            parts.append(f"## {title}")
            if title == "Clauses":
                for clause in clauses:
                    words = self.grower.title().rstrip("# ")
                    text = self.blocks(self.level, self.rng.randint(1, 2), heads=False).strip()
                    parts.append("\n\n".join([f"### {clause} {words}", text, *self.grower.said.get(clause, [])]))
                    self.headings.append((clause.lower().replace(".", "-"), self.level))
            elif self.grower.chance(0.4):
                parts.append(self.blocks(self.level, 1, heads=False).strip("\n"))
            page = self.grower.guidelines.get(ident)
            if page and title == "Decision tree":
                parts += self.trees(casework.tree_block(page.tree))
            elif page and title == "Cases":
                for block in page.blocks:
                    parts.append("\n" * self.rng.choice([0, 0, 1]) + block)
                    if self.grower.chance(0.1):
                        parts.append(self.paragraph(self.level))
        return "\n" * self.rng.randint(0, 2) + "\n\n".join(parts) + "\n"

    def trees(self, drawn: str) -> list[str]:
        """Return the tree of a guideline, in some guidelines twice: the second takes the place of the first."""
        if not self.grower.chance(0.2):
            return [drawn]
        day = self.rng.choice([PAST, SOON - dt.timedelta(1)])  # what the tree names may end soon after
        dated = [f"/// effective\n    {key}: {day}\n\n{drawn}\n\n///" for key in ("until", "from")]
        return self.rng.sample(dated, 2)

    def label(self) -> str:
        """Return the body of a label: what it covers, and what it does not."""
        known = [one for one, other in self.grower.labels.items() if other <= self.level]
        rows = [f"- {self.grower.sentence()[:-1]}: [{self.rng.choice(known)}]." for _ in range(3)]
        parts = [
            self.blocks(self.level, 1).strip("\n"),
            "## Includes",
            "\n".join(f"- {self.span(self.level)}" for _ in range(self.rng.randint(1, 3))),
            "## Excludes",
            "\n".join(rows),
            *(
                ["## More", self.blocks(self.level, self.rng.randint(1, 2)).strip("\n")]
                if self.grower.chance(0.6)
                else []
            ),
        ]
        return "\n" + "\n\n".join(parts) + "\n"

    def workflow(self) -> str:
        """Return the body of a workflow: its steps, and in a passage those that only staff see."""
        parts = [self.blocks(self.level, 1).strip("\n"), "## Steps", self.steps(self.level)]
        if self.rng.random() < 0.5:
            parts.append(self.grower.passage("internal", f"## Steps of staff\n\n{self.steps(Level.STAFF)}"))
        return "\n" + "\n\n".join(parts) + "\n"

    def steps(self, level: Level) -> str:
        """Return a table of steps, now and then with a column that says where each leads."""
        count = self.rng.randint(1, 5)
        forks = self.rng.random() < 0.5
        rows = ["| Step | Role | Action | Timer | Record |", "| --- | --- | --- | --- | --- |"]
        rows = [f"{row}{' Next |' if number == 0 else ' --- |'}" for number, row in enumerate(rows)] if forks else rows
        for number in range(1, count + 1):
            name = f"**{self.grower.word().capitalize()} {self.grower.fresh()}** {self.span(level)}"
            cells = [str(number), "Reviewer", name.replace("|", "/"), self.grower.word(), self.grower.word()]
            cells += [f"{number + 1 if number < count else 'end'}; end if {self.grower.word()}"] if forks else []
            rows.append(f"| {' | '.join(cells)} |")
        return "\n".join(rows)

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
                 (f"    from: {SOON}\n", level), (f"    until: {DAY}\n", Level.NOBODY)]
            )  # fmt: skip
        else:
            option = ""
            inner_level = max(level, Level.STAFF) if name == INTERNAL else level
        known = len(self.headings)
        inner = self.blocks(
            inner_level, self.rng.randint(1, 2), heads=heads, depth=depth + 1, around=(*around, name)
        ).strip("\n")
        if str(SOON) in option:  # who reads the box may follow its links, and nobody's lead to its headings
            self.headings[known:] = [(anchor, Level.NOBODY) for anchor, _ in self.headings[known:]]
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

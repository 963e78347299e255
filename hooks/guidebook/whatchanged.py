"""What changed: the page of a release that says what differs from the release before, notices first.

It is made of the two catalogs alone, so it can show nothing that one of the two releases did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from guidebook import announcements, changes, redline
from guidebook.announcements import Baseline, first_day, has_begun
from guidebook.changes import Change, Leaf
from guidebook.links import literal
from guidebook.releases import Version

FOLDER = "changes"
INDEX = f"{FOLDER}/index.md"
TITLE = "What changed"
SUMMARY = "What differs in this release from the one before: notices, clauses, labels, trees, cases and pages."
PREVIEW = "This is a preview. Each release says here what differs from the release before it."

Row = Mapping[str, Any]
_UP = "../"
_HEADINGS = {"clause": "Clauses", "label": "Labels", "tree": "Decision trees", "case": "Cases"}


def page(release: str, rows: Sequence[Row], last: Baseline | None, earlier: Sequence[str]) -> str:
    """Return the Markdown of the page, without front matter; `earlier` are the releases before, the newest first."""
    parts = [f"# {TITLE}", _opening(release, last)]
    if last is None:
        pages = sum(1 for row in rows if row["type"] != "notice")
        clauses = sum(len(row.get("clauses", ())) for row in rows)
        parts.append(f"This is the first release: {pages} pages, {clauses} clauses.")
    else:
        parts += _Page(release, rows, last).parts()
    if earlier:
        listed = "\n".join(f"- {_away(name, f'{_UP * 2}{name}/{FOLDER}/')}" for name in earlier)
        parts += ["## Earlier releases", listed]
    return "\n\n".join(parts)


def _opening(release: str, last: Baseline | None) -> str:
    day = Version.parse(release).day
    since = f"It follows {last.release}." if last else ""
    return f"Release **{release}**, in force from {day.day} {day:%B %Y}, 00:00 UTC. {since}".strip()


def _away(text: str, url: str) -> str:
    """Return a link as HTML: of what may stand in another release, no builder knows that there is such a page."""
    return f'<a href="{url}">{text}</a>'


class _Page:
    def __init__(self, release: str, rows: Sequence[Row], last: Baseline) -> None:
        self.release = release
        self.last = last
        self.rows = {row["id"]: row for row in rows}
        self.found = changes.between(last.rows, rows)
        self.urls = {row["id"]: row["url"] for row in rows}
        for row in rows:
            self.urls |= {one["id"]: one["url"] for one in [*row.get("clauses", ()), *row.get("cases", ())]}
            self.urls |= {changes.tree_id(row["id"]): f"{row['url']}#decision-tree"} if "tree" in row else {}

    def parts(self) -> Iterator[str]:
        if not self.found:
            yield "No clause, label, tree or case differs. What else differs is text that decides no case."
        yield from self.notices()
        whole = changes.whole_pages(self.found)
        for kind, title in _HEADINGS.items():
            shown = [one for one in self.found if one.kind == kind and (one.page not in whole or kind == "label")]
            if shown:
                yield f"## {title}"
                for change in shown:
                    yield from self.change(change)
        yield from self.pages([one for one in self.found if one.kind == "page"])

    def notices(self) -> Iterator[str]:
        told = announced(self.release, self.rows.values(), self.last)
        if told:
            yield "## Notices"
        for row in told:
            kind = f"{str(row['kind']).capitalize()} change" if "kind" in row else "Change"
            names = ", ".join(self.name(name) for name in row.get("changes", ()))
            yield f"### {self.name(row['id'])} {literal(row['title'])}"
            yield f"{literal(row['summary'])}"
            yield f"{kind}{f' of {names}' if names else ''}."

    def name(self, name: str) -> str:
        url = self.urls.get(name)
        shown = f"tree of {name.removeprefix('tree/')}" if name.startswith("tree/") else name
        return f'<a href="{_UP}{url}">{shown}</a>' if url else shown

    def link(self, target: str) -> str | None:
        url = self.urls.get(target)
        return f"{_UP}{url}" if url else None

    def change(self, change: Change) -> Iterator[str]:
        state = " is new" if change.before is None else " is gone" if change.after is None else ""
        anchor = change.id.lower().replace(".", "-").replace("/", "-")
        title = "" if change.kind == "tree" else f" {literal(change.title)}"
        yield f"### {self.name(change.id)}{title}{state} {{ #{anchor} }}"
        gone = self.rows.get(change.page, {}).get("retired", {}).get(change.id) if change.after is None else None
        if gone:
            yield f"{literal(gone['why'])} Read {self.name(gone['to'])} in its place."
        if change.kind == "tree":
            yield from self.leaves(changes.leaves(change.before, change.after))
            return
        values = announcements.values_of(change)
        if values:
            rows = [f"| {key} | {_cell(before)} | {_cell(after)} |" for key, before, after in values]
            yield "\n".join(["| What | Before | Now |", "|---|---|---|", *rows])
        whole = change.before is None or change.after is None
        for what, before, after in announcements.texts_of(change):
            if what == "title" and whole:
                continue  # the heading says it
            if change.kind != "clause" or what == "title":
                yield f"**{what.capitalize()}**"
            yield redline.html(before, after, self.link).replace("\n\n", "\n&#10;")

    def leaves(self, found: list[Leaf]) -> Iterator[str]:
        if not found:
            yield "Questions differ; every answer that stood before still ends where it did."
            return
        rows = [
            f"| {literal(one.question)} | {literal(one.answer)} | {_ids(one.before)} | {_ids(one.after)} |"
            for one in found
        ]
        yield "\n".join(["| Question | Answer | Before | Now |", "|---|---|---|---|", *rows])

    def pages(self, found: list[Change]) -> Iterator[str]:
        if not found:
            return
        yield "## Pages"
        rows = []
        for one in found:
            title = literal(one.title)
            if one.before is None and one.after is not None:
                rows += [f"- New: {self.name(one.id)} {title}", *self.holds(one.after)]
            elif one.before is not None and one.after is None:
                there = f"{_UP * 2}{self.last.release}/"
                rows.append(f"- Retired: {one.id} {title}. {_away('Its last text', there + one.before['url'])}")
                rows += _clauses(one.before, there)
            elif one.before is not None and one.after is not None:
                if one.before["url"] != one.after["url"]:
                    rows.append(f"- Moved: {self.name(one.id)} {title}, from `{one.before['url']}`")
                was, now = (row.get("status") == "retired" for row in (one.before, one.after))
                if was != now:
                    says = ("Retired", "It decides no new case") if now else ("Back", "It decides cases again")
                    rows.append(f"- {says[0]}: {self.name(one.id)} {title}. {says[1]}")
                    rows += _clauses(one.after, _UP)
        yield "\n".join(rows)

    def holds(self, row: Row) -> Iterator[str]:
        """Yield what a new page holds, as the items of a list in its item."""
        yield from _clauses(row, _UP)
        if row.get("labels"):
            yield f"    - Labels: {', '.join(map(self.name, row['labels']))}"
        if row.get("cases"):
            yield f"    - Cases: {len(row['cases'])}"


def _clauses(row: Row, root: str) -> Iterator[str]:
    """Yield the clauses of a page as the items of a list in an item; `root` leads to the release that has them."""
    for one in row.get("clauses", ()):
        name = f"{one['id']} {literal(one['title'])}"
        yield f"    - {_away(name, root + one['url'])}"


def _ids(leaf: tuple[str, ...] | None) -> str:
    return ", ".join(f"`{name}`" for name in leaf) if leaf else ""


def _cell(value: object) -> str:
    return "" if value is None else literal(announcements.short(value)).replace("\n", " ")


def announced(release: str, rows: Iterable[Row], last: Baseline) -> list[Row]:
    """Return the notices whose day has come, and that no release before told, by first day and id."""
    today = Version.parse(release).day
    begun = [row for row in rows if row["type"] == "notice" and has_begun(row, today)]
    return sorted(
        (row for row in begun if not last.has_told(row["id"])), key=lambda row: (first_day(row), str(row["id"]))
    )

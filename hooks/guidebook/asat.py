"""As at: the page that answers which text of a clause was in force on a day.

A script answers on the page, from `releases.json` at the root, in old releases too. What stands here is for readers
without one: a table of every text that a clause ever had, up to this release.
"""

from __future__ import annotations

from guidebook import permalinks
from guidebook.links import literal
from guidebook.permanence import Permanence
from guidebook.releases import Version
from guidebook.timeline import Text, Timeline

FOLDER = "as-at"
INDEX = f"{FOLDER}/index.md"
TITLE = "As at a date"
SUMMARY = "Which text of a clause or a page was in force on a day, with its citation and what changed since."
INTRODUCTION = (
    "A release is in force from 00:00 UTC of its day. A day with several releases is answered by its last one. "
    "Cite a text by its release and its clause, with a slash between them."
)
HOLDER = '<div id="gb-as-at" hidden></div>'


def page(timeline: Timeline | None, past: Permanence | None = None) -> str:
    """Return the Markdown of the page, without front matter; a preview has no timeline, a first release no past."""
    parts = [f"# {TITLE}", INTRODUCTION, HOLDER]
    if timeline is None:
        return "\n\n".join([*parts, "This is a preview. Each release lists here every text that its clauses ever had."])
    rows = [
        f"| {name} | {_days(entry.release, last, timeline)} | {_text(entry)} |"
        for name in timeline.clauses
        for entry, last in timeline.spans(name)
        if isinstance(entry, Text)
    ]
    if rows:
        table = "\n".join(["| Clause | In force | Text |", "|---|---|---|", *rows])
        parts += ["## Every text of every clause", table]
    return "\n\n".join([*parts, *(_went(past) if past else ())])


def _went(past: Permanence) -> list[str]:
    """Return a table of what was published once and stands there no more, so that each such address is led to."""
    rows = [f"| {_here(old, old)} | moved to {_here(new, new)} |" for old, new in past.redirects.items()]
    gone = [(url, f"{one.id} {one.title}", one.last) for url, one in past.gone.items()]
    gone += [
        (f"{permalinks.FOLDER}/{name}/", f"{name} {one.title}", one.last) for name, one in past.gone_clauses.items()
    ]
    rows += [f"| {_here(url, url)} | {literal(title.strip())}: last in release {last} |" for url, title, last in gone]
    table = "\n".join(["| Address | What became of it |", "|---|---|", *rows])
    return ["## Where everything went", table] if rows else []


def _here(url: str, text: str) -> str:
    return f'<a href="../{url}">{text or "/"}</a>'


def _days(first: str, last: str, timeline: Timeline) -> str:
    """Return the days of a text: to the day before the release that replaced it, which is open for today's."""
    at = timeline.releases.index(last) + 1
    since = Version.parse(first).day.isoformat()
    if at == len(timeline.releases):
        return f"from {since}"
    until = Version.parse(timeline.releases[at]).day.isoformat()
    return f"{since} to {until}, not included"


def _text(entry: Text) -> str:
    return f'<a href="../../{entry.release}/{entry.url}">{entry.release}</a> {literal(entry.title)}'

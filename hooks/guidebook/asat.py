"""As at: the page that answers which text of a clause was in force on a day.

A script answers on the page, from `releases.json` at the root, in old releases too. What stands here is for readers
without one: a table of every text that a clause ever had, up to this release.
"""

from __future__ import annotations

from guidebook.links import escape
from guidebook.releases import Version
from guidebook.timeline import Text, Timeline

FOLDER = "as-at"
INDEX = f"{FOLDER}/index.md"
TITLE = "As at a date"
SUMMARY = "Which text of a clause or a page was in force on a day, with its citation and what changed since."
INTRODUCTION = (
    "A release is in force from 00:00 UTC of its day. A day with several releases is answered by its last one. "
    "Cite a text by its release and its clause: `2026.11.23/G04.2`."
)
HOLDER = '<div id="gb-as-at" hidden></div>'


def page(timeline: Timeline | None) -> str:
    """Return the Markdown of the page, without front matter; a preview has no timeline."""
    parts = [f"# {TITLE}", INTRODUCTION, HOLDER]
    if timeline is None:
        return "\n\n".join([*parts, "This is a preview. Each release lists here every text that its clauses ever had."])
    rows = [
        f"| {name} | {_days(entry.release, last, timeline)} | {_text(entry)} |"
        for name in timeline.clauses
        for entry, last in timeline.spans(name)
        if isinstance(entry, Text)
    ]
    table = "\n".join(["| Clause | In force | Text |", "|---|---|---|", *rows])
    return "\n\n".join([*parts, "## Every text of every clause", table])


def _days(first: str, last: str, timeline: Timeline) -> str:
    """Return the days of a text: to the day before the release that replaced it, which is open for today's."""
    at = timeline.releases.index(last) + 1
    since = Version.parse(first).day.isoformat()
    if at == len(timeline.releases):
        return f"from {since}"
    until = Version.parse(timeline.releases[at]).day.isoformat()
    return f"{since} to {until}, not included"


def _text(entry: Text) -> str:
    return f'<a href="../../{entry.release}/{entry.url}">{entry.release}</a> {escape(entry.title)}'

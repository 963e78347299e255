"""Comparing: the page on which a script shows what differs between any two releases."""

from __future__ import annotations

FOLDER = "compare"
INDEX = f"{FOLDER}/index.md"
TITLE = "Compare releases"
SUMMARY = "What differs between any two releases: clauses, labels, decision trees, cases and pages."


def page() -> str:
    """Return the Markdown of the page, without front matter."""
    said = "Without a script, read what each release changed: its own page [What changed](../changes/index.md) says so."
    return f'# {TITLE}\n\n{SUMMARY} {said}\n\n<div id="gb-compare" hidden></div>'

"""Small libraries for tests of decisions and labels: a guideline with a tree and cases, its labels, and other pages."""

import datetime as dt

from casework import flow
from guidebook import configuration, library
from guidebook.sources import Sources, TextFile

SETTINGS = """extra: {editions: {
  external: {title: T, readers: R, reads: [external], fields: [%s], branch: a},
  partner: {title: T, readers: R, reads: [partner, external], fields: [%s], branch: c},
  internal: {title: T, readers: R, reads: '*', branch: b}}}
"""
DAY = dt.date(2026, 11, 23)
NOT_SHOWN = "is not in the external and partner edition, where this is shown:"
TREE = """
```tree
opens:
  ask: Does it open?
  answers:
    Yes: {go: safe}
    No: {label: no-action, clause: G04.2}
safe:
  ask: Is it safe?
  answers:
    Yes: {label: no-action, clause: G04.2}
    No: {label: spam-redirect, clause: G04.1}
    Not sure: {escalate: W01, clause: G04.2}
```
"""
CLAUSES = "\n### G04.1 One\n\nText.\n\n### G04.2 Two\n\nText.\n"
SPAM = {"verdict": "violating", "label": "spam-redirect", "clause": "G04.1", "answers": {"opens": "Yes", "safe": "No"}}
FINE = {"verdict": "not-violating", "label": "no-action", "clause": "G04.2", "answers": {"opens": "No"}}
EDGE = {**SPAM, "verdict": "borderline"}


def document(kind, ident, body="\nText.\n", **more):
    fields = {
        "id": ident, "type": kind, "title": "A page", "summary": "A page.", "audience": "external", "owner": "Quality",
        "status": "in-force", "valid_from": "2026-01-01", "review_by": "2028-01-01", **more,
    }  # fmt: skip
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in fields.items()) + f"---\n{body}"


def label(ident, **more):
    common = {"severity": "low", "actions": "[]", "surfaces": "[post]", "precedence": 10}
    return document("label", ident, **{**common, **more})


def guideline(body, ident="G04", **more):
    return document("guideline", ident, body, **{"labels": "[spam-redirect, no-action]", **more})


def case(ident="G04-01", fields=None, **changed):
    kind = {"K": "calibration", "X": "golden"}.get(ident[4], "teaching")
    common = {"surface": "post", "language": "en", "set": kind, "text": " ".join(["word"] * 20), "reason": "A fact."}
    known = {"id": ident, "title": "A case", **common, **(fields or SPAM), **changed}
    rows = (f"{key}: {flow(value) if isinstance(value, dict) else value}\n" for key, value in known.items())
    return f"\n```case\n{''.join(rows)}```\n"


def page(*cases, tree=TREE, clauses=CLAUSES, **more):
    """Return the guideline G04, with a tree of two questions and with some cases."""
    return guideline(f"\n## Clauses\n{clauses}\n## Decision tree\n{tree}\n## Cases\n{''.join(cases)}", **more)


def kept(text, name="internal"):
    return f"\n/// {name}\n    reason: operations\n{text}\n///\n"


def dated(text, when):
    return f"\n/// effective\n    {when}\n{text}\n///\n"


def made(files, shown="retired"):
    common = {"l1": label("spam-redirect"), "l2": label("no-action", severity="none"), "w": document("workflow", "W01")}
    found = Sources("docs")
    for path, text in {**common, **files}.items():
        found.texts[f"{path}.md"] = TextFile(f"{path}.md", text)
    settings = configuration.load(SETTINGS % (shown, shown)).configuration
    return library.from_sources(settings, found, {}).library


def problems(rule, g04, day=DAY, shown="retired", **files):
    """Return what the rule says of a library with the page `g04` and others: path, line, rule and message."""
    found = list(rule(made({"g04": g04, **files}, shown), day))
    assert all(one.path.startswith("docs/") and one.message.endswith((".", "?", "?).")) for one in found)
    return found


def line_of(text, part, count=1):
    at = -1
    for _ in range(count):
        at = text.index(part, at + 1)
    return text.count("\n", 0, at) + 1


def only(found, text, part, rule, *says, count=1):
    """See that one problem was found, in the line of `part`, and that its message says all of `says`."""
    [one] = found
    assert (one.line, one.rule) == (line_of(text, part, count), rule), one
    assert all(words in one.message for words in says), one.message

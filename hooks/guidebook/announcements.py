"""Announcements: every change that decides cases has a notice, which says truly what kind of change it is.

What changed follows from the catalog of the last release of each edition, so a notice can be missing in one edition and
not in another. An editorial notice may not stand for a change that touches a modal verb, a number, a negation, a label,
an action, a scope or an exception, unless it says why no decision comes out differently.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guidebook import changes, redline, substance
from guidebook.changes import Change
from guidebook.documents import Document
from guidebook.library import DOCS
from guidebook.metadata import Notice
from guidebook.problems import Problem, ordered
from guidebook.releases import ReleaseError, Version
from guidebook.views import View

Row = Mapping[str, Any]
_WIDTH = 100
_WHERE = "\0"  # stands in a message for the editions that it is about
_MOST = 6  # words that made a change substantive, as a message lists them


@dataclass(frozen=True)
class Baseline:
    """The last release of an edition, `2026.11.23`, and the documents of its catalog."""

    release: str
    rows: list[Row]

    @property
    def day(self) -> dt.date:
        """Day of the release."""
        return Version.parse(self.release).day

    def has_told(self, name: str) -> bool:
        """Say whether a notice was told by then: it was shown, and its first day, as it stood there, had come."""
        return any(row["id"] == name and has_begun(row, self.day) for row in self.rows)


def first_day(notice: Row) -> str:
    """Return the first day of what a notice announces, as far as the catalog of an edition tells it."""
    return str(notice.get("effective") or notice.get("valid_from") or "")


def has_begun(notice: Row, day: dt.date) -> bool:
    """Say whether that day has come; that of a draft, which staff read, does not."""
    return notice.get("status") != "draft" and first_day(notice) <= day.isoformat()


def baseline(release: str, catalog: bytes) -> Baseline:
    """Read the catalog of a release. Raises ReleaseError when it is damaged."""
    try:
        rows = json.loads(catalog)["documents"]
        for change in changes.between(rows, ()):
            texts_of(change)
            changes.leaves(change.before if change.kind == "tree" else None, None)
        for clause in (one for row in rows for one in row.get("clauses", ())):
            Version.parse(str(clause.get("first", release)))
            Version.parse(str(clause.get("changed", release)))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, ReleaseError) as error:
        raise ReleaseError(
            f"{release}/catalog.json",
            expected="the catalog of a release",
            found=f"something else ({type(error).__name__})",
            mend="restore the file on the release branch",
        ) from None
    return Baseline(release, rows)


@dataclass(frozen=True)
class Compared:
    """An edition as it would be released next, its catalog's rows, and its last release."""

    view: View
    rows: Sequence[Row]
    last: Baseline


Told = tuple[Document, Notice]


def check(editions: Iterable[Compared]) -> list[Problem]:
    """Return what is wrong with the notices of some editions; what is the same in several of them is said once."""
    found: dict[Problem, list[str]] = {}
    for one in editions:
        for problem in _check(one):
            found.setdefault(problem, []).append(f"the {one.view.name} edition since {one.last.release}")
    return ordered(
        replace(problem, message=problem.message.replace(_WHERE, " and ".join(names)))
        for problem, names in found.items()
    )


def _check(one: Compared) -> Iterator[Problem]:
    found = changes.between(one.last.rows, one.rows)
    pages = changes.whole_pages(found)
    named: dict[str, list[Told]] = {}
    for told in _fresh(one.view, one.last):
        shown = one.view.names(told[1])
        for at, name in enumerate(told[1].changes):
            named.setdefault(name, []).append(told)
            if name not in shown:
                yield _hidden(one.view, *told, at)
    for change in found:
        notices = named.get(change.id) or (named.get(change.page, []) if change.page in pages else [])
        if change.kind == "page" and not changes.retires(change):
            continue
        if change.after is None and _is_withheld(one.view, change.page):
            continue  # what the edition withholds from now on, no notice of its may name
        if not notices:
            yield _unannounced(one.view, change)
        elif all(meta.kind == "editorial" for _, meta in notices):
            yield from _too_small(*notices[0], change)


def _hidden(view: View, notice: Document, meta: Notice, at: int) -> Problem:
    """Say that a notice names what its readers cannot see, and is new to them: an old one names what they once saw."""
    message = f"`{meta.changes[at]}` is not in the {view.name} edition, where this notice is new. Delete it here."
    return Problem(f"{DOCS}/{notice.path}", notice.lines.get(f"changes.{at}", 1), "hidden-reference", message)


def _is_withheld(view: View, page: str) -> bool:
    document = view.library.by_id.get(page)
    return document is not None and not view.reader.may_read_audience(document.meta.audience)


def _fresh(view: View, last: Baseline) -> list[Told]:
    """Return the notices that the next release is the first to tell: their day has come, and none before told them."""
    metas = [(document, document.meta) for document in view.pages if isinstance(document.meta, Notice)]
    begun = [
        (document, meta)
        for document, meta in metas
        if meta.status == "in-force"  # staff read drafts, which nobody has to sign
        and meta.starts <= view.reader.day
    ]
    if view.shows_field("effective"):
        return [told for told in begun if not last.has_told(told[1].id)]
    known = {row["id"] for row in last.rows}  # of another first day than that of the notice itself they are not told
    return [told for told in begun if told[1].id not in known or told[1].starts > last.day]


def _unannounced(view: View, change: Change) -> Problem:
    document = view.library.by_id.get(change.page)
    path = f"{DOCS}/{document.path}" if document else DOCS
    what = "is new" if change.before is None else "is gone" if change.after is None else "differs"
    mend = _mend(view, change)
    if document is None:
        mend = f"Put the page of `{change.page}` back with `status: retired`: old decisions and notices name it."
    message = f"`{change.id}` {what} in {_WHERE}, and no notice says so. {mend}"
    told = "\n".join(filter(None, [message, difference(change)]))
    return Problem(path, _line(view, document, change), "unannounced", told)


def _mend(view: View, change: Change) -> str:
    """Say how to announce a change: what the newest notice that names it lacks, or that one is wanted."""
    mend = f"Name it in a notice: scripts/guide new notice, then `changes: [{change.id}]`."
    metas = [one.meta for one in view.library.documents.values() if isinstance(one.meta, Notice)]
    newest = max((meta for meta in metas if change.id in meta.changes), key=lambda meta: meta.id, default=None)
    if newest is None:
        return mend
    if newest.status == "draft":
        return f"{newest.id} names it and is a draft, which announces nothing: set its `status` and `audience`."
    if not view.reader.may_read_audience(newest.audience):
        who = f"its `audience` is `{newest.audience}`"
        return f"{newest.id} names it, but {who}: change that, or write a notice for these readers."
    if newest.starts > view.reader.day:
        return (
            f"{newest.id} announces it from {newest.starts} on: put the new text into an `effective` passage from that "
            f"day, or give {newest.id} an earlier one."
        )
    return f"{mend} {newest.id} names it as well, but spoke for an earlier release."


def _line(view: View, document: Document | None, change: Change) -> int:
    """Return the line on which a thing stands now; the first of its page when it is gone."""
    if document is None:
        return 1
    if change.kind == "clause":
        return next((one.line for one in document.clauses if one.clause == change.id), 1)
    if change.kind == "case":
        return next((one.line for one in document.visible_cases(view.reader) if one.id == change.id), 1)
    tree = document.visible_tree(view.reader) if change.kind == "tree" else None
    return tree.line if tree else 1


def difference(change: Change) -> str:
    """Return a change as text for a terminal: each line of a text that differs, values and leaves before and after."""
    match change.kind:
        case "tree":
            rows = [
                f"  {leaf.question} {leaf.answer}: [-{_leaf(leaf.before)}-]{{+{_leaf(leaf.after)}+}}"
                for leaf in changes.leaves(change.before, change.after)
            ]
            return "\n".join(rows)
        case "page":
            states = [row["status"] for row in (change.before, change.after) if row]
            return f"  status: [-{states[0]}-]{{+{states[1]}+}}" if changes.retires(change) else ""
        case _:
            texts = [redline.text(one, two, _WIDTH) for _, one, two in texts_of(change)]
            values = [f"{key}: [-{short(a)}-]{{+{short(b)}+}}" for key, a, b in values_of(change)]
            lines = [line for text in [*texts, *values] for line in text.splitlines()]
            return "\n".join(f"  {line}" for line in lines)


def _leaf(leaf: tuple[str, ...] | None) -> str:
    return " ".join(leaf) if leaf else ""


def short(value: object) -> str:
    """Return a value of a catalog in words; empty for none."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {one}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)


def texts_of(change: Change) -> list[tuple[str, str, str]]:
    """Return the texts of a clause, a label or a case that differ, as (what it is, before, after) in Markdown."""
    before, after = _texts(change, change.before), _texts(change, change.after)
    return [
        (key, before.get(key, ""), after.get(key, ""))
        for key in dict.fromkeys([*before, *after])
        if before.get(key, "") != after.get(key, "")
    ]


def _texts(change: Change, data: Row | None) -> dict[str, str]:
    if data is None:
        return {}
    if change.kind == "clause":
        return {"title": data["title"], "text": data["text"]}
    keys = changes.LABEL_TEXTS if change.kind == "label" else changes.CASE_TEXTS
    found: dict[str, str] = {}
    for key in keys:
        value = data.get(key)
        if isinstance(value, Mapping):
            found |= {f"{key}: {part}": str(text) for part, text in value.items()}
        elif value:
            found[key] = "\n".join(f"- {one}" for one in value) if isinstance(value, list) else str(value)
    return found


def values_of(change: Change) -> list[tuple[str, Any, Any]]:
    """Return the values of a label or a case that differ, as (what it is, before, after)."""
    before, after = change.before or {}, change.after or {}
    keys = {"label": changes.LABEL_VALUES, "case": changes.CASE_VALUES}.get(change.kind, ())
    return [(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]


def _too_small(notice: Document, meta: Notice, change: Change) -> Iterator[Problem]:
    """Yield a problem when an editorial notice stands for a change that decides cases, and does not say why it may."""
    if change.id in meta.justified:
        return
    found = why_substantive(change)
    if found:
        more = f", and {len(found) - _MOST} more" if len(found) > _MOST else ""
        message = (
            f"is declared editorial, and `{change.id}` differs in {'; '.join(found[:_MOST])}{more}. Declare the notice "
            f"substantive, or say why no case is decided otherwise: `justified: {{{change.id}: …}}`."
        )
        yield Problem(f"{DOCS}/{notice.path}", notice.lines.get("kind", 1), "substance", message)


def why_substantive(change: Change) -> list[str]:
    """Return what in a change could make a case come out differently, in words; empty when nothing could.

    A case that came or went illustrates a rule, and by itself changes none.
    """
    if change.before is None or change.after is None:
        whole = f"the whole {change.kind}, which is {'gone' if change.before else 'new'}"
        return [] if change.kind == "case" else [whole]
    if change.kind == "tree":
        found = [
            f"the leaf `{leaf.question} {leaf.answer}` ({_turned(_leaf(leaf.before), _leaf(leaf.after))})"
            for leaf in changes.leaves(change.before, change.after)
        ]
        return found or ["its questions"]
    if change.kind == "page":
        return ["whether its clauses decide cases"]
    values = values_of(change)
    found = [f"{key} ({_turned(short(one), short(two))})" for key, one, two in values]
    for _, one, two in texts_of(change):
        found += [f"{reason.kind} ({_turned(reason.before, reason.after)})" for reason in substance.reasons(one, two)]
    return found


def _turned(before: str, after: str) -> str:
    """Say in a message what a word, a value or a leaf became."""
    if before and after:
        return f"`{before}`, now `{after}`"
    return f"new: `{after}`" if after else f"gone: `{before}`"

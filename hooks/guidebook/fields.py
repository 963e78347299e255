"""Fields: rules about the ids that stand in front matter: they name what they should, for everybody who sees them."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator

from guidebook import references
from guidebook.documents import Document
from guidebook.library import DOCS, Library
from guidebook.metadata import Faq, Guideline, Notice
from guidebook.problems import Problem
from guidebook.references import Broken, Target


def fields_resolve(library: Library, day: dt.date) -> Iterator[Problem]:
    """Ids in the front matter name what they should, visibly in every edition that shows the document."""
    for document in library.documents.values():
        for name, key, wanted in _named(document):
            line = document.lines.get(key, 1)
            found = references.by_id(library, name)
            if isinstance(found, Broken):
                if is_lost(library, document, name):
                    yield Problem(f"{DOCS}/{document.path}", line, found.rule, found.message)
                    continue
                found = Target(references.gone_from(library, name))  # what is gone is named where its page is shown
            if not isinstance(found, Target) or found.document is None:
                continue
            kind = "clause" if found.heading else "case" if found.case else found.document.meta.type
            if kind not in wanted:
                kinds = ", a ".join(wanted[:-1]) + f" or a {wanted[-1]}" if wanted[1:] else wanted[0]
                message = f"expected `{name}` to be a {kinds}, found a {kind}."
                yield Problem(f"{DOCS}/{document.path}", line, "unknown-reference", message)
                continue
            for why, names in _hidden(library, document, key, found, day).items():
                message = (
                    f"`{name}` is not in the {' and '.join(names)} edition, where this is shown: {why}. Delete it here."
                )
                yield Problem(f"{DOCS}/{document.path}", line, "hidden-reference", message)


def _hidden(library: Library, document: Document, key: str, target: Target, day: dt.date) -> dict[str, list[str]]:
    """Return why a field may not name `target`, with the editions that show the field and not what it names.

    A notice that has begun told its readers what they saw then. What is for others now, staging leaves out of it.
    """
    hidden: dict[str, list[str]] = defaultdict(list)
    if isinstance(document.meta, Notice) and document.meta.starts < day:
        return hidden
    configuration = library.configuration
    for edition in configuration.editions:
        shown = configuration.reader(edition, day).may_read(document)
        if shown and configuration.shows_field(edition, key.split(".", maxsplit=1)[0]):
            readers = (configuration.reader(edition, one) for one in _days(document, target, day))
            reasons = [references.why_hidden(target, reader) for reader in readers]
            if all(reasons):
                hidden[str(reasons[0])].append(edition)
    return hidden


def _days(document: Document, target: Target, day: dt.date) -> list[dt.date]:
    """Return the days on one of which what is named must be there: a notice tells of what came and of what went.

    `labels` has no dates: a guideline lists a label before its first day, and staging leaves it out until then.
    """
    if isinstance(document.meta, Guideline) and target.document:
        return [day, max(day, target.document.meta.valid_from)]
    if not isinstance(document.meta, Notice):
        return [day]
    starts = document.meta.starts
    return [starts, starts - dt.timedelta(days=1)]


def is_lost(library: Library, document: Document, name: str) -> bool:
    """Say whether what a document names leads nowhere, and nothing says why.

    A notice may name a retired clause, a case that went, and what was rolled back: that is what a notice that restores
    a release names, wherever this one is shown.
    """
    if not isinstance(references.by_id(library, name), Broken):
        return False
    if not isinstance(document.meta, Notice):
        return True
    if name in library.retired or (re.fullmatch(r"G\d{2}-\d{2}", name) and name[:3] in library.by_id):
        return False
    return not any(
        isinstance(one.meta, Notice)
        and one.meta.restores
        and name in {changed.removeprefix("tree/") for changed in one.meta.changes}
        and _shown(library, document) <= _shown(library, one)
        for one in library.documents.values()
    )


def _shown(library: Library, document: Document) -> set[str]:
    """Return the editions that show a document while it is in force."""
    configuration, day = library.configuration, document.meta.valid_from
    return {edition for edition in configuration.editions if configuration.reader(edition, day).may_read(document)}


def _named(document: Document) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    match document.meta:
        case Guideline(labels=labels):
            yield from ((name, f"labels.{at}", ("label",)) for at, name in enumerate(labels))
        case Faq(answers=answers):
            yield from ((name, f"answers.{at}", ("clause",)) for at, name in enumerate(answers))
        case Notice(changes=changes):
            named = ((name.removeprefix("tree/"), f"changes.{at}") for at, name in enumerate(changes))
            yield from ((name, key, ("clause", "label", "case", "guideline")) for name, key in named)


RULES = (fields_resolve,)

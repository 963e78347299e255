"""References: where the links and ids in a document lead, and whether a reader may follow them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from guidebook.cases import Case
from guidebook.documents import Document, Reader, inside
from guidebook.library import DOCS, Library
from guidebook.markup import Heading, Kind, Mark
from guidebook.sources import AssetFile

_HTTPS = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/[\w./~%!$&'()*+,;=:@?#-]*)?")
_NUMBERED = re.compile(r"G\d\d(?:\.\d+|-[KX]?\d\d)?", re.ASCII)
_ENTITY = re.compile(r"&#|&[A-Za-z]\w*;")


@dataclass(frozen=True)
class Target:
    """Where a mark leads: to a document and perhaps a heading or a case of it, to an asset, or out (all None)."""

    document: Document | None = None
    heading: Heading | None = None
    asset: AssetFile | None = None
    case: Case | None = None


@dataclass(frozen=True)
class Broken:
    """Why a mark leads nowhere: a rule's slug and a message."""

    rule: str
    message: str


def resolve(library: Library, document: Document, mark: Mark) -> Target | Broken | None:
    """Return where `mark` in `document` leads; None when it is aimed at a source already reported as unreadable."""
    if mark.kind is Kind.REFERENCE:
        return by_id(library, mark.target)
    if mark.kind is Kind.INCLUDE:
        return _include(library, mark)
    return _link(library, document, mark)


def by_id(library: Library, name: str) -> Target | Broken | None:
    """Return the document or clause with the id `name`."""
    if name in library.by_id:
        return Target(library.by_id[name])
    if name in library.clauses:
        return Target(*library.clauses[name])
    if name in library.cases:
        document, case = library.cases[name]
        return Target(document, case=case)
    if name in library.retired:
        _, retired = library.retired[name]
        return Broken(
            "retired-clause", f"clause `{name}` was retired: {retired.why} Write [{retired.to}] in its place."
        )
    if name.split(".", 1)[0] in library.unread_ids or any(_may_hold(path, name) for path in library.unread):
        return None
    known = [*library.by_id, *library.clauses, *library.cases]
    if _NUMBERED.fullmatch(name):  # the same number in another guideline is another rule, and no guess
        known = [one for one in known if one.startswith(name[:3]) and one != name[:3]] if len(name) > len("G04") else []
    close = get_close_matches(name, known, n=1, cutoff=0.7)
    hint = f" Did you mean `{close[0]}`?" if close else ""
    message = f"`{name}` is the id of no document, clause or case.{hint} Mend the id, or write \\[ for a plain bracket."
    return Broken("unknown-reference", message)


def _may_hold(path: str, name: str) -> bool:
    stem = posixpath.basename(path).removesuffix(".md")
    whole = name.split(".", 1)[0].lower()
    return stem == whole or stem.startswith(f"{whole}-") or whole.startswith("snippet-")


def _include(library: Library, mark: Mark) -> Target | Broken | None:
    path = mark.target
    found = library.documents.get(path)
    if path in library.unread:
        return None
    if found is None or found.meta.type != "snippet":
        what = f"a {found.meta.type}" if found else "no file"
        return Broken("include", f"expected the path of a snippet below {DOCS}/, found {what} at `{path}`.")
    return Target(found)


def _link(library: Library, document: Document, mark: Mark) -> Target | Broken | None:  # noqa: PLR0911 - one a case
    target = mark.target
    if target.startswith("https://"):
        return _outside(mark)
    path, _, anchor = target.partition("#")
    if not path and not anchor:
        return Broken("broken-link", "expected a target in the parentheses, found none. Add it.")
    if re.search(r"[:?&%\\]|^/", target):
        wish = "an address with https://, the path of a file from here, or #heading"
        return Broken("link-scheme", f"expected {wish}; found `{target[:80]}`. Write one of these.")
    where = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), path)) if path else document.path
    if where in library.unread:
        return None
    asset, found = library.assets.get(where), library.documents.get(where)
    if asset:
        return Broken("broken-link", f"`{where}` has no headings. Delete #{anchor}.") if anchor else Target(asset=asset)
    if found is None or found.meta.type == "snippet":
        return Broken("broken-link", _no_page(library, document, where, found))
    if mark.kind is Kind.IMAGE:
        return Broken("image", f"expected an image, found the page `{where}`. Write [text](target) to link to it.")
    return _anchor(found, anchor)


def _outside(mark: Mark) -> Target | Broken:
    if mark.kind is Kind.IMAGE:
        return Broken("image", "an image from another host would be fetched by readers. Put the file below docs/.")
    if _HTTPS.fullmatch(mark.target) and not _ENTITY.search(mark.target):
        return Target()
    mend = "Copy it from the browser's address bar."
    return Broken("link-form", f"expected a plain https address, found `{mark.target[:80]}`. {mend}")


def _no_page(library: Library, document: Document, where: str, found: Document | None) -> str:
    if found is not None:
        return f"`{where}` is a snippet and has no page of its own. Link to a page that includes it."
    if where.startswith("../"):
        return f"expected a file below {DOCS}/, found a path that leads out of it. Mend the path."
    close = get_close_matches(where, [*library.documents, *library.assets], n=1, cutoff=0.7)
    here = posixpath.dirname(document.path) or "."
    hint = f" Did you mean `{posixpath.relpath(close[0], here)}`?" if close else ""
    return f"expected a file, found none at {DOCS}/{where}.{hint} Mend the path, or add the file."


def _anchor(document: Document, anchor: str) -> Target | Broken:
    if not anchor:
        return Target(document)
    for heading in document.body.headings:
        if heading.anchor == anchor:
            return Target(document, heading)
    close = get_close_matches(anchor, [heading.anchor for heading in document.body.headings], n=1, cutoff=0.6)
    hint = f" Did you mean `#{close[0]}`?" if close else ""
    return Broken(
        "broken-anchor", f"{DOCS}/{document.path} has no heading with the anchor `#{anchor}`.{hint} Mend the anchor."
    )


def why_hidden(target: Target, reader: Reader) -> str | None:
    """Say why `reader` cannot follow a mark to `target`; None when nothing hinders."""
    document = target.document
    if document is None:
        return None
    if not reader.may_read(document):
        return _why_no_page(document, reader)
    at = [one.start for one in _twins(target)]
    if at and all(inside(one, document.withheld(reader)) for one in at):
        if not all(inside(one, document.forbidden(reader)) for one in at):
            return f"it is not in force on {reader.day}"
        return "the case is withheld there" if target.case else "its heading stands in a passage that is withheld there"
    return None


def gone_from(library: Library, name: str) -> Document | None:
    """Return the page from which a clause or a case is gone; None where that is gone too."""
    if name in library.retired:
        return library.retired[name][0]
    return library.by_id.get(name[:3]) if name.startswith("G") else None


def is_withheld(library: Library, name: str, reader: Reader) -> bool:
    """Say whether what a notice names, or the page it is gone from, is for others than `reader` on every day."""
    name = name.removeprefix("tree/")
    target = by_id(library, name)
    if not isinstance(target, Target):
        target = Target(gone_from(library, name))
    document = target.document
    if document is None:
        return False  # the check lets a notice name what stands nowhere only if another notice told its readers why
    if not reader.on(document.meta.valid_from).may_read(document):
        return True
    at = [one.start for one in _twins(target)]
    return bool(at) and all(inside(one, document.forbidden(reader)) for one in at)


def _why_no_page(document: Document, reader: Reader) -> str:
    if not reader.may_read_audience(document.meta.audience):
        return f"its page is for the audience `{document.meta.audience}`"
    if not document.meta.in_force(reader.day):
        return f"its page is not in force on {reader.day}"
    return "its page is a draft"


def seen(target: Target, reader: Reader) -> Target:
    """Return the target with the heading or case that `reader` sees: one that is dated can stand on its page twice."""
    spans = target.document.withheld(reader) if target.document else []
    shown = next((one for one in _twins(target) if not inside(one.start, spans)), None)
    return replace(target, case=shown) if isinstance(shown, Case) else replace(target, heading=shown or target.heading)


def _twins(target: Target) -> Sequence[Heading | Case]:
    """Return the headings of the target's page that have its anchor, or the cases; they hold on different days."""
    if target.document is None:
        return []
    if target.case:
        return [one for one in target.document.cases if one.id == target.case.id]
    return [one for one in target.document.body.headings if target.heading and one.anchor == target.heading.anchor]

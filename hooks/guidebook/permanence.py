"""Permanence: whatever was ever published is found in every later release: where it stands now, or a word on its end.

What was published says the timeline, so this looks at all releases and not at the last one alone.
"""

from __future__ import annotations

import html
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guidebook import permalinks
from guidebook.library import DOCS
from guidebook.metadata import Notice
from guidebook.problems import Problem
from guidebook.timeline import Text, Timeline, Withdrawal
from guidebook.views import View


@dataclass(frozen=True)
class Gone:
    """A clause or a page that is not there any more; title and url are empty for a clause known as retired only."""

    id: str
    title: str
    url: str  # in the release `last`
    since: str  # the release that brought its last text
    last: str  # the last release that shows it


@dataclass(frozen=True)
class Permanence:
    """Where everything ever published is found in a new release, and what there breaks a promise."""

    redirects: dict[str, str]  # address of a page that stands elsewhere now → its new address
    gone: dict[str, Gone]  # address of a page → that page, which is not there any more
    gone_clauses: dict[str, Gone]  # by id: clauses that are not there, and are not said to be retired
    clause_moves: dict[str, str]  # id of a clause → address of the page it stands on now, which is not its own
    reused: list[str]  # ids of clauses that were not there, and are back with a text they never had
    occupied: dict[str, str]  # address at which a page is new → id of the page that had it before


def moved(timeline: Timeline, rows: list[dict[str, Any]]) -> Permanence:
    """Compare all that was ever published with the rows of the catalog of the next release.

    Each address ever published is in `rows`, `redirects` or `gone`; if several pages had it, the last one counts.
    """
    urls = {str(row["id"]): str(row["url"]) for row in rows}
    taken = {url: name for name, url in urls.items()}
    clauses = {str(one["id"]): (row, one) for row in rows for one in row.get("clauses", ())}
    retired = {name for row in rows for name in row.get("retired", ())}
    held = {url: address.ids for url, address in timeline.addresses().items()}
    moves, reused = {}, []
    for name, (row, clause) in clauses.items():
        texts = _texts(timeline, name)
        if texts:
            page = timeline.entry_in(row["id"], texts[-1][1])
            if not isinstance(page, Text) or page.url != texts[-1][0].url.partition("#")[0]:
                moves[name] = urls[row["id"]]
        entries = timeline.clauses.get(name, ())
        known = {one.sha256 for one, _ in texts}
        if entries and isinstance(entries[-1], Withdrawal) and clause["sha256"] not in known:
            reused.append(name)
    return Permanence(
        redirects={url: urls[ids[-1]] for url, ids in held.items() if url not in taken and ids[-1] in urls},
        gone={url: _gone(timeline, ids[-1]) for url, ids in held.items() if url not in taken and ids[-1] not in urls},
        gone_clauses={
            name: _gone(timeline, name) for name in timeline.clauses if name not in clauses and name not in retired
        },
        clause_moves=moves,
        reused=reused,
        occupied={url: ids[-1] for url, ids in held.items() if url in taken and taken[url] not in ids},
    )


def _texts(timeline: Timeline, name: str) -> list[tuple[Text, str]]:
    return [(one, last) for one, last in timeline.spans(name) if isinstance(one, Text)]


def _gone(timeline: Timeline, name: str) -> Gone:
    texts = _texts(timeline, name)
    if texts:
        one, last = texts[-1]
        return Gone(name, one.title, one.url, one.release, last)
    named = [(one, last) for one, last in timeline.spans(name) if isinstance(one, Withdrawal) and one.retired.to]
    return Gone(name, "", "", named[-1][0].release, named[-1][1])


def check(view: View, timeline: Timeline, rows: list[dict[str, Any]]) -> Iterator[Problem]:
    """Yield a problem for each promise that the next release of an edition would break."""
    found = moved(timeline, rows)
    pages = {str(row["id"]) for row in rows}
    # A notice that restores an earlier release takes out what came after that one; the pages left behind say so.
    fresh = [one.meta for one in view.pages if isinstance(one.meta, Notice) and one.meta.id not in timeline.pages]
    restoring = [meta for meta in fresh if meta.restores]
    for meta in restoring:
        yield from _restored(view, meta, timeline, rows)
    for name, gone in found.gone_clauses.items() if not restoring else ():
        page = name.partition(".")[0]
        told = name in view.library.retired  # the edition may not show that it is
        if page in pages and gone.url and gone.last == timeline.releases[-1] and not told:
            message = f"was published last in {gone.last}, and is not there any more. {_RETIRE.format(name)}"
            yield _problem(view, page, "vanished-clause", f"clause `{name}` {message}")
    for name, url in found.clause_moves.items():
        message = f"clause `{name}` was published on another page, and now stands at {url}. {_RETIRE.format(name)}"
        yield _problem(view, name.partition(".")[0], "moved-clause", message)
    for name in found.reused:
        message = (
            f"clause `{name}` was retired, and its id is used again for another text. Give the new clause a new id."
        )
        yield _problem(view, name.partition(".")[0], "reused-clause", message)
    taken = {str(row["url"]): str(row["id"]) for row in rows}
    for url, name in found.occupied.items():
        message = f"the address {url} was that of `{name}`, whose readers would land on another page. Rename the file."
        yield _problem(view, taken[url], "reused-address", message)


def _restored(view: View, meta: Notice, timeline: Timeline, rows: list[dict[str, Any]]) -> Iterator[Problem]:
    """Yield a problem when a notice says that it restores a release, and what it names is not as it was there.

    Such a notice needs no sign-offs, because its text had them. It names a release of the edition it is written for.
    A label, a tree or a case is as it was when its whole page is.
    """
    release = str(meta.restores)
    if meta.audience != view.name:
        return
    if release not in timeline.releases:
        message = f"expected `restores` to name a release of the {view.name} edition, found {release}. Name one."
        yield _problem(view, meta.id, "not-restored", message)
        return
    others = (one.meta for one in view.pages if isinstance(one.meta, Notice) and not one.meta.restores)
    told = {name for other in others for name in other.changes}
    now = {row["id"]: row["sha256"] for row in rows}
    now |= {one["id"]: one["sha256"] for row in rows for one in row.get("clauses", ())}
    for name in meta.changes:
        held = _holder(name)
        if not (held in now or held in timeline.clauses or held in timeline.pages or name in told):
            message = f"`{name}`, which {meta.id} names, was never in the {view.name} edition. Delete it there."
            yield _problem(view, meta.id, "not-restored", message)
            continue
        was = timeline.entry_in(held, release)
        if now.get(held) != (was.sha256 if isinstance(was, Text) else None):
            message = f"`{name}` is not as it was in {release}, which {meta.id} says it restores. Mend one of them."
            yield _problem(view, meta.id, "not-restored", message)


def _holder(name: str) -> str:
    """Return whose sum tells of what a notice names: the clause itself, else its page."""
    if name.startswith("tree/"):
        return name.removeprefix("tree/")
    return name.partition("-")[0] if name[0] == "G" else name


_RETIRE = "Put it back, or retire it: `retired: {{{}: {{to: …, why: …}}}}`."


def _problem(view: View, page: str, rule: str, message: str) -> Problem:
    document = view.library.by_id.get(page)
    return Problem(f"{DOCS}/{document.path}" if document else DOCS, 1, rule, message)


def pages(found: Permanence) -> dict[str, bytes]:
    """Return the pages that stand where something stood once, by path on the site: they lead on, or say it is gone."""
    made: dict[str, bytes] = {}
    for old, new in found.redirects.items():
        made[f"{old}index.html"] = _leading(old, new)
    for url, gone in found.gone.items():
        made[f"{url}index.html"] = _ended(url, gone, f"{gone.id} {gone.title}", gone.url)
    for name, gone in found.gone_clauses.items():
        here = f"{permalinks.FOLDER}/{name}/"  # where the last release said that it was retired, if it had no text
        made[permalinks.path_of(name)] = _ended(here, gone, f"{name} {gone.title}".strip(), gone.url or here)
    return made


def _leading(old: str, new: str) -> bytes:
    where = html.escape(posixpath.relpath(f"/{new}", f"/{old}") + "/")
    return _page(
        old,
        "Moved",
        f'<meta http-equiv="refresh" content="0; url={where}">',
        f'This page moved <a data-moved href="{where}">here</a>.',
        f'<script src="{"../" * old.count("/")}javascripts/moved.js"></script>',
    )


def _ended(url: str, gone: Gone, title: str, there: str) -> bytes:
    root = "../" * url.count("/")
    where = html.escape(f"{root}../{gone.last}/{there}")
    said = (
        f"{html.escape(title)} is not part of the guidelines any more. It decides no case. "
        f'Its last text stands in <a href="{where}">release {gone.last}</a>. <a href="{root}changes/">What changed</a>'
    )
    return _page(url, f"Retired: {html.escape(title)}", "", said)


def _page(url: str, title: str, head: str, said: str, script: str = "") -> bytes:
    root = "../" * url.count("/")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
{head}
<link rel="icon" href="{root}assets/images/favicon.png">
<title>{title}</title>
</head>
<body>
<p>{said}</p>
{script}
</body>
</html>
""".encode()

"""Catalogs of a few pages and clauses, and random histories of them, with an independent reading of these."""

import json
from datetime import UTC, date, datetime, timedelta

from guidebook.timeline import rebuilt
from hypothesis import strategies as st

A, B, C = ("a" * 64, "b" * 64, "c" * 64)
ONE, TWO, THREE, FOUR = "2026.11.23", "2026.11.23.2", "2026.12.05", "2027.01.01"
PAGES = {"home": "", "G04": "rules/g04/", "G05": "rules/g05/", "spam-x": "labels/spam-x/"}
CLAUSES = ("G04.1", "G04.2", "G04.10", "G05.1")


def anchor(name):
    return "#" + name.lower().replace(".", "-")


def page(name, url=None, sha256=A, title="Title", retired=None, **clauses):
    """Return a row; each clause is given as `g04_1=sha256`."""
    url = PAGES[name] if url is None else url
    found = {"id": name, "type": "page", "title": title, "summary": "Sum.", "url": url, "sha256": sha256}
    ids = {key.upper().replace("_", "."): one for key, one in clauses.items()}
    if ids:
        found["clauses"] = [
            {"id": one, "anchor": anchor(one)[1:], "title": f"About {one}", "text": "T.", "sha256": digest,
             "url": url + anchor(one)}
            for one, digest in ids.items()
        ]  # fmt: skip
    return found | ({"retired": retired} if retired is not None else {})


def catalog(*rows, edition="external"):
    return json.dumps({"$schema": "catalog.schema.json", "format": 2, "edition": edition, "documents": rows}).encode()


def made(*releases):
    """Return the bytes for releases given as (name, row, row, …)."""
    return rebuilt((name, catalog(*rows)) for name, *rows in releases)


def histories(least=1):
    """Return [(name, start, rows)]: pages and clauses that come, change, move, end and come back."""
    return st.lists(st.binary(min_size=14, max_size=14), min_size=least, max_size=6).map(told)


def told(chances):
    found, day, nth = [], date(2026, 11, 20), 0
    for gap, again, *rest in chances:
        more = (0, 0, 1, 2, 40)[gap % 5]
        day, nth = (day + timedelta(more), 1) if more else (day, nth + 1)
        name = f"{day:%Y.%m.%d}" + (f".{nth}" if nth > 1 else "")
        start = datetime(day.year, day.month, day.day, 0, nth - 1, tzinfo=UTC)
        old = found[again // 4 % len(found)][2] if found and again % 4 == 3 else None
        found.append((name, start, old or library(rest)))  # an old one: a rollback, or nothing new
    return found


def library(chances):
    """Return the rows of a catalog: a number says for each page where it is, two for each clause what and where."""
    rows, left = {}, iter(chances)
    for name, url in PAGES.items():
        chance = next(left)
        where = (url, url, url, f"new/{name.lower()}/", "shared/", "labels/spam-x/", None)[chance % 7]
        if where is not None and where not in {row["url"] for row in rows.values()}:
            rows[name] = page(name, where, (A, B)[chance // 7 % 2])
    for name in CLAUSES if rows else ():
        what, where = (A, A, B, C, "G04.1", "G05.1", None)[next(left) % 7], next(left)
        own = rows.get(name.partition(".")[0])
        row = own if own and where % 3 else rows[sorted(rows)[where // 3 % len(rows)]]
        if what in {A, B, C}:
            one = page("home", row["url"], **{name.lower().replace(".", "_"): what})["clauses"]
            row.setdefault("clauses", []).extend(one)
        elif what:
            row.setdefault("retired", {})[name] = {"to": what, "why": "Why."}
    return list(rows.values())


def written(history):
    return rebuilt((name, catalog(*rows)) for name, _, rows in history)


def stated(rows, name):
    """Say what one catalog says of an id: (title, url, sha256), (to, why), or None."""
    for row in rows:
        for one in (row, *row.get("clauses", [])):
            if one["id"] == name:
                return one["title"], one["url"], one["sha256"]
        if name in row.get("retired", {}):
            return row["retired"][name]["to"], row["retired"][name]["why"]
    return None


def expected(history, name):
    """Say what a history ends with for an id: as `stated`, or () when it was there once."""
    said = [stated(rows, name) for _, _, rows in history]
    return (said[-1] or (() if any(said) else None)) if said else None


def holders(history):
    """List for each address who stood there, release by release."""
    found = {}
    for release, _, rows in history:
        for row in rows:
            found.setdefault(row["url"], []).append((release, row["id"]))
    return found


def days(history):
    """Return each day of a release and its neighbours."""
    return sorted({start.date() + timedelta(more) for _, start, _ in history for more in (-1, 0, 1)})

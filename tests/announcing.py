"""Notices beside a worked guideline, and the rows of the catalogs that are compared."""

import datetime as dt
import json

from libraries import DAY, EXTERNAL, simple
from worked import staged

SIGNED = dict.fromkeys(["Training", "Spam Policy", "Vendor Management"], dt.date(2026, 11, 2))


def notice(*names, **fields):
    """Return the fields of a notice about some changes, which begins today and is signed where it has to be."""
    signed = {"signed": SIGNED} if fields.get("kind", "substantive") == "substantive" else {}
    return {"type": "notice", "id": "N001", "changes": list(names), "kind": "substantive", "valid_from": DAY,
            **signed, **fields}  # fmt: skip


def editorial(*names, **fields):
    return notice(*names, kind="editorial", **fields)


def with_notices(made, *notices):
    """Return a project with these notices, each on a page of its own."""
    for fields in notices:
        name = fields["id"].lower()
        added = simple({f"{name}.md": "Text.\n"}, **{name: fields})
        made.docs[f"{name}.md"] = added.docs[f"{name}.md"]
    return made


def rows(made, name=EXTERNAL):
    """Return the documents of the catalog of an edition, as staged."""
    return json.loads(staged(made, name)["docs/catalog.json"])["documents"]


def without(documents, *names):
    return [one for one in documents if one["id"] not in names]

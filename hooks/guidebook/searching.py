"""Searching: what the site's search is told beside the words of the pages.

A reviewer in the middle of a case types other words than a rule has. Those that an editor lists for a clause
(`searched_as`) stand in a field of the search index, `words`, which counts and is not shown.
"""

from __future__ import annotations

import json
from typing import Any

INDEX = "search/search_index.json"


def filled(index: bytes, rows: list[dict[str, Any]]) -> bytes:
    """Return the search index with the words of each clause in its section; `rows` are those of the catalog."""
    words = {
        clause["url"]: row["searched_as"][clause["id"]]
        for row in rows
        for clause in row.get("clauses", [])
        if clause["id"] in row.get("searched_as", {})
    }
    data = json.loads(index)
    for section in data["docs"]:
        if section["location"] in words:
            section["words"] = ", ".join(words[section["location"]])
    return json.dumps(data, separators=(",", ":")).encode()

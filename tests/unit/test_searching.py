"""The words by which reviewers look for a clause, in the search index."""

import json

from guidebook import searching

INDEX = {
    "config": {"lang": ["en"]},
    "docs": [
        {"location": "guidelines/g04/", "title": "Links", "text": "", "tags": ["G04"]},
        {"location": "guidelines/g04/#g04-1", "title": "G04.1", "text": "<p>Lättläst</p>", "tags": ["G04"]},
        {"location": "guidelines/g04/#g04-2", "title": "G04.2", "text": "", "tags": ["G04"]},
    ],
}
CLAUSES = [{"id": f"G04.{number}", "url": f"guidelines/g04/#g04-{number}"} for number in (1, 2)]


def test_only_the_section_of_a_clause_gets_its_words_and_nothing_else_changes():
    rows = [{"clauses": CLAUSES, "searched_as": {"G04.2": ["short url", "tiny <link>"]}}, {"id": "home"}]
    made = json.loads(searching.filled(json.dumps(INDEX).encode(), rows))
    assert made["docs"][2].pop("words") == "short url, tiny <link>"
    assert made == INDEX


def test_an_edition_that_does_not_show_the_words_keeps_the_index_as_it_is():
    compact = json.dumps(INDEX, separators=(",", ":")).encode()
    assert searching.filled(compact, [{"clauses": CLAUSES}]) == compact

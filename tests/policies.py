"""A small library with one label at the edge of another, and its prompt: what tests of prompts start from."""

from guidebook import prompts, staging
from libraries import DAY, EXTERNAL, dump, simple

LABEL = {
    "type": "label",
    "summary": "The link opens another page.",
    "severity": "low",
    "actions": [],
    "surfaces": ["post"],
    "precedence": 10,
}
BODY = """
Text before.

## Includes

- The link opens another page ([G01.1]).

## Excludes

- The link opens the promised page: [no-thing].

## Notes

- Not of the criteria.
"""
FACTS = "one two three four five six seven eight nine ten one two three four five six seven eight nine ten"
GLOSSARY = """
link
:   An *address* in a [post](index.md).

post
:   A picture.

promised page
:   What the post shows.

spam
:   Not wanted.

/// internal
    reason: signal

opener
:   A term for staff.
///
"""


def case(ident, label="spam-x", **fields):
    made = {
        "id": ident, "title": ident, "verdict": "violating", "label": label, "clause": f"{ident[:3]}.1",
        "answers": {"opens": "Yes"}, "surface": "post", "language": "en", "set": "teaching",
        "text": f"{ident}: {FACTS}.", "reason": f"Why {ident}.", **fields,
    }  # fmt: skip
    return f"```case\n{dump(made)}```"


def miss(ident, **fields):
    return case(ident, "no-thing", near=["spam-x"], **fields)


FOUR = (case("G01-01"), case("G01-02"), miss("G01-03"), miss("G01-04"))


def guideline(*cases, name="G01"):
    return "\n\n".join(["## Clauses", f"### {name}.1 One", "Text.", "## Cases", *cases]) + "\n"


def project(*cases, body=BODY, bodies=None, **meta):
    fields = {
        "g01": {"id": "G01", "type": "guideline", "labels": ["spam-x", "no-thing"]},
        "g02": {"id": "G02", "type": "guideline", "labels": ["spam-x", "no-thing"]},
        "spam-x": LABEL,
        "no-thing": {**LABEL, "severity": "none"},
    }
    texts = {"g01.md": guideline(*cases), "spam-x.md": body, "no-thing.md": BODY, "glossary.md": GLOSSARY}
    names = fields.keys() | meta.keys()
    return simple(texts | (bodies or {}), **{name: fields.get(name, {}) | meta.get(name, {}) for name in names})


def library(made):
    found, _ = made.load()
    assert not found.problems, found.problems  # what a rule says does not matter here
    return found


def view(made, name=EXTERNAL):
    return staging.view(library(made), name, DAY)


def prompt(made, name=EXTERNAL):
    shown = view(made, name)
    return prompts.prompt(shown, shown.library.by_id["spam-x"])

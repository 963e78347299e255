"""A small library with a tree, cases and criteria, and its catalog: what both tests of catalogs start from."""

import json

from guidebook import catalog, staging
from libraries import DAY, EXTERNAL, STEPS, dump, simple

LABEL = {"type": "label", "severity": "low", "actions": [], "surfaces": ["post"], "precedence": 10}
FACTS = "one two three four five six seven eight nine ten one two three four five six seven eight nine ten"
TREE = """```tree
opens:
  ask: Does the link open?
  answers:
    Yes: {go: page}
    No: {label: no-thing, clause: G01.2}
page:
  ask: Is it the page?
  answers:
    Yes: {label: spam-x, clause: G01.1, escalate: W01}
    Cannot tell: {escalate: W01, clause: G01.1}
```"""


def case(ident, label="spam-x", **fields):
    made = {
        "id": ident, "title": f"Title {ident}", "verdict": "violating", "label": label, "clause": "G01.1",
        "answers": {"opens": "Yes", "page": "Yes"}, "surface": "post", "language": "pt-BR", "set": "teaching",
        "text": f"{ident} `x`: {FACTS}.", "reason": "Why.", **fields,
    }  # fmt: skip
    return f"```case\n{dump(made)}```"


CASES = (
    case("G01-02", contrast="G01-01", near=["no-thing"]),
    case("G01-01", "W01", verdict="borderline"),
    case("G01-K01", set="calibration"),
    case("G01-X01", "no-thing", set="golden", verdict="not-violating"),
)


def guideline(*worked, tree=TREE):
    parts = ["## Clauses", "### G01.1 One", "Text of [G01.2].", "### G01.2 Two", "Text.", "## Decision tree", tree]
    return "\n\n".join([*parts, "## Cases", *worked]) + "\n"


CRITERIA = "## Includes\n\n- One [G01.1].\n\n## Excludes\n\n- Two: [no-thing].\n"


def project(*worked, tree=TREE, bodies=None, **meta):
    fields = {
        "rules-g01": {"id": "G01", "type": "guideline", "labels": ["spam-x", "no-thing"],
                      "retired": {"G01.3": {"to": "G01.1", "why": "One rule now."}}},
        "spam-x": {**LABEL, "statement": {"ground": "G", "explanation": "E", "facts": "F …"}},
        "no-thing": {**LABEL, "severity": "none"},
        "w01": {"id": "W01", "type": "workflow"},
    }  # fmt: skip
    texts = {"rules/g01.md": guideline(*(worked or CASES), tree=tree), "rules/index.md": "Rules.\n",
             "spam-x.md": CRITERIA, "no-thing.md": "Text.\n", "w01.md": STEPS}  # fmt: skip
    names = fields.keys() | meta.keys()
    made = simple(texts | (bodies or {}), **{name: fields.get(name, {}) | meta.get(name, {}) for name in names})
    made.edition["fields"] += ["retired", "surfaces", "statement"]
    return made


def view(made, name=EXTERNAL):
    library, _ = made.load()
    assert not library.problems, library.problems  # what a rule says does not matter here
    return staging.view(library, name, DAY)


def files(shown):
    return catalog.files(shown, "Title", [staging.page(shown, document).row for document in shown.pages])


def data(made, name=EXTERNAL):
    return json.loads(files(view(made, name))["catalog.json"])


def row(made, ident, name=EXTERNAL):
    return next(one for one in data(made, name)["documents"] if one["id"] == ident)

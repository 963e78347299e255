"""One small guideline with a decision tree and worked cases, written out, for tests that say what a reader sees of it.

The settings are those that random libraries have, with the Markdown of this project's own `mkdocs.yml`.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import yaml
from bs4 import BeautifulSoup
from guidebook import rules, staging
from libraries import EXTERNAL, STEPS, Project, dump, loaded, render, simple, trees
from rendering import ROOT

PATH = "rules/g04.md"
LABEL = {
    "type": "label",
    "severity": "low",
    "actions": [],
    "dsa_category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "dsa_keyword": "KEYWORD_OTHER",
    "surfaces": ["post"],
    "precedence": 50,
}
NO_ACTION = {"type": "label", "severity": "none", "actions": [], "surfaces": ["post"], "precedence": 99}
LABEL_BODY = "## Includes\n\n- One.\n\n## Excludes\n\n- A: [spam-x].\n- B: [spam-x].\n- C: [spam-x].\n"
CLAUSES = "### G04.1 A forced file is a violation\n\nText of one.\n\n### G04.2 All else is allowed\n\nText of two.\n"
TREE: dict[str, Any] = {
    "opens": {
        "ask": "Does it open?",
        "answers": {"No": {"label": "no-action", "clause": "G04.2"}, "Yes": {"go": "danger"}},
    },
    "danger": {
        "ask": "Does it force a file?",
        "answers": {
            "Yes": {"label": "spam-x", "clause": "G04.1", "escalate": "W02"},
            "No": {"go": "threat"},
        },
    },
    "threat": {
        "ask": "Does it threaten?",
        "answers": {
            "Yes": {"escalate": "W02", "clause": "G04.2"},
            "No": {"label": "no-action", "clause": "G04.2"},
        },
    },
}
# A tree for tests in which no case stands: both of its ends are by the first clause.
SHORT = {
    "opens": {
        "ask": "Does it open?",
        "answers": {
            "No": {"label": "no-action", "clause": "G04.1"},
            "Yes": {"label": "spam-x", "clause": "G04.1"},
        },
    }
}
FORCED = {"label": "spam-x", "clause": "G04.1", "answers": {"opens": "Yes", "danger": "Yes"}}
ALLOWED = {"label": "no-action", "clause": "G04.2", "answers": {"opens": "No"}, "verdict": "not-violating"}
THREAT = {"label": "W02", "clause": "G04.2", "answers": {"opens": "Yes", "danger": "No", "threat": "Yes"}}
TEXT = "Post on a board: a cake and a link. The preview lists one domain. The last page shows a file and nothing else."


def case(name: str, **fields: Any) -> str:
    """Return a case as a fence; JSON is YAML, so every text is written to the letter."""
    given = {
        "id": f"G04-{name}", "title": f"Title {name}", "verdict": "borderline", "surface": "post", "language": "en",
        "set": "teaching", "text": TEXT, "reason": f"Reason {name}.",
    } | fields  # fmt: skip
    rows = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in given.items())
    return f"```case\n{rows}```"


def needed(label: str = "spam-x", **fields: Any) -> list[str]:
    """Return the cases without which a label that stands for a violation is not shown by enough."""
    forced, allowed = {**FORCED, "label": label, **fields}, {**ALLOWED, "near": [label]}
    return [
        case("01", **forced, verdict="violating", contrast="G04-02"),
        case("02", **allowed),
        case("03", **forced, verdict="violating"),
        case("04", **allowed),
        case("05", **forced),
    ]


def tree(questions: dict[str, Any] | None = None) -> str:
    """Return a decision tree as a fence."""
    return f"```tree\n{dump(questions or TREE)}```"


def body(clauses: str = CLAUSES, drawn: str | None = None, cases: list[str] | None = None, **sections: str) -> str:
    """Return the body of a guideline, with all of its sections in their order."""
    texts = {
        "Clauses": clauses,
        "Decision tree": tree() if drawn is None else drawn,
        "Cases": "\n\n".join(needed() if cases is None else cases),
        **{name.replace("_", " ").capitalize(): text for name, text in sections.items()},
    }
    return "\n\n".join(f"## {name}\n\n{texts.get(name, 'Text.')}" for name in rules.GUIDELINE_SECTIONS) + "\n"


@cache
def markdown_settings() -> Any:
    return yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]


def project(text: str | None = None, others: dict[str, str] | None = None, **meta: dict[str, Any]) -> Project:
    """Return a project with the guideline G04, two labels and a workflow; `meta` gives fields of pages by name."""
    bodies = {
        "rules/index.md": "Rules.\n",
        PATH: body() if text is None else text,
        "spam-x.md": LABEL_BODY,
        "no-action.md": LABEL_BODY,
        "w02.md": STEPS,
        **(others or {}),
    }
    fields = {
        "rules-g04": {"id": "G04", "type": "guideline", "labels": ["spam-x", "no-action"]},
        "spam-x": LABEL,
        "no-action": NO_ACTION,
        "w02": {"id": "W02", "type": "workflow", "title": "Escalation"},
    }
    names = {*fields, *meta}
    made = simple(bodies, **{name: fields.get(name, {}) | meta.get(name, {}) for name in names})
    made.settings["markdown_extensions"] = markdown_settings()
    return made


def short(clauses: str, others: dict[str, str] | None = None, **meta: dict[str, Any]) -> Project:
    """Return a project whose guideline has these clauses, a tree of one question, and no cases."""
    fields = {**meta, "spam-x": {"severity": "none", **meta.get("spam-x", {})}}
    return project(body(clauses, tree(SHORT), []), others, **fields)


def staged(made: Project, name: str = EXTERNAL) -> staging.Tree:
    """Return the staged tree of an edition of a project that has to pass the check."""
    loaded(made)
    found = trees(made)
    assert found is not None
    return found[name]


def page(made: Project, name: str = EXTERNAL, path: str = PATH) -> BeautifulSoup:
    """Return a page of an edition as Python-Markdown renders it."""
    return BeautifulSoup(render(staged(made, name), path), "html.parser")


def problems(made: Project) -> list[tuple[str, str]]:
    """Return rule and message of every error of a project."""
    return [(one.rule, one.message) for one in made.load()[1]]

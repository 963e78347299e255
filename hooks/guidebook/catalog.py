"""Catalog: an edition as data. `catalog.json` holds all of it, by the schema that stands beside it.

`cases.jsonl` holds the cases alone, for testing classifiers; `llms.txt` leads language models to every page. What an
edition withholds is not named either: a name in a tree or a case that leads to nothing shown stops the build.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from guidebook import pages, prompts, references
from guidebook.cases import TEACHING, Case
from guidebook.documents import Document
from guidebook.library import DOCS
from guidebook.markup import plain
from guidebook.metadata import MODELS, Label, field_names
from guidebook.problems import Problem, ProblemsError
from guidebook.references import Target
from guidebook.sources import address
from guidebook.steps import Procedure
from guidebook.trees import Answer, Tree, asked
from guidebook.views import View

FORMAT = 2
FILE, SCHEMA, CASES, LLMS = "catalog.json", "catalog.schema.json", "cases.jsonl", "llms.txt"


def files(view: View, title: str, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return every file of data of an edition by its path on the site; `rows` are those of `view.pages`."""
    found = {FILE: dump(view.name, rows), SCHEMA: schema(view), CASES: cases(view), **prompts.written(view)}
    found = {path: text for path, text in found.items() if text}
    return {**found, LLMS: llms(view, title, found)}


def row(view: View, document: Document) -> dict[str, Any]:
    """Return a document of the edition: its metadata, and its clauses, tree, cases and criteria as data."""
    found: dict[str, Any] = {**view.metadata(document), "url": address(document.path), "markdown": twin(document)}
    clauses = pages.clauses(view, document)
    if clauses:
        found["clauses"] = [{**clause, "url": f"{found['url']}#{clause['anchor']}"} for clause in clauses]
    if isinstance(document.meta, Label):
        for title in (prompts.INCLUDES, prompts.EXCLUDES):
            lines = prompts.bullets(view, document, title)
            found |= {title.lower(): lines} if lines else {}
    tree, worked = document.visible_tree(view.reader), document.visible_cases(view.reader)
    if tree or worked:
        _see_names(view, document, tree, worked)
    if tree:
        found["tree"] = {"questions": [_question(one.id, one.ask, one.answers) for one in tree.questions]}
    procedures = [_procedure(found["url"], one) for one in document.visible_procedures(view.reader)]
    if procedures:
        found["procedures"] = procedures
    if worked:
        found["cases"] = [_case(found["url"], case, tree) for case in worked]
    return found


def _question(name: str, ask: str, answers: Iterable[Answer]) -> dict[str, Any]:
    return {"id": name, "ask": ask, "answers": [_answer(answer) for answer in answers]}


def _answer(answer: Answer) -> dict[str, str]:
    leaf = answer.leaf
    if leaf is None:
        return {"text": answer.text, "go": str(answer.go)}
    given = {"label": leaf.label, "clause": leaf.clause, "escalate": leaf.escalate}
    return {"text": answer.text, **{key: value for key, value in given.items() if value is not None}}


def _procedure(url: str, procedure: Procedure) -> dict[str, Any]:
    rows = [
        {
            "step": step.number,
            "name": step.name,
            **{key: plain(getattr(step, key)) for key in ("role", "action", "timer", "record")},
            "next": [{"to": way.to, **({"if": way.condition} if way.condition else {})} for way in step.ways],
        }
        for step in procedure.steps
    ]
    return {"title": procedure.title, "url": f"{url}#{procedure.anchor}", "steps": rows}


def _case(url: str, case: Case, tree: Tree | None) -> dict[str, Any]:
    fields = case.fields.model_dump(exclude_none=True, mode="json")
    return {**fields, "answers": asked(tree, case.fields.answers), "url": f"{url}#{case.anchor}"}


def _see_names(view: View, document: Document, tree: Tree | None, worked: list[Case]) -> None:
    """Raise unless the edition shows all that a tree and its cases name. The check says so earlier, and better."""
    own = {heading.clause for heading in document.visible_headings(view.reader)} | {case.id for case in worked}
    seen: dict[str, str] = {}
    wrong = []
    for line, name in _names(tree, worked):
        if name not in own and name not in seen:
            seen[name] = _why_unseen(view, name)
        if seen.get(name):
            message = f"`{name}` is not in the {view.name} edition, where this is shown: {seen[name]}. Mend the check."
            wrong.append(Problem(f"{DOCS}/{document.path}", line, "hidden-reference", message))
    if wrong:
        raise ProblemsError(wrong)


def _names(tree: Tree | None, worked: list[Case]) -> Iterator[tuple[int, str]]:
    """Yield each id that a tree or a case names, with the line it stands on."""
    for _, answer, leaf in tree.leaves() if tree else ():
        yield from ((answer.line, name) for name in (leaf.label, leaf.clause, leaf.escalate) if name)
    for case in worked:
        fields = case.fields
        named = [fields.label, fields.clause, *fields.near, *([fields.contrast] if fields.contrast else [])]
        yield from ((case.line, name) for name in named)


def _why_unseen(view: View, name: str) -> str:
    target = references.by_id(view.library, name)
    if not isinstance(target, Target):
        return "it names nothing that could be read"
    return references.why_hidden(target, view.reader) or ""


def dump(edition: str, rows: list[dict[str, Any]]) -> str:
    """Write the rows of an edition, ordered by path, as JSON: the same text for the same data."""
    data = {"$schema": SCHEMA, "format": FORMAT, "edition": edition, "documents": rows}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def schema(view: View) -> str:
    """Return the JSON Schema of an edition's `catalog.json`: it names no field, set or status withheld there."""
    data = json.loads(Path(__file__).with_name(SCHEMA).read_text("utf-8"))
    known = data["$defs"]
    fields = set(field_names())
    for one in (known[name] for name in MODELS if name in known):
        one["properties"] = {
            key: value for key, value in one["properties"].items() if key not in fields or view.shows_field(key)
        }
    if view.reader.audiences is not None:
        known["case"]["properties"]["set"]["enum"] = [TEACHING]
        known["lifecycle"]["enum"].remove("draft")
        known["lifecycle"]["description"] = "Whether the text decides cases; a retired text does no longer."
        for one in (known["caseId"], known["changedId"], known["case"]["properties"]["url"]):
            one["pattern"] = one["pattern"].replace("[KX]?", "").replace("[kx]?", "")
    return json.dumps(_used(data), ensure_ascii=False, indent=1) + "\n"


def _used(data: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without the definitions that nothing in it refers to any more."""
    while True:
        said = json.dumps(data)
        unused = [name for name in data["$defs"] if f'"#/$defs/{name}"' not in said]
        if not unused:
            return data
        data["$defs"] = {name: one for name, one in data["$defs"].items() if name not in unused}


def cases(view: View) -> str:
    """Return the cases an edition shows, by id, one JSON object on each line: what a classifier gets and should say."""
    found = [case.fields for document in view.pages if document.cases for case in document.visible_cases(view.reader)]
    rows = [
        {"id": case.id, "text": case.text, "expected_label": case.label, "clause": case.clause}
        for case in sorted(found, key=lambda case: case.id)
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def twin(document: Document) -> str:
    """Return where the Markdown of a page stands on the site: `index.md` beside its `index.html`."""
    return posixpath.join(address(document.path), "index.md")


def llms(view: View, title: str, data: Iterable[str] = ()) -> str:
    """Return `llms.txt` (llmstxt.org): what the site is, each page by folder with its Markdown, the files of `data`."""
    home = next((document for document in view.pages if document.path == "index.md"), None)
    lines = [f"# {title}", ""]
    if home:
        lines += [f"> {home.meta.summary}", ""]
    indexes = {posixpath.dirname(one.path): one for one in view.pages if posixpath.basename(one.path) == "index.md"}
    folder = None
    for document in sorted(view.pages, key=lambda one: (posixpath.dirname(one.path), one.path)):
        here = posixpath.dirname(document.path)
        if here != folder:
            lines += [""] if folder is not None else []
            lines += [f"## {indexes.get(here, document).meta.title}", ""]
            folder = here
        lines.append(f"- [{document.meta.title}]({twin(document)}): {document.meta.summary}")
    rows = [f"- [{path}]({path}): {_ABOUT.get(path, _PROMPT)}" for path in data]
    lines += ["", "## Data", "", *rows] if rows else []
    return "\n".join(lines) + "\n"


_ABOUT = {
    FILE: "Every page with its metadata, clauses, decision tree and worked cases.",
    SCHEMA: "JSON Schema of catalog.json.",
    CASES: "Every worked case on a line of its own: text, expected label, clause.",
}
_PROMPT = "One label as a policy for a classifier."

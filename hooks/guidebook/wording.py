"""Wording: what is wrong with a document's metadata, said to the person who wrote it.

Pydantic finds the mistakes; its own words are for programmers. Each message here says what was expected, what was found
and what the field is for.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from guidebook.frontmatter import Fault, FrontMatter

MAX_CHOICES = 8  # that a message lists
_KEY = "[key]"  # Pydantic's place of what is wrong with a key
MAX_SHOWN = 60

_DAY = "a date such as 2026-11-23, without quotes or a time"
_KINDS = {
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "string_type": "text (put quotes around what reads as a number, a date, or yes or no)",
    "list_type": "a list such as [one, two]",
    "bool_type": "true or false",
    "too_short": "a list with at least one entry",
    "too_long": "a list with fewer entries",
    "model_type": "keys and values below it",
    "model_attributes_type": "keys and values below it",
    "dict_type": "keys and values below it",
}
_CHANGED = "the id of a clause, a label, a case or a guideline, such as `G04.2`, or of a tree, such as `tree/G04`"
_NUMBERS = ("int_type", "greater_than_equal", "less_than_equal")
_FORMS = {
    "label": "the id of a label, such as `spam-redirect`, or of a workflow, such as `W02`",
    "clause": "the id of a clause, such as `G04.2`",
    "contrast": "the id of a case, such as `G04-02`",
    "near": "the id of a label, such as `spam-redirect`",
    "language": "the code of a language, such as `en` or `pt-BR`",
    "labels": "the id of a label, such as `spam-redirect`",
    "answers": "the id of a clause, such as `G04.2`",
    "restores": "a release, such as `2026.11.23`",
    "retired": "the id of a clause, such as `G04.2`",
    "searched_as": "the id of a clause, such as `G04.2`",
    "changes": _CHANGED,
    "justified": _CHANGED,
}


def faults(error: ValidationError, model: type[BaseModel], matter: FrontMatter, first_line: int) -> list[Fault]:
    """Return one fault for each field that `error` is about; a missing one is reported at `first_line`."""
    # A key that is nearly a field is reported as misspelt: the field is not reported as missing too.
    seen = {closest(key, model.model_fields) for key in matter.values if key not in model.model_fields}
    found = []
    for detail in error.errors(include_url=False):
        parts = [part for part in detail["loc"] if not str(part).startswith(("constrained", "function"))]
        name = ".".join(map(str, parts))
        if name not in seen:
            seen.add(name)
            found.append(_fault(detail, parts, model, matter, first_line))
    return found


def _fault(
    detail: ErrorDetails, parts: list[int | str], model: type[BaseModel], matter: FrontMatter, first_line: int
) -> Fault:
    top, is_key = str(parts[0]), parts[-1] == _KEY
    name = ".".join(map(str, parts[:-1] if is_key else parts))
    line = matter.lines.get(name, matter.lines.get(top, first_line))
    kind = str(model.model_config.get("title") or model.__name__).lower()
    if detail["type"] == "missing":
        where = line if name != top else first_line
        return Fault(where, "metadata", f"expected `{name}` in a {kind}, found none. {_about(model, top)}")
    if detail["type"] == "extra_forbidden" and name != top and top in model.model_fields:
        return Fault(line, "unknown-key", f"`{name}` is nothing that `{top}` of a {kind} holds. {_about(model, top)}")
    if detail["type"] == "extra_forbidden":
        hint = guess(name, model.model_fields) or f". A {kind} has: {', '.join(model.model_fields)}"
        return Fault(line, "unknown-key", f"`{name}` is no field of a {kind}{hint}.")
    inner = [part for part in parts[1:] if isinstance(part, str)]
    what = f"`{'.'.join([top, *inner])}`" if inner else f"each of `{top}`" if name != top else f"`{top}`"
    what = f"each key of `{top}`" if is_key else what
    about = "" if top == "id" else _about(model, top)
    written = str(detail["input"]) if is_key else matter.written.get(name)
    message = f"expected {what} to be {_wish(detail, top, model)}; {found(detail['input'], written)}. {about}"
    return Fault(line, "metadata", message.rstrip())


def _wish(detail: ErrorDetails, name: str, model: type[BaseModel]) -> str:
    known = choices(model.model_fields[name].annotation) if detail["type"] in {"list_type", "literal_error"} else []
    if known and detail["type"] == "list_type":
        return f"a list such as [{known[0]}]"
    if known and len(known) > MAX_CHOICES:
        return f"one of the values in docs/handbook/metadata.md, such as {known[0]}{guess(detail['input'], known)}"
    if known:
        return f"one of {', '.join(known)}{guess(detail['input'], known)}"
    if detail["type"] == "string_too_long":
        return f"at most {detail['ctx']['max_length']} characters long (it has {len(str(detail['input']))})"
    if detail["type"] == "string_pattern_mismatch":
        about = _about(model, name).rstrip(".").replace(": ", ", such as ")
        return _FORMS.get(name) or (about if about[:1] == "`" else about[:1].lower() + about[1:])
    kind = _number(model, name) if detail["type"] in _NUMBERS else _KINDS.get(detail["type"])
    return kind or str(detail["msg"])  # the last for messages of our own


def _number(model: type[BaseModel], name: str) -> str:
    limits = model.model_fields[name].metadata
    low, high = (next(getattr(one, key) for one in limits if hasattr(one, key)) for key in ("ge", "le"))
    return f"a whole number from {low} to {high}"


def found(value: object, written: str | None) -> str:
    """Say what stands in a field: its value, and how that was `written` if it is no list and has nothing below it."""
    if isinstance(value, list):
        return "found a list" if value else "found an empty list"
    if written is None:
        return "found keys and values below it"
    if isinstance(value, bool):
        return f"found `{written}`, which YAML reads as {str(value).lower()}"
    shown = written if len(written) <= MAX_SHOWN else f"{written[: MAX_SHOWN - 3]}..."
    return f"found `{shown}`" if written else "found nothing"


def choices(annotation: object) -> list[str]:
    """Return the words that a field may hold, when it may hold only some."""
    arguments = [part for part in get_args(annotation) if part is not type(None)]
    if arguments and all(isinstance(part, str) for part in arguments):
        return [str(part) for part in arguments]
    return [choice for part in arguments for choice in choices(part)]


def guess(word: object, known: Iterable[str]) -> str:
    """Ask whether the known word that is closest to `word` was meant; nothing when none is close."""
    close = closest(word, known) if isinstance(word, str) else ""
    return f" (did you mean `{close}`?)" if close else ""


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is closest to `word`, or an empty one."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def _about(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].description or ""

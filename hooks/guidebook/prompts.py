"""Prompts: each label of an edition as a policy for a classifier, one file per label.

A prompt has the parts that policy models ask for: instruction, definitions, criteria, boundary examples, output form.
It asks for one label and nothing else, and holds only what its edition shows: the label's own lines, the glossary's
words, teaching cases. A case of another set would be burnt as a test by standing in a prompt, so one stops the build.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import get_args

from guidebook.cases import TEACHING, Case
from guidebook.documents import Document, Edit, cut, inside
from guidebook.library import DOCS, Library
from guidebook.markup import Kind, Mark
from guidebook.metadata import Guideline, Label, Surface
from guidebook.problems import Problem, Severity
from guidebook.views import View

INCLUDES, EXCLUDES = "Includes", "Excludes"
FEWEST_EXAMPLES = 4
LONG, TOO_LONG = 600, 4_000  # tokens: policy models read best up to the one, and refuse or forget above the other

# The fixed words are few: each takes room from an example.
_INSTRUCTION = (
    "Does {name} apply to the content? {summary} Use observable facts only; what is not shown is absent. "
    "Answer {name} if a line of Includes fits and none of Excludes, else no."
)
_FORM = 'JSON only: {{"label": "{name}" or "no", "clause": "clause id", "fact": "one observable fact"}}'

# How many examples to show where the label applies, and where it does not: the first that there are, and that fit.
_SIZES = ((3, 3), (2, 3), (3, 2), (2, 2))
_HALF = FEWEST_EXAMPLES // 2


@dataclass
class Examples:
    """The teaching cases at the edge of one label, best first: where it applies, and where it only seems to."""

    applies: list[Case] = field(default_factory=list)
    differs: list[Case] = field(default_factory=list)


def path(document: Document) -> str:
    """Return where the prompt of a label stands on the site."""
    return f"prompts/{document.meta.id}.txt"


def written(view: View) -> dict[str, str]:
    """Return every prompt of an edition by its path on the site."""
    known = examples(view)
    labels = [one for one in view.pages if isinstance(one.meta, Label)]
    return {path(one): text for one in labels if (text := prompt(view, one, known))}


def prompt(view: View, document: Document, known: dict[str, Examples] | None = None) -> str | None:
    """Return the prompt of a label; None where there is nothing to decide.

    That is a label that stands for no violation, has no criteria, or is not in force or used by no guideline in force.
    `known` are the examples of the whole edition, for whoever writes more than one prompt.
    """
    label = document.meta
    if not isinstance(label, Label) or label.severity == "none" or label.status != "in-force":
        return None
    found = (examples(view) if known is None else known).get(label.id)
    if found is None:
        return None
    includes, excludes = (bullets(view, document, title) for title in (INCLUDES, EXCLUDES))
    if not includes or not excludes:
        return None
    terms = _definitions(view, "\n".join([label.summary, *includes]))
    parts = [
        f"# Policy: {label.title} ({label.id})",
        f"## Instruction\n\n{_INSTRUCTION.format(name=label.id, summary=label.summary)}",
        f"## Definitions\n\n{_listed(terms)}" if terms else "",
        f"## Criteria\n\n### Includes\n\n{_listed(includes)}\n\n### Excludes\n\n{_listed(excludes)}",
    ]
    parts = [part for part in parts if part]
    form = f"## Output form\n\n{_FORM.format(name=label.id)}"
    room = LONG - tokens("\n\n".join([*parts, "## Examples", form]))
    shown = _shown(label.id, found, room)
    parts += ["\n\n".join(["## Examples", *shown])] if shown else []
    return "\n\n".join([*parts, form]) + "\n"


def _listed(rows: Iterable[str]) -> str:
    return "\n".join(f"- {row}" for row in rows)


# Criteria


def bullets(view: View, document: Document, title: str) -> list[str]:
    """Return the list below the heading `## title` as the view shows it: Markdown with ids as they are, no links."""
    heads = document.visible_headings(view.reader)
    own = next((heading for heading in heads if heading.level == 2 and heading.text == title), None)  # noqa: PLR2004
    if own is None:
        return []
    ends = [one.inner[1] for one in document.passages if one.start < own.start < one.end]
    ends += [heading.start for heading in heads if heading.start > own.start and heading.level <= own.level]
    return list(_items(_text(view, document, own.end, min(ends, default=len(document.body.text)))))


def _text(view: View, document: Document, first: int, last: int) -> str:
    """Return the visible part of `document` from `first` to `last` without markers and links."""
    spans = document.withheld(view.reader)
    edits: list[Edit] = [(start, end, "") for start, end in spans]
    for passage in document.passages:
        if not inside(passage.start, spans):
            edits += [(passage.start, passage.inner[0], "\n"), (passage.inner[1], passage.end, "\n")]
    marks = (mark for mark in document.body.marks if not inside(mark.start, spans))
    edits += [(mark.start, mark.end, _said(view, document, mark)) for mark in marks]
    return cut(document.body.text, sorted(one for one in edits if first <= one[0] and one[1] <= last), first, last)


def _said(view: View, document: Document, mark: Mark) -> str:
    """Return what a mark says without leading anywhere; a snippet in a snippet, which is refused, says nothing."""
    if mark.kind is Kind.INCLUDE:
        snippet = view.library.documents.get(mark.target)
        fit = snippet and snippet.meta.type == "snippet" != document.meta.type and view.reader.may_read(snippet)
        return _text(view, snippet, 0, len(snippet.body.text)) if snippet and fit else ""
    return "" if mark.kind in {Kind.FOOTNOTE, Kind.FOOTNOTE_TEXT} else mark.text


_BULLET = re.compile(r"[-*+][ ]+(.*)")


def _items(text: str) -> Iterator[str]:
    """Yield each item of the lists in `text` on one line."""
    item: list[str] = []
    blank = False
    for row in text.split("\n"):
        found = _BULLET.match(row)
        if item and (found or (row.strip() and blank and not row.startswith("  "))):
            yield " ".join(item)
            item = []
        if found:
            item = [found[1].strip()]
        elif item and row.strip():
            item.append(row.strip())
        blank = not row.strip()
    if item:
        yield " ".join(item)


# Definitions


def _definitions(view: View, text: str) -> list[str]:
    """Return the glossary's line for each term that stands in `text`, as a word of its own or in the plural.

    A surface needs none: whoever has the content before them sees whether it is a post or a profile.
    """
    known = {term.lower(): (term, definition) for term, definition in view.terms.definitions.items()}
    known = {name: row for name, row in known.items() if name not in get_args(Surface)}
    if not known:
        return []
    # The longest first, as on pages. A term in an id, such as `redirect` in `spam-redirect`, is none.
    names = "|".join(re.escape(term) for term in sorted(known, key=lambda term: (-len(term), term)))
    used = re.findall(rf"(?<![\w-])(?:{names})(?=(?:e?s)?(?![\w-]))", text, re.IGNORECASE)
    return ["{}: {}".format(*known[name]) for name in sorted({one.lower() for one in used} & known.keys())]


# Examples


def examples(view: View) -> dict[str, Examples]:
    """Return the teaching cases at the edge of each label that a guideline in force uses, by label, best first.

    Where a label applies, that is its own cases. Where it does not: those that name it as near, and the partners of its
    own cases in a contrast pair.
    """
    applies, differs = defaultdict(list), defaultdict(list)
    used: set[str] = set()
    for document in view.pages:
        if isinstance(document.meta, Guideline) and document.meta.status == "in-force":
            used.update(view.labels(document, document.meta))
            taught = [case for case in document.visible_cases(view.reader) if case.fields.set == TEACHING]
            for case, others in _partners(taught):
                pairs = {other.fields.label for other in others} - {case.fields.label}
                applies[case.fields.label].append((_rank(case, at_edge=bool(pairs or case.fields.near)), case))
                for name in {*pairs, *case.fields.near}:
                    differs[name].append((_rank(case, at_edge=True), case))
    return {
        name: Examples(*([case for _, case in sorted(of[name], key=lambda row: row[0])] for of in (applies, differs)))
        for name in used
    }


def _partners(taught: list[Case]) -> Iterator[tuple[Case, list[Case]]]:
    """Yield each case with those it makes a contrast pair with, whichever of the two names the other."""
    by_id = {case.id: case for case in taught}
    partners = defaultdict(list)
    for case in taught:
        other = by_id.get(case.fields.contrast or "")
        if other:
            partners[case.id].append(other)
            partners[other.id].append(case)
    return ((case, partners[case.id]) for case in taught)


def _rank(case: Case, *, at_edge: bool) -> tuple[bool, bool, int, str]:
    """Rank borderline cases first, clear ones last, and short ones before long ones; the id decides the rest."""
    return case.fields.verdict != "borderline", not at_edge, len(case.fields.text) + len(case.fields.reason), case.id


def _shown(name: str, found: Examples, room: int) -> list[str]:
    """Write as many examples as fit into `room` tokens, at least four if there are; half of them where it applies."""
    most = max(size for sizes in _SIZES for size in sizes)
    sides = [[(case, _example(name, case)) for case in side[:most]] for side in (found.applies, found.differs)]
    costs = [[0, *accumulate(tokens(text) + 1 for _, text in side)] for side in sides]
    fewest = (min(_HALF, len(sides[0])), min(_HALF, len(sides[1])))
    there = [size for size in _SIZES if size[0] <= len(sides[0]) and size[1] <= len(sides[1])]
    fits = [size for size in there if sum(cost[many] for cost, many in zip(costs, size, strict=True)) <= room]
    size = fits[0] if fits else fewest
    chosen = [
        (case.fields.verdict != "borderline", at, which, text)
        for which, (side, many) in enumerate(zip(sides, size, strict=True))
        for at, (case, text) in enumerate(side[:many])
    ]
    return [text for *_, text in sorted(chosen)]


def _example(name: str, case: Case) -> str:
    """Write one example. Only a teaching case may be one: a test that its classifier has read measures nothing."""
    fields = case.fields
    if fields.set != TEACHING:
        raise ValueError(f"{case.id} is a {fields.set} case; a prompt holds teaching cases only")
    answer = name if fields.label == name else "no"
    text, reason = (" ".join(one.replace("`", "").split()) for one in (fields.text, fields.reason))
    return f"Content: {text}\nAnswer: {answer} ({fields.clause}). {reason}"


# Tokens

_SHORT_WORD, _PART = 8, 6  # letters
_SPACES = 8
_WIDE = "\u0800"  # from here on a letter takes three bytes or more
# How the tokenizers of the GPT family cut a text before they look up its pieces: the ending of a contraction, a word
# with the space or the sign before it, three digits, a run of signs, line ends with the space before them, other space.
_ENDING = re.compile(r"'(?:[sdmt]|ll|ve|re)", re.IGNORECASE)
_PIECE = re.compile(
    _ENDING.pattern + r"|(?:[^\r\n\w]|_)?[^\W\d_]+|\d{1,3}|[ ]?(?:[^\s\w]|_)+|\s*[\r\n]+|\s+(?!\S)|\s+",
    re.IGNORECASE,
)


def tokens(text: str) -> int:
    """Estimate how many tokens a language model counts in `text`; the estimate errs on the high side.

    Counting needs the vocabulary of one model: megabytes, others for each model, and a build fetches nothing. So the
    text is cut as these models cut it, and each piece counts for a little more than it mostly costs. A word of up to
    eight letters is one token, a longer one a token for each six letters begun, though many longer ones are one; a run
    of signs is a token for each two. Letters outside ASCII are a token for each two, or one each in scripts whose
    letters take three bytes; other signs outside ASCII one for each byte, which no such model exceeds.
    """
    return sum(map(_cost, _PIECE.findall(text)))


@lru_cache(100_000)
def _cost(piece: str) -> int:
    if piece.isspace():
        return _parts(len(piece), _SPACES)
    if piece.isdecimal() or _ENDING.fullmatch(piece):
        return 1 if piece.isascii() else len(piece)
    if not piece[-1].isalnum():
        return _signs(piece.lstrip(" "))
    word = piece if piece[0].isalnum() else piece[1:]
    plain = sum(letter.isascii() for letter in word)
    wide = sum(letter >= _WIDE for letter in word)
    cost = _parts(len(word) - plain - wide, 2) + wide + _signs(piece.removesuffix(word).strip())
    return cost + (_parts(plain, _PART) if plain > _SHORT_WORD else min(plain, 1))


def _signs(signs: str) -> int:
    beyond = "".join(sign for sign in signs if not sign.isascii())
    return _parts(len(signs) - len(beyond), 2) + len(beyond.encode())


def _parts(length: int, size: int) -> int:
    return -(-length // size)


# Rules


def prompts_fit(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that the prompt of each label is short, and has its examples, in every edition that shows the label."""
    # Where a page or a case could not be read, that is to mend first: examples are missing for no other reason.
    whole = not library.unread and not any(problem.rule == "case" for problem in library.problems)
    editions: dict[Problem, list[str]] = defaultdict(list)
    for name in library.configuration.editions:
        view = View(library, name, library.configuration.reader(name, day))
        known = examples(view)
        for document in view.pages:
            text = prompt(view, document, known)
            for problem in (
                _faults(document, text, known.get(document.meta.id, Examples()), whole=whole) if text else ()
            ):
                editions[problem].append(name)
    for problem, names in editions.items():
        yield replace(problem, message=f"in the {' and '.join(names)} edition, {problem.message}")


def _faults(document: Document, text: str, found: Examples, *, whole: bool) -> Iterator[Problem]:
    where, line, name = f"{DOCS}/{document.path}", document.lines.get("id", 1), document.meta.id
    count = tokens(text)
    if count > LONG:
        limit, severity = (TOO_LONG, Severity.ERROR) if count > TOO_LONG else (LONG, Severity.WARNING)
        message = (
            f"expected a prompt of at most {limit:,} tokens for `{name}`, found about {count:,} (an estimate). Shorten "
            f"{INCLUDES} and {EXCLUDES}, or the cases at the edge of the label."
        )
        yield Problem(where, line, "prompt-length", message, severity)
    have = len(found.applies), len(found.differs)
    if whole and min(have) < _HALF:
        message = (
            f"expected {_HALF} or more teaching cases with the label `{name}`, and as many of other labels with it "
            f"in `near` or in contrast with one of its own; found {have[0]} and {have[1]}. Write what is missing."
        )
        yield Problem(where, line, "prompt-examples", message)


RULES: tuple[Callable[[Library, dt.date], Iterator[Problem]], ...] = (prompts_fit,)

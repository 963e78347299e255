"""Glossary: the terms of `docs/glossary.md`, and the hover definitions of those a page uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_TERM = re.compile(r"(?m)^(\S.{0,80})\n:   (\S.*)$")
_MARKUP = re.compile(r"\[([^\]]*)\](?:\([^)]*\))?|[`*]")


@dataclass(frozen=True)
class Glossary:
    """Definitions in plain text by term."""

    definitions: dict[str, str]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # The longest first, so that "destination page" is not taken for "destination".
        terms = sorted(self.definitions, key=lambda term: (-len(term), term))
        return re.compile(r"(?<!\w)(" + "|".join(re.escape(term) for term in terms) + r")(?!\w)", re.IGNORECASE)

    def used_in(self, text: str) -> list[str]:
        """Return Markdown definitions of the terms that stand in `text`, in each form they stand in, in order."""
        if not self.definitions:
            return []
        forms = {
            found
            for found in self._pattern.findall(text)
            if found[1:] == found[1:].lower() or found in self.definitions
        }
        by_lower = {term.lower(): definition for term, definition in self.definitions.items()}
        return [f"*[{form}]: {by_lower[form.lower()]}" for form in sorted(forms) if form.lower() in by_lower]


def read(text: str) -> Glossary:
    """Read the terms of a glossary page's visible text."""
    return Glossary({term.strip(): _MARKUP.sub(r"\1", definition).strip() for term, definition in _TERM.findall(text)})

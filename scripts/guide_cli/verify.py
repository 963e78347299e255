"""Verify: every gate that a built site passes before anybody may see it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from guidebook.library import Library
from guidebook.problems import Problem
from guidebook.staging import Tree


def verify(source: Library, name: str, day: dt.date, tree: Tree, site: Path) -> list[Problem]:
    """Return what is wrong with the built `site` of the edition `name`."""
    return []

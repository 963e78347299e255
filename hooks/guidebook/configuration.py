"""Configuration: `mkdocs.yml` read as data, and the editions it declares.

The top of the file is what every edition shares, so it is written as for the outside. What one edition adds stands
under `extra.editions.NAME` and is dropped from all the others.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from guidebook.documents import Reader
from guidebook.frontmatter import FrontMatter
from guidebook.frontmatter import read as read_block
from guidebook.metadata import ALWAYS_SHOWN, field_names
from guidebook.passages import EFFECTIVE
from guidebook.problems import Problem, ordered
from guidebook.releases import LATEST
from guidebook.wording import closest

FILE = "mkdocs.yml"
EVERYTHING = "*"
MAX_DEPTH = 8
MAX_CHARACTERS = 100_000
_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")  # what a passage's marker and an address can hold
# Keys that decide what is built from where; staging sets them itself.
OWN_KEYS = frozenset({"hooks", "nav", "docs_dir", "site_dir", "watch", "INHERIT"})


class Site(BaseModel):
    """Settings of MkDocs that an edition may set for itself; each replaces the one at the top of `mkdocs.yml`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    site_name: str | None = None
    site_url: str | None = None
    site_description: str | None = None
    copyright: str | None = None
    edit_uri_template: str | None = None


class Edition(BaseModel):
    """One edition: who reads it, what it shows of each document, and where it is published."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: str = Field(description="Name of the edition on its pages.")
    readers: str = Field(description="Who may read what is marked with this edition's name, in words.")
    reads: list[str] | str = Field(description="Audiences whose text the edition shows, or '*' for all.")
    fields: list[str] | str = Field(
        default="", description="Metadata fields the edition shows, or '*'; without it, those of the editions it reads."
    )
    branch: str = Field(pattern=r"^[a-z][a-z0-9-]{0,60}$", description="Branch that holds its releases.")
    remote: str = Field(default="", description="Repository that `publish --push` sends the branch to.")
    keep_history: bool = Field(default=False, description="Whether a release keeps the one before it as parent.")
    site: Site = Site()

    @property
    def reads_all(self) -> bool:
        """Whether the edition shows the text of every audience."""
        return self.reads == EVERYTHING


@dataclass(frozen=True)
class Configuration:
    """The base settings and the editions, by name. `editions` keeps the order of the file."""

    base: dict[str, Any]
    editions: dict[str, Edition]

    @property
    def audiences(self) -> frozenset[str]:
        """Names a document may give as its audience."""
        return frozenset(self.editions)

    def reader(self, name: str, day: dt.date) -> Reader:
        """Return who reads the edition `name` on `day`."""
        edition = self.editions[name]
        return Reader(None if edition.reads_all else frozenset(edition.reads), day)

    def shows_field(self, name: str, key: str) -> bool:
        """Say whether the edition `name` shows the metadata field `key`.

        One that names no fields shows all if it reads everything, else those that an edition it reads names.
        """
        edition = self.editions[name]
        fields = edition.fields
        if fields == "":
            fields = EVERYTHING if edition.reads_all else self._named(edition)
        return fields == EVERYTHING or key in fields or key in ALWAYS_SHOWN

    def _named(self, edition: Edition) -> list[str]:
        return [field for one in edition.reads for field in self.editions[one].fields]

    def base_for(self, name: str) -> dict[str, Any]:
        """Return MkDocs settings for the edition `name`: the base with its own, and nothing of any other's."""
        settings = {key: value for key, value in copy.deepcopy(self.base).items() if key not in OWN_KEYS}
        edition = self.editions[name]
        settings.update(edition.site.model_dump(exclude_none=True))
        if settings.get("site_url"):
            # The address that search engines and the 404 page give is that of the newest release.
            settings["site_url"] = f"{str(settings['site_url']).rstrip('/')}/{LATEST}/"
        extra = {key: value for key, value in settings.get("extra", {}).items() if key != "editions"}
        extra["edition"] = {"name": name, "title": edition.title, "readers": edition.readers}
        settings["extra"] = extra
        return settings


@dataclass
class Loaded:
    """What reading the configuration gave: None for it when it cannot be trusted."""

    configuration: Configuration | None
    problems: list[Problem] = field(default_factory=list)


def load(text: str) -> Loaded:
    """Read the text of `mkdocs.yml`."""
    matter = read_block(text, 1, depth=MAX_DEPTH, size=MAX_CHARACTERS)
    problems = [Problem(FILE, fault.line, "configuration", fault.message) for fault in matter.faults]
    if problems:
        return Loaded(None, problems)
    extra = matter.values.get("extra")
    declared = extra.get("editions") if isinstance(extra, dict) else None
    if not isinstance(declared, dict) or not declared:
        message = "expected `extra: editions:` with at least one edition, found none."
        return Loaded(None, [Problem(FILE, matter.lines.get("extra", 1), "configuration", message)])
    editions: dict[str, Edition] = {}
    for name, value in declared.items():
        line = matter.lines[f"extra.editions.{name}"]
        if not _NAME.fullmatch(name) or name == EFFECTIVE:
            wish = f"an edition's name of small letters, digits and hyphens, and not `{EFFECTIVE}`"
            problems.append(Problem(FILE, line, "configuration", f"expected {wish}; found `{name}`. Rename it."))
        try:
            editions[str(name)] = Edition.model_validate(value)
        except ValidationError as error:
            # The first error of each setting: of a choice of types, each type reports one.
            found = {_key(detail): detail["type"] for detail in reversed(error.errors(include_url=False))}
            # A setting that is nearly a known one is reported as misspelt: that one is not reported as missing too.
            meant = {closest(key, Edition.model_fields) for key in found if key not in Edition.model_fields}
            for key, kind in found.items():
                if kind == "missing" and key in meant:
                    continue
                at = matter.lines.get(f"extra.editions.{name}.{key}", line)
                problems.append(Problem(FILE, at, "configuration", f"edition `{name}`: {_explain(key, kind)}"))
    problems += _cross_check(editions, extra if isinstance(extra, dict) else {}, matter)
    return Loaded(None if problems else Configuration(matter.values, editions), ordered(problems))


def _key(detail: ErrorDetails) -> str:
    """Return the setting an error is about, such as `branch` or `site.site_name`."""
    parts = [str(part) for part in detail["loc"]]
    return ".".join(parts[:2] if parts[:1] == ["site"] else parts[:1])


def _explain(key: str, kind: str) -> str:
    known, name = (
        (Site.model_fields, key.removeprefix("site.")) if key.startswith("site.") else (Edition.model_fields, key)
    )
    if not key:
        return (
            "expected settings below it, found something else. Give it at least `title`, `readers`, `reads` and "
            "`branch`."
        )
    if name not in known:
        close = closest(name, known)
        hint = f"Did you mean `{close}`?" if close else f"Known: {', '.join(known)}."
        return f"`{key}` is no setting. {hint}"
    about = known[name].description or ""
    if kind == "missing":
        return f"expected `{key}`, found none. {about}"
    return f"expected `{key}` to be {_WISHES.get(name, 'text')}, found something else. {about}".rstrip()


_WISHES = {
    "reads": "a list of editions or '*'",
    "fields": "a list of metadata fields or '*'",
    "branch": "small letters, digits and hyphens, starting with a letter",
    "keep_history": "true or false",
    "site": "settings such as `site_name: Our guidelines`",
}


def _cross_check(editions: dict[str, Edition], extra: dict[str, Any], matter: FrontMatter) -> list[Problem]:
    problems = []
    branches: dict[str, str] = {}
    known = set(field_names())
    if "edition" in extra:
        message = "`extra.edition` is written by staging: a page with it passes for staged. Delete it."
        problems.append(Problem(FILE, matter.lines["extra.edition"], "configuration", message))
    for name, edition in editions.items():
        at = f"extra.editions.{name}"
        reads = edition.reads if isinstance(edition.reads, list) else []
        if isinstance(edition.reads, str) and edition.reads != EVERYTHING:
            problems.append(
                Problem(
                    FILE, matter.lines[f"{at}.reads"], "configuration", f"expected `reads` to be {_WISHES['reads']}."
                )
            )
        problems += [
            Problem(
                FILE,
                matter.lines[f"{at}.reads"],
                "configuration",
                f"`{one}` is the name of no edition. Known: {', '.join(editions)}.",
            )
            for one in reads
            if one not in editions
        ]
        if isinstance(edition.fields, str) and edition.fields != EVERYTHING and f"{at}.fields" in matter.lines:
            message = f"expected `fields` to be {_WISHES['fields']}."
            problems.append(Problem(FILE, matter.lines[f"{at}.fields"], "configuration", message))
        fields = edition.fields if isinstance(edition.fields, list) else []
        problems += [
            Problem(FILE, matter.lines[f"{at}.fields"], "configuration", f"`{one}` is no metadata field. Delete it.")
            for one in fields
            if one not in known
        ]
        if edition.branch in branches:
            message = f"branch `{edition.branch}` is that of edition `{branches[edition.branch]}`. Each needs its own."
            problems.append(Problem(FILE, matter.lines[f"{at}.branch"], "configuration", message))
        branches[edition.branch] = name
    return problems


def dump(settings: dict[str, Any]) -> str:
    """Write settings as YAML, the same text for the same settings."""
    text: str = yaml.dump(settings, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=100_000)
    return text

"""Configuration: `mkdocs.yml` read as data, and the editions it declares.

The top of the file is what every edition shares, so it is written as for the outside. What one edition adds stands
under `extra.editions.NAME` and is dropped from all the others.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guidebook.documents import Reader
from guidebook.frontmatter import FrontMatter
from guidebook.frontmatter import read as read_block
from guidebook.metadata import ALWAYS_SHOWN, field_names
from guidebook.problems import Problem
from guidebook.releases import LATEST

FILE = "mkdocs.yml"
EVERYTHING = "*"
MAX_DEPTH = 8
MAX_CHARACTERS = 100_000
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
    fields: list[str] | str = Field(default=EVERYTHING, description="Metadata fields the edition shows, or '*'.")
    branch: str = Field(pattern=r"^[a-z][a-z0-9-]{0,60}$", description="Branch that holds its releases.")
    remote: str = Field(default="", description="Repository that `publish --push` sends the branch to.")
    keep_history: bool = Field(default=False, description="Whether a release keeps the one before it as parent.")
    site: Site = Site()


@dataclass(frozen=True)
class Configuration:
    """The base settings and the editions, by name. `editions` keeps the order of the file."""

    base: dict[str, Any]
    editions: dict[str, Edition]

    @property
    def audiences(self) -> frozenset[str]:
        """Names a document may give as its audience."""
        return frozenset(self.editions)

    def reader(self, name: str, day: Any) -> Reader:
        """Return who reads the edition `name` on `day`."""
        reads = self.editions[name].reads
        return Reader(None if reads == EVERYTHING else frozenset(reads), day)

    def shows_field(self, name: str, key: str) -> bool:
        """Say whether the edition `name` shows the metadata field `key`."""
        fields = self.editions[name].fields
        return fields == EVERYTHING or key in fields or key in ALWAYS_SHOWN

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
        try:
            editions[str(name)] = Edition.model_validate(value)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                key = ".".join(str(part) for part in detail["loc"])
                at = matter.lines.get(f"extra.editions.{name}.{key}", line)
                message = f"edition `{name}`: `{key}`: {detail['msg']}."
                problems.append(Problem(FILE, at, "configuration", message))
    problems += _cross_check(editions, extra if isinstance(extra, dict) else {}, matter)
    return Loaded(None if problems else Configuration(matter.values, editions), problems)


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
            problems.append(Problem(FILE, matter.lines[f"{at}.reads"], "configuration", "expected a list or '*'."))
        problems += [
            Problem(FILE, matter.lines[f"{at}.reads"], "configuration", f"`{one}` is the name of no edition.")
            for one in reads
            if one not in editions
        ]
        fields = edition.fields if isinstance(edition.fields, list) else []
        problems += [
            Problem(FILE, matter.lines[f"{at}.fields"], "configuration", f"`{one}` is no metadata field.")
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
    return yaml.dump(settings, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=120)

"""Render: the one module that runs MkDocs, over a staged tree. The same tree, day and release give the same bytes."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

MKDOCS = "1.6.1"


class RenderError(Exception):
    """MkDocs could not build, or is not the one this project is made for; the message is what it said."""


def refuse_replacements() -> None:
    """Refuse an environment in which mike and themes would run ProperDocs, or another MkDocs, in MkDocs' place."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        version = metadata.version("properdocs")
        message = f"expected no ProperDocs in this environment, found {version}: mike would build with it."
        raise RenderError(f"{message} Delete .venv and run scripts/guide again.")
    version = metadata.version("mkdocs")
    if version != MKDOCS:
        raise RenderError(f"expected MkDocs {MKDOCS}, found {version}. Delete .venv and run scripts/guide again.")


def epoch(day: dt.date) -> int:
    """Return midnight UTC at the start of `day`, in seconds: the only time a build may know."""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())


def render(staged: Path, site: Path, day: dt.date, release: str | None = None, workers: int = 1) -> None:
    """Build the staged tree into the folder `site`. Any warning fails the build. Raises RenderError.

    With more than one of `workers`, pages are built side by side where that gives the same bytes.
    """
    refuse_replacements()
    warnings = Warnings()
    log = logging.getLogger("mkdocs")
    log.addHandler(warnings)
    log.propagate = False
    try:
        with _environment(day):
            _build(staged, site, release, workers, warnings)
    except Exception as error:
        raise RenderError("\n".join([*warnings.messages, str(error)]).strip()) from error
    finally:
        log.removeHandler(warnings)
    if warnings.messages:
        raise RenderError("\n".join(warnings.messages))


def _build(staged: Path, site: Path, release: str | None, workers: int, warnings: Warnings) -> None:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    from guide_cli import shares

    settings: dict[str, Any] = {"site_dir": str(site)}
    config = load_config(str(staged / "mkdocs.yml"), **settings)
    if release:
        config.extra["release"] = release
    config.plugins.on_startup(command="build", dirty=False)
    try:
        if shares.pays(config, workers):
            shares.build(config, workers, warnings.messages)
        else:
            build(config)
    finally:
        config.plugins.on_shutdown()


@contextlib.contextmanager
def _environment(day: dt.date) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(SOURCE_DATE_EPOCH=str(epoch(day)), NO_MKDOCS_2_WARNING="1", DISABLE_MKDOCS_2_WARNING="true")
    mask = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(mask)
        os.environ.clear()
        os.environ.update(before)


class Warnings(logging.Handler):
    """Keeps what MkDocs warns of: its own strict mode passes much of it over."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

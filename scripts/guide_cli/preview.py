"""Preview: what the hooks in `mkdocs.yml` do. MkDocs and mike typed by hand take the same way as the pipeline."""

from __future__ import annotations

import datetime as dt
import json
import logging
import mimetypes
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from guidebook import staging, twins
from guidebook.library import DOCS, OVERRIDES, Library
from guidebook.problems import ProblemsError, errors
from guidebook.releases import LATEST, VERSIONS_FILE
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer

from guide_cli import pipeline
from guide_cli.git import GitError, Repository
from guide_cli.pipeline import Staged
from guide_cli.render import epoch, refuse_replacements
from guide_cli.verify import Built, secrets, verify

PREVIEW = "preview"
_STATE = "guidebook"
# Settings that staging writes; all others are the same in every edition.
_STAGED_SETTINGS = ("site_name", "site_description", "copyright", "edit_uri_template", "extra", "nav")

log = logging.getLogger("mkdocs.hooks")


def enter(config: MkDocsConfig, root: Path, audience: str, day: dt.date, *, serving: bool) -> MkDocsConfig:
    """Stage the edition `audience` of the project at `root`, and point `config` at it.

    While a preview is served, an edit with problems leaves the last good one standing: its problems are printed, and
    the next edit mends them. Any other build ends.
    """
    refuse_replacements()
    where = root / ".guide" / "stage" / audience
    try:
        source = pipeline.clean(root, day)
        if audience not in source.configuration.editions:
            known = ", ".join(source.configuration.editions)
            raise Abort(f"expected GUIDE_AUDIENCE to be one of {known}, found {audience!r}")
        (staged,) = pipeline.stage(source, [audience], day)
        staging.write(staged.tree, where)
        # Kept on the configuration, which MkDocs makes anew for every build: hook modules live on while it serves.
        config[_STATE] = (source, staged, day)
    except ProblemsError as error:
        for problem in error.problems:
            log.error(str(problem))  # noqa: TRY400 - the problem is the news; where it was raised is not
        if not (serving and staging.is_staged(where)):
            raise Abort(f"{len(error.problems)} problems in the library; nothing was built.") from None
    settings = yaml.safe_load((where / "mkdocs.yml").read_text(encoding="utf-8"))
    for key in _STAGED_SETTINGS:
        config[key] = settings.get(key)
    if not serving:
        config["site_url"] = settings["site_url"]
    config["docs_dir"] = str(where / DOCS)
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(epoch(day)))
    return config


def _state(config: MkDocsConfig) -> tuple[Library, Staged, dt.date] | None:
    return config.get(_STATE)


def finish(config: MkDocsConfig) -> None:
    """Write what a site carries beside its pages."""
    state = _state(config)
    if state:
        _, staged, _ = state
        twins.finish(Path(config.site_dir), staged.tree, staged.name, None, staged.digest)


def refuse_unverified(config: MkDocsConfig) -> None:
    """Fail the build when verifying finds anything."""
    state = _state(config)
    if state:
        source, staged, day = state
        one = Built(staged.name, staged.tree, Path(config.site_dir))
        secret = secrets(source, {one.name: one.tree}, day)
        problems = verify(source, [one], secret, linkchecker=False)[one.name]
        for problem in problems:
            log.error(str(problem))
        if errors(problems):
            raise Abort(f"{len(problems)} problems in the built site; do not publish it.")


def watch_sources(server: LiveReloadServer, config: MkDocsConfig, root: Path) -> None:
    """Rebuild when a source changes: the staged tree changes with every build, and watching it would never end."""
    server.unwatch(config.docs_dir)
    for folder in (DOCS, OVERRIDES):
        server.watch(str(root / folder))


def serve_releases(
    server: LiveReloadServer, config: MkDocsConfig, root: Path, environ: Mapping[str, str]
) -> LiveReloadServer:
    """Answer for the edition's local releases as well, so that the version selector works in the preview."""
    state = _state(config)
    if state is None:
        return server
    source, staged, _ = state
    branch = source.configuration.editions[staged.name].branch
    inner: Callable[..., Iterable[bytes]] = server.serve_request  # what the server answers with until now
    repository = Repository(root, environ)

    def app(request: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = str(request.get("PATH_INFO", "")).lstrip("/")
        answer = _release_file(repository, branch, path)
        if answer is None:
            return inner(request, start)
        kind = mimetypes.guess_type(path if "." in path.rsplit("/", 1)[-1] else "index.html")[0]
        start("200 OK", [("Content-Type", kind or "application/octet-stream")])
        return [answer]

    server.set_app(app)
    return server


def _release_file(repository: Repository, branch: str, path: str) -> bytes | None:
    """Return a file of a release, or the list of releases with the preview at its head."""
    try:
        listed = json.loads(repository.read(branch, VERSIONS_FILE))
    except (GitError, ValueError):
        listed = []
    if path == VERSIONS_FILE:
        # The alias keeps the theme from calling the preview an old release.
        preview = {"version": PREVIEW, "title": "Preview", "aliases": [LATEST]}
        return json.dumps([preview, *listed]).encode()
    if path.split("/", maxsplit=1)[0] not in {LATEST, *(str(row.get("version")) for row in listed)}:
        return None
    try:
        return repository.read(branch, f"{path}index.html" if path.endswith("/") else path)
    except GitError:
        return None

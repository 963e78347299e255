"""First hook: whatever MkDocs was pointed at, it builds the staged edition, and nothing else.

The edition is the one that GUIDE_AUDIENCE names, or the external one; the day is GUIDE_DATE, or today in UTC.
"""

import datetime as dt
import os
from pathlib import Path

from guide_cli import preview
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer


def on_startup(command: str, **_: object) -> None:
    """Remember what runs: MkDocs makes the configuration anew for every build that it serves."""
    os.environ["GUIDE_SERVING"] = "yes" if command == "serve" else ""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Check the library, stage the edition, and build from what was staged."""
    day = os.environ.get("GUIDE_DATE")
    today = dt.date.fromisoformat(day) if day else dt.datetime.now(dt.UTC).date()
    audience = os.environ.get("GUIDE_AUDIENCE") or "external"
    root = Path(config.config_file_path).parent
    return preview.enter(config, root, audience, today, serving=bool(os.environ.get("GUIDE_SERVING")))


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Watch what people write, not what staging writes, and show the releases beside the preview."""
    root = Path(config.config_file_path).parent
    preview.watch_sources(server, config, root)
    return preview.serve_releases(server, config, root, os.environ)

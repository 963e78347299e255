"""Serve: MkDocs' own server over the project, with the releases of the edition beside the preview."""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
from pathlib import Path


def serve(root: Path, audience: str, day: dt.date, port: int) -> None:
    """Serve the edition `audience` of the project at `root` on this machine until interrupted."""
    from mkdocs.commands.serve import serve as run

    from guide_cli.render import refuse_replacements

    refuse_replacements()
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    os.environ["GUIDE_AUDIENCE"] = audience
    os.environ["GUIDE_DATE"] = day.isoformat()
    run(
        str(root / "mkdocs.yml"),
        dev_addr=f"127.0.0.1:{port}",
        site_url=f"http://127.0.0.1:{port}/preview/",
    )

"""Last hook: a site in which anything withheld, broken or foreign is found does not count as built."""

import os

from guide_cli import preview
from mkdocs.config.defaults import MkDocsConfig


def on_post_build(config: MkDocsConfig) -> None:
    """Verify the built site; a preview that is served on this machine goes without, for speed."""
    if not os.environ.get("GUIDE_SERVING"):
        preview.refuse_unverified(config)

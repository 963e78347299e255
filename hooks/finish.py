"""Second hook: put the Markdown of each page and the manifest into the site."""

from guide_cli import preview
from mkdocs.config.defaults import MkDocsConfig


def on_post_build(config: MkDocsConfig) -> None:
    """Write what a site carries beside its pages."""
    preview.finish(config)

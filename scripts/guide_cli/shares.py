"""Shares: MkDocs' build with the pages of one site shared out over forked workers. The bytes are those of MkDocs' own.

`build` takes the steps of `mkdocs.commands.build.build` (1.6.1) in their order and calls the same functions for each.
Only what is done page by page, nine tenths of the time, happens in workers: Markdown to HTML, then HTML into the
template, which also gives the page's entries of the search index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mkdocs import utils
from mkdocs.commands.build import _build_page, _build_theme_template, _populate_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import Files, get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page

from guide_cli.forks import Forks, can_fork

# Below this, starting workers takes longer than the pages.
FEWEST_PAGES = 40
SEARCH = "material/search"
# What plugins remember from page to page is lost in workers. Of these we know: mike has no page events, and what search
# remembers is brought back. With any other plugin, or a hook, MkDocs builds alone.
KNOWN_PLUGINS = frozenset({SEARCH, "mike"})
# What `_populate_page` finds out about a page. Links to other pages are sent by path.
FOUND = ("markdown", "meta", "content", "toc", "_title_from_render", "present_anchor_ids")


@dataclass(frozen=True)
class Done:
    """What came of one page: what was found, what MkDocs warned of, and why it failed if it did."""

    found: dict[str, Any]
    warnings: list[str]
    error: str | None = None


def pays(config: MkDocsConfig, workers: int) -> bool:
    """Say whether workers would be faster, and give the same site."""
    return (
        workers > 1
        and can_fork()
        and not config.hooks
        and set(config.plugins) <= KNOWN_PLUGINS
        and not config.extra_templates
        and len(get_files(config).documentation_pages()) >= FEWEST_PAGES
    )


def build(config: MkDocsConfig, workers: int, warnings: list[str]) -> None:
    """Build the site; `warnings`, to which MkDocs' log is written, receives those of the workers too."""
    config = config.plugins.on_config(config)
    config.plugins.on_pre_build(config=config)
    utils.clean_directory(config.site_dir)
    files = get_files(config)
    env = config.theme.get_env()
    files.add_files_from_theme(env, config)
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    nav = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
    shown = files.documentation_pages()
    pages = [file.page for file in shown if file.page]

    def read(page: Page) -> dict[str, Any]:
        _populate_page(page, config, files)
        links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
        return {"links": links, **{name: getattr(page, name) for name in FOUND}}

    def write(page: Page) -> dict[str, Any]:
        index = _search_index(config)
        before = len(index)
        _build_page(page, config, shown, nav, env)
        return {"entries": index[before:]}

    for page, found in _shared_out(read, pages, workers, warnings, meanwhile=files.copy_static_files):
        _restore(page, found, files)
    env = config.plugins.on_env(env, config=config, files=files)
    for template in config.theme.static_templates:
        _build_theme_template(template, env, files, config, nav)
    for page, found in _shared_out(write, pages, workers, warnings):
        _search_index(config).extend(found["entries"])
        page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)
    config.plugins.on_post_build(config=config)


def _shared_out(
    work: Callable[[Page], dict[str, Any]],
    pages: list[Page],
    workers: int,
    warnings: list[str],
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Page, dict[str, Any]]]:
    def watched(page: Page) -> Done:
        before = len(warnings)
        try:
            return Done(work(page), warnings[before:])
        except Exception as error:  # noqa: BLE001 - raised again by the parent, which knows no other type than its text
            return Done({}, warnings[before:], str(error))

    with Forks(watched, pages, workers) as forks:
        meanwhile()
        done = forks.results()
    for page, one in zip(pages, done, strict=True):
        warnings += one.warnings
        if one.error is not None:
            raise BuildError(one.error)
        yield page, one.found


def _restore(page: Page, found: dict[str, Any], files: Files) -> None:
    """Tell a page what a worker found out about it."""
    links = found.pop("links")
    vars(page).update(found)
    page.links_to_anchors = {files.src_uris[path]: anchors for path, anchors in links.items()}


def _search_index(config: MkDocsConfig) -> list[dict[str, Any]]:
    """Return what the search plugin has noted of the pages so far."""
    plugin: Any = config.plugins.get(SEARCH)
    return plugin.search_index.entries if plugin else []

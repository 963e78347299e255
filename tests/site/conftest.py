"""Real sites: the shipped library, staged, built by MkDocs and finished, once for each test process."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import material
import mkdocs
import pytest
from guide_cli.render import render
from guidebook import library, sitecheck, staging, twins
from guidebook.library import Library
from guidebook.views import View

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 23)


@dataclass(frozen=True)
class Built:
    """An edition as it was staged and built."""

    library: Library
    view: View
    tree: dict[str, bytes]
    files: dict[str, bytes]


@pytest.fixture(scope="session")
def theme():
    return sitecheck.read_theme(Path(package.__file__).parent / "templates" for package in (material, mkdocs))


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    source = library.load(ROOT).library
    found = {}
    for name in source.configuration.editions:
        folder = tmp_path_factory.mktemp(name)
        view = staging.view(source, name, DAY)
        tree = staging.project(view)
        staging.write(tree, folder / "staged")
        render(folder / "staged", folder / "site", DAY)
        twins.finish(folder / "site", tree, name, None, staging.digest(tree))
        found[name] = Built(source, view, tree, sitecheck.read(folder / "site"))
    return found

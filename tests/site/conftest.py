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
from projects import SMALL, copy_project

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


def build(root, names, folders):
    """Build editions of the project at `root`, each in a folder of its own from `folders`."""
    source = library.load(root).library
    found = {}
    for name in names:
        folder = folders.mktemp(name)
        view = staging.view(source, name, DAY)
        tree = staging.project(view)
        staging.write(tree, folder / "staged")
        render(folder / "staged", folder / "site", DAY)
        twins.finish(folder / "site", tree, name, None, staging.digest(tree))
        found[name] = Built(source, view, tree, sitecheck.read(folder / "site"))
    return found


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    return build(ROOT, ["external", "internal"], tmp_path_factory)


@pytest.fixture
def small(tmp_path, tmp_path_factory):
    """The external edition of the small library: each gate in its full depth takes minutes on the shipped one."""
    return build(copy_project(tmp_path / "small", SMALL), ["external"], tmp_path_factory)["external"]

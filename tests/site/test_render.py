"""Rendering: the bytes of MkDocs' own build, with any number of workers, anywhere; and nothing that was not staged."""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from guide_cli import corpus, pipeline, shares
from guide_cli.render import RenderError, epoch, render
from guidebook import staging
from mkdocs.exceptions import BuildError
from projects import GIT_ENV, ROOT, commit_all, copy_project, git

DAY = dt.date(2026, 11, 23)
QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
PATHS = os.pathsep.join([str(ROOT / "hooks"), str(ROOT / "scripts")])
BROKEN = '{% if page and page.file.src_uri == "index.md" %}{{ 1 // 0 }}{% endif %}\n'


def stage(root, name, out):
    staging.write(pipeline.stage(pipeline.clean(root, DAY), [name], DAY)[0].tree, out)
    return out


def mkdocs(config, site, **environ):
    """Build with MkDocs' own command, as anybody would."""
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(site)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GUIDE_")}
    environment |= {"SOURCE_DATE_EPOCH": str(epoch(DAY)), **QUIET, **environ}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def same(one, two):
    """Compare two sites, and say which files differ rather than how."""
    assert one
    assert sorted(one) == sorted(two)
    assert [path for path in one if one[path] != two[path]] == []


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """Give the staged external edition of the shipped library, and of a corpus."""
    folder = tmp_path_factory.mktemp("staged")
    corpus.write(folder / "project", ROOT, 60)
    projects = {"shipped": ROOT, "corpus": folder / "project"}
    return {name: stage(project, "external", folder / name) for name, project in projects.items()}


@pytest.fixture(scope="module")
def plain(staged, tmp_path_factory):
    """Give what MkDocs' own command makes of each."""
    sites = {}
    for name, folder in staged.items():
        site = tmp_path_factory.mktemp("plain") / name
        done = mkdocs(folder / "mkdocs.yml", site)
        assert done.returncode == 0, done.stderr
        sites[name] = files(site)
    return sites


@pytest.fixture
def shared_out(monkeypatch):
    """Share pages out however few they are; gives the number of workers of each build that did."""
    used = []
    build = shares.build

    def watched(config, workers, warnings):
        used.append(workers)
        build(config, workers, warnings)

    monkeypatch.setattr(shares, "FEWEST_PAGES", 1)
    monkeypatch.setattr(shares, "build", watched)
    return used


@pytest.fixture
def copy(staged, tmp_path):
    """Give a copy of the staged corpus that a test may break."""
    return shutil.copytree(staged["corpus"], tmp_path / "copy")


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_byte_is_that_of_mkdocs_alone(staged, plain, tmp_path, shared_out, workers):
    for name, folder in staged.items():
        render(folder, tmp_path / name, DAY, workers=workers)
        same(plain[name], files(tmp_path / name))
    assert shared_out == ([workers] * len(staged) if workers > 1 else [])


def test_the_corpus_has_a_search_entry_for_every_section(plain):
    assert plain["corpus"]["search/search_index.json"].count(b'"location"') > 400


def test_few_pages_another_plugin_or_no_fork_leave_it_to_mkdocs(staged, monkeypatch):
    from mkdocs.config import load_config

    def pays(workers=2, **changes):
        config = load_config(str(staged["corpus"] / "mkdocs.yml"))
        for key, value in changes.items():
            config[key] = value
        return shares.pays(config, workers)

    assert pays()
    assert not pays(workers=1)
    assert not pays(docs_dir=str(staged["corpus"] / "docs/labels"))
    assert not pays(hooks=["a.py"])
    assert not pays(plugins={"material/search": None, "tags": None})
    assert not pays(extra_templates=["a.html"])
    monkeypatch.setattr(shares, "can_fork", lambda: False)
    assert not pays()


RUN = """
import datetime, os, sys
from pathlib import Path
from guide_cli.render import render
os.umask(int(sys.argv[3], 8))
render(Path(sys.argv[1]), Path(sys.argv[2]), datetime.date(2026, 11, 23), workers=2)
"""


AHEAD = {
    "PYTHONHASHSEED": "1",
    "TZ": "Pacific/Kiritimati",
    "LANG": "de_DE.UTF-8",
    "SOURCE_DATE_EPOCH": "1",
    "UMASK": "077",
}
BEHIND = {"PYTHONHASHSEED": "2", "TZ": "America/Adak", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("environ", [AHEAD, BEHIND], ids=["ahead", "behind"])
def test_no_byte_or_mode_depends_on_where_it_is_built(staged, plain, tmp_path, environ):
    tree = files(staged["corpus"])
    elsewhere = tmp_path / "elsewhere" / "deeper"
    for path in sorted(tree, reverse=environ is AHEAD):
        (elsewhere / path).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / path).write_bytes(tree[path])
    command = [sys.executable, "-c", RUN, str(elsewhere), str(tmp_path / "site"), environ.get("UMASK", "002")]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": PATHS, **environ}, check=True)
    same(plain["corpus"], files(tmp_path / "site"))
    modes = {oct(path.stat().st_mode & 0o777) for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert modes == {"0o644"}


@pytest.mark.parametrize("workers", [1, 2])
def test_every_warning_fails_the_build(copy, tmp_path, shared_out, workers):
    page = copy / "docs" / "index.md"
    links = "\n\n".join(f"[A]({link})" for link in ("gone.md", "/absolute.md", "gone", "#gone"))
    page.write_text(f"{page.read_text()}\n\n{links}\n")
    with pytest.raises(RenderError) as found:
        render(copy, tmp_path / "site", DAY, workers=workers)
    lines = str(found.value).splitlines()
    assert [line for line in lines if "'index.md' contains a" not in line] == []
    assert len(lines) == 4
    assert len(shared_out) == workers - 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_template_that_fails_names_the_page(copy, tmp_path, shared_out, workers):
    template = copy / "overrides" / "main.html"
    template.write_text(template.read_text().replace("{% block content %}", "{% block content %}" + BROKEN))
    with pytest.raises(RenderError, match=r"page 'index\.md'.*(division|modulo) by zero"):
        render(copy, tmp_path / "site", DAY, workers=workers)


@pytest.mark.parametrize(("workers", "stamp"), [(1, ""), (2, ""), (2, "edition: internal\n")])
def test_a_page_that_was_not_staged_is_refused(copy, tmp_path, shared_out, workers, stamp):
    page = copy / "docs" / "glossary.md"
    assert "edition: external\n" in page.read_text()
    page.write_text(page.read_text().replace("edition: external\n", stamp))
    with pytest.raises(RenderError, match=r"(?s)page 'glossary\.md'.*REFUSED"):
        render(copy, tmp_path / "site", DAY, workers=workers)
    assert not (tmp_path / "site" / "glossary" / "index.html").exists()


def test_an_error_that_mkdocs_did_not_log_fails_the_build_too():
    with pytest.raises(BuildError, match="by zero"):
        list(shares._shared_out(lambda page: 1 // page, [1, 0], 2, []))


def test_a_page_that_cannot_be_read_is_named(copy, tmp_path, shared_out):
    (copy / "docs" / "glossary.md").write_bytes(b"---\nid: glossary\n---\n\n\xff\n")
    with pytest.raises(RenderError, match=r"glossary\.md"):
        render(copy, tmp_path / "site", DAY, workers=2)


def children(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(not shares.can_fork(), reason="only where workers are forked")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_no_worker(staged, tmp_path, sign):
    command = [sys.executable, "-c", RUN, str(staged["corpus"]), str(tmp_path / "site"), "022"]
    # Whoever starts these tests in the background has Ctrl-C ignored by all that they start.
    build = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": PATHS},
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs here
    )
    workers = []
    while len(workers) < 2:
        assert build.poll() is None
        workers = children(build.pid)
    build.send_signal(sign)
    assert build.wait(30) != 0
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in workers):
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Give a copy of this project, committed, and both editions as the pipeline builds them."""
    root = copy_project(tmp_path_factory.mktemp("project") / "copy")
    commit_all(root)
    source = pipeline.clean(root, DAY)
    out = tmp_path_factory.mktemp("built")
    names = list(source.configuration.editions)
    assert pipeline.build(source, pipeline.stage(source, names, DAY), DAY, out, {}) == []
    return root, {name: files(out / name) for name in names}


BY_HAND = {"GUIDE_DATE": DAY.isoformat(), "PYTHONPATH": PATHS}


@pytest.mark.parametrize(("edition", "environ"), [("external", {}), ("internal", {"GUIDE_AUDIENCE": "internal"})])
def test_mkdocs_build_by_hand_gives_the_same_bytes(project, tmp_path, edition, environ):
    root, built = project
    done = mkdocs(root / "mkdocs.yml", tmp_path / "site", **BY_HAND, **environ)
    assert done.returncode == 0, done.stderr
    same(built[edition], files(tmp_path / "site"))


def test_mkdocs_build_without_the_hooks_writes_no_page(project, tmp_path):
    root = copy_project(tmp_path / "copy")
    config = root / "mkdocs.yml"
    before, _, rest = config.read_text().partition("hooks:\n")
    config.write_text(before + rest.partition("\n\n")[2])
    done = mkdocs(config, tmp_path / "site", **BY_HAND)
    assert done.returncode != 0
    assert "REFUSED" in done.stderr
    assert list((tmp_path / "site").rglob("*.html")) == []


def test_mike_deploy_by_hand_deploys_the_external_edition(project, tmp_path):
    root, built = project
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GUIDE_")}
    environment |= {**QUIET, **GIT_ENV, **BY_HAND, "SOURCE_DATE_EPOCH": str(epoch(DAY))}
    programs = Path(sys.executable).parent  # mike starts the mkdocs it finds on the PATH
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    command = [str(programs / "mike"), "deploy", "-b", "by-hand", "1.0"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    listed = git(root, "ls-tree", "-r", "--name-only", "by-hand", "1.0/").splitlines()
    deployed = {path.removeprefix("1.0/") for path in listed}
    assert deployed == set(built["external"])
    assert set(built["internal"]) - deployed
    assert git(root, "show", "by-hand:1.0/catalog.json").encode() == built["external"]["catalog.json"]

"""scripts/guide, run for real in a small tree of its own: one tiny wheel for a lock, and no network."""

import ast
import hashlib
import json
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).resolve().parents[2] / "scripts" / "guide"
FIRST = "setting up .venv (first run, about a minute)"
PROJECT_CHANGED = "setting up .venv (pyproject.toml has changed, a few seconds)"
AGAIN = "setting up .venv (out of date or unfinished, about a minute)"

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small"
version = "1"
"""

# Installs scripts/ as a .pth file, notes that it did, and stands still for as long as a test asks it to.
BACKEND = """\
import os, pathlib, time, zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    assert "PYTHONPATH" not in os.environ
    here = pathlib.Path.cwd()
    with (here / "builds").open("a") as log:
        log.write("built\\n")
    while (here / "hold").exists():
        (here / "held").touch()
        time.sleep(0.02)
    with zipfile.ZipFile(pathlib.Path(wheel_directory, "small-1-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("small.pth", str(here / "scripts"))
        wheel.writestr("small-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n")
        wheel.writestr("small-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("small-1.dist-info/RECORD", "")
    return "small-1-py3-none-any.whl"
"""

COMMAND = """\
import json, os, sys
import tiny

print(json.dumps({"args": sys.argv[1:], "prefix": sys.prefix, "env": dict(os.environ)}))
sys.exit(7 if "--fail" in sys.argv else 0)
"""


class Tree:
    """A checkout with nothing in it but what the launcher needs."""

    def __init__(self, root: Path, modules: Path | None = None) -> None:
        self.root = root
        self.modules = modules
        self.venv = root / ".venv"
        self.stamp = self.venv / "guide-stamp"
        self.lock = root / "scripts" / "requirements.txt"
        (root / "scripts" / "guide_cli").mkdir(parents=True)
        (root / "wheels").mkdir()
        shutil.copy2(LAUNCHER, root / "scripts" / "guide")
        (root / "scripts" / "guide_cli" / "__main__.py").write_text(COMMAND)
        (root / "pyproject.toml").write_text(PYPROJECT)
        (root / "backend.py").write_text(BACKEND)
        wheel = root / "wheels" / "tiny-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("tiny.py", "")
            archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
            archive.writestr(
                "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr("tiny-1.0.dist-info/RECORD", "")
        self.lock.write_text(f"tiny==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")

    def environment(self, **more: str) -> dict[str, str]:
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.upper().startswith(("PIP_", "PYTHON", "VIRTUAL_ENV")) and not name.upper().endswith("_PROXY")
        }
        ours |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (self.root / "wheels").as_uri()}
        if self.modules:
            ours["PYTHONPATH"] = str(self.modules)
        return ours | more

    def start(self, *args: str, **env: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, self.root / "scripts" / "guide", *args],
            cwd=self.root / "wheels",
            env=self.environment(**env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell that runs the tests in the background has them, and so this, ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )

    def run(self, *args: str, **env: str) -> "subprocess.CompletedProcess[str]":
        process = self.start(*args, **env)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def builds(self) -> int:
        log = self.root / "builds"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def hold(self) -> None:
        (self.root / "hold").touch()

    def wait_until_held(self, process: "subprocess.Popen[str]") -> None:
        while not (self.root / "held").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)

    def release(self) -> None:
        (self.root / "hold").unlink()


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """Give a tree that is set up, to look at; one to spoil is `spare`."""
    tree = Tree(tmp_path_factory.mktemp("ready"))
    first = tree.run("--first")
    assert (first.returncode, first.stderr) == (0, FIRST + "\n"), first.stderr
    return tree


@pytest.fixture
def spare(ready):
    """Put a copy of the ready tree in its place for one test: an environment is at home in one folder only."""
    aside = ready.root.with_name("aside")
    ready.root.rename(aside)
    shutil.copytree(aside, ready.root, symlinks=True)
    yield ready
    shutil.rmtree(ready.root)
    aside.rename(ready.root)


@pytest.fixture(scope="module")
def quick_venv(ready, tmp_path_factory):
    """Give a folder for PYTHONPATH with which `python -m venv` takes no five seconds: it copies a fresh environment."""
    folder = tmp_path_factory.mktemp("quick")
    shutil.copytree(ready.venv, folder / "venv", symlinks=True)
    (folder / "venv" / "guide-stamp").unlink()
    for name in ("tiny", "small"):
        for path in folder.glob(f"venv/lib/python*/site-packages/{name}[.-]*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    program = folder / "python"
    program.write_text(f'#!/bin/sh\n[ "$1 $2 $3" = "-I -m venv" ] && cp -R "{folder}/venv/." "$4"\n')
    program.chmod(0o755)
    (folder / "sitecustomize.py").write_text(f"import sys; sys._base_executable = {str(program)!r}\n")
    return folder


@pytest.fixture
def tree(tmp_path, quick_venv):
    return Tree(tmp_path / "a tree", quick_venv)


def assert_one_line(result, *parts, status=2):
    lines = [line for line in result.stderr.splitlines() if not line.startswith("setting up .venv")]
    assert result.returncode == status, result.stderr
    assert len(lines) == 1, result.stderr
    for part in ("scripts/guide: ", *parts):
        assert part in lines[0]
    assert result.stdout == ""


def old_python(folder):
    """Make a Python say that it is an old one."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 9, 1, 'final', 0)\n")
    return str(folder)


def without(module, folder):
    """Make a Python that lacks a module, as Debian's lacks ensurepip."""
    folder.mkdir()
    (folder / f"{module}.py").write_text(f"raise ModuleNotFoundError('no {module}', name='{module}')\n")
    return str(folder)


# A tree that is set up


def test_command_gets_arguments_status_and_environment(ready):
    result = ready.run("check", "--fail", "a b", PYTHONPATH="elsewhere")
    said = json.loads(result.stdout)
    assert result.returncode == 7
    assert said["args"] == ["check", "--fail", "a b"]
    assert Path(said["prefix"]).samefile(ready.venv)
    assert said["env"]["NO_MKDOCS_2_WARNING"] == "1"
    assert said["env"]["DISABLE_MKDOCS_2_WARNING"] == "true"
    assert "PYTHONPATH" not in said["env"]
    assert said["env"]["PATH"].split(os.pathsep)[0] == str(ready.venv / "bin")


def test_second_run_does_nothing(ready):
    def state():
        return {path: path.lstat().st_mtime_ns for path in ready.venv.rglob("*") if "__pycache__" not in path.parts}

    before, builds = state(), ready.builds()
    result = ready.run()
    assert (result.returncode, result.stderr) == (0, "")
    assert state() == before
    assert ready.builds() == builds


def test_second_run_needs_no_pip_and_no_new_python(ready, tmp_path):
    result = ready.run(PYTHONPATH=old_python(tmp_path / "old"), PATH="/nonexistent", PIP_INDEX_URL="nowhere")
    assert (result.returncode, result.stderr) == (0, "")


def test_folder_one_stands_in_is_not_searched_for_modules(ready):
    trap = ready.root / "wheels" / "tiny.py"
    trap.write_text("raise SystemExit('the wrong tiny')")
    try:
        assert ready.run().returncode == 0
    finally:
        trap.unlink()


def test_changed_project_is_installed_again_alone(spare):
    pip = next(spare.venv.glob("lib/python*/site-packages/pip/__init__.py"))
    before, builds = pip.stat().st_mtime_ns, spare.builds()
    (spare.root / "pyproject.toml").write_text(PYPROJECT + "# changed\n")
    result = spare.run()
    assert (result.returncode, result.stderr) == (0, PROJECT_CHANGED + "\n")
    assert spare.builds() > builds
    assert pip.stat().st_mtime_ns == before
    assert spare.run().stderr == ""


def test_changed_project_that_cannot_be_installed(spare):
    (spare.root / "pyproject.toml").write_text(PYPROJECT.replace('"backend"', '"absent"'))
    assert_one_line(spare.run(), "could not set up .venv", "absent")
    assert not spare.stamp.exists()  # the old project may be gone already: undoing the change must not bring it back


def remove_stamp(tree):
    tree.stamp.unlink()


def empty_stamp_and_no_python(tree):
    tree.stamp.write_text("")
    (tree.venv / "bin" / "python").unlink()


def lose_base_python(tree):
    """As an upgrade of the system does: the link stays, and so does all that the stamp says of it."""
    python = tree.venv / "bin" / "python"
    python.unlink()
    python.symlink_to(tree.root / "gone")
    launcher = runpy.run_path(str(tree.root / "scripts" / "guide"))
    made_with = launcher["digest"]((tree.venv / "pyvenv.cfg").read_bytes(), os.fsencode(os.path.realpath(python)))
    tree.stamp.write_text(f"{launcher['made_from']()}\n{made_with}\n{launcher['project']()}\n")


def change_base_python(tree):
    config = tree.venv / "pyvenv.cfg"
    config.write_text(config.read_text().replace("version = 3.", "version = 2."))


def change_lock(tree):
    tree.lock.write_text(tree.lock.read_text() + "# changed\n")


def change_launcher(tree):
    launcher = tree.root / "scripts" / "guide"
    launcher.write_text(launcher.read_text() + "# changed\n")


def do_not_spoil(tree):
    pass


@pytest.mark.parametrize(
    ("spoil", "wanted"),
    [
        (do_not_spoil, True),
        (remove_stamp, False),
        (empty_stamp_and_no_python, False),
        (lose_base_python, False),
        (change_base_python, False),
        (change_lock, False),
        (change_launcher, False),
    ],
)
def test_environment_that_is_not_the_wanted_one_is_not_used(spare, tmp_path, spoil, wanted):
    """That it wants a new one is seen at once in a Python that cannot make one."""
    spoil(spare)
    result = spare.run(PYTHONPATH=without("venv", tmp_path / "poor"))
    if wanted:
        assert (result.returncode, result.stderr) == (0, "")
    else:
        assert_one_line(result, "has no module venv")


def test_environment_of_a_moved_tree_is_not_used(ready, tmp_path):
    moved = Tree(tmp_path / "moved")
    shutil.copytree(ready.root, moved.root, symlinks=True, dirs_exist_ok=True)
    assert_one_line(moved.run(PYTHONPATH=without("venv", tmp_path / "poor")), "has no module venv")


# A tree that is not


def test_half_made_environment_is_made_anew(tree):
    (tree.venv / "bin").mkdir(parents=True)
    (tree.venv / "bin" / "python").symlink_to(sys.executable)
    (tree.venv / "left over").touch()
    result = tree.run()
    assert (result.returncode, result.stderr) == (0, AGAIN + "\n")
    assert not (tree.venv / "left over").exists()
    assert tree.run().stderr == ""


def test_link_in_place_of_the_environment_is_replaced_not_followed(tree, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    tree.venv.symlink_to(elsewhere)
    tree.lock.write_text("tiny==1.0\n")  # is refused, once the link is gone
    assert tree.run().returncode == 2
    assert not tree.venv.is_symlink()
    assert [path.name for path in elsewhere.iterdir()] == ["precious"]


def test_two_first_runs_at_once(tree):
    tree.hold()
    one = tree.start("one")
    tree.wait_until_held(one)
    two = tree.start("two")
    assert two.stderr is not None
    waiting = two.stderr.readline()
    tree.release()
    for process, name in ((one, "one"), (two, "two")):
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert json.loads(out)["args"] == [name]
    assert waiting == "scripts/guide: waiting for another one that is setting up .venv\n"
    assert tree.builds() == 1


def test_killed_in_the_middle(tree):
    """The pip that a killed launcher leaves behind still writes to .venv: the next run lets it finish first."""
    tree.hold()
    killed = tree.start()
    tree.wait_until_held(killed)
    killed.kill()
    killed.communicate()
    assert not tree.stamp.exists()

    after = tree.start()
    assert after.stderr is not None
    assert after.stderr.readline() == "scripts/guide: waiting for another one that is setting up .venv\n"
    assert (tree.venv / "bin" / "python").exists()
    tree.release()
    out, err = after.communicate(timeout=120)
    assert (after.returncode, err) == (0, AGAIN + "\n")
    assert json.loads(out)["args"] == []


def test_interrupted(tree):
    tree.hold()
    process = tree.start()
    tree.wait_until_held(process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    tree.release()
    result = subprocess.CompletedProcess([], process.returncode, out, err)
    assert_one_line(result, "interrupted", status=130)
    assert not tree.stamp.exists()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_python_that_cannot_make_environments(tree, tmp_path, module):
    result = tree.run(PYTHONPATH=without(module, tmp_path / "poor"))
    assert_one_line(result, f"has no module {module}", "apt install python3-venv")
    assert not tree.venv.exists()


def test_no_network(tree):
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    lock = tree.lock.read_text()
    tree.lock.write_text(lock.replace("tiny", "absent"))
    env = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": f"http://127.0.0.1:{closed}/simple", "PIP_RETRIES": "1"}
    result = tree.run(**env)
    assert_one_line(result, "no connection to the package index", "absent==1.0", ".venv/setup.log")
    assert not tree.stamp.exists()


@pytest.mark.parametrize(
    ("locked", "reason"),
    [
        (f"tiny==1.0 --hash=sha256:{'0' * 64}", "THESE PACKAGES DO NOT MATCH THE HASHES"),
        ("tiny==1.0", "Hashes are required"),
    ],
    ids=["another hash", "no hash"],
)
def test_package_that_the_lock_does_not_vouch_for(tree, locked, reason):
    tree.lock.write_text(f"{locked}\n")
    assert_one_line(tree.run(), reason, ".venv/setup.log")
    assert not tree.stamp.exists()


def test_old_python(tree, tmp_path):
    result = tree.run(PYTHONPATH=old_python(tmp_path / "old"), PATH="/nonexistent")
    assert_one_line(result, "needs Python 3.11 or later, found 3.9.1")
    assert not tree.venv.exists()


def test_old_python_finds_a_new_one(spare, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in {
        "python3.11": "echo no such version >&2; exit 127",  # as pyenv's does when that version is not chosen
        "python3.12": f'unset PYTHONPATH; exec "{sys.executable}" "$@"',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    (spare.root / "pyproject.toml").write_text(PYPROJECT + "# changed\n")
    result = spare.run("check", PYTHONPATH=old_python(tmp_path / "old"), PATH=str(programs))
    assert (result.returncode, result.stderr) == (0, PROJECT_CHANGED + "\n")
    assert json.loads(result.stdout)["args"] == ["check"]


def test_old_python_can_read_the_launcher(tree, tmp_path):
    ast.parse(LAUNCHER.read_text(encoding="utf-8"), feature_version=(3, 6))
    # Annotations are read when a function is made: `list[str]` outside quotes would stop Python 3.8 before its message.
    for found in (shutil.which(f"python3.{minor}") for minor in range(6, 11)):
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            result = subprocess.run(
                [found, tree.root / "scripts" / "guide"],
                env=tree.environment(PATH="/nonexistent"),
                capture_output=True,
                text=True,
                check=False,
            )
            assert_one_line(result, "needs Python 3.11 or later, found 3.")


def test_launcher_is_a_program_that_names_no_registry():
    assert os.access(LAUNCHER, os.X_OK)
    assert "://" not in LAUNCHER.read_text(encoding="utf-8")

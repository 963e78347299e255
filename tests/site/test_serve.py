"""`scripts/guide serve`: the preview follows edits, never loops, and shows the releases beside it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest
from projects import GIT_ENV, SMALL, commit_all, copy_project, guide

pytestmark = pytest.mark.xdist_group("serve")  # they take turns at one server

PATIENCE = 60  # seconds until a test gives up; nothing is measured by it


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A guide command that serves, with everything it has printed so far."""

    def __init__(self, project, *words, port):
        paths = os.pathsep.join([str(project / "scripts"), str(project / "hooks")])
        environment = {
            **os.environ,
            **GIT_ENV,
            "PYTHONPATH": paths,
            "PYTHONUNBUFFERED": "1",
            "NO_MKDOCS_2_WARNING": "1",
            "GUIDE_DATE": "2026-11-23",
        }
        command = [sys.executable, "-m", *words]
        self.base = f"http://127.0.0.1:{port}/"
        self.printed = []
        self.process = subprocess.Popen(
            command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.printed.append(line)

    @property
    def builds(self):
        return sum("Building documentation" in line for line in self.printed)

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=5) as answer:
            return answer.read().decode()

    def wait_for(self, condition):
        for _ in range(PATIENCE * 10):
            assert self.process.poll() is None, "".join(self.printed)
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                if condition():
                    return
            time.sleep(0.1)
        raise AssertionError("".join(self.printed))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = copy_project(tmp_path_factory.mktemp("serve") / "project", SMALL)
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-23")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def server(project):
    port = free_port()
    words = ["guide_cli", "serve", "--audience", "internal", "--port", str(port), "--date", "2026-11-23"]
    server = Server(project, *words, port=port)
    server.wait_for(lambda: "A shortener is allowed" in server.get("preview/guidelines/g04-links/"))
    yield server
    server.stop()


def test_an_edit_is_shown_and_a_mistake_leaves_the_last_good_page(project, server):
    page = project / "docs/guidelines/g04-links.md"
    good = page.read_text()
    where = "preview/guidelines/g04-links/"
    try:
        page.write_text(good.replace("## Why\n", "## Why\n\nSeen at once.\n", 1))
        server.wait_for(lambda: "Seen at once." in server.get(where))
        builds = server.builds
        page.write_text(good.replace("## Why\n", "## Why\n\n/// intrenal\n\nNever seen.\n\n///\n", 1))
        server.wait_for(lambda: any("[passage-spelling]" in line for line in server.printed))
        server.wait_for(lambda: server.builds > builds)
        assert "Seen at once." in server.get(where)
        assert "Never seen." not in server.get(where)
        assert "Traceback" not in "".join(server.printed)
    finally:
        page.write_text(good)
    server.wait_for(lambda: "Seen at once." not in server.get(where))


def test_a_build_does_not_start_the_next(server):
    """Staging writes files on every build: watching them would never end."""
    time.sleep(3)
    assert server.builds == 1, "".join(server.printed)


def test_the_releases_stand_beside_the_preview(server):
    listed = json.loads(server.get("versions.json"))
    assert [row["version"] for row in listed] == ["preview", "2026.11.23"]
    assert "A shortener is allowed" in server.get("2026.11.23/guidelines/g04-links/")
    assert json.loads(server.get("latest/manifest.json"))["release"] == "2026.11.23"
    with pytest.raises(urllib.error.HTTPError):
        server.get("2026.11.23/no-such-page/")


def test_mkdocs_serve_typed_by_hand_shows_the_external_edition(project):
    port = free_port()
    server = Server(project, "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}", port=port)
    try:
        server.wait_for(lambda: "A shortener is allowed" in server.get("guidelines/g04-links/"))
        assert "withheld" not in server.get("guidelines/g04-links/").replace("guidebook.css", "")
        with pytest.raises(urllib.error.HTTPError):
            server.get("comms/staff/")
    finally:
        server.stop()

"""Both editions with two releases each, served over HTTP, and one real Chromium to open them in."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright
from projects import commit_all, copy_project, export, guide, served

FIRST, SECOND = "2026.11.23", "2026.11.24"


@pytest.fixture(scope="session")
def editions(tmp_path_factory):
    """Publish the project twice, a change to an external page between, and serve what each branch holds."""
    base = tmp_path_factory.mktemp("browser")
    project = copy_project(base / "project")
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-23")
    assert done.returncode == 0, done.stderr
    page = project / "docs/guidelines/g04-link-deception.md"
    page.write_text(page.read_text().replace("## Why\n", "## Why\n\nA sentence of the second release.\n", 1))
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-24")
    assert done.returncode == 0, done.stderr
    external = export(project, "site-external", base / "external")
    internal = export(project, "site-internal", base / "internal")
    with served(external) as one, served(internal) as other:
        yield SimpleNamespace(external=one, internal=other, folders={one: external, other: internal})


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("GUIDE_BROWSER")
    assert path, "run the tests with `scripts/guide test`, which finds or installs Chromium"
    flags = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


class Watched:
    """A page that keeps everything a reader should never cause: errors, failed requests, requests to other hosts."""

    def __init__(self, context, base):
        self.base = base
        self.faults = []
        self.page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.page.on("requestfailed", self._failed)

    def _console(self, message):
        if message.type in {"error", "warning"}:
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, request):
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.faults.append(f"request to another host: {request.url}")

    def _response(self, response):
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def _failed(self, request):
        # Leaving a page ends what it was still loading; that is no fault of the page.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url}: {request.failure}")

    def open(self, path):
        self.page.goto(self.base + path, wait_until="load")
        return self.page


@pytest.fixture
def browse(chromium):
    """Open pages in a fresh profile; the test fails at its end if anything went wrong on the way."""
    opened, contexts = [], []

    def start(base, width=1440, scheme="light", **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        opened.append(Watched(context, base))
        return opened[-1]

    yield start
    for watched in opened:
        watched.page.goto("about:blank")  # ends what the page was still doing, so that closing waits for nothing
    faults = [fault for watched in opened for fault in watched.faults]
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)

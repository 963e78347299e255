"""Both editions with two releases each, served over HTTP, and one real Chromium to open them in."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright
from projects import commit_all, copy_project, export, guide, served

pytest.register_assert_rewrite("walking")

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


def new_context(chromium, width=1440, scheme="light", **options):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
    context.set_default_timeout(20_000)
    return context


def faults_of(opened):
    """End what the pages still do, so that closing waits for nothing, and return what went wrong on the way."""
    for watched in opened:
        watched.page.goto("about:blank")
    return [fault for watched in opened for fault in watched.faults]


@pytest.fixture
def browse(chromium):
    """Open pages in a fresh profile; the test fails at its end if anything went wrong on the way."""
    opened, contexts = [], []

    def start(base, width=1440, scheme="light", **options):
        contexts.append(new_context(chromium, width, scheme, **options))
        opened.append(Watched(contexts[-1], base))
        return opened[-1]

    yield start
    faults = faults_of(opened)
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def profiles(chromium):
    """Profiles by what they were asked to be; tests that ask for the same one share it."""
    kept = {}

    def profile(**options):
        key = json.dumps(options, sort_keys=True)
        kept[key] = kept.get(key) or new_context(chromium, **options)
        return kept[key]

    yield profile
    for context in kept.values():
        context.close()


@pytest.fixture
def desk(profiles):
    """As `browse`, in a shared profile: with a filled cache a page opens in half the time."""
    opened = []

    def start(base, **options):
        opened.append(Watched(profiles(**options), base))
        return opened[-1]

    yield start
    faults = faults_of(opened)
    for watched in opened:
        watched.page.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def contrast():
    """Measure all text inside `selector`: its words, and the contrast of its colour to what it stands on."""
    return lambda page, selector: page.evaluate(CONTRAST, selector)


CONTRAST = """(selector) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3]))
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  const light = (c) => {
    const [r, g, b] = c.map((v) => linear(v / 255))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = (node) => {
    const layers = []
    for (let at = node; at; at = at.parentElement) layers.unshift(rgba(getComputedStyle(at).backgroundColor))
    return layers.reduce((below, top) => over(top, below), [255, 255, 255])
  }
  const own = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())
  const nodes = [...document.querySelectorAll(`${selector}, ${selector} *`)]
  return nodes.filter((node) => own(node) && node.checkVisibility()).map((node) => {
    const below = ground(node)
    const ink = over(rgba(getComputedStyle(node).color), below)
    const [a, b] = [light(ink), light(below)].sort((x, y) => y - x)
    const name = node.closest("[class]:not([class=''])").className
    return [`${name}: ${node.textContent.trim().slice(0, 30)}`, (a + 0.05) / (b + 0.05)]
  })
}"""

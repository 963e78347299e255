"""Link check: let LinkChecker, which shares no code with us, walk a built site over HTTP as a browser would.

The site is served from memory on this machine only. LinkChecker runs as a program of its own; it drops to the user
`nobody` when root starts it, which over HTTP makes no difference.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from guidebook.problems import Problem, ordered

HOST = "127.0.0.1"
FOLDER = "/latest/"  # as on the web: pages link to the newest release, which is one folder up and down again
THREADS = 4
TIMEOUT = 900
_TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript", "json": "application/json"}
_SETTINGS = f"""
[checking]
threads={THREADS}
maxrequestspersecond=100000
[output]
status=0
verbose=1
warnings=1
[filtering]
checkextern=0
"""
# What stands above the site is elsewhere to LinkChecker, and not looked at, unless it is told otherwise.
_OURS = "internlinks=^{}\n"
_ELSEWHERE = b"<title>Elsewhere</title>"
_ANCHORS = "[AnchorCheck]\n"
# Reports of what an address is like, not of what is wrong with it.
_HARMLESS = frozenset({"http-robots-denied", "url-whitespace"})


def linkcheck(
    files: Mapping[str, bytes], edition: str, *, anchors: bool = True, beyond: Collection[str] = ()
) -> list[Problem]:
    """Return each link within the site `files` that LinkChecker cannot follow; `beyond` are places above it that exist.

    With `anchors` it reads a page anew for every anchor that some link names, which takes ten times as long.
    A run that breaks off, or that did not see every page, is a problem as well.
    """
    with (
        _serving(files, {urllib.parse.urljoin(FOLDER, place) for place in beyond}) as root,
        tempfile.TemporaryDirectory(prefix="guide-links-") as name,
    ):
        settings = Path(name, "linkcheckerrc")
        ours = _OURS.format(re.escape(urllib.parse.urljoin(root, "/")))
        settings.write_text(_SETTINGS + ours + (_ANCHORS if anchors else ""), encoding="utf-8")
        settings.parent.chmod(0o755)  # LinkChecker reads it as the user it drops to
        command = [sys.executable, "-m", "linkcheck", f"--config={settings}", "--output=csv/utf-8", root]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT, encoding="utf-8")
        except (OSError, subprocess.TimeoutExpired) as error:
            return [_problem(edition, "", "linkcheck-failed", f"LinkChecker did not run: {type(error).__name__}.")]
    # Comments begin with "# ", addresses of anchors with "#".
    rows = list(csv.DictReader((line for line in done.stdout.splitlines() if line[:2] != "# "), delimiter=";"))
    problems = list(_judge(rows, root, edition))
    seen = {urllib.parse.unquote(row["url"] or "").partition("#")[0] for row in rows if row.get("url")}
    pages = {path.removesuffix("index.html") for path in files if path.endswith("/index.html") or path == "index.html"}
    missed = sorted(page for page in pages if not {root + page, f"{root}{page}index.html"} & seen)
    if done.returncode not in {0, 1} or not pages or "Stopped checking" not in done.stdout:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        problems.append(
            _problem(edition, "", "linkcheck-failed", f"LinkChecker ended with {done.returncode}: {last[0]}")
        )
    elif done.returncode == 1 and not problems:
        problems.append(_problem(edition, "", "linkcheck-failed", "LinkChecker found errors, and none could be read."))
    why = "no link leads to this page: LinkChecker never saw it."
    problems += [_problem(edition, f"{page}index.html", "linkcheck-missed", why) for page in missed]
    return ordered(problems)


def _judge(rows: list[dict[str, str]], root: str, edition: str) -> Iterator[Problem]:
    for row in rows:
        warning = row.get("warningstring") or ""
        if row.get("valid") == "True" and (not warning or any(tag in warning for tag in _HARMLESS)):
            continue
        parent = (row.get("parentname") or "").partition("#")[0].removeprefix(root)
        page = f"{parent}index.html" if not parent or parent.endswith("/") else parent
        line = int(row["line"]) if (row.get("line") or "").isdigit() else 1
        why = warning if row.get("valid") == "True" else row.get("result") or ""
        yield _problem(edition, page, "broken-link", f"`{(row.get('urlname') or '')[:80]}`: {why[:120]}.", line)


def _problem(edition: str, path: str, rule: str, message: str, line: int = 1) -> Problem:
    return Problem(f"{edition} site/{path}", max(line, 1), rule, message)


@contextmanager
def _serving(files: Mapping[str, bytes], others: Collection[str]) -> Iterator[str]:
    """Serve the files, and a page without links for each of `others`, on this machine; give the address of the root."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each page waits for the receipt of its headers

        def do_GET(self) -> None:
            path = urllib.parse.unquote(self.path.partition("?")[0])
            name = f"{path}index.html" if path.endswith("/") else path
            data = files.get(name.removeprefix(FOLDER)) if name.startswith(FOLDER) else None
            data = _ELSEWHERE if data is None and path in others else data
            self.send_response(HTTPStatus.NOT_FOUND if data is None else HTTPStatus.OK)
            self.send_header("Content-Type", _TYPES.get(name.rpartition(".")[2], "application/octet-stream"))
            self.send_header("Content-Length", str(len(data or b"")))
            self.send_header("LinkChecker", "yes")  # without it, LinkChecker waits between its requests
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data or b"")

        do_HEAD = do_GET  # noqa: N815 - the same

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server asks for
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of a line that LinkChecker dropped: what it then misses, it reports."""

    with Server((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}{FOLDER}"
        finally:
            server.shutdown()
            thread.join()

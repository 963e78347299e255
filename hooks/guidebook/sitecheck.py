"""Site check: a built site is whole, leads nowhere wrong, and asks nobody else.

It holds the staged pages and the theme's files, and nothing else; every link in it leads somewhere; no page asks
another host for anything.

What a tag says is judged in `tags`; here stands what must hold of all files of a site together.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import urllib.parse
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from guidebook.configuration import FILE
from guidebook.library import DOCS, OVERRIDES
from guidebook.problems import Problem, ordered
from guidebook.sources import address
from guidebook.tags import CSS_COMMENT, CSS_URL, SCHEME, Judge, Tag

GENERATOR = "mkdocs-1.6.1"
STAMP = "guidebook:edition"
GENERATED = frozenset({"404.html", "manifest.json", "search/search_index.json", "sitemap.xml", "sitemap.xml.gz"})
# Where a link may lead above the edition's own folder: to the newest release.
BEYOND = frozenset({"../", "../latest/"})  # a release may lead to others too
_NOT_FOUND = "404.html"
_JS_HOST = re.compile(r"""["'`](?:(?:https?|wss?):)?//([\w.-]+)""")
_NAMESPACE = "www.w3.org"


def read(folder: Path) -> dict[str, bytes]:
    """Return the files below `folder` by path; a link or a special file is given as empty, and so never expected."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            found[f"{file.relative_to(folder).as_posix()} (not a plain file)"] = b""
        elif file.is_file():
            found[file.relative_to(folder).as_posix()] = file.read_bytes()
    return found


def read_theme(folders: Iterable[Path]) -> dict[str, bytes]:
    """Return a theme's files by path, of two with one path the first, as MkDocs does; icons are left out."""
    found: dict[str, bytes] = {}
    for folder in folders:
        for where, below, names in os.walk(folder):
            below[:] = sorted(set(below) - {".icons"})  # ten thousand files that no site holds: not even looked at
            for file in (Path(where, name) for name in sorted(names)):
                if file.suffix not in {".py", ".pyc"}:
                    found.setdefault(file.relative_to(folder).as_posix(), file.read_bytes())
    return found


def check(  # noqa: PLR0913 - the last three are what a caller may allow beyond the rule
    files: Mapping[str, bytes],
    tree: Mapping[str, bytes],
    theme: Mapping[str, bytes],
    *,
    extra: Collection[str] = (),
    hosts: Collection[str] = (),
    beyond: Collection[str] = BEYOND,
) -> list[Problem]:
    """Return everything wrong with the built site `files` of the staged `tree`.

    `extra` are files that the build may add to those known here, `hosts` other hosts that pages may ask, `beyond` the
    places above the edition that a link may lead to.
    """
    site = _Site(files, tree, theme, frozenset(hosts), frozenset(beyond))
    site.inventory(frozenset(extra))
    for path, page in site.pages.items():
        site.page(path, page)
    site.links()
    site.data()
    return ordered(site.problems)


@dataclass
class _Page:
    """The distinct tags of a page and its anchors."""

    tags: list[tuple[str, Tag]]
    ids: set[str]


class _Site:
    def __init__(
        self,
        files: Mapping[str, bytes],
        tree: Mapping[str, bytes],
        theme: Mapping[str, bytes],
        hosts: frozenset[str],
        beyond: frozenset[str],
    ) -> None:
        self.files, self.tree, self.theme, self.hosts, self.beyond = files, tree, theme, hosts, beyond
        settings = yaml.load(tree[FILE], yaml.CSafeLoader)
        self.edition = str(settings["extra"]["edition"]["name"])
        self.url = str(settings.get("site_url") or "")
        self.root = urllib.parse.urlsplit(self.url).path or "/"
        staged = {path.removeprefix(f"{DOCS}/"): path for path in tree if path.startswith(f"{DOCS}/")}
        self.addresses = {address(path): source for path, source in staged.items() if path.endswith(".md")}
        self.assets = {path: source for path, source in staged.items() if not path.endswith(".md")}
        self.problems: list[Problem] = []
        self.led: dict[tuple[str, str], str] = {}

    def refuse(self, path: str, rule: str, message: str, line: int = 1) -> None:
        self.problems.append(Problem(f"{self.edition} site/{path}", line, rule, message))

    # --- which files

    def inventory(self, extra: frozenset[str]) -> None:
        """Check that every staged page and file is there, unchanged if it is to be, and that nothing else is."""
        for where, source in sorted(self.addresses.items()):
            if f"{where}index.html" not in self.files:
                message = f"expected the page of {source}, found none. Build again."
                self.refuse(f"{where}index.html", "site-missing", message)
        for name in sorted({*self.assets, _NOT_FOUND, "sitemap.xml"} - set(self.files)):
            self.refuse(name, "site-missing", "expected this file, found none. Build again.")
        pages = {f"{where}{name}" for where in self.addresses for name in ("index.html", "index.md")}
        for path, data in self.files.items():
            if path in pages or path in GENERATED or path in extra:
                continue
            given = self.tree.get(self.assets.get(path, ""), self.tree.get(f"{OVERRIDES}/{path}", self.theme.get(path)))
            if given is None:
                message = "expected only pages, their files and the theme's, found this. Find what wrote it."
                self.refuse(path, "site-unexpected", message)
            elif _sum(given) != _sum(data):
                self.refuse(path, "site-changed", "differs from the file it was built from. Build again.")

    # --- pages

    @cached_property
    def pages(self) -> dict[str, _Page]:
        return {path: self.cut(path, data) for path, data in self.files.items() if path.endswith(".html")}

    @cached_property
    def judge(self) -> Judge:
        templates = [data for path, data in self.theme.items() if path.endswith(".html")]
        templates += [data for path, data in self.tree.items() if path.startswith(OVERRIDES) and path.endswith(".html")]
        return Judge(templates, self.hosts, diagrams=any("mermaid" in path for path in self.tree))

    def cut(self, path: str, data: bytes) -> _Page:
        tokens, stray = self.judge.cut(data.decode("utf-8", "replace"))
        if stray is not None:
            message = "found a `<` that begins no tag, so browsers may read what follows in their own ways."
            self.refuse(path, "markup", message, stray)
        tags = [(token, self.judge.tag(token)) for token in tokens]
        telling = [pair for pair in tags if pair[1].says_something]
        return _Page(telling, {name for _, tag in tags for name in tag.ids})

    def page(self, path: str, page: _Page) -> None:
        metas: dict[str, list[str]] = {}
        as_staged = path in self.assets  # a page behind a permalink: `inventory` has seen that nothing changed it
        for token, tag in page.tags:
            for rule, what in tag.faults:
                if as_staged and rule == "refresh":
                    continue
                self.refuse(path, rule, f"found {what}. No page may have that.", self.line(path, token))
            if tag.meta:
                metas.setdefault(tag.meta[0], []).append(tag.meta[1])
            if tag.canonical and tag.canonical != self.url + path.removesuffix("index.html"):
                message = f"expected the canonical address {self.url}{path.removesuffix('index.html')}, found another."
                self.refuse(path, "canonical", message, self.line(path, token))
        if metas.get(STAMP) != [self.edition] and not as_staged:
            message = f"expected the stamp `{STAMP}` to name {self.edition} once, found {metas.get(STAMP, 'none')}."
            self.refuse(path, "stamp", f"{message} Pages come from overrides/main.html and staged documents only.")
        for value in metas.get("generator", []):
            if value.split(",")[0] != GENERATOR:
                self.refuse(path, "generator", f"expected pages made by {GENERATOR}, found {value[:60]!r}.")

    def line(self, path: str, token: str) -> int:
        text = self.files[path].decode("utf-8", "replace")
        return text.count("\n", 0, max(text.find(token), 0)) + 1

    # --- links

    def links(self) -> None:
        """Check that every link of every page, stylesheet and Markdown file leads to a file, and to an anchor in it."""
        for path, page in self.pages.items():
            for token, tag in page.tags:
                for link, why in self.lost(path, tag):
                    self.refuse(path, "broken-link", f"{why} (`{link[:80]}`).", self.line(path, token))
        for path, data in self.files.items():
            if path.endswith(".css"):
                self.stylesheet(path, data.decode("utf-8", "replace"))
            elif path.endswith(".js") and self.theme.get(path) != data:
                hosts = set(_JS_HOST.findall(data.decode("utf-8", "replace"))) - self.hosts - {_NAMESPACE}
                for host in sorted(hosts):
                    message = f"the script names the host {host}. Serve what it needs from here."
                    self.refuse(path, "outside-request", message)
            elif path.endswith(".md") or path == "llms.txt":
                self.markdown(path, data.decode("utf-8", "replace"))

    def lost(self, path: str, tag: Tag) -> Iterator[tuple[str, str]]:
        """Yield each link of a tag that leads nowhere, or sends a reader out of the edition, and why."""
        found = [(link, self.follow(path, link)) for link in tag.links]
        if tag.sends:
            out = _resolve(path.rpartition("/")[0], tag.sends).startswith("../")
            found.append((tag.sends, "leads out of the edition" if out else self.follow(path, tag.sends)))
        yield from ((link, why) for link, why in found if why)

    def stylesheet(self, path: str, text: str) -> None:
        for _, what in self.judge.css(text):
            self.refuse(path, "outside-request", f"found: {what}.")
        for found in CSS_URL.finditer(CSS_COMMENT.sub("", text)):
            link = next((group for group in found.groups() if group), "")
            why = "" if SCHEME.match(link) else self.follow(path, link)
            if why:
                self.refuse(path, "broken-link", f"{why} (`{link[:80]}`).")

    def markdown(self, path: str, text: str) -> None:
        text = _FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
        for found in _MARKDOWN_LINK.finditer(text):
            why = "" if SCHEME.match(found[1]) or found[1].startswith("#") else self.follow(path, found[1])
            if why:
                self.refuse(path, "broken-link", f"{why} (`{found[1][:80]}`).", text.count("\n", 0, found.start()) + 1)

    def follow(self, path: str, link: str) -> str:
        """Say why a link in the file `path` leads nowhere; nothing when it leads somewhere."""
        key = (path if link.startswith("#") or path == _NOT_FOUND else path.rpartition("/")[0], link)
        if key not in self.led:
            self.led[key] = self.lead(path, link)
        return self.led[key]

    def lead(self, path: str, link: str) -> str:
        target, _, anchor = link.partition("#")
        target = urllib.parse.unquote(target.partition("?")[0])
        folder = path.rpartition("/")[0]
        if target.startswith("/"):
            where = _resolve("", target[1:])
            # Only the error page, which is shown at any depth, starts from the root.
            if path != _NOT_FOUND or not f"/{where}".startswith(self.root):
                return "leads out of the edition"
            where = f"/{where}".removeprefix(self.root)
        else:
            where = _resolve(folder, target) if target else path
            if where.startswith("../"):
                return "" if where in self.beyond else "leads out of the edition"
        name = f"{where}index.html" if where.endswith("/") or not where else where
        if name not in self.files:
            return "leads to no file"
        if anchor and name.endswith(".html"):
            known = self.pages[name].ids
            if anchor not in known and urllib.parse.unquote(anchor) not in known:
                return "leads to no place on its page"
        return ""

    # --- files for machines

    def data(self) -> None:
        """Check that the search index, the sitemap and the catalog name pages and places that exist."""
        for link in self.from_json("search/search_index.json", lambda data: [row["location"] for row in data["docs"]]):
            self.expect("search/search_index.json", "index.html", link)
        for link in self.from_json("catalog.json", _catalog_links):
            self.expect("catalog.json", "index.html", link)
        plain = self.files.get("sitemap.xml", b"")
        packed = self.files.get("sitemap.xml.gz")
        if packed is not None and _gunzip(packed, len(plain)) != plain:
            message = "expected the sitemap, compressed, found something else. Build again."
            self.refuse("sitemap.xml.gz", "sitemap", message)
        named = re.findall(r"<loc>([^<]*)</loc>", plain.decode("utf-8", "replace"))
        wanted = {self.url + where for where in self.addresses}
        for one in sorted({html.unescape(name) for name in named} ^ wanted) if plain else ():
            what = "misses the page" if one in wanted else "names what is no page:"
            self.refuse("sitemap.xml", "sitemap", f"{what} {one[:120]}. Build again.")

    def from_json(self, path: str, links: Callable[[Any], Iterable[str]]) -> list[str]:
        if path not in self.files:
            return []
        try:
            return [str(link) for link in links(json.loads(self.files[path]))]
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            self.refuse(path, "site-data", "expected JSON of the known form, found something else. Build again.")
            return []

    def expect(self, path: str, origin: str, link: str) -> None:
        why = "leads out of the edition" if SCHEME.match(link) else self.follow(origin, link) if link else ""
        if why:
            self.refuse(path, "broken-link", f"{why} (`{link[:80]}`).")


_FENCE = re.compile(r"(?ms)^(`{3,}|~{3,}).*?^\1[ ]*$|`[^`\n]+`")
_MARKDOWN_LINK = re.compile(r"\]\(([^\s()]+)(?:\s\"[^\"\n]*\")?\)")


def _resolve(folder: str, target: str) -> str:
    """Return where a browser goes from `folder`: below the root, or above it with `../` at the head."""
    parts = folder.split("/") if folder else []
    above = ""
    steps = target.split("/")
    for at, step in enumerate(steps):
        last = at == len(steps) - 1
        if step == "..":
            above += "" if parts else "../"
            parts = parts[:-1]
        elif step != "." and not (last and not step):
            parts.append(step)
        if last and step in {"", ".", ".."}:
            return above + "".join(f"{part}/" for part in parts)
    return above + "/".join(parts)


def _catalog_links(data: dict[str, Any]) -> Iterator[str]:
    for row in data["documents"]:
        yield row["url"]
        yield row["markdown"]
        yield from (one["url"] for one in [*row.get("clauses", []), *row.get("cases", []), *row.get("procedures", [])])


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _gunzip(data: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(data, size + 1)
    except zlib.error:
        return b""

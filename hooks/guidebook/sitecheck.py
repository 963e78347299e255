"""Site check: a built site is whole, leads nowhere wrong, and asks nobody else.

It holds the staged pages and the theme's files, and nothing else; every link in it leads somewhere; no page asks
another host for anything.

One pass cuts each page into tags with one strict pattern. What the pattern does not match is refused, so there is no
markup here that a browser would read in another way. Each distinct tag is judged once, however many pages repeat it.

Inline scripts are compared with the templates of the installed theme and the staged overrides: a template's script is
the pattern, each of its expressions may only have become a relative path. Nothing is learnt from built pages.
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
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from guidebook.configuration import FILE
from guidebook.library import DOCS, OVERRIDES
from guidebook.problems import Problem, ordered
from guidebook.sources import address

GENERATOR = "mkdocs-1.6.1"
STAMP = "guidebook:edition"
GENERATED = frozenset({"404.html", "manifest.json", "search/search_index.json", "sitemap.xml", "sitemap.xml.gz"})
# Where a link may lead above the edition's own folder: to the newest release.
BEYOND = frozenset({"../", "../latest/"})
_NOT_FOUND = "404.html"


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


# --- tags ----------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"(<!--.*?-->|<!doctype html>|"
    r"<(?:script|style)(?=[\s>])[^<>]*>.*?</(?:script|style)>|"
    r"""</?[a-zA-Z](?:[^<>"'=]|=\s*"[^"]*"|=\s*'[^']*'|=(?=[^\s"'<>]))*>)""",
    re.DOTALL | re.IGNORECASE,
)
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_BLOCK = re.compile(r"<(script|style)([^<>]*)>(.*)</\1>", re.DOTALL | re.IGNORECASE)
_NO_ELEMENTS = frozenset({"applet", "base", "embed", "frame", "frameset", "iframe", "object", "portal"})
_REQUESTS = frozenset(
    {"action", "archive", "background", "classid", "codebase", "data", "formaction", "icon", "imagesrcset", "longdesc",
     "manifest", "ping", "poster", "profile", "src", "srcset", "xlink:href"}
)  # fmt: skip
_LISTS = frozenset({"srcset", "imagesrcset", "ping", "archive"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):|//", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:(?:https?|wss?|ftp):)?//|(?:https?|wss?|ftp):", re.IGNORECASE)
_ACTIVE = re.compile(r"(?:javascript|vbscript|data|file|blob|filesystem):", re.IGNORECASE)
_NOTHING = "javascript:void(0)"  # the theme's way to write a button
_BLANK = re.compile(r"[\x00-\x20]+")
# Hosts whose address in a repository link makes Material's script ask them for the number of stars.
_FACTS = frozenset({"github.com", "gitlab.com"})
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_URL = re.compile(
    r"""(?:url|src)\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')|"""
    r"""image-set\(\s*(?:"([^"]*)"|'([^']*)')""",
    re.IGNORECASE,
)
_JS_HOST = re.compile(r"""["'`](?:(?:https?|wss?):)?//([\w.-]+)""")
_NAMESPACE = "www.w3.org"


@dataclass
class _Tag:
    """What one tag says: anchors it sets, links it makes, and what is wrong with it."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    meta: tuple[str, str] | None = None
    canonical: str = ""


@dataclass
class _Page:
    """The distinct tags of a page and its anchors."""

    tags: list[tuple[str, _Tag]]
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
        self.judged: dict[str, _Tag] = {}
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
    def scripts(self) -> list[re.Pattern[str]]:
        templates = [data for path, data in self.theme.items() if path.endswith(".html")]
        templates += [data for path, data in self.tree.items() if path.startswith(OVERRIDES) and path.endswith(".html")]
        return [pattern for data in templates for pattern in _script_patterns(data.decode("utf-8", "replace"))]

    def cut(self, path: str, data: bytes) -> _Page:
        text = data.decode("utf-8", "replace")
        parts = _TOKEN.split(text)
        tokens = set(parts[1::2])
        stray = next((part for part in parts[::2] if "<" in part), None)
        if stray is not None:
            line = text.count("\n", 0, text.index(stray) + stray.index("<")) + 1
            message = "found a `<` that begins no tag, so browsers may read what follows in their own ways."
            self.refuse(path, "markup", message, line)
        tags = [(token, self.judged.get(token) or self.judge(token)) for token in tokens]
        telling = [pair for pair in tags if pair[1].links or pair[1].faults or pair[1].meta or pair[1].canonical]
        return _Page(telling, {name for _, tag in tags for name in tag.ids})

    def judge(self, token: str) -> _Tag:
        tag = self.judged[token] = _Tag()
        if token.startswith("<!"):
            if token.startswith("<!--"):
                tag.faults.append(("comment", "a comment, which readers of the source would see"))
            return tag
        if token.startswith("</"):
            return tag
        block = _BLOCK.fullmatch(token)
        if block:
            token = token[: block.end(2) + 1]
            if block[1].lower() == "style":
                tag.faults += self.css(block[3])
        found = _NAME.match(token)
        name = found[1].lower() if found else ""
        attributes = {
            one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "")
            for one in _ATTRIBUTE.finditer(token, found.end() if found else 0)
        }
        if block and name == "script" and block[3].strip():
            kind = attributes.get("type", "")
            if kind == "application/json":
                self.judge_json(tag, block[3])
            elif kind or not any(script.fullmatch(block[3].strip()) for script in self.scripts):
                tag.faults.append(("inline-script", "a script that no template of the theme has"))
        if name in _NO_ELEMENTS:
            tag.faults.append(("element", f"the element `{name}`"))
        self.judge_attributes(tag, name, attributes)
        return tag

    def judge_json(self, tag: _Tag, text: str) -> None:
        try:
            values = list(_strings(json.loads(text)))
        except (ValueError, RecursionError):
            tag.faults.append(("inline-script", "settings that are no JSON"))
            return
        for value in values:
            self.judge_request(tag, value, "the settings ask")

    def judge_attributes(self, tag: _Tag, name: str, attributes: dict[str, str]) -> None:
        tag.ids += [attributes[key] for key in ("id", "name") if attributes.get(key) and (key == "id" or name == "a")]
        for key, value in attributes.items():
            bare = _BLANK.sub("", value)
            if key.startswith("on"):
                tag.faults.append(("event-handler", f"the event handler `{key}`"))
            if _ACTIVE.match(bare) and bare != _NOTHING:
                tag.faults.append(("active-link", f"an address that runs or carries something in `{key}`"))
            elif key in _REQUESTS or (key == "href" and name not in {"a", "area", "link"}):
                for one in _addresses(key, value):
                    self.judge_request(tag, one, f"`{key}` of `{name}` asks")
                    tag.links += [] if _ELSEWHERE.match(one) else [one]
            elif key == "style":
                tag.faults += self.css(value)
        self.judge_href(tag, name, attributes)
        self.judge_meaning(tag, name, attributes)

    def judge_meaning(self, tag: _Tag, name: str, attributes: dict[str, str]) -> None:
        """Judge what the theme's script or the browser makes of a tag."""
        words = attributes.get("class", "").split()
        if "mermaid" in words and not any("mermaid" in path for path in self.tree):
            tag.faults.append(("outside-request", "a Mermaid diagram, for which the theme asks a host outside"))
        host = _host(attributes.get("href", ""))
        if attributes.get("data-md-component") == "source" and host in _FACTS - self.hosts:
            tag.faults.append(("outside-request", "a repository link, for which the theme asks its host"))
        if name == "meta":
            tag.meta = (attributes.get("name", "").lower(), attributes.get("content", ""))
            if attributes.get("http-equiv", "").lower() == "refresh":
                tag.faults.append(("refresh", "a page that sends its reader elsewhere"))
                self.judge_refresh(tag, attributes.get("content", ""))

    def judge_refresh(self, tag: _Tag, content: str) -> None:
        target = re.fullmatch(r"0; url=([^\s;:]+)", content)
        if target:
            tag.links.append(target[1])
        else:
            tag.faults.append(("active-link", "an address to be sent to that is no path on this site"))

    def judge_href(self, tag: _Tag, name: str, attributes: dict[str, str]) -> None:
        href = attributes.get("href", "").strip()
        if not href or name not in {"a", "area", "link"} or _ACTIVE.match(_BLANK.sub("", href)):
            return
        if name == "link" and attributes.get("rel", "").lower() == "canonical":
            tag.canonical = href
        elif name == "link":
            self.judge_request(tag, href, f"`link` ({attributes.get('rel', '')}) asks")
            tag.links += [] if _ELSEWHERE.match(href) else [href]
        elif _SCHEME.match(href):
            if not href.startswith("https://"):
                tag.faults.append(("link-scheme", "a link that is neither https:// nor a path on this site"))
        else:
            tag.links.append(href)

    def judge_request(self, tag: _Tag, value: str, who: str) -> None:
        value = _BLANK.sub("", value).replace("\\", "/")
        if _ELSEWHERE.match(value) and _host(value) not in self.hosts:
            tag.faults.append(("outside-request", f"{who} another host"))

    def css(self, text: str) -> list[tuple[str, str]]:
        """Return what is wrong with a stylesheet."""
        tag = _Tag()
        for found in _CSS_URL.finditer(_CSS_COMMENT.sub("", text)):
            self.judge_request(tag, next((group for group in found.groups() if group), ""), "the stylesheet asks")
        return tag.faults

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
                for link in tag.links:
                    why = self.follow(path, link)
                    if why:
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

    def stylesheet(self, path: str, text: str) -> None:
        for _, what in self.css(text):
            self.refuse(path, "outside-request", f"found: {what}.")
        for found in _CSS_URL.finditer(_CSS_COMMENT.sub("", text)):
            link = next((group for group in found.groups() if group), "")
            why = "" if _SCHEME.match(link) else self.follow(path, link)
            if why:
                self.refuse(path, "broken-link", f"{why} (`{link[:80]}`).")

    def markdown(self, path: str, text: str) -> None:
        text = _FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
        for found in _MARKDOWN_LINK.finditer(text):
            why = "" if _SCHEME.match(found[1]) or found[1].startswith("#") else self.follow(path, found[1])
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
        why = "leads out of the edition" if _SCHEME.match(link) else self.follow(origin, link) if link else ""
        if why:
            self.refuse(path, "broken-link", f"{why} (`{link[:80]}`).")


_FENCE = re.compile(r"(?ms)^(`{3,}|~{3,}).*?^\1[ ]*$|`[^`\n]+`")
_MARKDOWN_LINK = re.compile(r"\]\(([^\s()]+)(?:\s\"[^\"\n]*\")?\)")


def _addresses(key: str, value: str) -> Iterator[str]:
    """Yield the addresses in the value of an attribute: a `srcset` has several, each with a size."""
    for one in re.split(r"[\s,]+", value.strip()) if key in _LISTS else [value.strip()]:
        if one and not re.fullmatch(r"[\d.]+[wxh]", one):
            yield one


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
        yield from (one["url"] for one in [*row.get("clauses", []), *row.get("cases", [])])


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


_TEMPLATE_SCRIPT = re.compile(r"<script[^<>]*>(.*?)</script>", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_BECAME = r"(?:\.{1,2}|/)?(?:[A-Za-z0-9_.-]+/?|\.\./?)*"


def _script_patterns(template: str) -> Iterator[re.Pattern[str]]:
    for script in _TEMPLATE_SCRIPT.findall(template):
        if script.strip() and "{%" not in script and "{#" not in script:
            yield re.compile(_BECAME.join(re.escape(part) for part in _EXPRESSION.split(script.strip())))


def _host(link: str) -> str:
    try:
        return urllib.parse.urlsplit(link).hostname or ""
    except ValueError:
        return ""


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _gunzip(data: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(data, size + 1)
    except zlib.error:
        return b""

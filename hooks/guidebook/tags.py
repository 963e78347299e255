"""Tags: what each tag of a page says to a browser, and what is wrong with it.

One strict pattern cuts a page into tags. What it does not match is refused, so there is no markup here that a browser
would read in another way. Each distinct tag is judged once, however many pages repeat it.

Inline scripts are compared with the templates of the installed theme and the staged overrides: a template's script is
the pattern, each of its expressions may only have become a relative path. Nothing is learnt from built pages.
"""

from __future__ import annotations

import html
import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
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
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):|//", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:(?:https?|wss?|ftp):)?//|(?:https?|wss?|ftp):", re.IGNORECASE)
_ACTIVE = re.compile(r"(?:javascript|vbscript|data|file|blob|filesystem):", re.IGNORECASE)
_NOTHING = "javascript:void(0)"  # the theme's way to write a button
_BLANK = re.compile(r"[\x00-\x20]+")
# Hosts whose address in a repository link makes Material's script ask them for the number of stars.
_FACTS = frozenset({"github.com", "gitlab.com"})
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_URL = re.compile(
    r"""(?:url|src)\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')|"""
    r"""image-set\(\s*(?:"([^"]*)"|'([^']*)')""",
    re.IGNORECASE,
)


@dataclass
class Tag:
    """What one tag says: anchors it sets, links it makes, and what is wrong with it."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    meta: tuple[str, str] | None = None
    canonical: str = ""
    sends: str = ""  # where a page sends its reader on

    @property
    def says_something(self) -> bool:
        """Whether anything but anchors is to be looked at."""
        return bool(self.links or self.faults or self.meta or self.canonical or self.sends)


class Judge:
    """Judges tags; pages may ask `hosts`, and run the scripts of `templates`. `diagrams`: whether the site can draw."""

    def __init__(self, templates: Iterable[bytes], hosts: frozenset[str], *, diagrams: bool) -> None:
        self.hosts, self.diagrams = hosts, diagrams
        self.scripts = [pattern for data in templates for pattern in _script_patterns(data.decode("utf-8", "replace"))]
        self.judged: dict[str, Tag] = {}

    def cut(self, text: str) -> tuple[set[str], int | None]:
        """Return the distinct tags of a page, and the line of the first `<` that begins none."""
        parts = TOKEN.split(text)
        stray = next((part for part in parts[::2] if "<" in part), None)
        line = None if stray is None else text.count("\n", 0, text.index(stray) + stray.index("<")) + 1
        return set(parts[1::2]), line

    def tag(self, token: str) -> Tag:
        """Return what a tag says."""
        return self.judged.get(token) or self._judge(token)

    def _judge(self, token: str) -> Tag:
        tag = self.judged[token] = Tag()
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
                self._json(tag, block[3])
            elif kind or not any(script.fullmatch(block[3].strip()) for script in self.scripts):
                tag.faults.append(("inline-script", "a script that no template of the theme has"))
        if name in _NO_ELEMENTS:
            tag.faults.append(("element", f"the element `{name}`"))
        self._attributes(tag, name, attributes)
        return tag

    def _json(self, tag: Tag, text: str) -> None:
        try:
            values = list(_strings(json.loads(text)))
        except (ValueError, RecursionError):
            tag.faults.append(("inline-script", "settings that are no JSON"))
            return
        for value in values:
            self._request(tag, value, "the settings ask")

    def _attributes(self, tag: Tag, name: str, attributes: dict[str, str]) -> None:
        tag.ids += [attributes[key] for key in ("id", "name") if attributes.get(key) and (key == "id" or name == "a")]
        for key, value in attributes.items():
            bare = _BLANK.sub("", value)
            if key.startswith("on"):
                tag.faults.append(("event-handler", f"the event handler `{key}`"))
            if _ACTIVE.match(bare) and bare != _NOTHING:
                tag.faults.append(("active-link", f"an address that runs or carries something in `{key}`"))
            elif key in _REQUESTS or (key == "href" and name not in {"a", "area", "link"}):
                for one in _addresses(key, value):
                    self._request(tag, one, f"`{key}` of `{name}` asks")
                    tag.links += [] if _ELSEWHERE.match(one) else [one]
            elif key == "style":
                tag.faults += self.css(value)
        self._href(tag, name, attributes)
        self._meaning(tag, name, attributes)

    def _meaning(self, tag: Tag, name: str, attributes: dict[str, str]) -> None:
        """Judge what the theme's script or the browser makes of a tag."""
        words = attributes.get("class", "").split()
        if "mermaid" in words and not self.diagrams:
            tag.faults.append(("outside-request", "a Mermaid diagram, for which the theme asks a host outside"))
        host = _host(attributes.get("href", ""))
        if attributes.get("data-md-component") == "source" and host in _FACTS - self.hosts:
            tag.faults.append(("outside-request", "a repository link, for which the theme asks its host"))
        if name == "meta":
            tag.meta = (attributes.get("name", "").lower(), attributes.get("content", ""))
            if attributes.get("http-equiv", "").lower() == "refresh":
                tag.faults.append(("refresh", "a page that sends its reader elsewhere"))
                self._refresh(tag, attributes.get("content", ""))

    def _refresh(self, tag: Tag, content: str) -> None:
        target = re.fullmatch(r"0; url=([^\s;:]+)", content)
        if target:
            tag.sends = target[1]
        else:
            tag.faults.append(("active-link", "an address to be sent to that is no path on this site"))

    def _href(self, tag: Tag, name: str, attributes: dict[str, str]) -> None:
        href = attributes.get("href", "").strip()
        if not href or name not in {"a", "area", "link"} or _ACTIVE.match(_BLANK.sub("", href)):
            return
        if name == "link" and attributes.get("rel", "").lower() == "canonical":
            tag.canonical = href
        elif name == "link":
            self._request(tag, href, f"`link` ({attributes.get('rel', '')}) asks")
            tag.links += [] if _ELSEWHERE.match(href) else [href]
        elif SCHEME.match(href):
            if not href.startswith("https://"):
                tag.faults.append(("link-scheme", "a link that is neither https:// nor a path on this site"))
        else:
            tag.links.append(href)

    def _request(self, tag: Tag, value: str, who: str) -> None:
        value = _BLANK.sub("", value).replace("\\", "/")
        if _ELSEWHERE.match(value) and _host(value) not in self.hosts:
            tag.faults.append(("outside-request", f"{who} another host"))

    def css(self, text: str) -> list[tuple[str, str]]:
        """Return what is wrong with a stylesheet."""
        tag = Tag()
        for found in CSS_URL.finditer(CSS_COMMENT.sub("", text)):
            self._request(tag, next((group for group in found.groups() if group), ""), "the stylesheet asks")
        return tag.faults


def _addresses(key: str, value: str) -> Iterator[str]:
    """Yield the addresses in the value of an attribute: a `srcset` has several, each with a size."""
    for one in re.split(r"[\s,]+", value.strip()) if key in _LISTS else [value.strip()]:
        if one and not re.fullmatch(r"[\d.]+[wxh]", one):
            yield one


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

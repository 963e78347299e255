"""What Python-Markdown makes of a text with this project's extensions, read as a browser would read it."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import markdown
import yaml

ROOT = Path(__file__).resolve().parents[1]
# What text becomes; nothing here runs or fetches by itself but an image, whose source is looked at.
ELEMENTS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre", "a", "img", "table",
    "thead",
     "tbody", "tr", "th", "td", "blockquote", "hr", "br", "div", "sup", "dl", "dt", "dd", "input", "label", "span")
)  # fmt: skip
ATTRIBUTES = frozenset(
    ("class", "id", "href", "src", "title", "alt", "for", "type", "name", "checked", "disabled", "start", "data-tabs")
)
OWN_LINKS = frozenset({"headerlink", "footnote-ref", "footnote-backref"})


@cache
def extensions() -> tuple[list[str], dict[str, Any]]:
    """Return the extensions of `mkdocs.yml` and their settings."""
    listed = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]
    pairs = [(entry, {}) if isinstance(entry, str) else next(iter(entry.items())) for entry in listed]
    return [name for name, _ in pairs], {name: settings or {} for name, settings in pairs}


def render(text: str) -> str:
    """Render a body as it stands on a page: below other text."""
    names, settings = extensions()
    return markdown.Markdown(extensions=names, extension_configs=settings).convert(f"Before.\n\n{text}")


class Page(HTMLParser):
    """What is on a rendered page, and what should not be on any."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.unsafe: list[str] = []
        self.headings: list[str] = []
        self.links: set[str] = set()
        self.images: set[str] = set()
        self.shown: list[str] = []
        self.prose: list[str] = []
        self.in_code = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag not in ELEMENTS:
            self.unsafe.append(f"<{tag}>")
        for key, value in found.items():
            aligned = key == "style" and re.fullmatch(r"text-align: (left|right|center);", value)
            if key not in ATTRIBUTES and not aligned:
                self.unsafe.append(f"{key}={value}")
        if tag == "input" and found.get("type") not in {"checkbox", "radio"}:
            self.unsafe.append(f"input {found.get('type')}")
        if tag == "a":
            self._link(found)
        if tag == "img":
            self.images.add(found.get("src", ""))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag in {"code", "pre"}:
            self.in_code += 1
            self.prose.append("¤")

    def _link(self, found: dict[str, str]) -> None:
        if found.get("class") not in OWN_LINKS:
            self.links.add(found.get("href", ""))
        elif not found["href"].startswith("#"):
            self.unsafe.append(f"{found['class']} {found['href']}")

    def handle_endtag(self, tag: str) -> None:
        self.in_code -= tag in {"code", "pre"}

    def handle_data(self, data: str) -> None:
        self.shown.append(data)
        if not self.in_code:
            self.prose.append(data)

    def handle_comment(self, data: str) -> None:
        self.unsafe.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.unsafe.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.unsafe.append(f"<?{data}")

"""Feeds: what changed in an edition, and in each of its guidelines, as Atom (RFC 4287) and JSON Feed 1.1.

An entry is a notice, in its own words. It carries nothing that the edition does not show, and its id stays when the
page moves.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from guidebook import references, trees
from guidebook.documents import Document
from guidebook.metadata import Guideline, Notice
from guidebook.references import Target
from guidebook.releases import LATEST
from guidebook.views import View

NAME = "feed"  # of the files, before `.xml` and `.json`
ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
TREE = "tree/"  # begins the name of a guideline's decision tree in `changes`: `tree/G04`

_SINCE = 2026  # a part of every feed's id: another year would make every feed a new one to its readers
# No name or password before the host: an address is published with all that stands in it.
_ADDRESS = re.compile(r"https?://([^\s/?#@:\[\]]+)(:\d+)?(/[^\s?#]*)?", re.IGNORECASE)


@dataclass(frozen=True)
class _Entry:
    """A notice: `day` is `2026-11-02`, `content` HTML, `about` the ids of the pages it changes."""

    id: str
    name: str
    url: str
    title: str
    summary: str
    content: str
    day: str
    author: str
    kind: str | None
    about: frozenset[str]


@dataclass(frozen=True)
class _Feed:
    """A feed about the page `page`, beside which it stands; `day` is that of its newest entry."""

    id: str
    title: str
    author: str
    day: str
    page: str
    entries: list[_Entry]


def files(view: View, site_url: str, title: str) -> dict[str, str]:
    """Return the feeds of an edition and of each of its guidelines by path on the site: `feed.xml`, `feed.json`.

    `site_url` is the edition's address above its releases, `title` the name of the site. There are no feeds without an
    absolute address, for a feed has nothing to be relative to, nor where the edition shows no `valid_from`, for every
    entry has its day. Guidelines have none where it shows no `changes`: which notices are theirs would tell them.
    """
    address = _ADDRESS.fullmatch(site_url)
    pages = [one for one in view.pages if one.meta.status != "draft"]
    if address is None or not pages or not view.shows_field("valid_from"):
        return {}
    site = _Site(view, address[1].lower(), f"{site_url.rstrip('/')}/{LATEST}/", title)
    entries = [site.entry(one) for one in pages if isinstance(one.meta, Notice)]
    entries.sort(key=lambda one: (one.day, one.name), reverse=True)
    feeds = {"": site.edition(pages, entries)}
    for document in pages if view.shows_field("changes") else ():
        if isinstance(document.meta, Guideline):
            feeds[document.url] = site.guideline(document, entries)
    found = {}
    for folder, feed in feeds.items():
        found[f"{folder}{NAME}.xml"] = _atom(feed)
        found[f"{folder}{NAME}.json"] = _json(feed)
    return found


@dataclass(frozen=True)
class _Site:
    """What all feeds of an edition share: its host, the address `root` of its newest release, the site's title."""

    view: View
    host: str
    root: str
    title: str

    @property
    def id(self) -> str:
        return f"tag:{self.host},{_SINCE}:{self.view.name}/{NAME}"

    def edition(self, pages: list[Document], entries: list[_Entry]) -> _Feed:
        """Return the feed of the edition; with no entry in it, it is as new as the newest of `pages`."""
        newest = max(self.view.metadata(one)["valid_from"] for one in pages)
        return _Feed(self.id, self.title, self.title, entries[0].day if entries else newest, self.root, entries)

    def guideline(self, document: Document, entries: list[_Entry]) -> _Feed:
        """Return the feed of a guideline: the notices that change anything in it, or one of its labels."""
        meta = self.view.metadata(document)
        names = {meta["id"], *meta.get("labels", [])}
        own = [one for one in entries if names & one.about]
        return _Feed(
            id=f"{self.id}/{meta['id']}",
            title=f"{self.title}: {meta['id']} {meta['title']}",
            author=meta.get("owner", self.title),
            day=own[0].day if own else meta["valid_from"],
            page=self.root + document.url,
            entries=own,
        )

    def entry(self, document: Document) -> _Entry:
        """Return the entry of a notice."""
        meta = self.view.metadata(document)
        found = {name: _place(self.view, name) for name in meta.get("changes", [])}
        places = {name: place for name, place in found.items() if place}
        links = [_link(name, self.root + url) for name, (_, url) in places.items()]
        return _Entry(
            id=f"tag:{self.host},{meta['valid_from'][:4]}:notice/{meta['id']}",
            name=meta["id"],
            url=self.root + document.url,
            title=meta["title"],
            summary=meta["summary"],
            content=_content(meta["summary"], links),
            day=meta["valid_from"],
            author=meta.get("owner", self.title),
            kind=meta.get("kind"),
            about=frozenset(page.meta.id for page, _ in places.values()),
        )


def _place(view: View, name: str) -> tuple[Document, str] | None:
    """Return the page of what `changes` calls `name`, and its address there; None where the edition withholds it."""
    library, reader = view.library, view.reader
    document: Document | None
    anchor: str | None
    if name.startswith(TREE):
        document = library.by_id.get(name.removeprefix(TREE))
        tree = document.visible_tree(reader) if document else None
        anchor = trees.anchor(name.removeprefix(TREE), tree.questions[0].id) if tree else None
    elif name in library.retired and name in library.retired[name][0].retired(reader.day):
        document = library.retired[name][0]
        anchor = name.lower().replace(".", "-") if view.shows_field("retired") else None
    else:
        target = references.by_id(library, name)
        if not isinstance(target, Target) or references.why_hidden(target, reader):
            return None
        document, part = target.document, target.heading or target.case
        anchor = part.anchor if part else ""
    if document is None or anchor is None or not reader.may_read(document):
        return None
    if document.meta.status == "draft" or document.meta.type == "snippet":
        return None
    return document, f"{document.url}#{anchor}".rstrip("#")


def _link(name: str, url: str) -> str:
    words = f"Decision tree of {name.removeprefix(TREE)}" if name.startswith(TREE) else name
    return f'<a href="{html.escape(url)}">{words}</a>'


def _content(summary: str, links: Iterable[str]) -> str:
    rows = "".join(f"<li>{link}</li>" for link in links)
    return f"<p>{html.escape(summary, quote=False)}</p>" + (f"<p>Changes:</p><ul>{rows}</ul>" if rows else "")


def _midnight(day: str) -> str:
    return f"{day}T00:00:00Z"


def _atom(feed: _Feed) -> str:
    root = ET.Element("feed", xmlns=ATOM)
    _put(root, "id", feed.id)
    _put(root, "title", feed.title)
    _put(root, "updated", _midnight(feed.day))
    _put(_put(root, "author"), "name", feed.author)
    _put(root, "link", rel="self", type="application/atom+xml", href=f"{feed.page}{NAME}.xml")
    _put(root, "link", rel="alternate", type="text/html", href=feed.page)
    for one in feed.entries:
        entry = _put(root, "entry")
        _put(entry, "id", one.id)
        _put(entry, "title", one.title)
        _put(entry, "link", rel="alternate", type="text/html", href=one.url)
        _put(entry, "published", _midnight(one.day))
        _put(entry, "updated", _midnight(one.day))
        _put(_put(entry, "author"), "name", one.author)
        if one.kind:
            _put(entry, "category", term=one.kind)
        _put(entry, "summary", one.summary)
        _put(entry, "content", one.content, type="html")
    ET.indent(root)
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written.decode() + "\n"


def _put(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Add an element to `parent`, and return it."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _json(feed: _Feed) -> str:
    data: dict[str, Any] = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": f"{feed.page}{NAME}.json",
        "authors": [{"name": feed.author}],
        "items": [
            {
                "id": one.id,
                "url": one.url,
                "title": one.title,
                "summary": one.summary,
                "content_html": one.content,
                "date_published": _midnight(one.day),
                "authors": [{"name": one.author}],
                **({"tags": [one.kind]} if one.kind else {}),
            }
            for one in feed.entries
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

"""Twins: what a built site carries beside its pages: the Markdown of each, the words of its search, a manifest."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from guidebook import catalog, frontmatter, history, markup, searching
from guidebook.documents import cut
from guidebook.library import DOCS
from guidebook.markup import Kind
from guidebook.sources import address

MANIFEST = "manifest.json"

Each = Callable[[Callable[[str], bytes], Sequence[str]], Iterable[bytes]]


def twin_path(path: str) -> str:
    """Return where the Markdown of the page `path` (below `docs/`) stands on the site: beside its `index.html`."""
    return posixpath.join(address(path), "index.md")


def twins(tree: Mapping[str, bytes], each: Each = map) -> dict[str, bytes]:
    """Return the Markdown of each page of a staged tree by its path on the site, its links leading to other twins.

    `each` may write several at the same time.
    """
    prefix = f"{DOCS}/"
    pages = {path.removeprefix(prefix): tree[path] for path in tree if path.startswith(prefix) and path.endswith(".md")}
    paths = list(pages)
    texts = each(lambda path: _twin(path, pages[path].decode()).encode(), paths)
    return {twin_path(path): text for path, text in zip(paths, texts, strict=True)}


def _twin(path: str, text: str) -> str:
    block, rest, first_line = frontmatter.split(text)
    stamps = ("edition:", "readers:", "description:")
    kept = [line for line in (block or "").splitlines() if not line.startswith(stamps)]
    body = markup.read(rest, first_line)
    here = address(path)
    edits = []
    for mark in body.marks:
        if mark.kind not in {Kind.LINK, Kind.IMAGE} or mark.target.startswith(("https://", "#")):
            continue
        target, sign, anchor = mark.target.partition("#")
        source = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        where = twin_path(source) if source.endswith(".md") else source
        start = mark.start + rest[mark.start : mark.end].rindex(f"]({mark.target}") + len("](")
        edits.append((start, start + len(mark.target), posixpath.relpath(where, here or ".") + sign + anchor))
    front = history.unmarked("\n".join(kept))
    return f"---\n{front}\n---\n" + cut(rest, edits)


def manifest(edition: str, release: str | None, staged: str, files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the manifest of a site: its edition, its release, the digest of its staged tree, SHA-256 by path."""
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files)}
    data = {"edition": edition, "release": release, "staged": staged, "files": sums}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def finish(  # noqa: PLR0913 - what a release says of itself
    site: Path, tree: Mapping[str, bytes], edition: str, release: str | None, staged: str, *, each: Each = map
) -> None:
    """Write the twins, the words of the search and the manifest into a built site; `staged` is the digest of `tree`."""
    index = site / searching.INDEX
    if index.is_file():
        rows = json.loads(tree[f"{DOCS}/{catalog.FILE}"])["documents"]
        index.write_bytes(searching.filled(index.read_bytes(), rows))
    for path, data in twins(tree, each).items():
        (site / path).write_bytes(data)
    files = ((file.relative_to(site).as_posix(), file.read_bytes()) for file in site.rglob("*") if file.is_file())
    listed = [(path, data) for path, data in files if path != MANIFEST]
    (site / MANIFEST).write_bytes(manifest(edition, release, staged, listed))

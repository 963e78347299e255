"""Sources: read a folder of untrusted files without being hurt by any of them.

The walk never follows a link, never opens anything but a plain file, never reads more than its limits, and refuses what
would not survive another operating system, another case of letters, or a web address. What it refuses becomes a problem.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from guidebook.problems import Problem

MAX_TEXT_BYTES = 256 * 1024
MAX_ASSET_BYTES = 5 * 1024 * 1024
MAX_LINE = 2_000
MAX_FILES = 20_000
MAX_FOLDERS_DEEP = 6
MAX_NAME = 80
TEXT_SUFFIXES = frozenset({".md"})
ASSET_SUFFIXES = frozenset({".png", ".jpg", ".svg", ".csv", ".txt"})

_PORTABLE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
# Device names on Windows, and the addresses that a site or its releases need for themselves.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))})
_TAKEN = frozenset(
    {"assets", "search", "stylesheets", "javascripts", "css", "js", "404", "sitemap", "catalog", "llms", "manifest",
     "versions", "releases", "latest", "as-at", "c"}
)  # fmt: skip
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff")


@dataclass(frozen=True)
class TextFile:
    """A Markdown source: its address below the library's folder and its text, with LF line ends."""

    path: str
    text: str


@dataclass(frozen=True)
class AssetFile:
    """A file that pages may show: its address below the library's folder and its bytes."""

    path: str
    data: bytes


@dataclass
class Sources:
    """All files of a folder, by address, and what was refused; `shown_as` is the folder's name in messages."""

    shown_as: str
    texts: dict[str, TextFile] = field(default_factory=dict)
    assets: dict[str, AssetFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, path: str, line: int, rule: str, message: str) -> None:
        """Note a problem with the file at `path`."""
        self.problems.append(Problem(f"{self.shown_as}/{path}" if path else self.shown_as, line, rule, message))


def read(folder: Path, shown_as: str) -> Sources:
    """Read every file below `folder`; `shown_as` stands before each path in messages."""
    sources = Sources(shown_as)
    if not folder.is_dir() or folder.is_symlink():
        sources.refuse("", 1, "no-library", f"expected the folder {shown_as}/ with Markdown in it, found none.")
        return sources
    _walk(folder, PurePosixPath(), sources)
    _refuse_collisions(sources)
    return sources


def _walk(folder: Path, below: PurePosixPath, sources: Sources) -> None:
    if len(below.parts) > MAX_FOLDERS_DEEP:
        sources.refuse(str(below), 1, "too-deep", f"expected at most {MAX_FOLDERS_DEEP} folders deep. Move it up.")
        return
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = str(below / entry.name)
        if len(sources.texts) + len(sources.assets) > MAX_FILES:
            sources.refuse(path, 1, "too-many-files", f"expected at most {MAX_FILES:,} files in the library.")
            return
        shown = path.encode("utf-8", "backslashreplace").decode()
        shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in shown)
        if not _name_is_good(entry.name, shown, below, sources):
            continue
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            _walk(folder / entry.name, below / entry.name, sources)
        elif stat.S_ISREG(mode):
            _read_file(folder / entry.name, path, sources)
        else:
            kind = "a symbolic link" if stat.S_ISLNK(mode) else "neither a file nor a folder"
            sources.refuse(path, 1, "not-a-file", f"expected a plain file, found {kind}. Put the file itself here.")


def _name_is_good(name: str, shown: str, below: PurePosixPath, sources: Sources) -> bool:
    stem = name.split(".", 1)[0]
    if not _PORTABLE.fullmatch(name) or len(name) > MAX_NAME:
        wish = "lower-case letters a to z, digits, and single hyphens, dots or underscores between them"
        sources.refuse(shown, 1, "file-name", f"expected a name of {wish}, at most {MAX_NAME} long. Rename it.")
        return False
    if stem in _DEVICES:
        sources.refuse(shown, 1, "file-name", f"{stem!r} is a device name on Windows. Choose another.")
        return False
    if not below.parts and stem in _TAKEN:
        sources.refuse(shown, 1, "file-name", f"the site keeps the address {stem!r} for itself. Choose another name.")
        return False
    return True


def _read_file(file: Path, path: str, sources: Sources) -> None:
    suffix = file.suffix
    limit = MAX_TEXT_BYTES if suffix in TEXT_SUFFIXES else MAX_ASSET_BYTES
    if suffix not in TEXT_SUFFIXES | ASSET_SUFFIXES:
        known = ", ".join(sorted(TEXT_SUFFIXES | ASSET_SUFFIXES))
        sources.refuse(path, 1, "file-kind", f"expected one of {known}, found {suffix or 'no ending'}. Remove it.")
        return
    # O_NOFOLLOW and O_NONBLOCK: between the look and the opening, the file may have become a link or a pipe.
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        sources.refuse(path, 1, "not-readable", f"cannot be read: {error.strerror}.")
        return
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            sources.refuse(path, 1, "not-a-file", "expected a plain file. Put the file itself here.")
            return
        data = stream.read(limit + 1)
    if len(data) > limit:
        sources.refuse(path, 1, "file-size", f"expected at most {limit // 1024} KiB. Split or shrink it.")
    elif suffix in TEXT_SUFFIXES:
        text = decode(data, path, sources)
        if text is not None:
            sources.texts[path] = TextFile(path, text)
    else:
        sources.assets[path] = AssetFile(path, data)


def decode(data: bytes, path: str, sources: Sources) -> str | None:
    """Return the text of `data` with LF line ends, or note why it is no text we can show and return None."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x}"
        sources.refuse(path, line, "encoding", f"expected UTF-8, found {found}. Save the file as UTF-8.")
        return None
    text = text.replace("\r\n", "\n")
    good = True
    if not text.isascii() or _CONTROL.search(text):
        for number, line in enumerate(text.split("\n"), 1):
            bad = _first_bad(line)
            if bad:
                name = unicodedata.name(bad, "control character")
                found = f"U+{ord(bad):04X} ({name})"
                sources.refuse(path, number, "control-character", f"{found} cannot be seen. Delete it.")
                good = False
    if len(text) > MAX_LINE:
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > MAX_LINE:
                sources.refuse(path, number, "line-length", f"expected at most {MAX_LINE:,} characters, found {len(line):,}.")
                good = False
    return text if good else None


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def _first_bad(line: str) -> str:
    for char in line:
        if char in _BIDI or char in _INVISIBLE or (char != "\t" and unicodedata.category(char) in {"Cc", "Cs", "Co", "Zl", "Zp"}):
            return char
        if char.isspace() and char not in "\t \u00a0\u202f":
            return char
    return ""


def _refuse_collisions(sources: Sources) -> None:
    """Refuse two files that would answer at one address: `a.md` beside `a/index.md`, or a page beside a folder's."""
    by_address: dict[str, list[str]] = {}
    for path in [*sources.texts, *sources.assets]:
        by_address.setdefault(address(path), []).append(path)
    for where, paths in sorted(by_address.items()):
        for path in paths[1:]:
            message = f"has the same address on the site (/{where}) as {sources.shown_as}/{paths[0]}. Rename one."
            sources.refuse(path, 1, "same-address", message)


def address(path: str) -> str:
    """Return where a source file stands on the site, relative to the edition's root: `a/b.md` is `a/b/`."""
    pure = PurePosixPath(path)
    if pure.suffix != ".md":
        return path
    folder = pure.parent if pure.stem == "index" else pure.with_suffix("")
    return "" if str(folder) == "." else f"{folder}/"

"""Sources: read a folder of untrusted files without being hurt by any of them.

The walk never follows a link, never opens anything but a plain file, never reads more than its limits, and refuses
what would not survive another operating system, another case of letters, or a web address. What it refuses becomes a
problem.
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
MAX_LINES = 5_000
MAX_FILES = 20_000
MAX_TOTAL_BYTES = 512 * 1024 * 1024
MAX_FOLDERS_DEEP = 6
MAX_NAME = 80
TEXT_SUFFIXES = frozenset({".md"})
ASSET_SUFFIXES = frozenset({".png", ".jpg", ".svg", ".csv", ".txt"})

_PORTABLE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
# Device names on Windows, and the addresses that a site or its releases need for themselves.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))})
_TAKEN = frozenset(
    {"assets", "search", "stylesheets", "javascripts", "css", "js", "404", "sitemap", "catalog", "llms", "manifest",
     "versions", "releases", "latest", "as-at", "c", "cases", "prompts", "robots", "changes", "compare", "feed"}
)  # fmt: skip
# Letters and marks without a shape. U+FE0E and U+FE0F, which only choose between two shapes of one sign, may stay.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in range(0xFE00, 0xFE0E)
}
_INVISIBLE |= {chr(code) for code in range(0xE0100, 0xE01F0)}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


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
    entries: int = 0
    size: int = 0

    def refuse(self, path: str, line: int, rule: str, message: str) -> None:
        """Note a problem with the file at `path`."""
        self.problems.append(Problem(f"{self.shown_as}/{path}" if path else self.shown_as, line, rule, message))


def read(folder: Path, shown_as: str) -> Sources:
    """Read every file below `folder`; `shown_as` stands before each path in messages."""
    sources = Sources(shown_as)
    if not folder.is_dir() or folder.is_symlink():
        found = "a link to elsewhere" if folder.is_symlink() else "none"
        sources.refuse(
            "", 1, "no-library", f"expected the folder {shown_as}/ with Markdown in it, found {found}. Make it."
        )
        return sources
    _walk(folder, PurePosixPath(), sources)
    _refuse_collisions(sources)
    return sources


def _walk(folder: Path, below: PurePosixPath, sources: Sources) -> None:
    if len(below.parts) > MAX_FOLDERS_DEEP:
        sources.refuse(str(below), 1, "too-deep", f"expected at most {MAX_FOLDERS_DEEP} folders deep. Move it up.")
        return
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        sources.refuse(str(below), 1, "not-readable", f"expected a folder that can be read; {_why(error)}.")
        return
    for entry in found:
        path = str(below / entry.name)
        sources.entries += 1
        if sources.entries > MAX_FILES:
            if sources.entries == MAX_FILES + 1:
                message = f"expected at most {MAX_FILES:,} files in the library, found more. Move some elsewhere."
                sources.refuse("", 1, "too-many-files", message)
            return
        shown = path.encode("utf-8", "backslashreplace").decode()
        shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in shown)
        if not _name_is_good(entry.name, shown, below, sources):
            continue
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError as error:
            sources.refuse(path, 1, "not-readable", f"expected a file that can be read; {_why(error)}.")
            continue
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
        sources.refuse(
            shown, 1, "file-name", f"expected a name of {wish}, at most {MAX_NAME} long. Rename or delete it."
        )
        return False
    if stem in _DEVICES:
        sources.refuse(shown, 1, "file-name", f"{stem!r} is the name of a device on Windows. Choose another name.")
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
        sources.refuse(path, 1, "not-readable", f"expected a file that can be read; {_why(error)}.")
        return
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            sources.refuse(path, 1, "not-a-file", "expected a plain file, found none. Put the file itself here.")
            return
        data = stream.read(limit + 1)
    sources.size += len(data)
    if len(data) > limit:
        sources.refuse(path, 1, "file-size", f"expected at most {limit // 1024:,} KiB, found more. Split or shrink it.")
    elif sources.size > MAX_TOTAL_BYTES:
        message = (
            f"expected at most {MAX_TOTAL_BYTES // 1024**2:,} MiB in all files, found more. Shrink or delete some."
        )
        sources.refuse("", 1, "file-size", message)
        sources.entries = MAX_FILES + 1  # read no more
    elif suffix in TEXT_SUFFIXES:
        text = decode(data, path, sources)
        if text is not None:
            sources.texts[path] = TextFile(path, text)
    else:
        sources.assets[path] = AssetFile(path, data)


def _why(error: OSError) -> str:
    """Say in words why the system refused; its own words differ from one system to another."""
    match error:
        case PermissionError():
            return "it may not be read. Give yourself the right to read it"
        case FileNotFoundError():
            return "it was gone a moment later. Check again"
        case _:
            return "it cannot be opened. Put it here again"


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
    if text.count("\n") >= MAX_LINES:
        message = f"expected at most {MAX_LINES:,} lines, found {text.count(chr(10)) + 1:,}. Split the page."
        sources.refuse(path, 1, "file-size", message)
        return None
    if not text.isascii() or _CONTROL.search(text):
        for number, row in enumerate(text.split("\n"), 1):
            bad = first_bad(row)
            if bad:
                name = unicodedata.name(bad, "a control character").lower()
                found = f"expected letters and signs that can be seen, found U+{ord(bad):04X} ({name})"
                mend = _MENDS.get(bad, "Delete it" if not bad.isspace() else "Type a plain space")
                sources.refuse(path, number, "control-character", f"{found}. {mend}.")
                good = False
    if len(text) > MAX_LINE:
        for number, row in enumerate(text.split("\n"), 1):
            if len(row) > MAX_LINE:
                message = f"expected at most {MAX_LINE:,} characters on a line, found {len(row):,}. Break the line."
                sources.refuse(path, number, "line-length", message)
                good = False
    return text if good else None


_MENDS = {"\ufeff": "Save the file as UTF-8 without a byte order mark", "\r": "Save the file with LF as its line ends"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def first_bad(line: str) -> str:
    """Return the first character of a line that nobody sees, or that is no plain space; an empty string if none is."""
    for char in line:
        if char in _INVISIBLE or (char != "\t" and unicodedata.category(char) in _UNSEEN):
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
            message = (
                f"this file has the address /{where} on the site, and so has {sources.shown_as}/{paths[0]}. Rename one."
            )
            sources.refuse(path, 1, "same-address", message)


def address(path: str) -> str:
    """Return where a source file stands on the site, relative to the edition's root: `a/b.md` is `a/b/`."""
    pure = PurePosixPath(path)
    if pure.suffix != ".md":
        return path
    folder = pure.parent if pure.stem == "index" else pure.with_suffix("")
    return "" if str(folder) == "." else f"{folder}/"

"""Names of releases, their order, and the list of them that stands beside them (`versions.json`).

Pure: runs neither git nor mike, reads no clock. A release is named after the day it took effect, `2026.11.23`,
and `2026.11.23.2` for the second of that day. Every error is a `ReleaseError`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LATEST = "latest"  # the alias that is a copy of the newest release
VERSIONS_FILE = "versions.json"
MANIFEST_FILE = "manifest.json"
CATALOG_FILE = "catalog.json"

# Years 20xx only: git 2.39 cannot parse dates before 1970 or after 2099, and 0206.11.23 is a slip of the hand.
_FORM = re.compile(r"(20\d\d)\.(\d\d)\.(\d\d)(?:\.([1-9]\d{0,3}))?", re.ASCII)
_MOST_A_DAY = 24 * 60  # each release of a day is dated a minute after the one before it, and stays within its day
_DIGEST = re.compile(r"[0-9a-f]{64}")


class ReleaseError(Exception):
    """What was expected of the releases, what was found instead, and how to mend it, in one line."""

    def __init__(self, where: str, *, expected: str, found: str, mend: str) -> None:
        """Put the four parts into one line; `mend` is an instruction."""
        super().__init__(f"{where}: expected {expected}, found {found}; {mend}")


@dataclass(frozen=True, order=True)
class Version:
    """A release's name; versions order as their releases were made."""

    day: date
    nth: int = 1  # counts the releases of the day from 1; the first one's name does not show it

    def __post_init__(self) -> None:
        """Refuse a version that `parse` would not read back."""
        if _FORM.fullmatch(str(self)) is None or not 1 <= self.nth <= _MOST_A_DAY:
            raise ReleaseError(
                "release",
                expected=f"a day from 2000 to 2099 and at most {_MOST_A_DAY} releases a day",
                found=f"release {self.nth} of {self.day}",
                mend="publish with another date",
            )

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version name in its one strict form; anything else is a `ReleaseError`."""
        match = _FORM.fullmatch(text)
        if match is not None:
            year, month, day, nth = match.groups()
            try:
                version = cls(date(int(year), int(month), int(day)), int(nth or 1))
            except ValueError:
                pass  # no such day
            else:
                if str(version) == text:  # so `.1` and the like are refused: one release, one name
                    return version
        raise ReleaseError(
            "release",
            expected="a name like 2026.11.23, or 2026.11.23.2 for the second of a day",
            found=ascii(text),
            mend="name it after a real day",
        )

    @property
    def moment(self) -> datetime:
        """When the release counts as made: midnight UTC of its day, a minute later for each one before it."""
        return datetime.combine(self.day, time(), UTC) + timedelta(minutes=self.nth - 1)

    def __str__(self) -> str:
        """Write the version name."""
        name = f"{self.day:%Y.%m.%d}"
        return name if self.nth == 1 else f"{name}.{self.nth}"


def next_version(day: date, taken: Sequence[str]) -> str:
    """Name the next release, made on `day`, where the releases `taken` exist, in any order.

    A day before the newest release's day is a `ReleaseError`: "in force on a day" means the last release on or
    before it, so a release slipped in before another would change what was in force in the past.
    """
    newest = max((Version.parse(name) for name in taken), default=None)
    if newest is None or newest.day < day:
        return str(Version(day))
    if newest.day > day:
        raise ReleaseError(
            "release",
            expected=f"a date on or after the newest release, {newest}",
            found=day.isoformat(),
            mend=f"publish with the date {newest.day.isoformat()} or later",
        )
    return str(Version(day, newest.nth + 1))


def write_versions(names: Sequence[str]) -> str:
    """Write `versions.json` for the releases `names`, newest first, byte for byte as mike does."""
    return json.dumps(_entries(names), indent=2) + "\n"


def read_versions(text: str, where: str = VERSIONS_FILE) -> tuple[str, ...]:
    """Read the names of all releases, newest first and at least one, out of the text of a `versions.json`.

    Anything but what `write_versions` writes (white space aside) is a `ReleaseError`, an empty list too: a branch
    that exists has releases, and to take a damaged list for "none yet" would make mike forget them all.
    """
    damaged = partial(
        ReleaseError,
        where,
        mend="restore it: one entry for each release folder, newest first, the alias latest on the newest only",
    )
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged(expected="JSON", found=f"none ({error})") from error
    if not isinstance(data, list) or not data:
        raise damaged(expected="a list of at least one release", found=_short(data))
    versions = set()
    for entry in data:
        name = entry.get("version") if isinstance(entry, dict) else None
        try:
            versions.add(Version.parse(str(name)))
        except ReleaseError as error:
            raise damaged(expected='entries whose "version" names a release', found=_short(entry)) from error
    wanted = _entries([str(version) for version in sorted(versions, reverse=True)])
    for found, expected in zip_longest(data, wanted):
        if found != expected:
            raise damaged(expected=_short(expected) if expected else "no entry twice", found=_short(found))
    return tuple(str(entry["version"]) for entry in data)


def staged_digest(manifest: str, where: str = MANIFEST_FILE) -> str:
    """Read the SHA-256 of the staged content, 64 lower-case hex digits, out of the text of a `manifest.json`."""
    try:
        data = json.loads(manifest)
    except (ValueError, RecursionError):
        data = None
    digest = data.get("staged") if isinstance(data, dict) else None
    if not isinstance(digest, str) or _DIGEST.fullmatch(digest) is None:
        raise ReleaseError(
            where,
            expected='an object with "staged", the SHA-256 of the staged content in hex',
            found=_short(data if digest is None else digest),
            mend="build the site with this project's build command, or restore the file in the release",
        )
    return digest


def _entries(names: Sequence[str]) -> list[dict[str, object]]:
    """List the entries of `versions.json`; no release has more than one alias, so mike's sets have one order."""
    return [{"version": name, "title": name, "aliases": [] if i else [LATEST]} for i, name in enumerate(names)]


def _short(data: object) -> str:
    """Show a value that may be hostile: one line of printable ASCII, at most 120 characters."""
    return ascii(data)[:120]

"""Containers: what a file holds below its surface: archives, compressed parts of pictures, other encodings of text.

All of it is bounded: a file that unpacks to more than a site could need is refused, and not read on.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator

MAX_UNPACKED = 64 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_STREAM = 1024 * 1024
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_ZLIB = re.compile(rb"x[\x01\x5e\x9c\xda]")
_GZIP_WINDOW = 31  # zlib's number for a stream with the head and the sum of gzip
_SHARE_OF_NULS = 8


class DamagedError(Exception):
    """An archive that cannot be read to its end; the message says why."""


def unpack(data: bytes) -> Iterator[bytes]:
    """Yield the files inside a gzip or zip archive; their names stand in its own bytes. Raises DamagedError."""
    if data.startswith(_GZIP):
        yield _gunzip(data)
    elif data.startswith(_ZIP):
        yield from _unzip(data)


def _gunzip(data: bytes) -> bytes:
    parts: list[bytes] = []
    left = MAX_UNPACKED
    while data:
        stream = zlib.decompressobj(_GZIP_WINDOW)
        try:
            part = stream.decompress(data, left)
        except zlib.error as error:
            raise DamagedError("a damaged gzip archive") from error
        left -= len(part)
        if left <= 0:
            raise DamagedError(f"a gzip archive of more than {MAX_UNPACKED:,} bytes")
        if not stream.eof:
            raise DamagedError("a gzip archive that breaks off")
        parts.append(part)
        data = stream.unused_data
    return b"".join(parts)


def _unzip(data: bytes) -> Iterator[bytes]:
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise DamagedError(f"a zip archive of more than {MAX_MEMBERS:,} files")
            for member in members:
                with archive.open(member) as stream:
                    part = stream.read(left)
                left -= len(part)
                if left <= 0:
                    raise DamagedError(f"a zip archive of more than {MAX_UNPACKED:,} bytes")
                yield part
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise DamagedError("a damaged or locked zip archive") from error


def texts(data: bytes) -> Iterator[str]:
    """Yield the text of a file: as UTF-8, or in every way in which bytes that are none could hold some."""
    nuls = data.count(0)
    if not nuls:
        try:
            yield data.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
        else:
            return
    if nuls * _SHARE_OF_NULS > len(data):
        for name in ("utf-16-le", "utf-16-be"):
            yield data.decode(name, "replace").replace("\0", "")
    # UTF-16 without its zeros is Latin text at any offset and in either order.
    yield data.replace(b"\0", b"").decode("latin-1")
    yield data.replace(b"\0", b" ").decode("utf-8", "replace")
    for start in _ZLIB.finditer(data):
        stream = zlib.decompressobj()
        try:
            part = stream.decompress(data[start.start() :], MAX_STREAM)
        except zlib.error:
            continue
        yield part.replace(b"\0", b" ").decode("utf-8", "replace")


def unquoted(text: str) -> str:
    """Return text with its %XX decoded."""
    return urllib.parse.unquote(text, errors="replace").replace("\0", "")


def from_base64(run: str, *, sure: bool) -> bytes:
    """Return what a run of base64 holds.

    Nothing is returned when it is not `sure` to be one and holds neither text nor an archive.
    """
    plain = run.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return b""
    if sure or data.startswith((_GZIP, _ZIP)):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return b""
    return data

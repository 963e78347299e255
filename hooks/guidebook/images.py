"""Images: what a file that pages show may hold. A picture carries more than one sees: scripts, comments, names, places."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from xml.etree import ElementTree

PNG = b"\x89PNG\r\n\x1a\n"
# Chunks that draw the picture. All others (text, EXIF, time) say something about who made it, where and when.
PNG_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"})
SVG_ELEMENTS = frozenset(
    {"svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
     "tspan", "marker", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "symbol", "use"}
)  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"

Found = tuple[int, str, str]


def faults(path: str, data: bytes) -> Iterator[Found]:
    """Yield (line, rule, message) for everything in the file that should not be published."""
    suffix = path.rsplit(".", 1)[-1]
    if suffix == "png":
        yield from _png(data)
    elif suffix == "jpg":
        yield from _jpg(data)
    elif suffix == "svg":
        yield from _svg(data)
    elif b"\x00" in data or not _is_utf8(data):
        yield 1, "encoding", "expected UTF-8 text. Save the file as UTF-8."


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _png(data: bytes) -> Iterator[Found]:
    at = len(PNG)
    if not data.startswith(PNG):
        yield 1, "image", "expected a PNG image, found something else."
        return
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind not in PNG_CHUNKS:
            name = kind.decode("latin-1")
            yield 1, "image-metadata", f"found the chunk {name!r}, which is no part of the picture. Save it without metadata."
            return
        at += size + 12
        if kind == b"IEND":
            break
    if at != len(data):
        yield 1, "image", "expected the file to end with the picture. Save it again."


def _jpg(data: bytes) -> Iterator[Found]:
    at = 2
    if not data.startswith(b"\xff\xd8") or not data.endswith(b"\xff\xd9"):
        yield 1, "image", "expected a whole JPEG image, found something else."
        return
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - the marker byte
        kind, size = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        # APP1 to APP15 and comments hold EXIF, XMP, editors' names; APP0 (JFIF) and APP14 (Adobe) say how to draw.
        if kind == 0xFE or (0xE1 <= kind <= 0xEF and kind != 0xEE):  # noqa: PLR2004 - JPEG markers
            yield 1, "image-metadata", "found data about the picture (EXIF, XMP or a comment). Save it without metadata."
            return
        if kind == 0xDA:  # noqa: PLR2004 - start of scan: from here on it is the picture
            return
        at += 2 + size
    yield 1, "image", "expected a whole JPEG image, found a broken one."


def _svg(data: bytes) -> Iterator[Found]:
    text = data.decode("utf-8", "replace")
    for pattern, what in ((r"<!--", "a comment"), (r"<!", "a declaration"), (r"<\?(?!xml )", "an instruction")):
        found = re.search(pattern, text)
        if found:
            yield text.count("\n", 0, found.start()) + 1, "svg", f"found {what}. Delete it."
            return
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - declarations, and so entities, were refused above
    except (ElementTree.ParseError, RecursionError, ValueError) as error:
        yield 1, "svg", f"expected SVG, found a mistake: {error}."
        return
    for element in root.iter():
        name = str(element.tag)
        if name.removeprefix(_SVG) not in SVG_ELEMENTS or not name.startswith(_SVG):
            yield 1, "svg", f"the element `{name.removeprefix(_SVG)}` is not allowed: only shapes and text are."
        for key, value in element.attrib.items():
            plain = key.rsplit("}", 1)[-1].lower()
            if plain.startswith("on") or (plain == "href" and not value.startswith("#")) or "url(" in value.replace("url(#", ""):
                yield 1, "svg", f"the attribute `{plain}` runs or fetches something. Delete it."

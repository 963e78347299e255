"""Images: what a file that pages show may hold.

A picture carries more than one sees: scripts, comments, names, places.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

MAX_SIDE = 8_000
MAX_SVG_ELEMENTS = 5_000
PNG = b"\x89PNG\r\n\x1a\n"
# Chunks that draw the picture. All others (text, EXIF, time) say something about who made it, where and when.
PNG_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"}
)
SVG_ELEMENTS = frozenset(
    {"svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
     "tspan", "marker", "linearGradient", "radialGradient", "stop", "clipPath"}
)  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

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
        yield 1, "encoding", "expected UTF-8 text, found something else. Save the file as UTF-8."


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _png(data: bytes) -> Iterator[Found]:
    at, kind = len(PNG), b""
    if data[at + 4 : at + 8] != b"IHDR" or not data.startswith(PNG):
        yield 1, "image", "expected a PNG image, found something else. Save it again as PNG."
        return
    width, height = struct.unpack(">II", data[at + 8 : at + 16].ljust(8, b"\0"))
    if not 0 < width <= MAX_SIDE or not 0 < height <= MAX_SIDE:
        yield 1, "image", f"expected at most {MAX_SIDE:,} pixels a side, found {width:,} by {height:,}. Shrink it."
        return
    while at + 12 <= len(data) and kind != b"IEND":
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 4 : at + 8 + size]
        if kind not in PNG_CHUNKS:
            name = ascii(kind.decode("latin-1"))
            yield (
                1,
                "image-metadata",
                f"found the part {name}, which is not the picture. Save it again without metadata.",
            )
            return
        if data[at + 8 + size : at + 12 + size] != struct.pack(">I", zlib.crc32(body)) or (kind == b"IEND" and size):
            break
        at += size + 12
    if at != len(data) or kind != b"IEND":
        yield 1, "image", "expected the file to end with the picture, found it broken or longer. Save it again."


def _jpg(data: bytes) -> Iterator[Found]:
    at = 2
    if not data.startswith(b"\xff\xd8\xff"):
        yield 1, "image", "expected a JPEG image, found something else. Save it again as JPEG."
        return
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        kind, size = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if not _jpg_draws(kind, data[at + 4 : at + 2 + size]):
            message = (
                "found data about the picture (EXIF, XMP, a preview or a comment). Save it again without metadata."
            )
            yield 1, "image-metadata", message
            return
        at += 2 + size
        if kind == 0xDA:  # noqa: PLR2004 - start of scan: compressed data up to the next marker
            found = _JPG_MARKER.search(data, at)
            at = found.start() if found else len(data)
        if data[at:] == b"\xff\xd9":
            return
        if data[at : at + 2] == b"\xff\xd9":
            break
    yield 1, "image", "expected the file to end with the picture, found it broken or longer. Save it again."


# In compressed data, 0xFF is followed by 0x00 or by a restart marker; anything else ends it.
_JPG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def _jpg_draws(kind: int, body: bytes) -> bool:
    """Say whether a segment says how to draw: APP0 (JFIF, without a preview) and APP14 (Adobe) do, EXIF does not."""
    match kind:
        case 0xE0:
            return body.startswith(b"JFIF\0") and len(body) == 14  # noqa: PLR2004 - the length without a preview
        case 0xEE:
            return body.startswith(b"Adobe") and len(body) == 12  # noqa: PLR2004 - its length
        case _:
            return kind not in {0xFE, *range(0xE0, 0xF0)}


def _svg(data: bytes) -> Iterator[Found]:
    text = data.decode("utf-8", "replace")
    for pattern, what in ((r"<!--", "a comment"), (r"<!", "a declaration"), (r"<\?(?!xml )", "an instruction")):
        found = re.search(pattern, text)
        if found:
            yield text.count("\n", 0, found.start()) + 1, "svg", f"expected shapes and text, found {what}. Delete it."
            return
    if len(re.findall(r"<[A-Za-z]", text)) > MAX_SVG_ELEMENTS:
        yield 1, "svg", f"expected at most {MAX_SVG_ELEMENTS:,} elements, found more. Simplify the drawing."
        return
    try:
        root = ET.fromstring(text)  # noqa: S314 - declarations, and so entities, were refused above
    except (ET.ParseError, ValueError) as error:
        line = getattr(error, "position", (1, 0))[0]
        yield line, "svg", "expected SVG, found a mistake in its XML. Save it again from a drawing program."
        return
    # ElementTree knows no lines: each kind of finding is reported once.
    yield from dict.fromkeys((1, "svg", message) for element in root.iter() for message in _svg_faults(element))


def _svg_faults(element: ET.Element) -> Iterator[str]:
    name = str(element.tag)
    if name.removeprefix(_SVG) not in SVG_ELEMENTS or not name.startswith(_SVG):
        yield f"the element `{name.removeprefix(_SVG)[:60]}` is not allowed: only shapes and text are. Delete it."
        return
    for key, value in element.attrib.items():
        plain = value.replace(" ", "").lower()
        if key.lower().startswith("on") or key == "style" or "\\" in value or "url(" in plain.replace("url(#", ""):
            yield (
                f"the attribute `{key[:60]}` can run or fetch something. Delete it, or write colours as `fill` and "
                "`stroke`."
            )
        elif key in {"href", "src", "base"} or (key.startswith("{") and key != _SPACE):
            yield (
                f"the attribute `{key.rsplit('}', 1)[-1][:60]}` leads elsewhere or belongs to a program. Save it as "
                "plain SVG."
            )

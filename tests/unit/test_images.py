"""Images: a picture and nothing else, told byte by byte."""

import struct
import zlib

import pytest
from guidebook import images
from hypothesis import given
from hypothesis import strategies as st


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks, width=1, height=1):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return images.PNG + head + b"".join(chunks)


DRAWN = chunk(b"IDAT", zlib.compress(b"\0\0"))
END = chunk(b"IEND", b"")
JFIF = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
SCAN = b"\xff\xda\0\x02\x11\xff\x00\x22\xff\xd0\x33"
START, STOP = b"\xff\xd8", b"\xff\xd9"


def segment(kind, data):
    return b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data


def svg(inside="", attributes=""):
    return f'<svg xmlns="http://www.w3.org/2000/svg"{attributes}>{inside}</svg>'.encode()


def rules(name, data):
    return [rule for _, rule, _ in images.faults(name, data)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", png(DRAWN, END)),
        ("a.png", png(chunk(b"PLTE", b"\0\0\0"), chunk(b"tRNS", b"\0"), DRAWN, DRAWN, END)),
        ("a.jpg", START + JFIF + SCAN + STOP),
        (
            "a.jpg",
            START
            + segment(0xEE, b"Adobe\0\0\0\0\0\0\0")
            + segment(0xDB, b"\0")
            + SCAN
            + segment(0xC4, b"x")
            + SCAN
            + STOP,
        ),
        ("a.svg", svg('<title>T</title><g fill="#fff"><path d="M0 0"/></g>')),
        ("a.svg", b'<?xml version="1.0" encoding="UTF-8"?>' + svg('<rect fill="url(#a)"/>', ' xml:space="preserve"')),
        ("a.csv", "é,1\n".encode()),
        ("a.txt", b""),
    ],
)
def test_a_picture_is_good(name, data):
    assert rules(name, data) == []


@pytest.mark.parametrize(
    ("rule", "name", "data"),
    [
        *(("image-metadata", "a.png", png(chunk(kind, b"Author\0Jane"), DRAWN, END)) for kind in (
            b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP", b"prVt")),
        ("image-metadata", "a.png", png(DRAWN, chunk(b"tEXt", b"x"), END)),
        ("image", "a.png", png(DRAWN)),
        ("image", "a.png", png(DRAWN, END) + b"PK"),
        ("image", "a.png", png(DRAWN, END, END)),
        ("image", "a.png", png(DRAWN, chunk(b"IEND", b"x"))),
        ("image", "a.png", png(DRAWN, END)[:-1]),
        ("image", "a.png", png(DRAWN, END)[:-1] + b"\0"),
        ("image", "a.png", png(DRAWN[:-1] + b"\0", END)),
        ("image", "a.png", png(DRAWN, END, width=8001)),
        ("image", "a.png", png(DRAWN, END, height=0)),
        ("image", "a.png", images.PNG),
        ("image", "a.png", START + JFIF + SCAN + STOP),
        *(("image-metadata", "a.jpg", START + segment(kind, b"x") + SCAN + STOP) for kind in (0xE1, 0xE2, 0xED, 0xEF,
        0xFE)),
        ("image-metadata", "a.jpg", START + segment(0xE0, b"JFXX\0" + b"x" * 9) + SCAN + STOP),
        ("image-metadata", "a.jpg", START + segment(0xE0, b"JFIF\0" + b"x" * 30) + SCAN + STOP),
        ("image-metadata", "a.jpg", START + segment(0xEE, b"Jane Doe was here") + SCAN + STOP),
        ("image-metadata", "a.jpg", START + JFIF + SCAN + segment(0xFE, b"Jane") + SCAN + STOP),
        ("image", "a.jpg", START + JFIF + SCAN + STOP + b"PK" + STOP),
        ("image", "a.jpg", START + JFIF + SCAN),
        ("image", "a.jpg", START + JFIF),
        ("image", "a.jpg", png(DRAWN, END)),
        *(("svg", "a.svg", svg(inside)) for inside in (
            "<script>x</script>", "<SCRIPT/>", "<foreignObject/>", "<image href='https://x.example'/>",
            "<a href='#b'/>",
            "<use href='#a'/>", "<style>@import 'x'</style>", "<animate/>", "<set/>", "<metadata>Jane</metadata>",
            "<path onclick='x'/>", "<path ONLOAD='x'/>", "<path style='fill:red'/>",
            "<path fill='url(https://x.example)'/>",
            "<path fill='URL( https://x.example)'/>", r"<path fill='u\72l(https://x.example)'/>", "<path href='//x'/>",
            "<path xmlns:x='http://www.w3.org/1999/xlink' x:href='javascript:x'/>", "<path xml:base='https://x'/>",
            "<x xmlns='http://www.w3.org/1999/xhtml'/>", "<p xmlns:i='urn:i' i:path='/home/jane'/>", "<!-- Jane -->",
            "<![CDATA[x]]>", "<?php x?>", "<g>", "&x;", "\x00")),
        ("svg", "a.svg", b"<!DOCTYPE svg>" + svg()),
        ("svg", "a.svg", b'<!DOCTYPE s [<!ENTITY a "b">]>' + svg("&a;")),
        ("svg", "a.svg", b'<?xml-stylesheet href="x"?>' + svg()),
        ("svg", "a.svg", b"<svg/>"),
        ("svg", "a.svg", b"\xff\xfe" + svg().decode().encode("utf-16-le")),
        ("svg", "a.svg", svg("<g/>" * 5001)),
        ("svg", "a.svg", svg("<g>" * 200_000)),
        ("encoding", "a.csv", b"\xff"),
        ("encoding", "a.txt", b"a\0b"),
    ],
)  # fmt: skip
def test_what_is_more_than_a_picture_is_refused(rule, name, data):
    found = rules(name, data)
    assert found[:1] == [rule]


@given(
    st.sampled_from(["png", "jpg", "svg", "csv"]),
    st.binary(max_size=200),
    st.sampled_from([b"", images.PNG, START, b"<svg"]),
)
def test_any_bytes_are_judged(kind, data, start):
    for line, rule, message in images.faults(f"a.{kind}", start + data):
        assert line >= 1
        assert rule
        assert message.endswith(".")

"""Drawing: a procedure as a picture of who acts, and who hands over to whom.

One row a step, one lane a role. A line joins a step to the next; ways that skip steps or go back are dashed, on the
left. It is as narrow as a phone, and its colours are dark enough for white paper.
"""

from __future__ import annotations

import html
import posixpath
import re
import textwrap
from collections.abc import Iterator

from guidebook.markup import plain
from guidebook.steps import END, Procedure, Step, Way

_LANE, _LEFT, _APART, _RADIUS = 26, 4, 8, 11
_TALL, _LINE = 32, 16  # from the text above to the middle of a row, and from one line of small text to the next
_TEXT, _WRAP = 272, 41  # the room for words, and how many letters of small text fit into it
_CONTROL = re.compile(r"[\x00-\x1f]")
_BOLD = ' font-weight="600"'
_INK, _SOFT = "#1f2328", "#57606a"
_COLOURS = ("#0b5cad", "#9a3412", "#166534", "#6b21a8", "#854d0e", "#9d174d", "#155e75", "#3f3f46")


def picture(path: str, procedure: Procedure) -> str:
    """Return where the picture of a procedure stands, given the path of its page: beside it."""
    return f"{posixpath.splitext(path)[0]}-{procedure.anchor}.svg"


def draw(procedure: Procedure) -> str:
    """Return a procedure as SVG: a numbered dot for each step in the lane of its role, and lines that join them."""
    roles = list(dict.fromkeys(plain(step.role) for step in procedure.steps))
    lanes = {step.number: roles.index(plain(step.role)) for step in procedure.steps}
    jumps = [(step, way) for step in procedure.steps for way in step.ways if _skips(step, way)]
    left = _LEFT + _APART * len(jumps) + _RADIUS
    across = {number: left + _LANE * lane for number, lane in lanes.items()}
    words = left + _LANE * len(roles)
    down: dict[int, int] = {}
    texts: list[str] = []
    dots: list[str] = []
    bottom = 0
    for step in procedure.steps:
        colour = _COLOURS[lanes[step.number] % len(_COLOURS)]
        down[step.number] = y = bottom + _TALL
        dots.append(f'<circle cx="{across[step.number]}" cy="{y}" r="{_RADIUS}" fill="{colour}"/>')
        middle = f'{_BOLD} text-anchor="middle"'
        dots.append(_text(across[step.number], y + 4, str(step.number), "#ffffff", middle))
        texts.append(_text(words, y + 4, step.name, _INK, f'{_BOLD} font-size="14"'))
        bottom = y + 4
        for text, ink in _notes(step, len(procedure.steps), colour):
            for line in textwrap.wrap(text, _WRAP):
                bottom += _LINE
                texts.append(_text(words, bottom, line, ink))
    joints = [_joint(across, down, step.number) for step in procedure.steps if _leads_on(step)]
    skips = [
        _skip(_APART * (at + 1), across[step.number], down[step.number], across[int(way.to)], down[int(way.to)])
        for at, (step, way) in enumerate(jumps)
    ]
    wide, high = words + _TEXT, bottom + 8
    size = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    title = _escaped(f"{procedure.title}: who does what, in which order")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="system-ui, sans-serif" font-size="12">'
    return "\n".join([head, f"<title>{title}</title>", *joints, *skips, *dots, *texts, "</svg>"]) + "\n"


def _skips(step: Step, way: Way) -> bool:
    return way.to.isdigit() and int(way.to) != step.number + 1


def _leads_on(step: Step) -> bool:
    return any(way.to == str(step.number + 1) for way in step.ways)


def _notes(step: Step, count: int, colour: str) -> Iterator[tuple[str, str]]:
    """Yield what stands below the name of a step, each with its colour: role and time, and each way but the plain."""
    yield f"{plain(step.role)} · {plain(step.timer)}", colour
    for way in step.ways:
        if way.condition or way.to != (str(step.number + 1) if step.number < count else END):
            yield _said(way, step), _SOFT


def _said(way: Way, step: Step) -> str:
    """Say in words where a way leads that is not simply the next step."""
    if way.to == END:
        where = "End"
    elif way.to.isdigit():
        where = f"Go to {way.to}" if int(way.to) > step.number else f"Back to {way.to}"
    else:
        where = f"On with {way.to}"
    return f"{where} if {way.condition}" if way.condition else where


def _text(x: int, y: int, text: str, colour: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}"{more}>{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    """Return text for XML, which has no place for control characters, not even as `&#12;` in the source."""
    return html.escape(_CONTROL.sub(" ", text), quote=False)


def _joint(across: dict[int, int], down: dict[int, int], number: int) -> str:
    """Return the line from a step to the next: down its lane, then over to the other."""
    x, y, to_x, to_y = across[number], down[number], across[number + 1], down[number + 1]
    turn = to_y - _TALL
    path = f"M{x} {y}V{to_y}" if x == to_x else f"M{x} {y}V{turn}C{x} {to_y} {to_x} {turn} {to_x} {to_y}"
    return f'<path d="{path}" fill="none" stroke="{_SOFT}" stroke-width="2"/>'


def _skip(margin: int, x: int, y: int, to_x: int, to_y: int) -> str:
    """Return the dashed line of a way that skips steps or goes back, along the margin."""
    turn = 6 if to_y > y else -6
    corner = f"Q{margin} {y} {margin} {y + turn}V{to_y - turn}Q{margin} {to_y} {margin + 6} {to_y}"
    path = f"M{x} {y}H{margin + 6}{corner}H{to_x}"
    return f'<path d="{path}" fill="none" stroke="{_SOFT}" stroke-dasharray="3 3"/>'

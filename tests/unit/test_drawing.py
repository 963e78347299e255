"""Drawing: a picture says what its table says, whatever the text, and nothing of it stands on something else."""

import copy
import itertools
import os
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

from guidebook import drawing, images, steps
from guidebook.markup import plain
from guidebook.steps import Procedure, Step, Way
from hypothesis import given, settings
from hypothesis import strategies as st

SVG = "{http://www.w3.org/2000/svg}"
BOLD, SMALL = 7.6, 6.5  # how wide a letter is, in bold of 14 px and in 12 px


class Picture:
    """The shapes of a picture."""

    def __init__(self, procedure):
        data = drawing.draw(procedure).encode()
        assert list(images.faults("x.svg", data)) == []
        self.root = ET.fromstring(data)
        self.title = self.root.find(f"{SVG}title").text
        self.wide, self.high = int(self.root.get("width")), int(self.root.get("height"))
        self.dots = [(int(one.get("cx")), int(one.get("cy"))) for one in self.root.iter(f"{SVG}circle")]
        found = [(int(one.get("x")), int(one.get("y")), one) for one in self.root.iter(f"{SVG}text")]
        self.numbers = [(x, y, one.text) for x, y, one in found if one.get("text-anchor")]
        self.words = [
            (x, y, one.text, one.get("font-size") == "14") for x, y, one in found if not one.get("text-anchor")
        ]
        paths = list(self.root.iter(f"{SVG}path"))
        self.joints = [points(one) for one in paths if not one.get("stroke-dasharray")]
        self.dashes = [points(one) for one in paths if one.get("stroke-dasharray")]

    def said(self, number):
        """Return the name of a step, and the small lines below it as one text without spaces."""
        rows = [at for at, (_, _, _, bold) in enumerate(self.words) if bold] + [len(self.words)]
        name, *rest = self.words[rows[number - 1] : rows[number]]
        return name[2], "".join("".join(row[2].split()) for row in rest)


def points(path):
    """Return each point that a path comes through."""
    x = y = 0
    found = []
    for sign, numbers in re.findall(r"([A-Z])([-\d ]+)", path.get("d")):
        given = [int(one) for one in numbers.split()]
        assert len(given) == {"M": 2, "H": 1, "V": 1, "C": 6, "Q": 4}[sign]
        x, y = (given[0], y) if sign == "H" else (x, given[0]) if sign == "V" else given[-2:]
        found.append((x, y))
    return found


# Any procedure

letters = st.sampled_from("\"'&<>{}[]*`\\|/;:#%äöüßÑ漢😀\u202f ]]>-- abcdefgh") | st.characters(
    exclude_categories=["C"]
)
texts = st.text(letters, min_size=1, max_size=90).filter(lambda text: plain(text).strip())
names = st.text(letters, min_size=1, max_size=steps.LONGEST_NAME) | st.sampled_from(["W" * 32, "A\fB", "]]>", "<!--"])
conditions = st.just("") | texts.map(plain)


@st.composite
def procedures(draw):
    count = draw(st.integers(1, steps.MOST_STEPS))
    roles = draw(st.lists(texts, min_size=1, max_size=count, unique_by=plain))
    found = []
    for number in range(1, count + 1):
        goals = [str(to) for to in range(1, count + 1) if to != number] + ["end", "W07", str(min(number + 1, count))]
        goals = [goal for goal in goals if goal != str(number)]
        ways = [Way(goal, draw(conditions)) for goal in draw(st.lists(st.sampled_from(goals), min_size=1, max_size=3))]
        cells = draw(st.sampled_from(roles)), "**x**", draw(texts), "x"
        found.append(Step(number, draw(names), *cells, tuple(ways), number + 9))
    return Procedure(draw(texts), "anchor", 0, 7, tuple(found))


@settings(max_examples=200)
@given(procedures())
def test_each_step_is_a_numbered_dot_in_the_lane_of_its_role(procedure):
    drawn = Picture(procedure)
    assert drawn.title.split() == f"{procedure.title}: who does what, in which order".split()
    assert drawn.numbers == [(x, y + 4, str(number)) for number, (x, y) in enumerate(drawn.dots, 1)]
    lanes = {}
    for step, (x, _) in zip(procedure.steps, drawn.dots, strict=True):
        assert lanes.setdefault(plain(step.role), x) == x
    assert len(set(lanes.values())) == len(lanes)
    rows = [y for _, y in drawn.dots]
    assert all(later - y >= 32 for y, later in itertools.pairwise(rows))


@settings(max_examples=200)
@given(procedures())
def test_each_step_says_its_name_its_role_its_time_and_its_ways(procedure):
    drawn = Picture(procedure)
    for step in procedure.steps:
        name, notes = drawn.said(step.number)
        assert name == step.name.replace("\f", " ")
        wish = f"{plain(step.role)} · {plain(step.timer)}"
        for way in step.ways:
            ordinary = str(step.number + 1) if step.number < len(procedure.steps) else "end"
            if way.to != ordinary or way.condition:
                wish += {"end": "End", "W07": "On with W07"}.get(way.to) or (
                    f"Go to {way.to}" if int(way.to) > step.number else f"Back to {way.to}"
                )
                wish += f" if {way.condition}" if way.condition else ""
        assert notes == "".join(wish.split())


@settings(max_examples=200)
@given(procedures())
def test_lines_join_the_dots_that_ways_join(procedure):
    drawn = Picture(procedure)
    joints, dashes = [], []
    for number, step in enumerate(procedure.steps, 1):
        goals = [int(way.to) for way in step.ways if way.to.isdigit()]
        joints += [(number, number + 1)] if number + 1 in goals else []
        dashes += [(number, to) for to in goals if to != number + 1]
    for found, wish in ((drawn.joints, joints), (drawn.dashes, dashes)):
        assert [(way[0], way[-1]) for way in found] == [(drawn.dots[a - 1], drawn.dots[b - 1]) for a, b in wish]
    # Each dashed line has a margin of its own, left of all dots.
    margins = [min(x for x, _ in way) for way in drawn.dashes]
    assert len({*margins}) == len(margins)
    assert max(margins, default=0) < min(x for x, _ in drawn.dots) - drawing._RADIUS


@settings(max_examples=200)
@given(procedures())
def test_everything_stands_in_the_picture_and_nothing_on_other_words(procedure):
    drawn = Picture(procedure)
    assert drawn.root.get("viewBox") == f"0 0 {drawn.wide} {drawn.high}"
    for x, y, text, bold in drawn.words:
        assert x + len(text) * (BOLD if bold else SMALL) <= drawn.wide, text
        assert x > max(x for x, _ in drawn.dots) + drawing._RADIUS
        assert y + 4 <= drawn.high
    rows = [y for _, y, _, _ in drawn.words]
    assert all(below - y >= 16 for y, below in itertools.pairwise(rows))
    for x, y in (point for way in [*drawn.joints, *drawn.dashes, drawn.dots] for point in way):
        assert 0 < x < drawn.wide
        assert 0 < y < drawn.high


def test_a_role_is_one_role_however_it_is_written():
    rows = [Step(n, "A", role, "", "t", "", (Way("end"),), 1) for n, role in enumerate(["Lead", "*Lead*", "Agent"], 1)]
    (a, b, c), _ = zip(*Picture(Procedure("T", "t", 0, 1, tuple(rows))).dots, strict=True)
    assert a == b < c


@given(procedures())
def test_the_same_steps_give_the_same_picture(procedure):
    assert drawing.draw(procedure) == drawing.draw(copy.deepcopy(procedure))


def test_a_picture_is_the_same_in_every_process():
    code = (
        "from guidebook import drawing, steps, markup; rows = ''.join(f'| {n} | R{n} | **A{n}** | t | r |\\n' "
        "for n in range(1, 10)); text = f'## S\\n\\n| Step | Role | Action | Timer | Record |\\n"
        "| - | - | - | - | - |\\n{rows}'; print(drawing.draw(steps.read(markup.read(text, 1))[0][0]))"
    )
    way = {"PYTHONPATH": os.pathsep.join(sys.path)}
    made = {
        subprocess.run(
            [sys.executable, "-c", code], env={**way, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "123"
    }
    assert len(made) == 1
    assert b">A9<" in made.pop()

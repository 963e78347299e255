"""How well the substance gate tells a change of substance from an editorial one, over the pairs of `substance/`.

Each file holds pairs of one sort. A pair whose number a three divides is held back: no word list may be tuned on it.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import yaml
from guidebook import substance
from guidebook.senses import Kind

FILES = sorted((Path(__file__).parent / "substance").glob("*.yaml"))
PAIRS = [pair for file in FILES for pair in yaml.safe_load(file.read_text("utf-8"))]
SUBSTANTIVE = [pair for pair in PAIRS if pair["substantive"]]
EDITORIAL = [pair for pair in PAIRS if not pair["substantive"]]
LEAST_RECALL, MOST_ALARMS = 0.98, 0.15


def is_refused(pair):
    return bool(substance.reasons(pair["before"], pair["after"]))


def share(pairs):
    """Return the share of `pairs` that the gate refuses, and those it does not."""
    passed = [pair for pair in pairs if not is_refused(pair)]
    return 1 - len(passed) / len(pairs), passed


def listed(pairs):
    return "".join(f"\n{pair['id']}: {pair['why']}" for pair in pairs)


def test_recall_and_false_alarms_hold(capsys):
    lines = [""]
    for name, held in (("tuned on", {False}), ("held back", {True}), ("all", {False, True})):
        chosen = [[pair for pair in side if ("held_back" in pair) in held] for side in (SUBSTANTIVE, EDITORIAL)]
        recall, alarms = (share(side)[0] for side in chosen)
        sizes = f"{len(chosen[0])} substantive, {len(chosen[1])} editorial"
        lines.append(f"substance gate, {name} ({sizes}): recall {recall:.3f}, false alarms {alarms:.3f}")
    with capsys.disabled():
        sys.stdout.write("\n".join([*lines, ""]))
    recall, missed = share(SUBSTANTIVE)
    alarms, quiet = share(EDITORIAL)
    assert recall >= LEAST_RECALL, f"missed:{listed(missed)}"
    assert alarms <= MOST_ALARMS, f"refused:{listed([pair for pair in EDITORIAL if pair not in quiet])}"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_each_kind_of_sense_is_needed(kind, monkeypatch):
    read = substance.read
    monkeypatch.setattr(substance, "read", lambda *texts: [sense for sense in read(*texts) if sense.kind != kind])
    assert share([pair for pair in SUBSTANTIVE if kind in pair["kinds"]])[0] < LEAST_RECALL


def test_what_changed_places_is_needed(monkeypatch):
    for name in ("_moved", "_turned"):
        monkeypatch.setattr(substance, name, lambda *_: ())
    assert share(SUBSTANTIVE)[0] < LEAST_RECALL


def test_a_reason_of_the_right_kind_is_named_for_most():
    right = [
        pair
        for pair in SUBSTANTIVE
        if {reason.kind for reason in substance.reasons(pair["before"], pair["after"])} & {*pair["kinds"]}
    ]
    assert len(right) >= 0.85 * len(SUBSTANTIVE)


def test_the_pairs_are_many_and_told_apart():
    ids = [pair["id"] for pair in PAIRS]
    assert len(ids) == len(set(ids)) >= 200
    assert len({(pair["before"], pair["after"]) for pair in PAIRS}) == len(PAIRS)
    assert 0.5 <= len(SUBSTANTIVE) / len(PAIRS) <= 0.7
    kinds = Counter(kind for pair in PAIRS for kind in pair["kinds"])
    assert {*kinds} == {*get_args(Kind)}
    assert min(kinds.values()) >= 15


def test_each_pair_is_whole():
    fields = {"id", "before", "after", "substantive", "kinds", "why"}
    assert [pair["id"] for pair in PAIRS if {*pair} - {"held_back"} != fields or pair["before"] == pair["after"]] == []
    assert [pair["id"] for pair in PAIRS if bool(pair["kinds"]) != pair["substantive"]] == []
    every_third = [pair["id"] for pair in PAIRS if int(pair["id"].rsplit("-", 1)[1]) % 3 == 0]
    assert [pair["id"] for pair in PAIRS if "held_back" in pair] == every_third

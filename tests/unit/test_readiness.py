"""Launch readiness: what comes, who has signed it, who has not and who is late, as staff read it on one page."""

import datetime as dt
import re

import pytest
from guidebook import readiness, staging
from libraries import DAY, INTERNAL, PAST, simple

START = dt.date(2026, 12, 4)
ONE = dt.timedelta(1)


def coming(day=DAY, **fields):
    """Return the row of a notice in the table of what comes; None where it is in none."""
    notice = {"id": "N001", "type": "notice", "kind": "substantive", "changes": ["spam-x"], "owner": "Spam Policy",
              "effective": START, **fields}  # fmt: skip
    library, _ = simple({"launches.md": "Text.\n", "n001.md": "Text.\n"}, n001=notice).load()
    text = "\n".join(readiness.parts(staging.view(library, INTERNAL, day), library.by_id["launches"]))
    text = re.sub("</?time>", "", text.replace("<br>", ", "))
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| 2026-12-04")]
    return rows[0][3:] if rows else None


def signed(**days):
    return {name.replace("_", " "): day for name, day in days.items()}


def test_a_row_says_who_signed_who_did_not_and_until_when():
    assert coming(signed=signed(Quality=PAST)) == ["Quality 2026-03-01", "Training, Vendor Management", "2026-11-27"]
    assert coming(dt.date(2026, 11, 28), signed=signed(Quality=dt.date(2026, 11, 28), Training=DAY)) == [
        "Training 2026-11-23, Quality 2026-11-28 (late)", "**Vendor Management, late**", "2026-11-27",
    ]  # fmt: skip
    assert coming(kind="editorial") == ["", "", "none needed"]
    assert coming(START) is None


@pytest.mark.parametrize("given_on", [DAY + ONE, dt.date(2026, 11, 28), START])
def test_a_sign_off_of_a_day_to_come_is_missing(given_on):
    three = signed(Training=PAST, Quality=given_on, Vendor_Management=PAST)
    both = "Training 2026-03-01, Vendor Management 2026-03-01"
    assert coming(signed=three) == [both, "Quality", "2026-11-27"]
    if given_on == START:  # on the day before it is late, and no less missing
        assert coming(START - ONE, signed=three) == [both, "**Quality, late**", "2026-11-27"]

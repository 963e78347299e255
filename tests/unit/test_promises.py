"""Promises of several editions: what each would break is said once, with the editions it is about."""

import pytest
import worked
from announcing import rows
from guidebook import promises
from guidebook.catalog import dump
from guidebook.history import Past
from guidebook.releases import ReleaseError
from guidebook.timeline import extended
from libraries import DAY, EXTERNAL, INTERNAL, loaded

ONE = worked.CLAUSES.partition("### G04.2")[0]
SHORT = worked.short(worked.CLAUSES)


def past(made, name, release="2026.11.22"):
    catalog = dump(name, rows(made, name)).encode()
    return Past(release, catalog, extended(None, catalog, release))


def vanished(*editions):
    """Return what is said of a clause that was published in these editions and is not there any more."""
    after = loaded(worked.short(ONE))
    found = promises.check(after, editions, DAY, {name: past(SHORT, name) for name in editions})
    return [one.message.partition(": clause")[0] for one in found if one.rule == "vanished-clause"]


@pytest.mark.parametrize(
    ("editions", "said"),
    [
        ([EXTERNAL], "in the external edition"),
        ([INTERNAL], "in the internal edition"),
        ([EXTERNAL, INTERNAL], "in the external and internal edition"),
    ],
)
def test_what_is_lost_is_said_once_with_the_editions_that_lose_it(editions, said):
    assert vanished(*editions) == [said]


def test_an_edition_without_a_release_has_promised_nothing():
    after = loaded(worked.short(ONE))
    assert promises.check(after, [EXTERNAL, INTERNAL], DAY, {}) == []


def test_a_day_before_the_last_release_is_refused():
    with pytest.raises(ReleaseError, match=r"on or after the newest release, 2026\.11\.24"):
        promises.check(loaded(SHORT), [EXTERNAL], DAY, {EXTERNAL: past(SHORT, EXTERNAL, "2026.11.24")})

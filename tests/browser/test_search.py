"""Questions as a reviewer types them in the middle of a case, in everyday words and not in those of our headings."""

from __future__ import annotations

import sys

import pytest
from searching import leads_to, results

pytestmark = pytest.mark.xdist_group("browser")  # one worker publishes and serves for them all

NO_ANSWER = "no FAQ question has these words yet, and the clause has none of them: write one, then take this mark away"

# What is typed, and the sections that hold the rule. All were written before anything of the library was read. On these
# ten the search was tuned: headings of FAQs, weights of pages, what counts as a word.
TUNED = [
    ("short url ok or not", {"g04-2"}),
    ("brand new user one post", {"g01-2", "g02-1"}),
    ("blog full of ads", {"g05-3"}),
    pytest.param("check out my profile comment", {"g07-1", "g07-3"}, marks=pytest.mark.xfail(reason=NO_ANSWER)),
    ("selling followers", {"g09-1"}),
    ("posting app allowed", {"g10-3"}),
    ("asks for password", {"g12-1", "g05-6"}),
    pytest.param("old account for sale", {"g14-1"}, marks=pytest.mark.xfail(reason=NO_ANSWER)),
    ("banned guy came back", {"g16-1", "g16-2", "g16-3"}),
    ("two labels fit", {"when-two-guidelines-fit"}),
]
# On these nothing was tuned, and nothing may be: they say how the search does on questions it was not made for.
HELD_BACK = {
    "lots of profiles same bio": {"g01-1"},
    "same picture on many boards": {"g03-1", "g03-2", "g02-3"},
    "coupon codes over and over": {"g06-3"},
    "same dm to strangers": {"g08-1"},
    "giveaway follow to win": {"g09-2"},
    "many users pushing one website": {"g11-1", "g11-2"},
    "fan page of a celebrity": {"g13-3"},
    "account suddenly posting crypto": {"g15-1"},
    "website starts a download": {"g04-4", "g05-5"},
    "post in foreign language": {"g04-7", "g03-6"},
}
FLOOR = 6


def ask(editions, browse, words):
    """Return the results for `words` on the external edition, as a new reader sees them."""
    return results(browse(editions.external).open("latest/"), words)


@pytest.mark.parametrize(("words", "anchors"), TUNED)
def test_a_question_leads_to_its_rule_with_the_first_or_second_link(editions, browse, words, anchors):
    site = editions.folders[editions.external]
    shown = [link for result in ask(editions, browse, words) for link in result]
    assert any(leads_to(site, link, anchors) for link in shown[:2]), shown[:6]


@pytest.mark.xfail(reason="3 of 10 by link and 5 of 10 by result on 2026-11-23: FAQs lack the words reviewers type")
def test_questions_that_were_held_back_do_as_well(editions, browse, capsys):
    site = editions.folders[editions.external]
    by_link, by_result = [], []
    for words, anchors in HELD_BACK.items():
        found = ask(editions, browse, words)
        shown = [link for result in found for link in result]
        by_link += [words] if any(leads_to(site, link, anchors) for link in shown[:2]) else []
        by_result += [words] if any(leads_to(site, link, anchors) for result in found[:2] for link in result) else []
    said = f"\nheld back: {len(by_link)} of 10 by the first two links, {len(by_result)} by the first two results\n"
    with capsys.disabled():
        sys.stdout.write(said)
    assert len(by_link) >= FLOOR, by_link


def test_the_id_of_a_label_leads_to_its_own_page(editions, browse):
    site = editions.folders[editions.external] / "latest"
    labels = [path.parent.name for path in sorted(site.glob("labels/*/index.html"))]
    assert len(labels) > 20
    first = {label: ask(editions, browse, label)[0][0] for label in labels}
    assert {label: link for label, link in first.items() if f"/labels/{label}/" not in link} == {}

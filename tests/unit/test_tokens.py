"""Tokens: the estimate of how many a language model counts."""

import pytest
from guidebook import prompts
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Read the page.", 4),  # three words and a stop
        ("It's the reader's link.", 7),  # It 's the reader 's link .
        ("promised", 1),  # eight letters
        ("redirects", 2),  # nine
        ("account holders", 2),
        ("unsubscribing", 3),  # thirteen
        ("2026 posts", 3),  # 202 6 posts
        (' "Link",', 3),  # [ "] [Link] [",]
        (' "(x', 2),  # the space counts with the signs after it for nothing
        ("a.example/r", 5),  # a . example / r
        ("one\n\n- two", 4),  # one, the line ends, the hyphen, two
        ("spam-redirect", 3),
        ("a_b", 3),
        ("=====", 3),  # two signs each
        ("Größe", 2),  # Gr e; ö ß
        ("Ελλάδα", 3),  # six letters of two bytes
        ("日本語", 3),  # three letters of three bytes
        ("…", 3),  # bytes
        ("🎂", 4),
        ("٣٤", 2),
        (" " * 17, 3),
        ("Five domains are four redirects. The right destination does not change that.", 16),  # 12 + 2 stops + 2 long
        ('Post: brown sandals, text "Link for the price", link kisa.example/s.', 19),
    ],
)
def test_tokens_are_counted_as_reasoned(text, count):
    assert prompts.tokens(text) == count


@settings(max_examples=300)
@given(st.text(max_size=60), st.text(max_size=60))
def test_longer_text_never_has_fewer_tokens(one, two):
    both = prompts.tokens(f"{one}\n{two}")
    assert both >= max(prompts.tokens(one), prompts.tokens(two))
    assert both <= prompts.tokens(one) + prompts.tokens(two) + 1
    assert len(one.split()) <= prompts.tokens(one) <= len(one.encode("utf-8", "surrogatepass"))

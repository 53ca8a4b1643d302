"""The verdicts on a pasted text, in words and in markup that holds nothing of the text's own."""

from __future__ import annotations

import pytest

from assistant.errors import QuestionError
from assistant.types import Citation, Difference, Sentence
from assistant.web.checking import MAX_TEXT_CHARACTERS, checked_text, growing_html, refusal_html, stopped_html, verdicts_html

QUOTE = Citation(1, "pact", "Pact signed", None, None, 'It was "signed" in 2016.', 0, 24, 0.9)
SENTENCES = (
    Sentence("It was signed in 2016.", "supported", (QUOTE,)),
    Sentence("It was signed in 2017.", "contradicted", (QUOTE,), (Difference("2017", 17, 21, "pact", "2016", 19, 23),)),
    Sentence("It rained.", "not found", ()),
)


def test_each_sentence_has_its_verdict_in_words():
    html = verdicts_html(SENTENCES)
    for words in ("✓ Supported", "✗ Contradicted", "? Not found", "1 supported, 1 contradicted, 1 not found"):
        assert words in html
    assert html.index("Supported") < html.index("Contradicted") < html.index("It rained.")


def test_the_value_that_differs_is_marked_and_named():
    html = verdicts_html(SENTENCES)
    assert 'It was signed in <mark class="differs">2017</mark>.' in html
    assert "Here “2017”, in the article “2016”." in html


def test_a_marker_leads_to_its_quote_and_shows_it():
    assert '<a href="#cite-check-1" title="It was &quot;signed&quot; in 2016.">[1]</a>' in verdicts_html(SENTENCES)


@pytest.mark.parametrize("nasty", ["<script>window.pwned=1</script>", '"><img src=x onerror=window.pwned=1>', "'-x-'"])
def test_nothing_of_the_text_becomes_markup(nasty: str):
    quote = Citation(1, "a", nasty, None, None, nasty, 0, len(nasty), 1.0)
    differing = Difference(nasty, 0, len(nasty), "a", nasty, 0, len(nasty))
    html = verdicts_html([Sentence(nasty, "contradicted", (quote,), (differing,))])
    assert "<script" not in html
    assert "<img" not in html
    assert "<script" not in refusal_html(nasty)


@pytest.mark.parametrize(
    ("text", "words"), [("  \n", "paste a text"), ("x" * (MAX_TEXT_CHARACTERS + 1), f"{MAX_TEXT_CHARACTERS + 1:,} characters")]
)
def test_an_empty_or_too_long_text_is_refused(text: str, words: str):
    with pytest.raises(QuestionError, match=words):
        checked_text(text)


def test_a_text_of_the_full_length_is_taken_as_it_is():
    text = "x" * MAX_TEXT_CHARACTERS
    assert checked_text(text) is text


def test_while_a_text_is_checked_it_says_how_far():
    html = growing_html(SENTENCES[:1], 3)
    assert "Checking sentence 2 of 3…" in html
    assert "✓ Supported" in html
    assert 'class="total"' not in html  # which is spoken


def test_a_check_that_was_stopped_says_so_and_keeps_its_verdicts():
    html = stopped_html(SENTENCES[:2])
    assert "Stopped. 1 supported, 1 contradicted" in html
    assert "✗ Contradicted" in html
    assert '<p class="total">Stopped.</p>' in stopped_html([])

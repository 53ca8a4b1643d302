"""The words of the conversation, and that Markdown shows text exactly as it is."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.errors import IndexingError
from assistant.types import Answer, Citation, Sentence
from assistant.web.wording import (
    answer_markdown,
    confidence_in_words,
    error_in_words,
    in_plain_words,
    plain,
    progress,
    sentences_markdown,
    title_html,
)

CITATION = Citation(1, "a", "T", None, date(2020, 1, 1), 'He said "no"', 0, 12, 1.0)
QUOTED = (Sentence(CITATION.quote, "supported", (CITATION,)),)


def answer(**changes) -> Answer:
    values = {
        "question": "Q?",
        "text": "He said no. [1] So did she. [2]",
        "short_answer": "no",
        "sentences": (Sentence("He said no.", "supported", (CITATION,)), Sentence("So did she.", "supported", (CITATION,))),
        "citations": (CITATION,),
        "evidence": (),
        "abstained": False,
        "reason": None,
        "confidence": 0.95,
        "searched_for": "Q?",
    }
    return Answer(**(values | changes))


def test_the_page_names_its_variables_where_the_command_line_has_options():
    error = IndexingError("The index in '/my --index' cannot be read; or name another folder with --index.")
    assert error_in_words(error) == "The index in '/my --index' cannot be read; or name another folder with ASSISTANT_INDEX."


@example("\ufffe a \x96 b \x01")
@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_plain_keeps_the_words_and_leaves_nothing_that_markdown_reads(text):
    shown = plain(text)
    assert unescape(shown) == " ".join(text.split())
    assert not set("`*_[]<>()!|~$\\\"'") & set(shown)
    assert "\n" not in shown


def test_markers_link_to_their_place_and_show_the_quote_on_hover():
    assert '[&#91;1&#93;](#cite-4-1 "He said &#34;no&#34;")' in answer_markdown(answer(), turn=4)


def test_sentences_alone_say_nothing_of_how_sure_we_are():
    text = sentences_markdown(answer().sentences, 0)
    assert text.startswith("He said no")
    assert "So did she" in text
    assert "confident" not in text
    assert "Very confident" in answer_markdown(answer(), 0)


@pytest.mark.parametrize(
    ("confidence", "words"), [(0.95, "Very confident"), (0.75, "Fairly confident"), (0.55, "Not very confident")]
)
def test_confidence_in_words(confidence, words):
    assert confidence_in_words(answer(confidence=confidence)).startswith(words)


def test_the_reason_counts_sentences_and_articles():
    assert confidence_in_words(answer(sentences=QUOTED)) == "Very confident. 1 sentence, word for word from 1 article."


def test_a_written_answer_says_that_it_was_checked_and_what_was_left_out():
    written = answer(raw_text="…", removed=(Sentence("She sang.", "unsupported", ()),), notice="The model was slow.")
    assert confidence_in_words(written) == (
        "Very confident. 2 sentences, checked against 1 article. 1 sentence left out: not in the articles."
    )
    assert "*The model was slow&#46;*" in answer_markdown(written, 0)


def test_quotes_in_the_place_of_a_chat_model_that_failed_are_said_to_be_quotes():
    fallback = answer(sentences=QUOTED, raw_text="", notice="The chat model said nothing. This is quoted from the articles.")
    assert confidence_in_words(fallback) == "Very confident. 1 sentence, word for word from 1 article."


def test_one_sentence_in_other_words_is_enough_to_call_an_answer_checked():
    reworded = Sentence("He declined.", "supported", (CITATION,))
    assert "2 sentences, checked against 1 article" in confidence_in_words(answer(sentences=(*QUOTED, reworded), raw_text="…"))


def test_the_progress_counts_what_is_searched_and_read():
    assert progress(1204, 10) == "*Searching 1,204 articles · reading 10 passages…*"
    assert progress(1, 1) == "*Searching 1 article · reading 1 passage…*"


def test_the_title_says_when_the_articles_are_not_open_yet():
    assert "Opening the articles" in title_html(None)
    assert "1,204 articles, answered" in title_html(1204)


def test_a_rewritten_question_is_shown():
    assert "Searched for: Who else" in answer_markdown(answer(searched_for="Who else?"), 0)
    assert "Searched for" not in answer_markdown(answer(), 0)


def test_an_unsupported_sentence_says_so():
    sentence = Sentence("He said maybe.", "unsupported", ())
    assert "*(unsupported)*" in answer_markdown(answer(sentences=(sentence,), citations=()), 0)


def test_an_abstention_says_only_that():
    text = answer_markdown(
        answer(abstained=True, text="The articles don't say.", sentences=(), citations=(), short_answer=None), 0
    )
    assert unescape(text) == "The articles don't say."


@pytest.mark.parametrize(
    ("asked", "searched", "plainly"),
    [
        ("and BECA?", "When was BECA (Basic Exchange Agreement) signed?", "When was BECA signed?"),
        ("who welcomed it?", "who welcomed it (India)?", "who welcomed it?"),
        ("and where?", "where (in “The pact (in full): “ten” parts”)", "where"),
        (
            "Was STA (the exception) moved?",
            "Was STA (the exception) moved after BECA (Basic Act)?",
            "Was STA (the exception) moved after BECA?",
        ),
    ],
)
def test_what_was_searched_for_is_edited_without_the_brackets_that_nobody_typed(asked, searched, plainly):
    rewritten = answer(question=asked, searched_for=searched)
    assert in_plain_words(rewritten) == plainly
    assert f'(#edit "Edit: {plain(plainly)}")' in answer_markdown(rewritten, 0)

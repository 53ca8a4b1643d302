from __future__ import annotations

from dataclasses import replace

from assistant.evaluation.chat import chat_measures
from assistant.evaluation.citations import CheckedCitation
from assistant.types import Answer, Citation, Sentence

QUOTE = Citation(1, "rain", "Rain", None, None, "Rain fell.", 0, 10, 1.0)
WRONG = replace(QUOTE, marker=2, quote="Snow fell.")
CHECKED = [CheckedCitation(QUOTE, True, True, True), CheckedCitation(WRONG, False, False, False)]
ANSWER = Answer("Why?", "", None, (), (QUOTE,), (), False, None, 0.9, "Why?")


def test_an_answer_without_a_chat_model_has_none() -> None:
    assert chat_measures(ANSWER, CHECKED) == {}


def test_sentences_are_counted_by_verdict() -> None:
    answer = replace(
        ANSWER,
        sentences=(
            Sentence("It rained.", "supported", (QUOTE,)),
            Sentence("Rain came down.", "corrected", (QUOTE,)),
            Sentence("It snowed.", "supported", (WRONG,)),
            Sentence("It hailed.", "supported", ()),
        ),
        removed=(Sentence("Fish fell.", "unsupported", ()),),
        raw_text="…",
        usage={"requests": 1, "input_tokens": 100, "output_tokens": 20},
        timings_ms={"first_sentence_added": 12.5},
    )
    assert chat_measures(answer, CHECKED) == {
        "chat_written": 1.0,
        "chat_supported": 3.0,
        "chat_corrected": 1.0,
        "chat_removed": 1.0,
        "chat_unsupported_shown": 2.0,
        "chat_input_tokens": 100.0,
        "chat_output_tokens": 20.0,
        "first_sentence_added": 12.5,
    }


def test_quotes_in_the_place_of_a_failed_model_are_not_written() -> None:
    answer = replace(ANSWER, sentences=(Sentence("Rain fell.", "supported", (QUOTE,)),), raw_text="")
    assert chat_measures(answer, CHECKED)["chat_written"] == 0.0

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answering.generative import Reply
from assistant.answering.merging import with_reply
from assistant.types import Answer, Citation, Sentence

QUOTE = "Rain fell in Leeds on 5 March 2024."
CITATION = Citation(1, "rain", "Rain", None, None, QUOTE, 0, len(QUOTE), 1.0)
QUESTION = "When did rain fall in Leeds?"
QUOTED = Answer(
    QUESTION,
    f"{QUOTE} [1]",
    "5 March 2024",
    (Sentence(QUOTE, "supported", (CITATION,)),),
    (CITATION,),
    (),
    False,
    None,
    0.9,
    QUESTION,
    timings_ms={"answer": 20.0, "total": 100.0},
)


class TableScorer:
    """Logits by the sentence that is scored."""

    def __init__(self, logits: dict[str, float]) -> None:
        self._logits = logits

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return np.array([self._logits.get(text.split("\n")[1], 0.0) for _, text in pairs], dtype=np.float32)


def reply(*texts: str, failure: str | None = None) -> Reply:
    return Reply(
        tuple(Sentence(text, "supported", (CITATION,)) for text in texts),
        (Sentence("Fish fell too.", "unsupported", ()),),
        "raw",
        failure,
        {"requests": 1, "input_tokens": 10, "output_tokens": 5},
        {"chat_prompt": 2.0, "chat_model": 300.0, "check": 8.0, "check_first": 3.0},
    )


EVEN = TableScorer({})


def test_the_models_sentences_take_the_place_of_the_quotes() -> None:
    answer = with_reply(QUOTED, reply("It rained in Leeds on 5 March 2024.", "It was wet."), EVEN)
    assert answer.text == "It rained in Leeds on 5 March 2024. [1] It was wet. [1]"
    assert (answer.short_answer, answer.notice, answer.raw_text) == ("5 March 2024", None, "raw")
    assert answer.citations == (CITATION,)
    assert [sentence.text for sentence in answer.removed] == ["Fish fell too."]
    assert answer.usage["output_tokens"] == 5


def test_the_short_answer_is_one_that_is_shown() -> None:
    assert with_reply(QUOTED, reply("It rained in Leeds on March 5, 2024."), EVEN).short_answer == "March 5, 2024"


@pytest.mark.parametrize(
    ("given", "notice"),
    [
        (reply(failure="The chat model said nothing."), "The chat model said nothing. This is quoted from the articles."),
        (reply("It was wet."), "What the chat model wrote does not answer the question. This is quoted from the articles."),
    ],
)
def test_otherwise_the_quotes_stay_and_it_is_said_why(given: Reply, notice: str) -> None:
    answer = with_reply(QUOTED, given, EVEN)
    assert (answer.text, answer.short_answer, answer.sentences) == (QUOTED.text, "5 March 2024", QUOTED.sentences)
    assert answer.notice == notice
    assert answer.raw_text == "raw"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("It rained in Leeds on March 5, 2024.", True),
        ("Rain fell in Leeds in March 2024.", True),
        ("Rain fell in Leeds in the year 2024.", True),
        ("When did rain fall in Leeds?", False),
        ("Rain fell in Leeds one day.", False),
    ],
)
def test_a_reply_must_carry_the_value_that_was_found(text: str, taken: bool) -> None:
    assert (with_reply(QUOTED, reply(text), TableScorer({QUOTE: 1.0})).notice is None) is taken


def test_another_value_is_not_taken_however_well_it_fits() -> None:
    other = "The flood came on 7 May 2023."
    assert with_reply(QUOTED, reply(other), TableScorer({QUOTE: 1.0, other: 9.0})).notice


def test_where_no_words_were_found_to_answer_the_better_fit_is_taken() -> None:
    quoted, other = replace(QUOTED, short_answer=None), "It rained for a day."
    assert with_reply(quoted, reply(other), TableScorer({QUOTE: 6.0, other: 6.0})).notice is None
    assert with_reply(quoted, reply(other), TableScorer({QUOTE: 6.0, other: 5.0})).notice


@pytest.mark.parametrize(("text", "taken"), [("They agreed on the exchange of maps.", True), ("Leeds is a town.", False)])
def test_of_words_half_must_be_carried(text: str, taken: bool) -> None:
    quoted = replace(QUOTED, searched_for="What was agreed?", short_answer="an exchange of maps and charts")
    assert (with_reply(quoted, reply(text), EVEN).notice is None) is taken


@pytest.mark.parametrize(("text", "taken"), [("The Kent River Unit signed.", True), ("The Unit signed.", False)])
def test_all_names_of_the_short_answer_must_be_carried(text: str, taken: bool) -> None:
    quoted = replace(QUOTED, searched_for="Which unit signed?", short_answer="the Kent River Unit")
    assert (with_reply(quoted, reply(text), EVEN).notice is None) is taken


def test_the_time_added_is_told() -> None:
    timings = with_reply(QUOTED, reply("It rained in Leeds on 5 March 2024."), EVEN).timings_ms
    assert timings["first_sentence_added"] == 25.0
    assert timings["total"] == 410.0

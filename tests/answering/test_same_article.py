"""Follow-ups that say too little to be found anywhere, asked of the article that was spoken of."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering.same_article import answers_elsewhere, asked_before, is_better_there, last_question, spoken_of
from assistant.engine import Assistant
from assistant.types import Answer, Citation, SearchFilter, Sentence, Turn


def talk(assistant: Assistant, *questions: str, filter: SearchFilter | None = None) -> Answer:
    """The answer to the last question of a conversation."""
    turns: list[Turn] = []
    for question in questions:
        answer = assistant.ask(question, turns, filter)
        turns += [Turn("user", question), Turn("assistant", answer.text)]
    return answer


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        # Nothing else answers.
        (["Who came from Moscow for the India-Russia 2+2?", "how many rifles were in that contract they signed?"], "600,000"),
        (["Where was the third INDUS-X summit?", "and the second?"], "20 and 21 February 2024"),
        # Another article has an answer, to something else.
        (
            ["When did Rajnath Singh take charge of the defence ministry?", "Who held the post before him?", "first woman ever?"],
            "Ms Sitharaman",
        ),
    ],
)
def test_the_article_spoken_of_answers(shipped: Assistant, questions: list[str], expected: str) -> None:
    answer = talk(shipped, *questions)
    assert expected in answer.text
    assert answer.question == questions[-1]


def test_what_was_searched_for_says_in_which_article(shipped: Assistant) -> None:
    answer = talk(shipped, "Who was the first woman to run the Indian defence ministry?", "and full time?")
    assert answer.searched_for == "full time? (in “Rajnath Singh takes over defence: who held the post before him”)"


def test_what_it_does_not_say_is_not_answered_with_what_was_said_before(shipped: Assistant) -> None:
    answer = talk(shipped, "Do soldiers have to pay for meals under LEMOA?", "Will it rain in Mumbai tomorrow?")
    assert answer.abstained


def test_an_article_that_the_filter_shuts_out_is_not_asked(shipped: Assistant) -> None:
    turns = [
        Turn("user", "Who came from Moscow for the India-Russia 2+2?"),
        Turn("assistant", "Sergey Lavrov and Sergei Shoigu."),
    ]
    assert "600,000" in shipped.ask("how many rifles were in that contract they signed?", turns).text
    before = SearchFilter(published_before=date(2020, 1, 1))
    assert "600,000" not in shipped.ask("how many rifles were in that contract they signed?", turns, before).text


def test_what_was_spoken_of_is_the_last_question_and_what_was_said_to_it() -> None:
    turns = [Turn("user", "A?"), Turn("assistant", "Aa. [1]"), Turn("user", "B?"), Turn("assistant", "Bb. [1][2] Bc. [3]")]
    assert spoken_of(turns) == "B? Bb. Bc."
    assert spoken_of(()) == ""
    assert asked_before(turns) == ["A?", "B?"]
    assert asked_before([Turn("user", "0?"), *turns]) == ["A?", "B?"]
    assert asked_before([Turn("assistant", "Aa.")]) == []
    assert last_question(turns) == 2
    assert last_question([Turn("assistant", "Aa.")]) == 0


def answer(
    article_id: str = "a", text: str = "It is so.", short: str | None = "so", sure: float = 0.8, logit: float = 1.0
) -> Answer:
    """An answer of one sentence; of none where the text is empty."""
    citations = (Citation(1, article_id, "T", None, None, text, 0, len(text), 1.0),) if text else ()
    return Answer(
        question="?",
        text=text,
        short_answer=short,
        sentences=(Sentence(text, "supported", citations),) if text else (),
        citations=citations,
        evidence=(),
        abstained=not text,
        reason=None if text else "no",
        confidence=sure,
        searched_for="?",
        signals={"answerable": logit, "margin": 0.0, "second": 0.0},
    )


NONE = answer(text="", short=None)


SAID = "Was it so? It is said."


@pytest.mark.parametrize(
    ("there", "anywhere", "says_it_again", "is_better"),
    [
        (answer(), NONE, False, True),
        (NONE, NONE, False, False),
        # Another article's answer gives way to a sure one whose logit is higher by one.
        (answer(sure=0.95, logit=2.5), answer("b", logit=1.5), False, True),
        (answer(sure=0.85, logit=2.5), answer("b", logit=1.5), False, False),
        (answer(sure=0.95, logit=2.0), answer("b", logit=1.5), False, False),
        (NONE, answer("b"), False, False),
        # What was said already gives way to any other answer, and to none, unless the same words answer something else.
        (answer(sure=0.6, logit=-1.0), answer(text="It is said."), True, True),
        (NONE, answer("b", text="It is said."), True, True),
        (answer(sure=0.95, logit=2.0), answer(text="It is said."), False, False),
    ],
)
def test_the_better_answer_is_chosen(there: Answer, anywhere: Answer, says_it_again: bool, is_better: bool) -> None:
    assert is_better_there(there, anywhere, SAID, lambda: says_it_again) == is_better


def test_the_article_is_asked_only_where_the_answer_may_be_anothers() -> None:
    assert answers_elsewhere(NONE, "a", "")
    assert answers_elsewhere(answer("b"), "a", "")
    assert not answers_elsewhere(answer("b", sure=0.995), "a", "")
    assert answers_elsewhere(answer("a"), "a", "So? It is so.")
    assert not answers_elsewhere(answer("a"), "a", "So?")

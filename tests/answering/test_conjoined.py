"""Questions that ask two things."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from assistant.answering.conjoined import ask_both, ask_the_first, of_what_was_found, two_questions
from assistant.types import Answer, Citation, Sentence, Turn

Asked = list[tuple[str, str | None]]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who signed BECA, and when?", ("Who signed BECA?", "when?")),
        ("When was the pact signed and who signed it?", ("When was the pact signed?", "who signed it?")),
        ("Which council chose Leeds, and in which year was that?", ("Which council chose Leeds?", "in which year was that?")),
        (
            "How many ships came and how many aircraft were in the drill?",
            ("How many ships came?", "how many aircraft were in the drill?"),
        ),
        ("who makes the engine and where is it built", ("who makes the engine?", "where is it built?")),
        ("When and where was it signed?", None),
        ("What did India and Japan sign?", None),
        ("What did she say about how it works and when it starts?", None),
        ("Did India sign it, and when?", None),
        ("Explain who signed it and when.", None),
        ("Who signed BECA? And when?", None),
        ("Which was signed first, LEMOA or BECA, and when?", ("Which was signed first, LEMOA or BECA?", "when?")),
        ("and who?", None),
        ("", None),
    ],
)
def test_the_two_questions(question: str, parts: tuple[str, str] | None) -> None:
    assert two_questions(question) == parts


@pytest.mark.parametrize(
    ("one", "other", "found", "meant"),
    [
        ("Which council approved it?", "who chairs it?", "Arms Council", "who chairs Arms Council?"),
        ("Which minister went?", "until when was he in office?", "Ann Lee", "until when was Ann Lee in office?"),
        ("Who went?", "what was her office?", "Ann Lee", "what was Ann Lee's office?"),
        ("Who signed BECA?", "what does it cover?", "Ann Lee", None),
        ("When was BECA signed?", "what does it cover?", "27 October 2020", None),
        ("What did she sell?", "when did it sink?", "a boat", None),
        ("Which council approved it?", "in which year?", "Arms Council", None),
        ("Which council approved it?", "who chairs it?", "", None),
    ],
)
def test_a_pronoun_is_what_was_found_first(one: str, other: str, found: str, meant: str | None) -> None:
    assert of_what_was_found(one, other, found) == meant


def knowing(facts: dict[str, tuple[str, float]], asked: Asked) -> Callable[[str, Sequence[Turn], str | None], Answer]:
    """Answers questions by their last word, with a sentence and how sure it is, and keeps what it was asked; else abstains."""

    def ask(question: str, before: Sequence[Turn], likeliest: str | None) -> Answer:
        asked.append((" ".join([*(turn.content for turn in before), question]), likeliest))
        if (word := question.rstrip("?").split()[-1]) not in facts:
            return Answer(question, "The articles don't say.", None, (), (), (), True, "nothing found", 0.1, question)
        quote, sure = facts[word]
        citation = Citation(1, "a", "A", None, None, quote, len(word), len(word) + len(quote), 1.0)
        sentence = Sentence(quote, "supported", (citation,))
        return Answer(question, f"{quote} [1]", quote, (sentence,), (citation,), (), False, None, sure, question)

    return ask


def test_both_answers_are_shown_and_are_as_sure_as_the_less_sure_one() -> None:
    asked: Asked = []
    answer = ask_both(
        "Which ship sank, and where was it built?", knowing({"sank": ("Ariel", 0.8), "built": ("Leeds", 0.9)}, asked)
    )
    assert answer is not None
    assert (answer.text, answer.short_answer, answer.confidence) == ("Ariel [1] Leeds [2]", "Ariel; Leeds", 0.8)
    assert asked == [
        ("Which ship sank?", None),
        ("Which ship sank? Ariel [1] where was it built?", "where was Ariel built?"),
    ]


@pytest.mark.parametrize("known", [["sank"], ["built"], []])
def test_where_one_of_them_has_no_answer_the_whole_is_asked(known: list[str]) -> None:
    facts = {"sank": ("Ariel", 0.8), "built": ("Leeds", 0.9)}
    assert ask_both("Which ship sank, and where was it built?", knowing({k: facts[k] for k in known}, [])) is None


@pytest.mark.parametrize(
    ("known", "answered"),
    [(["sank"], ("Ariel [1]", "The articles don't answer “where was it built?”")), (["built"], None), ([], None)],
)
def test_of_two_questions_the_first_may_be_answered_alone(known: list[str], answered: tuple[str, str] | None) -> None:
    facts = {"sank": ("Ariel", 0.8), "built": ("Leeds", 0.9)}
    answer = ask_the_first("Which ship sank, and where was it built?", knowing({k: facts[k] for k in known}, []))
    assert (answer and (answer.text, answer.notice)) == answered


def test_both_answers_are_not_halved() -> None:
    facts = {"sank": ("Ariel", 0.8), "built": ("Leeds", 0.9)}
    assert ask_the_first("Which ship sank, and where was it built?", knowing(facts, [])) is None


def test_one_question_is_not_asked_in_parts() -> None:
    asked: Asked = []
    assert ask_both("Where was it built?", knowing({"built": ("Leeds", 0.9)}, asked)) is None
    assert asked == []

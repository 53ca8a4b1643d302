"""Questions that ask two things, as "Who signed it, and when?": each is asked, the second as a follow-up of the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answering.comparing import Fact, combined
from assistant.answering.leaning import PRONOUN
from assistant.answering.people import PERSON, fit
from assistant.answering.word_classes import AUXILIARY, PREPOSITION
from assistant.types import Answer, Turn

_BEFORE = rf"(?:{PREPOSITION} |about )?"
_THING = r"(?:who|whose|what|which|how (?:many|much|long|far|often|old|big|large|high))\b(?! and\b) [^?]+"
# A clause may tell when or why; a question has its verb first, or is the word alone.
_CIRCUMSTANCE = rf"(?:when|where|why|how|whom)(?: {AUXILIARY}\b[^?]+)?"
_TWO = re.compile(
    rf"(?P<one>{_BEFORE}(?:who|whom|whose|what|which|when|where|why|how)\b [^?\s]+ [^?]+?),? and"
    rf" (?P<other>{_BEFORE}(?:{_THING}|{_CIRCUMSTANCE}))[?. ]*",
    re.IGNORECASE,
)
_ASKS_WHICH = re.compile(r"(?:which|what)\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"who\b", re.IGNORECASE)

AskInTurn = Callable[[str, Sequence[Turn], str | None], Answer]


def two_questions(question: str) -> tuple[str, str] | None:
    """The two questions; None for any other."""
    found = _TWO.fullmatch(question.strip())
    return (f"{found['one'].strip()}?", f"{found['other'].strip()}?") if found else None


def ask_both(question: str, ask_in_turn: AskInTurn) -> Answer | None:
    """Both answers as one, as sure as the less sure of them; None where the question is of another kind or where one of the two
    has no answer: then it is best asked as a whole.

    `ask_in_turn` answers a question behind the turns before it, and is told how it is likeliest meant, if that is known.
    """
    answers = _in_turn(question, ask_in_turn)
    if len(answers) < 2 or answers[1].abstained:
        return None
    short = "; ".join(dict.fromkeys(answer.short_answer for answer in answers if answer.short_answer))
    return combined(question, [Fact(answer, answer.sentences) for answer in answers], short or None)


def ask_the_first(question: str, ask_in_turn: AskInTurn) -> Answer | None:
    """The answer to the first of two questions, with a notice that the second has none, for where the whole has no answer; None
    where the question is of another kind, or where the first has none either: what the second leans on is not there then."""
    answers = _in_turn(question, ask_in_turn)
    if not (answers and answers[1].abstained):
        return None
    return replace(answers[0], question=question, notice=f"The articles don't answer “{answers[1].question}”")


def _in_turn(question: str, ask_in_turn: AskInTurn) -> list[Answer]:
    """The answers to the two questions, the second as a follow-up; none where the question is of another kind or the first has no
    answer."""
    parts = two_questions(question)
    if parts is None:
        return []
    first = ask_in_turn(parts[0], (), None)
    if first.abstained:
        return []
    meant = of_what_was_found(*parts, first.short_answer or "")
    return [first, ask_in_turn(parts[1], (Turn("user", parts[0]), Turn("assistant", first.text)), meant)]


def of_what_was_found(one: str, other: str, found: str) -> str | None:
    """The second question with what the first one found, if that is a name, in place of a pronoun: of "Which council approved it,
    and who chairs it?" the council; None where its pronoun stands for something else, or it has none."""
    person = PERSON.search(other)
    pronoun = person or PRONOUN.search(other)
    asks = _ASKS_WHICH.match(one) or (person and _ASKS_WHO.match(one))
    if not (pronoun and asks and found[:1].isupper()):
        return None
    return f"{other[: pronoun.start()]}{fit(pronoun, found)}{other[pronoun.end() :]}"

"""What the network sees: (question, passage) and (claim, passage) pairs with their targets, an epoch at a time."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from assistant.training.squad import Question
from assistant.training.tricks import careless, names_of, other_attribute, trick_question, without_answer
from assistant.training.written import Claim

# Shares of the questions, drawn anew each epoch.
_WITH_TITLE = 0.7
_WITH_TRICK = 0.2
_WITH_OTHER_ATTRIBUTE = 0.3
_WITHOUT_ANSWER = 0.15
_WITH_NEGATIVE = 0.9
_CARELESS = 0.08
_LOWER_CASE = 0.12


@dataclass(frozen=True, slots=True)
class Example:
    """A pair and its target: of a question the answer's half-open span in the passage, or None; of a claim whether the passage
    supports it. `title` may be empty."""

    text: str
    title: str
    passage: str
    span: tuple[int, int] | None = None
    supported: bool | None = None


def epoch_examples(
    questions: Sequence[Question],
    negatives: Mapping[str, Sequence[str]],
    seed: int,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> list[Example]:
    """One epoch: each question with its passage, a few typed carelessly or without capitals; some again changed so that it has no
    answer, some with their answer taken out of the passage, some with a passage that doesn't answer, from `negatives`, by
    question id.

    `titles` are those of passages that no question is about: where only the right passages had one, it would give them away.
    """
    chance = random.Random(seed)
    names = names_of(list(dict.fromkeys(q.passage for q in questions)))
    titles = {**titles, **{question.passage: question.title for question in questions}}
    by_subject: dict[str, list[str]] = {}
    for question in questions:
        passages = by_subject.setdefault(question.subject if question.title else question.file, [])
        if not passages or passages[-1] != question.passage:
            passages.append(question.passage)
    examples = []
    for question in questions:
        others = by_subject[question.subject if question.title else question.file]
        with_title = chance.random() < _WITH_TITLE
        title = question.title if with_title else ""
        span = chance.choice(question.answers) if question.answers else None
        text = careless(question.text, chance) if chance.random() < _CARELESS else question.text
        examples.append(Example(text, title, question.passage, span))
        # A rule would change a follow-up's first question, which is not the one to be answered.
        by_rule = bool(question.answers) and not question.is_follow_up
        if by_rule and chance.random() < _WITH_TRICK:
            trick = trick_question(question, names, others, chance)
            if trick:
                examples.append(Example(trick, title, question.passage, None))
        if by_rule and chance.random() < _WITH_OTHER_ATTRIBUTE:
            other = other_attribute(question, chance)
            if other:
                examples.append(Example(other, title, question.passage, None))
        # What is asked of a comment without a title ("What does the poster want?") often has an answer in what is left.
        if question.answers and question.title and chance.random() < _WITHOUT_ANSWER:
            rest = without_answer(question)
            if rest:
                examples.append(Example(question.text, title, rest, None))
        found = negatives.get(question.question_id, ())
        if found and chance.random() < _WITH_NEGATIVE:
            # The first is the hardest; the rest are for variety.
            passage = found[chance.choice([0, 0, *range(len(found))])]
            examples.append(Example(question.text, titles.get(passage, "") if with_title else "", passage, None))
    return [replace(e, text=e.text.lower()) if chance.random() < _LOWER_CASE else e for e in examples]


def claim_examples(claims: Iterable[Claim]) -> list[Example]:
    """The claims, each once."""
    return [Example(claim.text, claim.title, claim.passage, supported=claim.supported) for claim in claims]

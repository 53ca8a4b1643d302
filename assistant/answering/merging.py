"""Chooses between what a chat model wrote and the articles' own sentences."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering.generative import Reply
from assistant.answering.marking import with_markers
from assistant.answering.short_answer import short_answer
from assistant.index.documents import search_text
from assistant.language.lexicon import stem
from assistant.language.terms import missing_terms, question_terms
from assistant.language.values import find_values, says_no_more_than
from assistant.models.reader import Scorer
from assistant.types import Answer, Sentence

_BESIDE_THE_POINT = "What the chat model wrote does not answer the question."


def with_reply(answer: Answer, reply: Reply, scorer: Scorer) -> Answer:
    """The answer in the model's words, or `answer` with a notice that says why not.

    Args:
        answer: made of quotes alone, not an abstention.
        reply: what the model wrote for the same question.
        scorer: tells whether that answers the question about as well as the quotes.
    """
    failure = reply.failure
    if failure is None and not _answers(answer, reply, scorer):
        failure = _BESIDE_THE_POINT
    stages = reply.timings_ms
    # What the reader waits for the first sentence, beyond the search and the model itself.
    added = answer.timings_ms.get("answer", 0.0) + stages.get("chat_prompt", 0.0) + stages.get("check_first", 0.0)
    total = answer.timings_ms.get("total", 0.0) + sum(stages.get(name, 0.0) for name in ("chat_prompt", "chat_model", "check"))
    common = replace(
        answer,
        removed=answer.removed + reply.removed,
        raw_text=reply.raw_text,
        usage=reply.usage,
        timings_ms={**answer.timings_ms, **stages, "first_sentence_added": added, "total": total},
    )
    if failure is not None:
        return replace(common, notice=f"{failure} This is quoted from the articles.")
    citations = {citation.marker: citation for sentence in reply.sentences for citation in sentence.citations}
    return replace(
        common,
        text=with_markers(reply.sentences),
        short_answer=_short(answer, reply),
        sentences=reply.sentences,
        citations=tuple(citations[marker] for marker in sorted(citations)),
    )


def _answers(answer: Answer, reply: Reply, scorer: Scorer) -> bool:
    """Whether the reply carries what the quotes answer with; where that is not known, whether it fits the question as well.

    A model likes to say a question again as if that were an answer, and to give another value than the one asked for.
    """
    if answer.short_answer is not None:
        return _carries(answer.short_answer, " ".join(sentence.text for sentence in reply.sentences))

    def best(sentences: tuple[Sentence, ...]) -> float:
        titled = [search_text(s.citations[0].title, s.text) for s in sentences]
        return float(scorer.score([(answer.searched_for, text) for text in titled]).max())

    return best(reply.sentences) >= best(answer.sentences)


def _carries(short: str, text: str) -> bool:
    """Whether a text has a value of the short answer, or else all its names and half of its words."""
    values = [value for value in find_values(short) if value.kind in {"date", "number", "money"}]
    if values:
        others = find_values(text)
        return any(
            one.kind == other.kind and (says_no_more_than(one, other) or says_no_more_than(other, one))
            for one in values
            for other in others
        )
    terms, missing = question_terms(short), missing_terms(short, text, stem)
    if not terms:
        return short.lower() in text.lower()
    return len(missing) <= len(terms) / 2 and not any(term.is_name for term in missing)


def _short(answer: Answer, reply: Reply) -> str | None:
    """The expression asked for, as the model's sentences have it; the one quoted where they have that."""
    if answer.short_answer and any(answer.short_answer in sentence.text for sentence in reply.sentences):
        return answer.short_answer
    for sentence in reply.sentences:
        if span := short_answer(answer.searched_for, sentence.text):
            return sentence.text[span[0] : span[1]]
    return None

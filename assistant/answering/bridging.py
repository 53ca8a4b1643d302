"""Questions that describe something and then ask about it: it is looked up first, and asked about by its name.

"An arrangement was promised in 2023. Who signed it?" needs two passages, of which the second lacks the words of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.comparing import AskPart, Fact, combined
from assistant.answering.word_classes import PREPOSITION
from assistant.ingestion.sentences import sentence_spans
from assistant.language.names import long_names, may_be_people
from assistant.types import Answer, Sentence

_MOST_NAMES = 4
_CONTENT_WORD = re.compile(r"\w{4,}")
_ASIDE = re.compile(
    rf"(?P<before>(?:the|an?|that|this) [^?:]+?)(?::| [-–—]|—) ?"
    rf"(?P<last>(?:{PREPOSITION} )?(?:who|whose|what|which|when|where|why|how)\b[^?]*\?)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|her)\b", re.IGNORECASE)
_LEANS = re.compile(
    r"\b(?:it|its|he|him|his|she|her|they|them|their|there|then|this|that|those|these|eventually|finally|since then)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Described:
    """What is to be looked up, and what is to be asked about it. `names_it`: the description is a statement, which may name whom
    it is asked about; "the adviser whom Fernandes called on" names another."""

    description: str
    question: str
    names_it: bool = True


def described(question: str) -> Described | None:
    """The two parts of a question that leans on a statement, or on a description with a colon or a dash, before it; None for any
    other."""
    if aside := _ASIDE.fullmatch(question.strip()):
        return Described(aside["before"], aside["last"], names_it=False) if _LEANS.search(aside["last"]) else None
    spans = sentence_spans(question)
    if len(spans) < 2 or not question.rstrip().endswith("?"):
        return None
    before, last = question[: spans[-1][0]].strip(), question[slice(*spans[-1])]
    return Described(before, last) if _LEANS.search(last) and "?" not in before else None


def ask_through(question: str, whole: Answer, look_up: AskPart, ask_part: AskPart) -> Answer | None:
    """Answers a question that describes something first, with the sentence that names it and those that answer.

    `whole` is the answer to the question as it stands; `look_up` gives the best sentences for a description, however unsure;
    `ask_part` answers a plain question or abstains. None where the question is of another kind, where no name leads to an
    answer, or where the answer to the whole is surer.
    """
    parts = described(question)
    if parts and parts.names_it and (named := _by_name(parts)) and not (answer := ask_part(named)).abstained:
        return answer if whole.abstained or answer.confidence >= whole.confidence else None
    found = look_up(parts.description) if parts else None
    best: tuple[float, Sentence, Answer] | None = None
    if parts and found:
        for name, naming in _names(found.sentences, question):
            answer = ask_part(f"{parts.question.rstrip('?. ')} ({name})?")
            new = not answer.abstained and naming.text not in {sentence.text for sentence in answer.sentences}
            if new and (best is None or answer.confidence > best[0]):
                best = answer.confidence, naming, answer
    if found is None or best is None:
        return None
    sure, naming, answer = best
    if not whole.abstained and whole.confidence >= sure:
        return None
    both = combined(question, [Fact(found, (naming,)), Fact(answer, answer.sentences)], answer.short_answer)
    return replace(
        answer,
        text=both.text,
        sentences=both.sentences,
        citations=both.citations,
        evidence=both.evidence,
        timings_ms=both.timings_ms,
    )


def _by_name(parts: Described) -> str | None:
    """The question with the name of the one person of whom the statement before it speaks: "… on Manohar Parrikar. When did he
    die?"; None where it speaks of none, or of several."""
    spoken_of = set(may_be_people(parts.description))
    if len(spoken_of) != 1 or not _PERSON.search(parts.question):
        return None
    (name,) = spoken_of
    return _PERSON.sub(lambda found: f"{name}'s" if found[0].lower() in ("his", "her") else name, parts.question, count=1)


def _names(sentences: Sequence[Sentence], known: str) -> Iterator[tuple[str, Sentence]]:
    """At most four names that the sentences have and `known` hasn't, in their order; countries tell too little. Where some share
    a word with `known`, those alone: "a supply arrangement" is the Security of Supply Arrangement."""
    found: dict[str, Sentence] = {}
    for sentence in sentences:
        for span in long_names(sentence.text):
            written = sentence.text[slice(*span)]
            if written.lower() not in known.lower():
                found.setdefault(written, sentence)
    words = set(_CONTENT_WORD.findall(known.lower()))
    alike = {name: sentence for name, sentence in found.items() if words & set(_CONTENT_WORD.findall(name.lower()))}
    yield from list((alike or found).items())[:_MOST_NAMES]

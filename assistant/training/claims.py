"""True and false claims about passages, made by rules from questions and their answers.

A question and its answer, written by people for a passage, say in other words what the passage says: a true claim. It becomes
false with another value of the passage, with the question changed so that the passage no longer answers it, negated, with its
roles exchanged, with another word; and a question written to look answerable, with the answer it looks to have, is false as is.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import lemminflect

from assistant.index.documents import search_text
from assistant.ingestion.sentences import sentence_spans
from assistant.language.lexicon import stem
from assistant.language.values import Value, find_values
from assistant.training.squad import Question
from assistant.training.statements import statement
from assistant.training.tricks import trick_question

# Shares drawn anew each epoch.
_WITH_TITLE = 0.5
_WITH_NEXT = 0.3  # the sentence after the answer's, too
_OWN_SENTENCE = 0.2  # how often the passage's own sentence is a claim as well
_WORD = re.compile(r"(?<= )[a-z]{4,}\b(?![-'’])")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|must|may)\b(?! not)")
_SYMMETRIC = re.compile(r"\b(?:and|or|between|with|both|met|meet|meets|equal|same|together|like|than|near)\b")
_KINDS = frozenset({"date", "number", "money", "name"})
_LONGEST = 60  # words of a claim


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, what is read beside it, and whether that says so."""

    text: str
    context: str
    is_true: bool


Pool = Mapping[tuple[str, str], Sequence[str]]
_Maker = Callable[[], str | None]


def word_pool(questions: Sequence[Question]) -> Pool:
    """The questions' plain words by their parts of speech and ending."""
    pool: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for question in questions:
        for word in _WORD.findall(question.text):
            pool[_shape(word)].setdefault(word)
    return {shape: list(words) for shape, words in pool.items()}


def claims_of(
    question: Question,
    names: Mapping[str, list[str]],
    others: Sequence[str],
    pool: Pool,
    answers: Sequence[str],
    chance: random.Random,
) -> Iterator[Claim]:
    """The claims that one question gives, new ones at each call; none where no rule can say it as a sentence.

    `names` and `others` are as for `trick_question`; `answers` are those to all questions about the passage.
    """
    spans = question.answers or question.plausible
    if not spans:
        return
    span = chance.choice(spans)
    answer = question.passage[slice(*span)]
    said = statement(question.text, answer)
    context = _context(question, span[0], chance)
    if said is None or len(said.split()) > _LONGEST or context is None:
        return
    yield Claim(said, context, bool(question.answers))
    if not question.answers:
        return
    makers: list[tuple[float, _Maker]] = [
        (5, lambda: _with_other_answer(question, answer, answers, chance)),
        (4, lambda: _of_trick(question, names, others, answer, chance)),
        (2, lambda: not_so(said, chance)),
        (2, lambda: roles_exchanged(said, chance)),
        (3, lambda: word_exchanged(said, context, pool, chance)),
    ]
    for _, make in sorted(makers, key=lambda entry: -entry[0] * chance.random()):
        if (false := make()) and false != said:
            yield Claim(false, context, is_true=False)
            break
    if chance.random() < _OWN_SENTENCE:
        yield from _about_itself(question.passage, span[0], context, pool, chance)
    elif elsewhere := _silent(question, chance):
        yield Claim(said, elsewhere, is_true=False)


def balanced(claims: Iterable[Claim], chance: random.Random) -> list[Claim]:
    """As many true claims as false ones of each tenth of shared words, chosen by chance.

    As made, a claim is the likelier true the more words it shares with its passage, and a network would learn to count them.
    """
    groups: dict[int, tuple[list[Claim], list[Claim]]] = defaultdict(lambda: ([], []))
    for claim in claims:
        groups[int(10 * _shared(claim))][claim.is_true].append(claim)
    return [
        claim
        for _, (false, true) in sorted(groups.items())
        for label in (false, true)
        for claim in chance.sample(label, min(len(false), len(true)))
    ]


def _shared(claim: Claim) -> float:
    """The share of the claim's words that the context has."""
    said = [stem(word) for word in re.findall(r"\w{3,}", claim.text.lower())]
    held = {stem(word) for word in re.findall(r"\w{3,}", claim.context.lower())}
    return sum(word in held for word in said) / max(1, len(said))


def not_so(claim: str, chance: random.Random) -> str | None:
    """The claim denied, in one of the ways that English has; None where it has no auxiliary or is a denial already."""
    if re.search(r"\b(?:not|never|no)\b|n['’]t\b", claim):
        return None
    if (auxiliary := _AUXILIARY.search(claim)) is None:
        return None
    return f"{claim[: auxiliary.end()]} {chance.choice(['not', 'not', 'never', 'no longer'])}{claim[auxiliary.end() :]}"


def roles_exchanged(claim: str, chance: random.Random) -> str | None:
    """The claim with two of its names in each other's place; None where it has no two, or where that may say the same."""
    names = [value for value in find_values(claim) if value.kind == "name"]
    if len(names) < 2 or _SYMMETRIC.search(claim):
        return None
    one, other = sorted(chance.sample(names, 2), key=lambda value: value.start)
    a, b = claim[one.start : one.end], claim[other.start : other.end]
    return claim[: one.start] + b + claim[one.end : other.start] + a + claim[other.end :]


def word_exchanged(claim: str, context: str, pool: Pool, chance: random.Random) -> str | None:
    """The claim with one plain word in whose place stands another that could stand there; None where there is none."""
    words = [m for m in _WORD.finditer(claim) if len(pool.get(_shape(m[0]), ())) > 1]
    if not words:
        return None
    old = chance.choice(words)
    new = chance.choice(pool[_shape(old[0])])
    same = new[:4] == old[0][:4] or new in context.lower()
    return None if same else claim[: old.start()] + new + claim[old.end() :]


def _with_other_answer(question: Question, answer: str, answers: Sequence[str], chance: random.Random) -> str | None:
    """Said of another value of the passage of the same kind, else of the answer to another question about it."""
    kinds = {value.kind for value in find_values(answer)} & _KINDS
    values = [question.passage[v.start : v.end] for v in _values(question.passage) if v.kind in kinds]
    fit = _unlike(values, question) or _unlike(answers, question)
    return statement(question.text, chance.choice(fit)) if fit else None


def _unlike(texts: Sequence[str], question: Question) -> list[str]:
    """Those that share no word with an accepted answer or the question."""
    held = " ".join([question.text, *(question.passage[slice(*span)] for span in question.answers)])
    taken = set(re.findall(r"\w+", held.lower()))
    return [text for text in dict.fromkeys(texts) if not set(re.findall(r"\w+", text.lower())) & taken]


def _of_trick(
    question: Question, names: Mapping[str, list[str]], others: Sequence[str], answer: str, chance: random.Random
) -> str | None:
    trick = trick_question(question, names, others, chance)
    return statement(trick, answer) if trick else None


def _about_itself(passage: str, at: int, context: str, pool: Pool, chance: random.Random) -> Iterator[Claim]:
    """The passage's own sentence, or a false one made of it."""
    start, end = next((s, e) for s, e in sentence_spans(passage) if s <= at < e)
    own = passage[start:end].strip()
    if len(own.split()) > _LONGEST or own not in context:
        return
    if chance.random() < 0.5:
        yield Claim(own, context, is_true=True)
        return
    makers: list[_Maker] = [
        lambda: not_so(own, chance),
        lambda: roles_exchanged(own, chance),
        lambda: word_exchanged(own, context, pool, chance),
        lambda: _value_exchanged(own, passage, chance),
    ]
    chance.shuffle(makers)
    if false := next((found for make in makers if (found := make()) and found != own), None):
        yield Claim(false, context, is_true=False)


def _value_exchanged(sentence: str, passage: str, chance: random.Random) -> str | None:
    own = [value for value in find_values(sentence) if value.kind in _KINDS]
    if not own:
        return None
    old = chance.choice(own)
    fit = [passage[v.start : v.end] for v in _values(passage) if v.kind == old.kind]
    fit = [text for text in fit if text not in sentence]
    return sentence[: old.start] + chance.choice(fit) + sentence[old.end :] if fit else None


def _context(question: Question, at: int, chance: random.Random) -> str | None:
    """The sentence that holds a character with the one before, at times the one after, at times behind the title."""
    spans = sentence_spans(question.passage)
    index = next((i for i, (start, end) in enumerate(spans) if start <= at < end), None)
    if index is None:
        return None
    last = index + 1 + (chance.random() < _WITH_NEXT)
    text = " ".join(question.passage[start:end] for start, end in spans[max(0, index - 1) : last])
    return search_text(question.title, text) if question.title and chance.random() < _WITH_TITLE else text


def _silent(question: Question, chance: random.Random) -> str | None:
    """Two sentences of the passage that hold no accepted answer."""
    spans = sentence_spans(question.passage)
    answers = [question.passage[slice(*span)].lower() for span in question.answers]
    pairs = [question.passage[a:d] for (a, _), (_, d) in pairwise(spans)]
    silent = [pair for pair in pairs if not any(answer in pair.lower() for answer in answers)]
    return chance.choice(silent) if silent else None


@lru_cache(maxsize=8192)
def _values(passage: str) -> tuple[Value, ...]:
    return tuple(find_values(passage))


@lru_cache(maxsize=65536)
def _shape(word: str) -> tuple[str, str]:
    ending = next((end for end in ("ed", "ing", "ly", "s") if word.endswith(end)), "")
    return " ".join(sorted(lemminflect.getAllLemmas(word))), ending

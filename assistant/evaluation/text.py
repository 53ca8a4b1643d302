"""What an accepted answer is, and measures of answer texts: SQuAD's normalisation, exact match and F1, and containment."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MARKER = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted answer: items that must all be given, each of them as its wordings, of which one suffices."""

    items: tuple[tuple[str, ...], ...]

    @property
    def short(self) -> str:
        """The first wording of each item, joined by ", ": what exact match and F1 compare a short answer with."""
        return ", ".join(wordings[0] for wordings in self.items)

    def __str__(self) -> str:
        """In words: "Chinook + Apache (or AH-64E)". An answer of several items never reads like one that is a single text."""
        return " + ".join(f"{first} (or {' or '.join(others)})" if others else first for first, *others in self.items)


def normalise_answer(text: str) -> str:
    """Lower case, without ASCII punctuation, the articles a, an, the, and surplus white space.

    The normalisation of SQuAD's official script (Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of
    Text", EMNLP 2016), step by step: punctuation is deleted, not made a space.
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def strip_markers(text: str) -> str:
    """The text without citation markers such as `[1]` or `[1, 2]`."""
    return MARKER.sub(" ", text)


def contains_answer(text: str, answers: Iterable[Accepted]) -> bool:
    """Whether an accepted answer is in the text: each of its items, in one of its wordings.

    A wording is there if it is a run of whole tokens of a paragraph, both normalised, markers aside: "8" is not in "2018". One
    of which the normalisation leaves nothing is in no text.
    """
    # No wording runs from one paragraph, or passage, into the next: of the line breaks only these are left.
    tokens = "\n".join(f" {normalise_answer(paragraph)} " for paragraph in strip_markers(text).split("\n\n"))
    return any(
        all(any(f" {wording} " in tokens for wording in _normalised(wordings)) for wordings in answer.items) for answer in answers
    )


def exact_match(prediction: str, answers: Sequence[str]) -> float:
    """1 if the prediction equals an accepted answer, both normalised, else 0 (Rajpurkar et al. 2016)."""
    return float(normalise_answer(prediction) in _normalised(answers))


def token_f1(prediction: str, answers: Sequence[str]) -> float:
    """The best F1 in [0, 1] of the bags of normalised tokens over the accepted answers (Rajpurkar et al. 2016)."""
    predicted = normalise_answer(prediction).split()
    return max((_f1(predicted, answer.split()) for answer in _normalised(answers)), default=0.0)


def _normalised(answers: Iterable[str]) -> list[str]:
    # The official script for SQuAD 2.0 also drops accepted answers of which nothing is left, such as ".".
    return [answer for answer in map(normalise_answer, answers) if answer]


def _f1(predicted: list[str], expected: list[str]) -> float:
    shared = (Counter(predicted) & Counter(expected)).total()
    if shared == 0:
        return 0.0
    precision, recall = shared / len(predicted), shared / len(expected)
    return 2 * precision * recall / (precision + recall)

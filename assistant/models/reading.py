"""What one pass over a question, or a claim, and a passage found."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_MAX_ANSWER_TOKENS = 30
_RELEVANCE_WEIGHT = 1.5
_SECOND_WEIGHT = 0.5
# What the small network's opinion counts for among the answer's words. F1 of the best span on five sets set aside, a mean: 0.859
# with 0.7, 0.856 with 1, 0.820 by the reader and 0.838 by the small network alone.
_SECOND_SPANS = 0.7
# The margin where there is no span: a logit lower than any passage gets, and still a number that can be added, weighed and
# written as JSON.
_NO_SPAN = -40.0


@dataclass(frozen=True, slots=True)
class Skim:
    """What the small network made of a question and a passage, in logits.

    relevance: how well the passage fits the question. answerable: that it holds the answer. margin: by how much the best span
    beats "no span answers". reading: the same with the logits of all tokens, where they were kept.
    """

    relevance: float
    answerable: float
    margin: float
    reading: Reading | None = field(default=None, compare=False, repr=False)

    @property
    def score(self) -> float:
        """What passages are ranked by before they are read: that they answer, and then that they fit."""
        return self.certainty + _RELEVANCE_WEIGHT * self.relevance

    @property
    def certainty(self) -> float:
        """As `Reading.certainty`."""
        return self.answerable + self.margin / 2


@dataclass(frozen=True, eq=False)
class Reading:
    """What one pass over (text, passage) found, the text a question or a claim. Offsets count characters of the passage.

    answerable: logit; that the passage holds the answer to the question.
    entailed: logit; that the passage says what the claim says.
    null: the logit of "no span answers".
    skim: what the small network made of the pair, where it was asked.
    offsets: the passage's T tokens, shape (T, 2), half-open; `starts` and `ends`: their logits as first and last of the answer,
        shape (T,).
    spans: the same of both networks together, shape (T,) each, by which the answer's words are chosen: they err on different
        ones. Where the small network wasn't asked, `starts` and `ends` count.
    """

    answerable: float
    entailed: float
    null: float
    offsets: NDArray[np.int64]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    skim: Skim | None = None
    spans: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None

    def beside(self, skim: Skim) -> Reading:
        """The reading with what the small network made of the same pair.

        Its tokens are others: each of this reading's takes the logits of the one that its first, or its last, character is in.
        """
        other = skim.reading
        if other is None or not len(other.starts) or not len(self.starts):
            return dataclasses.replace(self, skim=skim)
        last = len(other.starts) - 1
        first = np.searchsorted(other.offsets[:, 0], self.offsets[:, 0], side="right") - 1
        final = np.searchsorted(other.offsets[:, 1], self.offsets[:, 1], side="left")
        starts = _log_softmax(self.starts) + _SECOND_SPANS * _log_softmax(other.starts)[first.clip(0, last)]
        ends = _log_softmax(self.ends) + _SECOND_SPANS * _log_softmax(other.ends)[final.clip(0, last)]
        return dataclasses.replace(self, skim=skim, spans=(starts, ends))

    def best_span(self, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """The span of at most 30 tokens with the highest sum of logits, within the characters given; ties go to the earlier.

        None where no token lies there.
        """
        found = self._best(*(self.spans or (self.starts, self.ends)), start, end)
        return None if found is None else (int(self.offsets[found[0], 0]), int(self.offsets[found[1], 1]))

    @property
    def certainty(self) -> float:
        """How sure the answer is there: answerability and span margin, which err on different questions."""
        return self.answerable + self.margin / 2

    @property
    def second(self) -> float:
        """How sure the small network is; where it wasn't asked, as sure as this reading."""
        return self.certainty if self.skim is None else self.skim.certainty

    @property
    def score(self) -> float:
        """What passages are ranked by: how sure both networks are, and then how well the passage fits."""
        return self.certainty + _SECOND_WEIGHT * (self.second if self.skim is None else self.skim.score)

    @cached_property
    def margin(self) -> float:
        """By how much the best span beats "no span answers", in logits; -40 for a passage without tokens."""
        found = self._best(self.starts, self.ends, 0, None)
        return _NO_SPAN if found is None else found[2] - self.null

    def mass(self, start: int, end: int) -> float:
        """The probability that the answer, if the passage holds one, begins within the characters given."""
        if not len(self.starts):
            return 0.0
        weights = np.exp(self.starts - self.starts.max())
        inside = (self.offsets[:, 0] >= start) & (self.offsets[:, 0] < end)
        return float(weights[inside].sum() / weights.sum())

    def after(self, start: int) -> Reading:
        """The reading of the passage from a character on, such as what follows a title; offsets count from there."""
        kept = self.offsets[:, 0] >= start
        spans = self.spans and (self.spans[0][kept], self.spans[1][kept])
        offsets = self.offsets[kept] - start
        return dataclasses.replace(self, offsets=offsets, starts=self.starts[kept], ends=self.ends[kept], spans=spans)

    def at(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Reading:
        """The reading of another text, of which the passage is an edited copy: the character that starts a token is the other's
        `starts[i]`, the one before which it ends its `ends[i]`."""
        offsets = np.column_stack([starts[self.offsets[:, 0]], ends[self.offsets[:, 1]]])
        return dataclasses.replace(self, offsets=offsets)

    def _best(
        self, starts: NDArray[np.float32], ends: NDArray[np.float32], start: int, end: int | None
    ) -> tuple[int, int, float] | None:
        inside = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= (np.inf if end is None else end)))
        if not inside.size:
            return None
        first = int(inside[0])
        ends = np.append(ends[inside], np.full(_MAX_ANSWER_TOKENS - 1, -np.inf, dtype=np.float32))
        # A row for each first token: its logit with that of each last token it may have.
        sums = starts[inside][:, None] + np.lib.stride_tricks.sliding_window_view(ends, _MAX_ANSWER_TOKENS)
        at, more = divmod(int(np.argmax(sums)), _MAX_ANSWER_TOKENS)
        return first + at, first + at + more, float(sums[at, more])


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    below = logits - logits.max()
    return np.asarray(below - np.log(np.exp(below).sum()), dtype=np.float32)

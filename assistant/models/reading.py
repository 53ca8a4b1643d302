"""What one pass over a question, or a claim, and a passage found."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_MAX_ANSWER_TOKENS = 30
_RELEVANCE_WEIGHT = 1.5
_SECOND_WEIGHT = 0.5
# The margin where there is no span: a logit lower than any passage gets, and still a number that can be added, weighed and
# written as JSON.
_NO_SPAN = -40.0


@dataclass(frozen=True, slots=True)
class Skim:
    """What the small network made of a question and a passage, in logits.

    relevance: how well the passage fits the question. answerable: that it holds the answer. margin: by how much the best span
    beats "no span answers".
    """

    relevance: float
    answerable: float
    margin: float

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
    """

    answerable: float
    entailed: float
    null: float
    offsets: NDArray[np.int64]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    skim: Skim | None = None

    def best_span(self, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """The span of at most 30 tokens with the highest sum of logits, within the characters given; ties go to the earlier.

        None where no token lies there.
        """
        found = self._best(start, end)
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
        found = self._best(0, None)
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
        return dataclasses.replace(self, offsets=self.offsets[kept] - start, starts=self.starts[kept], ends=self.ends[kept])

    def _best(self, start: int, end: int | None) -> tuple[int, int, float] | None:
        inside = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= (np.inf if end is None else end)))
        if not inside.size:
            return None
        first = int(inside[0])
        ends = np.append(self.ends[inside], np.full(_MAX_ANSWER_TOKENS - 1, -np.inf, dtype=np.float32))
        # A row for each first token: its logit with that of each last token it may have.
        sums = self.starts[inside][:, None] + np.lib.stride_tricks.sliding_window_view(ends, _MAX_ANSWER_TOKENS)
        at, more = divmod(int(np.argmax(sums)), _MAX_ANSWER_TOKENS)
        return first + at, first + at + more, float(sums[at, more])

"""A reader that can be read: it answers by the words that texts share, and finds the words it is told to find."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.models.reading import Reading, Skim


class WordReader:
    """Logits by the share of the text's words that the passage has, on the scale of the packaged reader.

    Asked a question, it is sure that `finds` answers it, where the passage holds those words; else no words answer.
    """

    def __init__(self, finds: str = "") -> None:
        self._finds = finds

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        return [self._reading(text, passage) for text, passage in pairs]

    def skim(self, pairs: Sequence[tuple[str, str]]) -> list[Skim]:
        found = zip(pairs, self.read(pairs), strict=True)
        return [Skim(_shared(text, passage), reading.answerable, reading.margin) for (text, passage), reading in found]

    def skim_follow_ups(self, pairs: Sequence[tuple[str, str]]) -> list[Skim]:
        return self.skim(pairs)

    def entailed(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return np.array([reading.entailed for reading in self.read(pairs)], dtype=np.float32)

    def early_scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return np.array([skim.score for skim in self.skim(pairs)], dtype=np.float32)

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return np.array([_shared(text, passage) for text, passage in pairs], dtype=np.float32)

    def _reading(self, text: str, passage: str) -> Reading:
        at = passage.find(self._finds) if self._finds and text.endswith("?") else -1
        offsets = np.array([[at, at + len(self._finds)]] if at >= 0 else [], dtype=np.int64).reshape(-1, 2)
        logits = np.full(len(offsets), 10, dtype=np.float32)
        entailed = _shared(_bare(text), _bare(passage)) - 0.5  # words in common are no proof
        return Reading(_shared(text, passage), entailed, 0.0, offsets, logits, logits)


def _bare(text: str) -> str:
    return re.sub(r"[^\w\s]", "", text)


def _shared(text: str, passage: str) -> float:
    words = set(text.lower().split())
    return 6 * len(words & set(passage.lower().split())) / max(1, len(words)) - 5

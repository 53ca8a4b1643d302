"""Embedders that can be read: texts are near that share words, or only to themselves."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray


class WordEmbeddings(Embeddings):
    """Each word adds one to one of `size` numbers. `before` is told the number of each batch of documents."""

    def __init__(self, before: Callable[[int], None] = lambda call: None, size: int = 64) -> None:
        self._before = before
        self._size = size
        self._calls = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self._calls += 1
        self._before(self._calls)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.1] * self._size
        for word in text.lower().split():
            vector[zlib.crc32(word.encode()) % self._size] += 1
        return vector


class TextEmbeddings(Embeddings):
    """Each text has a direction of its own."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        numbers = random.Random(text)
        return [numbers.gauss(0, 1) for _ in range(16)]


class WordTokens:
    """A token is a word, and its vector one of 64 axes. `before` is told the number of each batch of passages."""

    def __init__(self, before: Callable[[int], None] = lambda call: None) -> None:
        self._before = before
        self._calls = 0

    def encode_question(self, text: str) -> NDArray[np.float32]:
        return np.eye(64, dtype=np.float32)[[zlib.crc32(word.encode()) % 64 for word in text.lower().split()]]

    def encode_passages(self, texts: Sequence[str]) -> list[NDArray[np.int8]]:
        self._calls += 1
        self._before(self._calls)
        return [(self.encode_question(text) * 127).astype(np.int8) for text in texts]

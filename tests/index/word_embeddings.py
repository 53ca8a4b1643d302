"""An embedder that can be read: texts are near that share words."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from langchain_core.embeddings import Embeddings


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

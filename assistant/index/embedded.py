"""The vector of each passage, in SQLite: what the graph that finds the nearest is made from, and made again from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.index.encoded import EncodedPassages


class EmbeddedPassages(EncodedPassages):
    """Documents with their vectors, in 32-bit floats."""

    def __init__(self, path: Path, embeddings: Embeddings) -> None:
        super().__init__(
            path, lambda texts: [np.array(vector, dtype="<f4").tobytes() for vector in embeddings.embed_documents(texts)]
        )

    def vectors(self, document_ids: Sequence[str]) -> list[Sequence[float] | Sequence[int]]:
        """The vectors of documents that are all held, in the order given."""
        stored = self._encoded(document_ids)
        with self._faults_told():
            return [np.frombuffer(stored[document_id], dtype="<f4").tolist() for document_id in document_ids]

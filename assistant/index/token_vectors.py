"""The vectors of each passage's tokens, in SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.index.encoded import EncodedPassages
from assistant.models.token_encoder import TokenEncoder, similarities


class TokenVectorIndex(EncodedPassages):
    """Documents scored by how well each of a question's tokens finds its like in them."""

    def __init__(self, path: Path, encoder: TokenEncoder) -> None:
        super().__init__(path, lambda texts: [vectors.tobytes() for vectors in encoder.encode_passages(texts)])
        self._encoder = encoder

    def similarities(self, question: str, document_ids: Sequence[str]) -> dict[str, float]:
        """The similarity of the question with each of the documents that there are, by id, at most 1."""
        asked = self._encoder.encode_question(question)
        stored = self._encoded(document_ids)
        with self._faults_told():
            passages = [np.frombuffer(vectors, dtype=np.int8).reshape(-1, asked.shape[1]) for vectors in stored.values()]
        return dict(zip(stored, similarities(asked, passages).tolist(), strict=True))

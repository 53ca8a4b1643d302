"""The vectors of each passage's tokens, in SQLite: bytes by chunk id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.index.documents import SearchDocument
from assistant.index.faults import faults_told
from assistant.models.token_encoder import TokenEncoder, similarities
from assistant.storage import Storage

# A question reads the vectors of some hundred passages: they lie beside their ids, in the order of these.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS passages (
    document_id TEXT PRIMARY KEY, tokens INTEGER NOT NULL, vectors BLOB NOT NULL
) WITHOUT ROWID;
"""
_AT_ONCE = 500  # ids in a query


class TokenVectorIndex:
    """Documents scored by how well each of a question's tokens finds its like in them. Safe to use from several threads.

    All methods raise IndexingError, which names the folder above, when the file cannot be read or written, or is damaged.
    """

    def __init__(self, path: Path, encoder: TokenEncoder) -> None:
        self._encoder = encoder
        self._faults_told = partial(faults_told, path.parent)
        with self._faults_told():
            self._storage = Storage(path, _SCHEMA)

    def close(self) -> None:
        """Closes the file; closing twice does nothing."""
        self._storage.close()

    def count(self) -> int:
        """How many documents there are."""
        with self._faults_told():
            return int(self._storage.rows("SELECT count(*) FROM passages")[0][0])

    def ids(self) -> set[str]:
        """The ids of all documents."""
        with self._faults_told():
            return {found for (found,) in self._storage.rows("SELECT document_id FROM passages")}

    def apply(self, added: Sequence[SearchDocument], removed: Collection[str]) -> None:
        """Removes documents, encodes others and adds them, in one transaction."""
        encoded = self._encoder.encode_passages([document.text for document in added])
        rows = [(document.document_id, len(vectors), vectors.tobytes()) for document, vectors in zip(added, encoded, strict=True)]
        with self._faults_told(), self._storage.transaction() as write:
            write.executemany("DELETE FROM passages WHERE document_id = ?", [(one,) for one in removed])
            write.executemany("INSERT OR REPLACE INTO passages VALUES (?, ?, ?)", rows)

    def similarities(self, question: str, document_ids: Sequence[str]) -> dict[str, float]:
        """The similarity of the question with each of the documents that there are, by id, at most 1."""
        asked = self._encoder.encode_question(question)
        with self._faults_told():
            passages = self._vectors(document_ids)
            found = similarities(asked, list(passages.values()))
        return dict(zip(passages, found.tolist(), strict=True))

    def _vectors(self, document_ids: Sequence[str]) -> dict[str, NDArray[np.int8]]:
        found: dict[str, NDArray[np.int8]] = {}
        for first in range(0, len(document_ids), _AT_ONCE):
            some = document_ids[first : first + _AT_ONCE]
            query = f"SELECT document_id, tokens, vectors FROM passages WHERE document_id IN ({', '.join('?' * len(some))})"
            for one, tokens, stored in self._storage.rows(query, some):
                found[one] = np.frombuffer(stored, dtype=np.int8).reshape(tokens, -1)
        return found

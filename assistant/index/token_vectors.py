"""The vectors of each passage's tokens, in SQLite: bytes by chunk id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from assistant.index.documents import SearchDocument
from assistant.index.faults import faults_told
from assistant.models.token_encoder import TokenEncoder, similarities
from assistant.storage import Storage

_SCHEMA = "CREATE TABLE IF NOT EXISTS passages (document_id TEXT PRIMARY KEY, vectors BLOB NOT NULL) WITHOUT ROWID;"


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
        rows = [(document.document_id, vectors.tobytes()) for document, vectors in zip(added, encoded, strict=True)]
        with self._faults_told(), self._storage.transaction() as write:
            write.executemany("DELETE FROM passages WHERE document_id = ?", [(one,) for one in removed])
            write.executemany("INSERT OR REPLACE INTO passages VALUES (?, ?)", rows)

    def similarities(self, question: str, document_ids: Sequence[str]) -> dict[str, float]:
        """The similarity of the question with each of the documents that there are, by id, at most 1."""
        asked = self._encoder.encode_question(question)
        query = "SELECT document_id, vectors FROM passages WHERE document_id IN ({ids})"
        with self._faults_told():
            stored = dict(self._storage.rows_of(query, document_ids))
            passages = [np.frombuffer(vectors, dtype=np.int8).reshape(-1, asked.shape[1]) for vectors in stored.values()]
        return dict(zip(stored, similarities(asked, passages).tolist(), strict=True))

"""What a network makes of each passage, kept in SQLite as bytes by the passage's id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from assistant.index.documents import SearchDocument
from assistant.index.faults import faults_told
from assistant.storage import Storage

_SCHEMA = "CREATE TABLE IF NOT EXISTS passages (document_id TEXT PRIMARY KEY, vectors BLOB NOT NULL) WITHOUT ROWID;"


class EncodedPassages:
    """Documents with what was made of their texts. Safe to use from several threads; each write is one transaction, so that
    whoever is killed goes on where it stopped.

    All methods raise IndexingError, which names the folder above, when the file cannot be read or written, or is damaged.
    """

    def __init__(self, path: Path, encode: Callable[[list[str]], list[bytes]]) -> None:
        self._encode = encode
        self._faults_told = partial(faults_told, path)
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
        """Removes documents, encodes others and adds them."""
        encoded = self._encode([document.text for document in added]) if added else []
        rows = list(zip([document.document_id for document in added], encoded, strict=True))
        with self._faults_told(), self._storage.transaction() as write:
            write.executemany("DELETE FROM passages WHERE document_id = ?", [(one,) for one in removed])
            write.executemany("INSERT OR REPLACE INTO passages VALUES (?, ?)", rows)

    def _encoded(self, document_ids: Sequence[str]) -> dict[str, bytes]:
        """By id; ids that are not held are left out."""
        with self._faults_told():
            query = "SELECT document_id, vectors FROM passages WHERE document_id IN ({ids})"
            return dict(self._storage.rows_of(query, document_ids))

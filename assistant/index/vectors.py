"""The vectors, in an embedded Chroma through langchain-chroma. Cosine distance; telemetry off."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import Any, ClassVar, NamedTuple, cast

import chromadb
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from assistant.index.documents import UNDATED, SearchDocument, day_number
from assistant.index.faults import faults_told
from assistant.types import SearchFilter

_COLLECTION = "chunks"
_DATABASE = "chroma.sqlite3"
# Measured on 100 questions over 3,136 chunks: 98.9 % of the exact top 50.
_HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 200,
    "max_neighbors": 32,
    "num_threads": 1,
}


class _Chroma(NamedTuple):
    client: Client
    store: Chroma


class _Database:
    """A folder's Chroma, one for all who have the folder open in this process.

    Chroma reads its graph of the vectors once and keeps it for the path until the last client is closed: what another process
    adds is never found, and whoever writes on with the old graph loses it. So the graph is read again when it may be old.
    """

    _held: ClassVar[dict[Path, _Database]] = {}
    _taking: ClassVar[Lock] = Lock()

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._users = 0
        self._lock = RLock()
        self._opened: _Chroma | None = None
        self._version: object = None

    @classmethod
    def take(cls, folder: Path) -> _Database:
        """The folder's own, for one user more; each gives it back."""
        with cls._taking:
            database = cls._held.setdefault(folder, cls(folder))
            database._users += 1
            return database

    def give_back(self) -> None:
        """The last user closes it."""
        with self._taking:
            self._users -= 1
            if not self._users:
                del self._held[self._folder]
                self.close()

    def close(self) -> None:
        """Releases the files and forgets the graph; the next use opens them again."""
        with self._lock:
            if self._opened:
                self._opened.client.close()
            self._opened = None

    @contextmanager
    def used(self, version: object) -> Iterator[_Chroma]:
        """Opened anew where it was opened at another `version`. Nobody closes it meanwhile."""
        with self._lock, faults_told(self._folder.parent, ChromaError):
            if version != self._version:
                self.close()
            if self._opened is None:
                self._opened = _open(self._folder)
                self._version = version
            yield self._opened


class VectorIndex:
    """Documents ranked by the cosine between their vector and the question's. Safe to use from several threads.

    All methods raise IndexingError, which names the folder above, when the files cannot be read or written, or are damaged.
    """

    def __init__(self, folder: Path, embeddings: Embeddings, version: Callable[[], object] = lambda: None) -> None:
        """`version` gives another value whenever another process may have written."""
        self._embeddings = embeddings
        self._version = version
        self._database = _Database.take(folder.resolve())
        self._closed = False
        try:
            with self._used():
                pass
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Releases the files; closing twice does nothing."""
        if not self._closed:
            self._closed = True
            self._database.give_back()

    def read_again(self) -> None:
        """Forgets what was read of the files: to be called before writing, once no other process writes."""
        self._database.close()

    def count(self) -> int:
        """How many documents there are."""
        with self._used() as chroma:
            return chroma.client.get_collection(_COLLECTION).count()

    def ids(self) -> set[str]:
        """The ids of all documents."""
        with self._used() as chroma:
            return set(chroma.store.get(include=[])["ids"])

    def apply(self, added: Sequence[SearchDocument], removed: Collection[str]) -> None:
        """Removes documents, then embeds and adds others."""
        if removed:
            with self._used() as chroma:
                chroma.store.delete(ids=sorted(removed))
        if added:
            texts = [document.text for document in added]
            # Before Chroma is taken: others may search meanwhile.
            vectors: list[Sequence[float] | Sequence[int]] = [*self._embeddings.embed_documents(texts)]
            with self._used() as chroma:
                chroma.client.get_collection(_COLLECTION).upsert(
                    ids=[document.document_id for document in added],
                    embeddings=vectors,
                    documents=texts,
                    metadatas=[
                        {"source": document.source or "", "published": day_number(document.published)} for document in added
                    ],
                )

    def search(
        self, vector: list[float], top_k: int, search_filter: SearchFilter, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids with cosines in [-1, 1], best first, ties by id. The filter applies before the ranking, and so does `among`: ids
        that may be found, or None for all."""
        with self._used() as chroma:
            only: dict[str, Any] = {}
            if among is not None:  # Chroma refuses ids that it doesn't hold
                only["ids"] = chroma.store.get(ids=list(among), include=[])["ids"]
                if not only["ids"]:
                    return []
            hits = chroma.store.similarity_search_by_vector_with_relevance_scores(
                vector, k=top_k, filter=_where(search_filter), **only
            )
        found = [(str(document.id), 1.0 - distance) for document, distance in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def _used(self) -> AbstractContextManager[_Chroma]:
        return self._database.used(self._version())


def _open(folder: Path) -> _Chroma:
    _check_database(folder / _DATABASE)
    client = cast(Client, chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False)))
    try:
        return _Chroma(client, Chroma(_COLLECTION, client=client, collection_configuration={"hnsw": _HNSW}))
    except BaseException:
        client.close()
        raise


def _check_database(path: Path) -> None:
    """Raises sqlite3.DatabaseError for a damaged file: Chroma would keep a half-opened client and fail from then on."""
    if path.exists():
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA schema_version").fetchall()


def _where(search_filter: SearchFilter) -> dict[str, Any] | None:
    conditions: list[dict[str, Any]] = []
    if search_filter.published_after:
        conditions.append({"published": {"$gte": day_number(search_filter.published_after)}})
    if search_filter.published_before:
        conditions.append({"published": {"$lte": day_number(search_filter.published_before)}})
        conditions.append({"published": {"$gt": UNDATED}})
    if search_filter.sources:
        conditions.append({"source": {"$in": list(search_filter.sources)}})
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}

"""The vectors, in an embedded Chroma through langchain-chroma. Cosine distance; telemetry off."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import Any, ClassVar, NamedTuple, cast

import chromadb
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from langchain_chroma import Chroma

from assistant.index.documents import UNDATED, SearchDocument, day_number
from assistant.index.embedded import EmbeddedPassages
from assistant.index.faults import faults_told
from assistant.index.generations import Generations
from assistant.types import SearchFilter

_COLLECTION = "chunks"
_DATABASE = "chroma.sqlite3"
_GRAPH_IDS = "index_metadata.pickle"
_AT_ONCE = 1000
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

    Chroma reads its graph of the vectors once and keeps it for the path until the last client is closed. So another generation
    is another path, opened by whoever next finds that it counts.
    """

    _held: ClassVar[dict[Path, _Database]] = {}
    _taking: ClassVar[Lock] = Lock()

    def __init__(self, root: Path) -> None:
        self.generations = Generations(root, _is_whole)
        self._root = root
        self._users = 0
        self._lock = RLock()
        self._folder: Path | None = None  # the generation that is open
        self._opened: _Chroma | None = None

    @classmethod
    def take(cls, root: Path) -> _Database:
        """The folder's own, for one user more; each gives it back."""
        with cls._taking:
            database = cls._held.setdefault(root, cls(root))
            database._users += 1
            return database

    def give_back(self) -> None:
        """The last user closes it."""
        with self._taking:
            self._users -= 1
            if not self._users:
                del self._held[self._root]
                with self._lock:
                    self._close()

    @contextmanager
    def used(self) -> Iterator[_Chroma | None]:
        """The generation that counts, or None where none does. Nobody closes it meanwhile."""
        with self._lock, faults_told(self._root, ChromaError):
            folder = self.generations.current()
            if folder != self._folder:
                self._close()
            if folder and self._opened is None:
                self._opened, self._folder = _open(folder), folder
            yield self._opened

    def _close(self) -> None:
        if self._opened:
            self._opened.client.close()
        self._opened = self._folder = None


class VectorIndex:
    """Documents ranked by the cosine between their vector and the question's. Safe to use from several threads.

    Chroma writes its graph over the one before, file by file: whatever ends it in that moment leaves neither. So what is open is
    never written to; an update is made in a copy. Where its files are lost or damaged, the index counts as empty.

    All methods raise IndexingError, which names the folder above, when the files cannot be read or written, or are damaged.
    """

    def __init__(self, root: Path, embedded: EmbeddedPassages) -> None:
        """`embedded` holds the vectors of all documents that are added."""
        self._root = root.resolve()
        self._embedded = embedded
        self._database = _Database.take(self._root)
        self._closed = False

    def close(self) -> None:
        """Releases the files; closing twice does nothing."""
        if not self._closed:
            self._closed = True
            self._database.give_back()

    def count(self) -> int:
        """How many documents there are."""
        with self._database.used() as chroma:
            return chroma.client.get_collection(_COLLECTION).count() if chroma else 0

    def ids(self) -> set[str]:
        """The ids of all documents."""
        with self._database.used() as chroma:
            return set(chroma.store.get(include=[])["ids"]) if chroma else set()

    def apply(
        self, added: Sequence[SearchDocument], removed: Collection[str], progress: Callable[[int], None] = lambda done: None
    ) -> None:
        """Removes documents and adds others, at one stroke. `progress` is told how many are added so far."""
        generations = self._database.generations
        with faults_told(self._root, ChromaError):
            before = generations.current()
            folder = generations.begin()
            if before:
                _copy(before, folder)
            chroma = _open(folder)
            with closing(chroma.client):
                if removed:
                    chroma.store.delete(ids=sorted(removed))
                for first in range(0, len(added), _AT_ONCE):
                    self._add(chroma, added[first : first + _AT_ONCE])
                    progress(min(first + _AT_ONCE, len(added)))
            # A graph that was never written out has no ids: it is made from the database, and its files say nothing.
            generations.publish(folder, [file for ids in folder.glob(f"*/{_GRAPH_IDS}") for file in ids.parent.iterdir()])

    def search(
        self, vector: list[float], top_k: int, search_filter: SearchFilter, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids with cosines in [-1, 1], best first, ties by id. The filter applies before the ranking, and so does `among`: ids
        that may be found, or None for all."""
        with self._database.used() as chroma:
            if chroma is None:
                return []
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

    def _add(self, chroma: _Chroma, documents: Sequence[SearchDocument]) -> None:
        ids = [document.document_id for document in documents]
        chroma.client.get_collection(_COLLECTION).upsert(
            ids=ids,
            embeddings=self._embedded.vectors(ids),
            documents=[document.text for document in documents],
            metadatas=[{"source": document.source or "", "published": day_number(document.published)} for document in documents],
        )


def _open(folder: Path) -> _Chroma:
    client = cast(Client, chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False)))
    try:
        return _Chroma(client, Chroma(_COLLECTION, client=client, collection_configuration={"hnsw": _HNSW}))
    except BaseException:
        client.close()
        raise


def _is_whole(generation: Path) -> bool:
    path = generation / _DATABASE
    if not path.is_file():
        return False
    with closing(sqlite3.connect(path)) as connection:
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)])
        except sqlite3.OperationalError:  # it cannot be reached
            raise
        except sqlite3.DatabaseError:
            return False


def _copy(generation: Path, folder: Path) -> None:
    # Chroma writes into its database when it is opened, which somebody may be doing.
    with closing(sqlite3.connect(generation / _DATABASE)) as old, closing(sqlite3.connect(folder / _DATABASE)) as new:
        old.backup(new)
    for path in generation.iterdir():
        if path.is_dir():
            shutil.copytree(path, folder / path.name)


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

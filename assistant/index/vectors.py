"""The vectors, in an embedded Chroma through langchain-chroma. Cosine distance; telemetry off."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import chromadb
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from assistant.index.documents import UNDATED, SearchDocument, day_number
from assistant.types import SearchFilter

__all__ = ["ChromaError", "VectorIndex"]

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


class VectorIndex:
    """Documents ranked by the cosine between their vector and the question's."""

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        _check_database(folder / _DATABASE)
        self._client = cast(Client, chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False)))
        self._store = Chroma(
            collection_name=_COLLECTION,
            client=self._client,
            embedding_function=embeddings,
            collection_configuration={"hnsw": _HNSW},
        )

    def close(self) -> None:
        """Releases the files."""
        self._client.close()

    def count(self) -> int:
        """How many documents there are."""
        return self._client.get_collection(_COLLECTION).count()

    def ids(self) -> set[str]:
        """The ids of all documents."""
        return set(self._store.get(include=[])["ids"])

    def apply(self, added: Sequence[SearchDocument], removed: Collection[str]) -> None:
        """Removes documents, then embeds and adds others."""
        if removed:
            self._store.delete(ids=sorted(removed))
        if added:
            self._store.add_texts(
                [document.text for document in added],
                metadatas=[{"source": document.source or "", "published": day_number(document.published)} for document in added],
                ids=[document.document_id for document in added],
            )

    def search(
        self, vector: list[float], top_k: int, search_filter: SearchFilter, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids with cosines in [-1, 1], best first, ties by id. The filter applies before the ranking, and so does `among`: ids
        that may be found, or None for all."""
        only: dict[str, Any] = {}
        if among is not None:  # Chroma refuses ids that it doesn't hold
            only["ids"] = self._store.get(ids=list(among), include=[])["ids"]
            if not only["ids"]:
                return []
        hits = self._store.similarity_search_by_vector_with_relevance_scores(
            vector, k=top_k, filter=_where(search_filter), **only
        )
        found = [(str(document.id), 1.0 - distance) for document, distance in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))


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

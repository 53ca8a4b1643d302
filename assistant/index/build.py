"""Opens the index of a corpus and brings it up to date, a piece at a time, so that a kill at any moment loses nothing.

The catalog changes in one transaction: it holds the old articles or the new ones. The search indexes follow it by
comparing ids, which come from content, so an interrupted update goes on where it stopped, and a damaged one mends itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings

from assistant.errors import IndexingError, IndexLocked, IndexMismatch
from assistant.index.catalog import Catalog
from assistant.index.documents import SearchDocument, article_document, chunk_document
from assistant.index.lexical import LexicalIndex
from assistant.index.vectors import ChromaError, VectorIndex
from assistant.ingestion.chunking import chunk_article
from assistant.settings import Settings
from assistant.types import Article

# What is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

_CATALOG = "catalog.sqlite"
_SYNC_BATCH = 256


class SearchIndex(Protocol):
    """What all search indexes can do."""

    def ids(self) -> set[str]:
        """The ids of all documents."""
        ...

    def apply(self, added: Sequence[SearchDocument], removed: Collection[str]) -> None:
        """Removes documents and adds others."""
        ...


class Index:
    """An open index: the catalog, and the search indexes over chunks (words, vectors) and over whole articles (words)."""

    def __init__(self, folder: Path, settings: Settings, embeddings: Embeddings) -> None:
        """Opens the folder, or begins an empty index in it.

        Raises:
            IndexMismatch: the folder holds an index that was built with other settings.
            IndexingError: the folder cannot be written, or a file in it is damaged.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexingError(
                f"No index can be kept in {str(folder)!r} ({error.strerror}); name a folder with --index."
            ) from error
        self.folder = folder
        try:
            self.catalog = Catalog(folder / _CATALOG)
            _check_shape(self.catalog, folder, settings)
            self.lexical = LexicalIndex(folder / "lexical")
            self.whole_articles = LexicalIndex(folder / "lexical-articles")
            self.vectors = VectorIndex(folder / "vectors", embeddings)
        except (sqlite3.DatabaseError, ValueError, FileExistsError, ChromaError) as error:
            raise IndexingError(
                f"The index in {str(folder)!r} is damaged ({error}); delete that folder, and the next question builds it again."
            ) from error

    def close(self) -> None:
        """Releases the files."""
        self.catalog.close()
        self.vectors.close()


def index_folder(root: Path, corpus: Path, settings: Settings) -> Path:
    """The folder for this corpus under these settings: `<root>/<corpus name>-<fingerprint>`.

    `root` may also be such a folder itself. The fingerprint covers where the corpus lies seen from `root`, so that two
    corpora never share an index, and moving both together keeps it.
    """
    if (root / _CATALOG).is_file():
        return root
    # resolve() first: the same corpus has one name, however it is reached.
    place = Path(os.path.relpath(corpus.resolve(), root.resolve())).as_posix()
    key = hashlib.sha256(f"{settings.index_fingerprint()}:{place}".encode()).hexdigest()[:12]
    name = re.sub(r"[^A-Za-z0-9]+", "-", corpus.resolve().name).strip("-").lower() or "corpus"
    return root / f"{name}-{key}"


def build_index(
    index: Index,
    articles: Sequence[Article],
    settings: Settings,
    count_tokens: Callable[[str], int],
    progress: Progress,
    lock_timeout_seconds: float = 600,
) -> bool:
    """Makes the index hold exactly these articles; only what changed is chunked and embedded. True if anything changed.

    Raises:
        IndexLocked: another process was writing the index all the time.
    """
    if _is_current(index, articles):
        return False
    lock = FileLock(index.folder / "write.lock", timeout=lock_timeout_seconds)
    try:
        with lock:
            known = index.catalog.content_hashes()
            changed = [article for article in articles if known.get(article.article_id) != article.content_hash()]
            removed = known.keys() - {article.article_id for article in articles}
            if changed or removed:
                chunked = []
                for done, article in enumerate(changed, start=1):
                    chunks = chunk_article(
                        article,
                        count_tokens=count_tokens,
                        chunk_tokens=settings.chunk_tokens,
                        overlap_tokens=settings.chunk_overlap_tokens,
                    )
                    chunked.append((article, chunks))
                    progress("Cutting articles into chunks", done, len(changed))
                index.catalog.replace(chunked, removed)
            revision = index.catalog.revision()
            _sync_chunks(index.catalog, index.lexical, "Indexing words", progress)
            _sync_articles(index.catalog, index.whole_articles, progress)
            _sync_chunks(index.catalog, index.vectors, "Embedding chunks", progress)
            index.catalog.set_fact("synced_revision", str(revision))
    except Timeout as error:
        raise IndexLocked(
            f"Another process has been writing {str(index.folder)!r} for {lock_timeout_seconds:.0f} seconds; "
            "wait for it, or name another folder with --index."
        ) from error
    return True


def _is_current(index: Index, articles: Sequence[Article]) -> bool:
    catalog = index.catalog
    if catalog.fact("synced_revision") != str(catalog.revision()):
        return False
    # A search index that somebody emptied or cut short is behind, whatever the catalog remembers.
    held = (index.whole_articles.count(), index.lexical.count(), index.vectors.count())
    if held != (catalog.counts()[0], catalog.counts()[1], catalog.counts()[1]):
        return False
    return catalog.content_hashes() == {article.article_id: article.content_hash() for article in articles}


def _sync_chunks(catalog: Catalog, index: SearchIndex, task: str, progress: Progress) -> None:
    def documents(chunk_ids: Sequence[str]) -> list[SearchDocument]:
        chunks = catalog.chunks(chunk_ids)
        articles = catalog.articles(sorted({chunk.article_id for chunk in chunks.values()}))
        return [chunk_document(articles[chunk.article_id], chunk) for chunk in chunks.values()]

    _sync(index, catalog.chunk_ids(), documents, task, progress)


def _sync_articles(catalog: Catalog, index: SearchIndex, progress: Progress) -> None:
    ids = catalog.article_ids_by_hash()

    def documents(hashes: Sequence[str]) -> list[SearchDocument]:
        return [article_document(article) for article in catalog.articles([ids[key] for key in hashes]).values()]

    _sync(index, set(ids), documents, "Indexing articles", progress)


def _sync(
    index: SearchIndex,
    wanted: set[str],
    documents: Callable[[Sequence[str]], list[SearchDocument]],
    task: str,
    progress: Progress,
) -> None:
    """Gives the index what the catalog holds and it lacks, and takes away what the catalog no longer holds."""
    present = index.ids()
    if surplus := present - wanted:
        index.apply([], surplus)
    missing = sorted(wanted - present)
    for first in range(0, len(missing), _SYNC_BATCH):
        index.apply(documents(missing[first : first + _SYNC_BATCH]), ())
        progress(task, min(first + _SYNC_BATCH, len(missing)), len(missing))


def _check_shape(catalog: Catalog, folder: Path, settings: Settings) -> None:
    shape = settings.index_shape()
    stored = catalog.fact("shape")
    if stored is None:
        catalog.set_fact("shape", json.dumps(shape, sort_keys=True))
        return
    before = json.loads(stored)
    changes = [f"{name} {before.get(name)!r}, now {shape[name]!r}" for name in shape if before.get(name) != shape[name]]
    if changes:
        catalog.close()
        raise IndexMismatch(
            f"The index in {str(folder)!r} was built with other settings ({'; '.join(changes)}); "
            "set them back, or name another folder with --index."
        )

"""Opens the index of a corpus and brings it up to date, a piece at a time, so that a kill at any moment loses nothing.

The catalog changes in one transaction: it holds the old articles or the new ones. The search indexes follow it by
comparing ids, which come from content, so an interrupted update goes on where it stopped, and a damaged one mends itself.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings

from assistant.errors import IndexingError, IndexLocked, IndexMismatch
from assistant.index.catalog import Catalog
from assistant.index.documents import SearchDocument, article_document, chunk_document
from assistant.index.embedded import EmbeddedPassages
from assistant.index.faults import faults_told, unusable
from assistant.index.lexical import LexicalIndex
from assistant.index.token_vectors import TokenVectorIndex
from assistant.index.vectors import VectorIndex
from assistant.ingestion.chunking import chunk_article
from assistant.models.token_encoder import TokenEncoder, load_token_encoder
from assistant.settings import Settings
from assistant.types import Article

# What is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

_CATALOG, _EMBEDDED, _TOKEN_VECTORS = "catalog.sqlite", "embedded.sqlite", "token-vectors.sqlite"
_LEXICAL, _WHOLE_ARTICLES, _VECTORS = "lexical", "lexical-articles", "vectors"
# The files and folders that an index is made of.
PARTS = (_CATALOG, _LEXICAL, _WHOLE_ARTICLES, _EMBEDDED, _VECTORS, _TOKEN_VECTORS)
_SYNC_BATCH = 256
_NOT_UTF_8 = re.compile(r"[\ud800-\udfff]")  # Python's way to hold such bytes of a name
_LOCK_SECONDS = 600.0
_PROBE = "Which countries signed the agreement, and when?"
# Rounding on another machine takes far less from 1, another model with vectors of the same size far more.
_SAME_MODEL = 0.98


class SearchIndex(Protocol):
    """What all search indexes can do."""

    def ids(self) -> set[str]:
        """The ids of all documents."""
        ...

    def apply(self, added: Sequence[SearchDocument], removed: Collection[str]) -> None:
        """Removes documents and adds others."""
        ...


class Index:
    """An open index: the catalog, the chunks' vectors, and the search indexes over chunks (words, nearest vectors, vectors of
    their tokens) and over whole articles (words)."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        embeddings: Embeddings,
        corpus: Path | None = None,
        token_encoder: TokenEncoder | None = None,
    ) -> None:
        """Opens the folder, or begins an empty index in it. One that was built from another place than `corpus` is refused.

        `token_encoder` is used instead of the packaged one.

        Raises:
            IndexMismatch: the folder holds an index that was built with other settings, with another embedding model, or from
                another corpus.
            IndexLocked: another process was opening the index all the time.
            IndexingError: the folder cannot be written, or a file in it is damaged.
            ModelUnavailable: the packaged token encoder is missing or not the pinned one.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _no_place(folder, error) from error
        self.folder = folder
        # One at a time: of two processes that make the same files at once, one fails. It's another lock than the writer's, so
        # that an index can be opened while it is written.
        with _opening(folder), ExitStack() as opened:
            self.catalog = opened.enter_context(closing(Catalog(folder / _CATALOG)))
            _check_shape(self.catalog, folder, settings)
            if corpus is not None:
                _check_place(self.catalog, folder, corpus)
            self.lexical = LexicalIndex(folder / _LEXICAL)
            self.whole_articles = LexicalIndex(folder / _WHOLE_ARTICLES)
            self.embedded = opened.enter_context(closing(EmbeddedPassages(folder / _EMBEDDED, embeddings)))
            self.vectors = opened.enter_context(closing(VectorIndex(folder / _VECTORS, self.embedded)))
            encoder = token_encoder or load_token_encoder(settings.threads)
            self.token_vectors = opened.enter_context(closing(TokenVectorIndex(folder / _TOKEN_VECTORS, encoder)))
            _check_embeddings(self.catalog, folder, embeddings)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Releases the files; closing twice does nothing."""
        self._opened.close()


def index_folder(root: Path, corpus: Path, settings: Settings) -> Path:
    """The folder for this corpus under these settings: `<root>/<corpus name>-<fingerprint>`.

    `root` may also be such a folder itself. The fingerprint covers where the corpus lies seen from `root`, so that two
    corpora never share an index, and moving both together keeps it.

    Raises:
        IndexingError: `root` cannot be reached.
    """
    if _NOT_UTF_8.search(str(root)):  # Tantivy and Chroma take no other name
        raise _unfit(root, "it is not UTF-8")
    try:
        if (root / _CATALOG).is_file():
            return root
        # resolve() first: the same corpus has one name, however it is reached.
        place = Path(os.path.relpath(corpus.resolve(), root.resolve())).as_posix()
    except (OSError, RuntimeError) as error:  # Python 3.11 and 3.12 raise RuntimeError for a link that leads to itself
        raise _no_place(root, error) from error
    key = hashlib.sha256(f"{settings.index_fingerprint()}:{place}".encode()).hexdigest()[:12]
    name = re.sub(r"[^A-Za-z0-9]+", "-", corpus.resolve().name).strip("-").lower() or "corpus"
    return root / f"{name}-{key}"


def build_index(
    index: Index,
    articles: Sequence[Article],
    settings: Settings,
    count_tokens: Callable[[str], int],
    progress: Progress,
    read_again: Callable[[], Sequence[Article]] | None = None,
    lock_timeout_seconds: float = _LOCK_SECONDS,
) -> bool:
    """Makes the index hold exactly these articles; only what changed is chunked and embedded. True if anything changed.

    `read_again` reads them anew when the index may be written: whoever wrote it until then may have read newer ones.

    Raises:
        IndexLocked: another process was writing the index all the time.
        IndexingError: the index cannot be written, or a file in it is damaged.
    """
    if _is_current(index, articles):
        return False
    with _writing(index.folder, lock_timeout_seconds):
        _write(index, read_again() if read_again else articles, settings, count_tokens, progress)
    return True


@contextmanager
def not_used_meanwhile(folder: Path) -> Iterator[None]:
    """Nobody opens or writes the index in `folder` inside.

    Raises:
        IndexLocked: another process did all the time.
    """
    with _opening(folder), _writing(folder, _LOCK_SECONDS):
        yield


def _no_place(folder: Path, error: Exception) -> IndexingError:
    return _unfit(folder, str(error.strerror if isinstance(error, OSError) else error))


def _opening(folder: Path) -> AbstractContextManager[None]:
    return _locked(folder / "open.lock", "opening", _LOCK_SECONDS)


def _writing(folder: Path, timeout_seconds: float) -> AbstractContextManager[None]:
    return _locked(folder / "write.lock", "writing", timeout_seconds)


def _unfit(folder: Path, why: str) -> IndexingError:
    return IndexingError(f"No index can be kept in {str(folder)!r} ({why}); name a folder with --index.")


@contextmanager
def _locked(file: Path, doing: str, timeout_seconds: float) -> Iterator[None]:
    """Waits until no other process holds the lock; `doing` says what they do meanwhile."""
    lock = FileLock(file, timeout=timeout_seconds)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexLocked(
            f"Another process has been {doing} {str(file.parent)!r} for {timeout_seconds:.0f} seconds; "
            "wait for it, or name another folder with --index."
        ) from error
    except OSError as error:
        raise unusable(file.parent, error) from error
    try:
        yield
    finally:
        lock.release()


def _write(
    index: Index, articles: Sequence[Article], settings: Settings, count_tokens: Callable[[str], int], progress: Progress
) -> None:
    catalog = index.catalog
    known = catalog.content_hashes()
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
        catalog.replace(chunked, removed)
    revision = catalog.revision()
    _sync_chunks(catalog, index.lexical, "Indexing words", progress)
    _sync_articles(catalog, index.whole_articles, progress)
    _sync_chunks(catalog, index.embedded, "Embedding chunks", progress)
    _sync_chunks(catalog, index.token_vectors, "Embedding their words", progress)
    _sync_vectors(catalog, index.vectors, progress)
    catalog.set_fact("synced_revision", str(revision))


def _is_current(index: Index, articles: Sequence[Article]) -> bool:
    catalog = index.catalog
    if catalog.fact("synced_revision") != str(catalog.revision()):
        return False
    # A search index that somebody emptied or cut short is behind, whatever the catalog remembers.
    articles_held, chunks_held = catalog.counts()
    by_chunk = index.lexical, index.embedded, index.token_vectors, index.vectors
    if index.whole_articles.count() != articles_held or any(each.count() != chunks_held for each in by_chunk):
        return False
    return catalog.content_hashes() == {article.article_id: article.content_hash() for article in articles}


def _sync_chunks(catalog: Catalog, index: SearchIndex, task: str, progress: Progress) -> None:
    _sync(index, catalog.chunk_ids(), partial(_chunk_documents, catalog), task, progress)


def _sync_vectors(catalog: Catalog, vectors: VectorIndex, progress: Progress) -> None:
    """All at one stroke: each is a copy of what there is."""
    wanted, present = catalog.chunk_ids(), vectors.ids()
    missing = sorted(wanted - present)
    if wanted != present:
        documents = _chunk_documents(catalog, missing)
        vectors.apply(documents, present - wanted, lambda done: progress("Linking near chunks", done, len(missing)))


def _chunk_documents(catalog: Catalog, chunk_ids: Sequence[str]) -> list[SearchDocument]:
    chunks = catalog.chunks(chunk_ids)
    articles = catalog.articles(sorted({chunk.article_id for chunk in chunks.values()}))
    return [chunk_document(articles[chunk.article_id], chunk) for chunk in chunks.values()]


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
    before = _kept(catalog, folder, "shape")
    if before is None:
        catalog.set_fact("shape", json.dumps(shape, sort_keys=True))
        return
    changes = [f"{name} {before.get(name)!r}, now {shape[name]!r}" for name in shape if before.get(name) != shape[name]]
    if changes:
        raise IndexMismatch(
            f"The index in {str(folder)!r} was built with other settings ({'; '.join(changes)}); "
            "set them back, or name another folder with --index."
        )


def _check_place(catalog: Catalog, folder: Path, corpus: Path) -> None:
    """Either place may be another one: the index alone may have been moved, or the corpus together with it."""
    corpus = corpus.resolve()
    place = {"path": str(corpus), "seen_from_the_index": Path(os.path.relpath(corpus, folder.resolve())).as_posix()}
    before = _kept(catalog, folder, "corpus")
    if before and not before.items() & place.items():
        raise IndexMismatch(
            f"The index in {str(folder)!r} was built from {before['path']!r}, and opening it for {place['path']!r} would remove "
            "those articles from it; give that corpus, or name another folder with --index."
        )
    if before != place:
        catalog.set_fact("corpus", json.dumps(place))


def _check_embeddings(catalog: Catalog, folder: Path, embeddings: Embeddings) -> None:
    """By a question's vector: the packaged model embeds passages with a library that takes seconds to load."""
    vector = [float(number) for number in embeddings.embed_query(_PROBE)]
    before = _kept(catalog, folder, "probe_vector")
    if before is None or catalog.counts() == (0, 0):
        catalog.set_fact("probe_vector", json.dumps(vector))
        return
    if len(vector) != len(before):
        difference = f"vectors of {len(before)} numbers, now {len(vector)}"
    elif (cosine := _cosine(before, vector)) < _SAME_MODEL:
        difference = f"the cosine of its vector and this one's for the same text is {cosine:.2f}"
    else:
        return
    raise IndexMismatch(
        f"The index in {str(folder)!r} was built with another embedding model ({difference}); "
        "use that one, or name another folder with --index."
    )


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True)) / (math.hypot(*one) * math.hypot(*other) or 1.0)


def _kept(catalog: Catalog, folder: Path, name: str) -> Any:
    """A fact that was stored as JSON, or None."""
    stored = catalog.fact(name)
    with faults_told(folder / _CATALOG):
        return None if stored is None else json.loads(stored)

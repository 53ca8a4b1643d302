"""The SQLite catalog: every article and chunk. What it says is the truth; the search indexes are made from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from assistant.index.faults import faults_told
from assistant.storage import Storage
from assistant.types import Article, Chunk

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    article_id TEXT PRIMARY KEY, content_hash TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT, author TEXT, url TEXT, published TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chunks (
    chunk_id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS chunks_by_article ON chunks (article_id, start);
"""
_ARTICLE = "article_id, title, text, source, author, url, published"


class Catalog:
    """One open catalog. Safe to use from several threads; writes are one transaction each.

    All methods raise IndexingError when the file cannot be read or written, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._faults_told = partial(faults_told, path)
        with self._faults_told():
            self._storage = Storage(path, _SCHEMA)

    def close(self) -> None:
        """Closes the file; closing twice does nothing."""
        self._storage.close()

    def fact(self, name: str) -> str | None:
        """A value stored with `set_fact`, such as the settings that the index was built with."""
        row = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return str(row[0][0]) if row else None

    def set_fact(self, name: str, value: str) -> None:
        """Stores one value."""
        with self._transaction() as write:
            write.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def content_hashes(self) -> dict[str, str]:
        """Article id to the hash of what the catalog holds now: a disk may have changed it since it was written."""
        return {article_id: article.content_hash() for article_id, article in self.articles(self.article_ids()).items()}

    def replace(self, articles: Iterable[tuple[Article, Sequence[Chunk]]], removed: Iterable[str]) -> None:
        """In one transaction, puts articles with their chunks in place of what stood under their ids, and removes others.

        The revision grows by one: the search indexes are behind until they reach it.
        """
        with self._transaction() as write:
            write.executemany("DELETE FROM articles WHERE article_id = ?", [(article_id,) for article_id in removed])
            for article, chunks in articles:
                write.execute("DELETE FROM articles WHERE article_id = ?", (article.article_id,))
                write.execute(
                    f"INSERT INTO articles (content_hash, {_ARTICLE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        article.content_hash(),
                        article.article_id,
                        article.title,
                        article.text,
                        article.source,
                        article.author,
                        article.url,
                        article.published.isoformat() if article.published else None,
                    ),
                )
                write.executemany(
                    "INSERT INTO chunks VALUES (?, ?, ?, ?)",
                    [(chunk.chunk_id, chunk.article_id, chunk.start, chunk.end) for chunk in chunks],
                )
            write.execute("INSERT OR REPLACE INTO facts VALUES ('revision', ?)", (str(self.revision() + 1),))

    def revision(self) -> int:
        """How often `replace` was committed."""
        return int(self.fact("revision") or 0)

    def chunk_ids(self) -> set[str]:
        """The ids of all chunks."""
        return {row[0] for row in self._rows("SELECT chunk_id FROM chunks")}

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id, in the order given; ids that the catalog does not hold are left out."""
        found = {}
        # SQLite counts characters as Python does, so the offsets mean the same here.
        for chunk_id, article_id, start, end, text in self._rows_of(
            'SELECT chunk_id, article_id, start, "end", substr(text, start + 1, "end" - start) '
            "FROM chunks JOIN articles USING (article_id) WHERE chunk_id IN ({ids})",
            chunk_ids,
        ):
            found[chunk_id] = Chunk(chunk_id, article_id, text, start, end)
        return {chunk_id: found[chunk_id] for chunk_id in chunk_ids if chunk_id in found}

    def chunk_ids_of(self, article_id: str) -> list[str]:
        """The ids of an article's chunks, in their order."""
        return [row[0] for row in self._rows("SELECT chunk_id FROM chunks WHERE article_id = ? ORDER BY start", [article_id])]

    def beginnings(self, chunk_ids: Sequence[str]) -> dict[str, str]:
        """By chunk id the chunk with which its article begins."""
        query = (
            "SELECT chunk_id, (SELECT other.chunk_id FROM chunks AS other WHERE other.article_id = chunks.article_id"
            " ORDER BY other.start LIMIT 1) FROM chunks WHERE chunk_id IN ({ids})"
        )
        return dict(self._rows_of(query, chunk_ids))

    def published(self, chunk_ids: Sequence[str]) -> dict[str, date]:
        """The days on which the chunks' articles were published, by chunk id, without those of undated articles."""
        query = (
            "SELECT chunk_id, published FROM chunks JOIN articles USING (article_id)"
            " WHERE chunk_id IN ({ids}) AND published IS NOT NULL"
        )
        return {chunk_id: self._day(day) for chunk_id, day in self._rows_of(query, chunk_ids)}

    def article(self, article_id: str) -> Article | None:
        """One article, or None."""
        return self.articles([article_id]).get(article_id)

    def articles(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """Articles by id; ids that the catalog does not hold are left out."""
        found = {}
        for row in self._rows_of(f"SELECT {_ARTICLE} FROM articles WHERE article_id IN ({{ids}})", article_ids):
            article_id, title, text, source, author, url, published = row
            found[article_id] = Article(article_id, title, text, source, author, url, self._day(published) if published else None)
        return found

    def articles_of(self, chunks: Iterable[Chunk]) -> dict[str, Article]:
        """The articles of chunks, by id; without those that were removed or changed since the chunks were read."""
        wanted = list(chunks)
        found = self.articles(sorted({chunk.article_id for chunk in wanted}))
        gone = {c.article_id for c in wanted if c.article_id in found and found[c.article_id].text[c.start : c.end] != c.text}
        return {article_id: article for article_id, article in found.items() if article_id not in gone}

    def article_ids_by_hash(self) -> dict[str, str]:
        """Content hash to article id. A hash covers the id too, so no two articles share one."""
        return {row[0]: row[1] for row in self._rows("SELECT content_hash, article_id FROM articles")}

    def texts(self) -> list[str]:
        """The title and the text of every article, in the order of their ids."""
        return [f"{row[0]}\n{row[1]}" for row in self._rows("SELECT title, text FROM articles ORDER BY article_id")]

    def sources(self) -> list[str]:
        """All outlets, sorted."""
        return [row[0] for row in self._rows("SELECT DISTINCT source FROM articles WHERE source != '' ORDER BY source")]

    def article_ids(self) -> list[str]:
        """All ids, sorted."""
        return [row[0] for row in self._rows("SELECT article_id FROM articles ORDER BY article_id")]

    def counts(self) -> tuple[int, int]:
        """How many articles, and how many chunks."""
        ((articles, chunks),) = self._rows("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM chunks)")
        return articles, chunks

    def date_range(self) -> tuple[date, date] | None:
        """The first and last day on which an article was published; None when no article has a date."""
        ((first, last),) = self._rows("SELECT min(published), max(published) FROM articles")
        return (self._day(first), self._day(last)) if first else None

    def _day(self, stored: str) -> date:
        with self._faults_told():
            return date.fromisoformat(stored)

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._faults_told():
            return self._storage.rows(query, values)

    def _rows_of(self, query: str, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        with self._faults_told():
            return self._storage.rows_of(query, ids)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._faults_told(), self._storage.transaction() as write:
            yield write

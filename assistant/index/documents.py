"""What the search indexes are given to hold: a text to find, and what it may be filtered by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.types import Article, Chunk

UNDATED = 0


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A chunk as it is searched: its article's title stands before its text, because a passage seldom repeats its topic."""

    document_id: str
    text: str
    source: str | None
    published: date | None


def chunk_document(article: Article, chunk: Chunk) -> SearchDocument:
    """The chunk, with the title of its article."""
    return SearchDocument(chunk.chunk_id, search_text(article.title, chunk.text), article.source, article.published)


def article_document(article: Article) -> SearchDocument:
    """The whole article, under its content hash: a changed article is another document."""
    return SearchDocument(article.content_hash(), search_text(article.title, article.text), article.source, article.published)


def search_text(title: str, passage: str) -> str:
    """Title and passage in one text, as the indexes and the reranker read it."""
    return f"{title}\n{passage}"


def day_number(day: date | None) -> int:
    """A date as the number YYYYMMDD, which sorts as the date does; `UNDATED` for None."""
    return day.year * 10_000 + day.month * 100 + day.day if day else UNDATED

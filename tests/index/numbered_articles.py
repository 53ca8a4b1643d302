"""Articles that differ in a number, an index of them, and whether each finds its own chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from word_embeddings import TextEmbeddings, WordTokens

from assistant.index.build import Index
from assistant.settings import load_settings
from assistant.types import Article, SearchFilter


def numbered_articles(count: int) -> list[Article]:
    return [Article(f"a{number:04}", f"Report {number}", f"Rain fell {number} times.") for number in range(count)]


@contextmanager
def opened(folder: Path) -> Iterator[Index]:
    index = Index(folder, load_settings(), TextEmbeddings(), token_encoder=WordTokens())
    try:
        yield index
    finally:
        index.close()


def not_found(index: Index, articles: Sequence[Article]) -> list[str]:
    """The articles whose own text doesn't find their chunk."""

    def nearest(article: Article) -> list[str]:
        vector = TextEmbeddings().embed_query(f"{article.title}\n{article.text}")
        return [chunk_id for chunk_id, _ in index.vectors.search(vector, 1, SearchFilter())]

    return [a.article_id for a in articles if nearest(a) != index.catalog.chunk_ids_of(a.article_id)]

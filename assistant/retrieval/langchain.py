"""The search as a LangChain retriever, for use in chains."""

from __future__ import annotations

from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from assistant.types import Article, ScoredChunk, SearchFilter


class Searcher(Protocol):
    """What the retriever needs of an `Assistant`."""

    def search(self, query: str, top_k: int = ..., filter: SearchFilter | None = ...) -> tuple[ScoredChunk, ...]:
        """Passages, best first."""
        ...

    def article(self, article_id: str) -> Article:
        """One article."""
        ...


class AssistantRetriever(BaseRetriever):
    """Passages as documents: the id is the chunk's, the metadata its article's and its offsets in it."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Any
    k: int = Field(4, ge=1)
    search_filter: SearchFilter | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        searcher: Searcher = self.searcher
        return [
            _document(scored, searcher.article(scored.chunk.article_id))
            for scored in searcher.search(query, top_k=self.k if k is None else k, filter=self.search_filter)
        ]


def _document(scored: ScoredChunk, article: Article) -> Document:
    chunk = scored.chunk
    return Document(
        id=chunk.chunk_id,
        page_content=chunk.text,
        metadata={
            "article_id": article.article_id,
            "title": article.title,
            "source": article.source,
            "author": article.author,
            "url": article.url,
            "published": article.published.isoformat() if article.published else None,
            "start": chunk.start,
            "end": chunk.end,
            "score": scored.score,
        },
    )

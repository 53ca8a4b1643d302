from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from assistant import Assistant, SearchFilter
from assistant.retrieval.langchain import AssistantRetriever

QUESTION = "When was India moved to STA Tier-1?"


class TestRetriever(RetrieversIntegrationTests):
    """LangChain's own suite."""

    @pytest.fixture(autouse=True)
    def use(self, article_index: Assistant) -> None:
        self.assistant = article_index

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return AssistantRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"searcher": self.assistant}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


def test_documents_are_passages_with_their_place_in_the_article(article_index: Assistant) -> None:
    documents = article_index.as_retriever(k=2).invoke(QUESTION)
    assert len(documents) == 2
    assert "30 July 2018" in documents[0].page_content
    for document, scored in zip(documents, article_index.search(QUESTION, top_k=2), strict=True):
        metadata = document.metadata
        article = article_index.article(metadata["article_id"])
        assert document.page_content == article.text[metadata["start"] : metadata["end"]]
        assert document.id == scored.chunk.chunk_id
        assert metadata["score"] == scored.score
        assert (metadata["title"], metadata["published"]) == (article.title, "2025-02-07")


def test_the_filter_is_kept(shipped: Assistant) -> None:
    retriever = shipped.as_retriever(k=3, filter=SearchFilter(published_after=date(2025, 1, 1)))
    found = retriever.invoke(QUESTION)
    assert found
    assert all(document.metadata["published"] >= "2025-01-01" for document in found)


@pytest.mark.parametrize("k", [0, -1])
def test_a_retriever_returns_something(article_index: Assistant, k: int) -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        article_index.as_retriever(k=k)

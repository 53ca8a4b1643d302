"""The questions offered at the start are answered from the articles they name."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.web.examples import EXAMPLES, examples_for


@pytest.mark.parametrize(("question", "article_id"), EXAMPLES)
def test_every_example_is_answered(shipped: Assistant, question: str, article_id: str):
    answer = shipped.ask(question)
    assert not answer.abstained
    assert article_id in {citation.article_id for citation in answer.citations}


def test_an_example_is_offered_only_where_its_article_is_indexed(shipped: Assistant, make_corpus, tmp_path, embeddings, reranker):
    assert examples_for(shipped) == [question for question, _ in EXAMPLES]
    other = make_corpus({"rain.txt": "It rained in Kochi on Monday."})
    with Assistant.open(other, tmp_path / ".index", embeddings=embeddings, reranker=reranker) as assistant:
        assert examples_for(assistant) == []

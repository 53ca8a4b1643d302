"""The questions offered at the start are answered from the articles they name."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.web.examples import AT_ONCE, EXAMPLES, examples_for


@pytest.mark.parametrize(("question", "article_id"), EXAMPLES)
def test_every_example_is_answered(shipped: Assistant, question: str, article_id: str):
    answer = shipped.ask(question)
    assert not answer.abstained
    assert article_id in {citation.article_id for citation in answer.citations}


def test_each_visit_brings_the_next_four_until_all_were_shown(shipped: Assistant):
    shown = [examples_for(shipped.article_ids(), visit) for visit in range(len(EXAMPLES) // AT_ONCE)]
    assert all(len(set(four)) == AT_ONCE for four in shown)
    assert {question for four in shown for question in four} == {question for question, _ in EXAMPLES}
    assert examples_for(shipped.article_ids(), len(shown)) == shown[0]


def test_an_example_is_offered_only_where_its_article_is_indexed():
    assert examples_for(["rain"], 5) == []
    (question, article_id), *_ = EXAMPLES
    assert question in examples_for([article_id, "rain"], 0)

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evaluation.baseline import TutorialChain, beside, run_baseline
from assistant.evaluation.gold import GoldExample
from assistant.evaluation.runner import run_questions
from assistant.types import Article

from .conftest import count_words
from .fakes import EmptySystem, PerfectSystem, WordEmbeddings


def test_the_chain_finds_four_chunks_of_at_most_a_thousand_characters(articles: dict[str, Article]) -> None:
    long = replace(articles["bridge"], text=" ".join(f"Rivet number {n} holds." for n in range(200)))
    chain = TutorialChain(articles | {"bridge": long}, WordEmbeddings(), lambda task, done, total: None)
    found = chain.search("rivet holds")
    assert [article_id for article_id, _ in found] == ["bridge"] * 4
    assert all(len(text) <= 1000 for _, text in found)
    assert chain.search("Night trains to Vask run again")[0][0] == "railway"
    chain.close()


def test_rows_are_those_of_the_answerable_questions(articles: dict[str, Article], examples: list[GoldExample]) -> None:
    rows = run_baseline(articles, examples, WordEmbeddings(), count_words)
    assert [row["id"] for row in rows] == [example.id for example in examples if example.answerable]
    assert all(len(row["passages"]) == 4 for row in rows)
    assert sum(row["measures"]["hits@4"] for row in rows) > 9
    again = run_baseline(articles, examples, WordEmbeddings(), count_words)
    assert [row["passages"] for row in again] == [row["passages"] for row in rows], "a run leaves nothing behind for the next"


def test_ours_stands_beside_it_with_the_ratio(
    articles: dict[str, Article], examples: list[GoldExample], perfect: PerfectSystem
) -> None:
    baseline = run_baseline(articles, examples, WordEmbeddings(), count_words)
    found = beside(run_questions(perfect, examples, articles, count_words), baseline)
    theirs = sum(row["measures"]["hits@1"] for row in baseline) / 13
    assert found["hits@1"] == pytest.approx({"ours": 1.0, "baseline": theirs, "ratio": 1 / theirs})
    assert found["retrieval_ms"]["ours"] == 1.0 + 0.5 + 0.25 + 2.0
    nothing = beside(run_questions(EmptySystem(), examples, articles, count_words), baseline)
    assert nothing["ndcg@4"]["ours"] == 0.0
    assert nothing["retrieval_ms"] == {"ours": None, "baseline": found["retrieval_ms"]["baseline"], "ratio": None}


def test_a_stage_that_was_not_timed_is_never_left_out_of_the_sum(
    articles: dict[str, Article], examples: list[GoldExample], perfect: PerfectSystem
) -> None:
    baseline = run_baseline(articles, examples, WordEmbeddings(), count_words)
    rows = run_questions(perfect, examples, articles, count_words)
    for row in rows:
        row["timings_ms"].pop("lexical", None)
    assert beside(rows, baseline)["retrieval_ms"]["ours"] == 3.5, "one article alone is not searched by words"
    for row in rows:
        row["timings_ms"]["late"] = 0.5
    assert beside(rows, baseline)["retrieval_ms"]["ours"] == 4.0, "late interaction is a part of the search"
    del rows[0]["timings_ms"]["read"]
    with pytest.raises(KeyError, match="read"):
        beside(rows, baseline)

from __future__ import annotations

import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.beir import MEASURES as BEIR_MEASURES
from assistant.evaluation.retrieval import AT_FOUR, MEASURES, all_found, rank_measures

IDS = st.sampled_from("abcdefgh")


def by_hand(ranking: list[str], grades: dict[str, int]) -> dict[str, float]:
    """The same measures, each from its definition."""
    relevant = {article_id for article_id, grade in grades.items() if grade > 0}
    gains = [grades.get(a, 0) if a not in ranking[:i] else 0 for i, a in enumerate(ranking)]
    ideal = sorted(grades.values(), reverse=True)

    def dcg(values: list[int]) -> float:
        return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(values[:10], start=1))

    ranks = [rank for rank, gain in enumerate(gains, start=1) if gain]
    hits = {f"hits@{k}": float(any(rank <= k for rank in ranks)) for k in (1, 3, 5, 10)}
    return hits | {
        "mrr@10": 1 / ranks[0] if ranks and ranks[0] <= 10 else 0.0,
        "ndcg@10": dcg(gains) / dcg(ideal),
        "recall@5": sum(rank <= 5 for rank in ranks) / len(relevant),
    }


def test_an_article_counts_once_at_its_best_passage() -> None:
    found = rank_measures(["x", "a", "a", "a", "b"], {"a": 1, "b": 1})
    ideal = 1 + 1 / math.log2(3)
    assert found == pytest.approx(
        {
            "hits@1": 0.0,
            "hits@3": 1.0,
            "hits@5": 1.0,
            "hits@10": 1.0,
            "mrr@10": 0.5,
            "ndcg@10": (1 / math.log2(3) + 1 / math.log2(6)) / ideal,
            "recall@5": 1.0,
        }
    )


@given(st.lists(IDS, max_size=14), st.dictionaries(IDS, st.integers(1, 3), min_size=1))
def test_measures_are_those_of_the_definitions(ranking: list[str], grades: dict[str, int]) -> None:
    assert rank_measures(ranking, grades) == pytest.approx(by_hand(ranking, grades), abs=1e-9)


@given(st.permutations("abcdefgh"), st.dictionaries(IDS, st.integers(0, 3), min_size=1))
def test_measures_are_those_of_the_library_where_no_article_repeats(ranking: list[str], grades: dict[str, int]) -> None:
    judgements = [ir_measures.Qrel("1", article_id, grade) for article_id, grade in grades.items()]
    run = [ir_measures.ScoredDoc("1", article_id, 100.0 - rank) for rank, article_id in enumerate(ranking)]
    for measures in (MEASURES, AT_FOUR, BEIR_MEASURES):
        expected = ir_measures.calc_aggregate(list(measures.values()), judgements, run)
        found = rank_measures(ranking, grades, measures)
        assert found == pytest.approx({name: expected[measure] for name, measure in measures.items()}, abs=1e-12)


def test_average_precision_by_hand() -> None:
    # Relevant at ranks 1 and 3, a third one not ranked: (1/1 + 2/3 + 0) / 3.
    found = rank_measures(["a", "x", "b"], {"a": 1, "b": 2, "c": 1}, BEIR_MEASURES)
    assert found["ap"] == pytest.approx((1 + 2 / 3) / 3)
    assert found["recall@100"] == pytest.approx(2 / 3)


def test_an_empty_ranking_has_found_nothing() -> None:
    assert set(rank_measures([], {"a": 1}).values()) == {0.0}


def test_all_evidence_means_all_of_it() -> None:
    assert all_found(["a", "x", "b"], {"a", "b"}, 3) == 1.0
    assert all_found(["a", "x", "b"], {"a", "b"}, 2) == 0.0

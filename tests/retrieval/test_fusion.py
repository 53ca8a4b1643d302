from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.fusion import reciprocal_rank_fusion

ranking = st.lists(st.sampled_from("abcdefgh"), unique=True)
rankings = st.lists(ranking, max_size=5)


def test_an_example_by_hand() -> None:
    fused = reciprocal_rank_fusion([["a", "b", "c"], ["c", "d"]], k=60)
    assert fused == [
        ("c", pytest.approx(1 / 63 + 1 / 61)),
        ("a", pytest.approx(1 / 61)),
        ("b", pytest.approx(1 / 62)),
        ("d", pytest.approx(1 / 62)),
    ]


def test_weights_by_hand() -> None:
    fused = reciprocal_rank_fusion([["a", "b"], ["b", "a"]], k=1, weights=[1, 3])
    assert fused == [("b", pytest.approx(1 / 3 + 3 / 2)), ("a", pytest.approx(1 / 2 + 3 / 3))]


def test_an_id_that_a_ranking_repeats_counts_once_at_its_best_rank() -> None:
    assert reciprocal_rank_fusion([["a", "a", "b"]]) == reciprocal_rank_fusion([["a", "b"]])


def test_nothing_gives_nothing() -> None:
    assert reciprocal_rank_fusion([]) == reciprocal_rank_fusion([[], []]) == []


@pytest.mark.parametrize("weights", [[1.0], [1.0, 1.0, 1.0]])
def test_one_weight_for_each_ranking(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="zip"):
        reciprocal_rank_fusion([["a"], ["b"]], weights=weights)


@given(rankings, st.integers(1, 100))
def test_every_score_is_the_sum_of_reciprocal_ranks(lists: list[list[str]], k: int) -> None:
    fused = dict(reciprocal_rank_fusion(lists, k=k))
    assert fused.keys() == {item for found in lists for item in found}
    for item, score in fused.items():
        exact = sum((Fraction(1, k + found.index(item) + 1) for found in lists if item in found), Fraction(0))
        assert math.isclose(score, exact)


@given(rankings)
def test_best_first_and_ties_by_id(lists: list[list[str]]) -> None:
    fused = reciprocal_rank_fusion(lists)
    assert fused == sorted(fused, key=lambda entry: (-entry[1], entry[0]))


@given(st.lists(ranking, max_size=2).flatmap(lambda lists: st.tuples(st.just(lists), st.permutations(lists))))
def test_the_order_of_two_rankings_of_equal_weight_does_not_matter(lists: tuple[list[list[str]], list[list[str]]]) -> None:
    one, other = lists
    assert reciprocal_rank_fusion(one) == reciprocal_rank_fusion(other)


@given(rankings.flatmap(lambda lists: st.tuples(st.just(lists), st.permutations(lists))))
def test_nor_does_the_order_of_many(lists: tuple[list[list[str]], list[list[str]]]) -> None:
    one, other = (dict(reciprocal_rank_fusion(order)) for order in lists)
    assert one == pytest.approx(other)


@given(ranking, st.floats(0.1, 10))
def test_one_ranking_keeps_its_order(found: list[str], weight: float) -> None:
    assert [item for item, _ in reciprocal_rank_fusion([found], weights=[weight])] == found

"""Merges rankings."""

from __future__ import annotations

from collections.abc import Sequence


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[str]], *, k: int = 60, weights: Sequence[float] | None = None
) -> list[tuple[str, float]]:
    """Every id with the sum of `weight / (k + rank)` over the rankings that hold it, best first, ties by id.

    Ranks count from 1; an id that a ranking repeats counts once, at its best rank. Cormack, Clarke and Büttcher, "Reciprocal
    rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009.

    Raises:
        ValueError: there is not one weight for each ranking.
    """
    scores: dict[str, float] = {}
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, item in enumerate(dict.fromkeys(ranking), start=1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))

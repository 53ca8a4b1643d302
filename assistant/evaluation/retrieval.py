"""Measures of one question's ranking, by ir-measures (MacAvaney et al., "Streamlining Evaluation with ir-measures", ECIR 2022).

A rank is the rank of a passage, for passages are what is read. The first passage of an article stands for the article;
further passages of the same article keep their ranks and count as not relevant, so that nothing is found twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import ir_measures
from ir_measures import RR, R, Success, nDCG
from ir_measures.measures import Measure

MEASURES: Mapping[str, Measure] = {
    "hits@1": Success @ 1,
    "hits@3": Success @ 3,
    "hits@5": Success @ 5,
    "hits@10": Success @ 10,
    "mrr@10": RR @ 10,
    "ndcg@10": nDCG @ 10,
    "recall@5": R @ 5,
}
# What is left to compare with a chain that reads four passages and no more.
AT_FOUR: Mapping[str, Measure] = {
    "hits@1": Success @ 1,
    "hits@3": Success @ 3,
    "hits@4": Success @ 4,
    "mrr@4": RR @ 4,
    "ndcg@4": nDCG @ 4,
    "recall@4": R @ 4,
}


def rank_measures(
    article_ids: Sequence[str], grades: Mapping[str, int], measures: Mapping[str, Measure] = MEASURES
) -> dict[str, float]:
    """The measures by name, of the article ids of the passages, best first; an article is relevant with a grade above 0.

    Hits@k is 1 if one of the first k is relevant, else 0. RR@k is the reciprocal of the first relevant rank up to k, else 0;
    its mean is MRR@k. R@k is the share of the relevant articles among the first k. nDCG@k has the grade as gain and
    log2(rank + 1) as discount, its ideal being the articles by grade (Järvelin and Kekäläinen, "Cumulated gain-based
    evaluation of IR techniques", ACM TOIS 2002). AP is the mean over the relevant articles of the precision at their ranks,
    0 for those that are not ranked.
    """
    judgements = [ir_measures.Qrel("q", f"article:{article_id}", grade) for article_id, grade in sorted(grades.items())]
    seen: set[str] = set()
    run = []
    for rank, article_id in enumerate(article_ids, start=1):
        document = f"repeated:{rank}" if article_id in seen else f"article:{article_id}"
        seen.add(article_id)
        run.append(ir_measures.ScoredDoc("q", document, -float(rank)))
    names = {str(measure): name for name, measure in measures.items()}
    found = {names[str(m.measure)]: float(m.value) for m in ir_measures.iter_calc(list(measures.values()), judgements, run)}
    return {name: found[name] for name in measures}


def all_found(article_ids: Sequence[str], relevant: Set[str], k: int) -> float:
    """1 if every relevant article has a passage among the first k, else 0."""
    return float(relevant <= set(article_ids[:k]))

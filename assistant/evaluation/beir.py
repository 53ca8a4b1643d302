"""Retrieval alone, on any folder in BEIR's format: corpus.jsonl, queries.jsonl and qrels/.

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models", NeurIPS 2021.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from ir_measures import AP, R, nDCG
from ir_measures.measures import Measure

from assistant.errors import AssistantError, GoldFormatError
from assistant.evaluation.aggregate import Estimate
from assistant.evaluation.bootstrap import RESAMPLES, SEED, Floats, percentile_intervals, resample
from assistant.evaluation.json_lines import numbered_lines, records
from assistant.evaluation.retrieval import rank_measures
from assistant.evaluation.runner import Progress

DEPTH = 100
# The measures keep a number for every grade up to the highest.
_GRADE = re.compile(r"-?[0-9]{1,6}")
MEASURES: Mapping[str, Measure] = {"ndcg@10": nDCG @ 10, "ap": AP, "recall@10": R @ 10, "recall@100": R @ 100}
AGGREGATES = (*MEASURES, "queries_per_second")
_SHOWN = 200  # characters of a wrong line
# Best first, at most as many as asked for.
Ranker = Callable[[str, int], Sequence[tuple[str, float]]]


class BeirRow(TypedDict):
    """One query: the ids of the first 100 articles, milliseconds, measures by name; `error` says why there are no articles."""

    id: str
    query: str
    error: str | None
    ranked: list[str]
    elapsed_ms: float
    measures: dict[str, float]


def beir_files(folder: Path) -> list[Path]:
    """The files that are read: corpus.jsonl, queries.jsonl, and of qrels/ test.tsv, or where there is none every `.tsv` file.

    Raises:
        GoldFormatError: one of the three parts is missing.
    """
    texts, judgements = [folder / "corpus.jsonl", folder / "queries.jsonl"], _judgement_files(folder)
    missing = [path.name for path in texts if not os.path.isfile(path)] + ([] if judgements else ["qrels/test.tsv"])
    if missing:
        raise GoldFormatError(
            f"No {', no '.join(missing)} in {str(folder)!r}; a folder in BEIR's format has corpus.jsonl, queries.jsonl and "
            "qrels/test.tsv."
        )
    return [*texts, *judgements]


def load_queries(folder: Path) -> dict[str, str]:
    """Query texts by id.

    Raises:
        GoldFormatError: a line is wrong; the message names the file and the line.
    """
    queries: dict[str, str] = {}
    for place, record in records(folder / "queries.jsonl"):
        if not isinstance(record.get("_id"), str) or not isinstance(record.get("text"), str):
            raise GoldFormatError(f"{place}: a query is an object with the texts '_id' and 'text'.")
        queries[record["_id"]] = record["text"]
    return queries


def load_judgements(folder: Path) -> dict[str, dict[str, int]]:
    """Grades by query id and article id: of qrels/test.tsv, or where there is none of all files of qrels/ together.

    Raises:
        GoldFormatError: there is none, or a line is wrong; the message names the file and the line.
    """
    judgements: dict[str, dict[str, int]] = {}
    for path in _judgement_files(folder):
        for number, (place, line) in enumerate(numbered_lines(path)):
            fields = line.split("\t")
            if number == 0 and fields[-1].strip() == "score":
                continue
            if len(fields) != 3 or not _GRADE.fullmatch(fields[2].strip()):
                raise GoldFormatError(
                    f"{place}: found {line[:_SHOWN]!r}; write query id, article id and grade, a whole number of at most six "
                    "digits, between tabs."
                )
            judgements.setdefault(fields[0], {})[fields[1]] = int(fields[2])
    if not judgements:
        raise GoldFormatError(f"No judgements in {str(folder / 'qrels')!r}; a folder in BEIR's format has qrels/test.tsv.")
    return judgements


def rank_queries(
    rank: Ranker,
    queries: Mapping[str, str],
    judgements: Mapping[str, Mapping[str, int]],
    progress: Progress = lambda task, done, total: None,
) -> list[BeirRow]:
    """One row for each judged query, in the order of their ids; one that fails has found nothing.

    Raises:
        GoldFormatError: a judged query has no text.
    """
    if missing := sorted(judgements.keys() - queries.keys()):
        raise GoldFormatError(
            f"queries.jsonl has no query {missing[0]!r}, which qrels/ judges; add it, or remove its judgements."
        )
    rows: list[BeirRow] = []
    for query_id in sorted(judgements):
        began = time.perf_counter()
        ranked, failure = _rank(rank, queries[query_id])
        elapsed_ms = (time.perf_counter() - began) * 1000
        rows.append(
            {
                "id": query_id,
                "query": queries[query_id],
                "error": failure,
                "ranked": ranked,
                "elapsed_ms": elapsed_ms,
                "measures": rank_measures(ranked, judgements[query_id], MEASURES),
            }
        )
        progress("Ranking articles", len(rows), len(judgements))
    return rows


def aggregate_queries(rows: Sequence[BeirRow], resamples: int = RESAMPLES, seed: int = SEED) -> dict[str, Estimate]:
    """Means with 95 % intervals from a bootstrap over queries, and queries a second; from the rows alone.

    AP counts the first 100 articles. Queries a second is their number divided by the time of all of them, one after another.
    """
    names = list(MEASURES)
    values = np.array([[row["measures"][name] for name in names] for row in rows], dtype=np.float64)
    seconds = np.array([row["elapsed_ms"] / 1000 for row in rows], dtype=np.float64)

    def statistics(weights: Floats) -> Floats:
        total = weights.sum(axis=1)
        return np.concatenate([weights @ values / total[:, None], (total / (weights @ seconds))[:, None]], axis=1)

    points = statistics(np.ones((1, len(rows))))[0]
    intervals = percentile_intervals(resample([row["id"] for row in rows], statistics, resamples, seed))
    found: dict[str, Estimate] = {}
    for name, value, interval in zip(AGGREGATES, points, intervals, strict=True):
        low, high = interval or (None, None)
        found[name] = {"value": float(value), "low": low, "high": high, "n": len(rows)}
    return found


def _judgement_files(folder: Path) -> list[Path]:
    qrels = folder / "qrels"
    files = sorted(qrels.glob("*.tsv")) if os.path.isdir(qrels) else []
    return [path for path in files if path.name == "test.tsv"] or files


def _rank(rank: Ranker, query: str) -> tuple[list[str], str | None]:
    try:
        return [article_id for article_id, _ in rank(query, DEPTH)], None
    except (AssistantError, TimeoutError) as error:
        return [], f"{type(error).__name__}: {error}"

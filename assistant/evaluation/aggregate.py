"""From rows to the numbers of the report, with 95 % intervals. Nothing but the rows is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np

from assistant.evaluation import statistics as stats
from assistant.evaluation.bootstrap import RESAMPLES, SEED, Floats, percentile_intervals, resample
from assistant.evaluation.catalogue import MEASURES, QUESTION_MEASURES, TAG_MEASURES
from assistant.evaluation.rows import Row


class Estimate(TypedDict):
    """A measure: its value, the 95 % interval, and how many rows it applies to. None where there is nothing to measure."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class Spread(TypedDict):
    """Median and 95th percentile (linear interpolation)."""

    median: float
    p95: float


class Aggregates(TypedDict):
    """All numbers of a report. Timings in milliseconds by stage, over the rows that have the stage; tokens by text."""

    counts: dict[str, int]
    measures: dict[str, Estimate]
    by_tag: dict[str, dict[str, Estimate]]
    timings_ms: dict[str, Spread]
    tokens: dict[str, Spread]


class Columns:
    """The rows as columns: every measure of a weighting of the rows, all measures and many weightings at a time.

    Attributes:
        names: (tag, measure) of each statistic; the tag "" is the whole set.
        clusters: what the bootstrap draws together, by row.
        counts: how many rows each statistic applies to.
        confidence: of each row, a failure having the worst there is (`confidence_of`).
        right: whether the answer is right if the question is taken as answered, as in selective classification where every
            question has an answer and confidence decides which are given: the question is answerable and the answer given
            contains an accepted one. An unanswerable question is never right so, at whatever confidence, and neither is an
            abstention on an answerable one, for nobody has seen its answer; only their confidence counts.
        answerable, answered: what they say, by row; a failure is not answered.
    """

    def __init__(self, rows: Sequence[Row], tags: Sequence[str] = ()) -> None:
        """Rows are taken in the order of their ids, so that the order in which they came never matters."""
        rows = sorted(rows, key=lambda row: row["id"])
        self.clusters = [row["cluster"] for row in rows]
        self.confidence = np.array([confidence_of(row) for row in rows], dtype=np.float64)
        self.answerable = np.array([row["answerable"] for row in rows], dtype=np.bool_)
        self.right = np.array([row["measures"]["containment"] == 1.0 for row in rows], dtype=np.bool_)
        self.answered = np.array([not row["abstained"] and row["error"] is None for row in rows], dtype=np.bool_)
        keys = [("", name) for name in QUESTION_MEASURES] + [(tag, name) for tag in tags for name in TAG_MEASURES]
        column = {name: np.array([row["measures"].get(name) for row in rows], dtype=np.float64) for name in QUESTION_MEASURES}
        tagged = {tag: np.array([tag in row["tags"] for row in rows], dtype=np.bool_) for tag in tags}
        values = np.stack([np.where(tagged[tag], column[name], np.nan) if tag else column[name] for tag, name in keys], axis=1)
        self._applies = (~np.isnan(values)).astype(np.float64)
        self._values = np.nan_to_num(values)
        self._totals = np.array([MEASURES[name].kind == "total" for _, name in keys])
        everyone, answered = len(rows), int(self.answered.sum())
        self.names = keys + [("", name) for name in ("auroc", "aurc", "coverage@95", "ece", "ece_answered")]
        self.counts = [int(n) for n in self._applies.sum(axis=0)] + [everyone] * 4 + [answered]

    def evaluate(self, weights: Floats) -> Floats:
        """The statistics in the order of `names`; weights have shape (samples, rows), the result (samples, statistics)."""
        sums, counts = weights @ self._values, weights @ self._applies
        means = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
        answered = weights * self.answered
        by_confidence = [
            stats.auroc(weights, self.confidence, self.answerable),
            stats.aurc(weights, self.confidence, self.right),
            stats.coverage_at_accuracy(weights, self.confidence, self.right),
            stats.calibration_error(weights, self.confidence, self.answerable),
            stats.calibration_error(answered, self.confidence, self.right),
        ]
        return np.concatenate([np.where(self._totals, sums, means), np.stack(by_confidence, axis=1)], axis=1)

    def point(self) -> list[float | None]:
        """The statistics of the rows themselves; None where there is nothing to measure."""
        values = self.evaluate(np.ones((1, len(self.clusters))))[0]
        return [None if np.isnan(value) else float(value) for value in values]


def confidence_of(row: Row) -> float:
    """The row's confidence; of a failure the worst there is: 0 on an answerable question, 1 on an unanswerable one."""
    if row["confidence"] is not None:
        return row["confidence"]
    return 0.0 if row["answerable"] else 1.0


def aggregate(rows: Sequence[Row], resamples: int = RESAMPLES, seed: int = SEED) -> Aggregates:
    """Everything the report says about the rows. The same rows, in any order, give the same numbers.

    Raises:
        ValueError: there are no rows.
    """
    if not rows:
        raise ValueError("There are no rows to aggregate.")
    columns = Columns(rows, sorted({tag for row in rows for tag in row["tags"]}))
    intervals = percentile_intervals(resample(columns.clusters, columns.evaluate, resamples, seed))
    whole: dict[str, Estimate] = {}
    by_tag: dict[str, dict[str, Estimate]] = {}
    for (tag, name), value, interval, n in zip(columns.names, columns.point(), intervals, columns.counts, strict=True):
        low, high = interval if interval is not None and value is not None else (None, None)
        place = by_tag.setdefault(tag, {}) if tag else whole
        place[name] = {"value": value, "low": low, "high": high, "n": n}
    return {
        "counts": _counts(rows),
        "measures": {name: whole[name] for name in MEASURES},
        "by_tag": by_tag,
        "timings_ms": _timings(rows),
        "tokens": _tokens(rows),
    }


def spread(values: Sequence[float]) -> Spread:
    """Median and 95th percentile of at least one value."""
    median, p95 = np.percentile(values, [50, 95])
    return {"median": float(median), "p95": float(p95)}


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    return {
        "questions": len(rows),
        "answerable": sum(row["answerable"] for row in rows),
        "unanswerable": sum(not row["answerable"] for row in rows),
        "answered": sum(not row["abstained"] and row["error"] is None for row in rows),
        "abstained": sum(row["abstained"] for row in rows),
        "failed": sum(row["error"] is not None for row in rows),
    }


def _timings(rows: Sequence[Row]) -> dict[str, Spread]:
    stages = dict.fromkeys(stage for row in rows for stage in row["timings_ms"])
    found = {stage: spread([row["timings_ms"][stage] for row in rows if stage in row["timings_ms"]]) for stage in stages}
    depths = sorted({row["passages_read"] for row in rows if row["passages_read"]})
    by_depth = {
        f"whole call, {depth} passages read": spread([row["elapsed_ms"] for row in rows if row["passages_read"] == depth])
        for depth in depths
    }
    return found | {"whole call": spread([row["elapsed_ms"] for row in rows])} | by_depth


def _tokens(rows: Sequence[Row]) -> dict[str, Spread]:
    texts: Mapping[str, str] = {"answer": "answer_tokens", "context": "context_tokens"}
    found = {}
    for text, name in texts.items():
        values = [value for row in rows if (value := row["measures"].get(name)) is not None]
        if values:
            found[text] = spread(values)
    return found

"""Compares two runs on the questions they share: what changed, and is it more than luck?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict, cast

from scipy.stats import binomtest

from assistant.errors import SettingsError
from assistant.evaluation.aggregate import Columns
from assistant.evaluation.bootstrap import RESAMPLES, SEED, Floats, percentile_intervals, resample
from assistant.evaluation.catalogue import MEASURES
from assistant.evaluation.rows import Row

Verdict = Literal["better", "worse", "changed", "no clear change"]
_MUST_AGREE = ("question", "history", "answerable", "expected", "evidence", "tags")


class Change(TypedDict):
    """A measure in both runs on the shared questions; change is new minus old, low and high its paired 95 % interval."""

    old: float | None
    new: float | None
    change: float | None
    low: float | None
    high: float | None
    excludes_zero: bool
    verdict: Verdict


class Comparison(TypedDict):
    """Two runs side by side.

    shared: the questions in both, with the same gold; left_out: those of either run that are not.
    now_right, now_wrong: ids of the questions whose `correct` changed. sign_test_p: two-sided exact p-value of their numbers
    (McNemar's exact test), 1 without any.
    """

    old_report: str
    shared: int
    left_out: int
    measures: dict[str, Change]
    now_right: list[str]
    now_wrong: list[str]
    sign_test_p: float


def load_rows(path: Path) -> list[Row]:
    """The rows of an earlier report.

    Raises:
        SettingsError: the file is no report.
    """
    try:
        report: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); give --compare the JSON of a run.") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: not a report ({error}); give the JSON of an earlier run with --compare.") from error
    rows = report.get("rows") if isinstance(report, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "expected" in row for row in rows):
        raise SettingsError(f"{path}: holds no rows of gold questions; give the JSON of an earlier run with --compare.")
    return cast(list[Row], rows)


def compare(
    old: Sequence[Row], new: Sequence[Row], old_report: str = "", resamples: int = RESAMPLES, seed: int = SEED
) -> Comparison:
    """Compares the runs measure by measure; both are resampled with the same draws of clusters, so shared luck cancels.

    A change is clear when its interval excludes zero. Efron and Tibshirani, "An Introduction to the Bootstrap", 1993.

    Raises:
        SettingsError: the runs share no question.
    """
    before, after = _shared(old, new)
    if not after:
        raise SettingsError(f"No question of {old_report!r} is in this run with the same gold; compare runs on one gold set.")
    columns_before, columns_after = Columns(before), Columns(after)

    def difference(weights: Floats) -> Floats:
        change: Floats = columns_after.evaluate(weights) - columns_before.evaluate(weights)
        return change

    intervals = percentile_intervals(resample(columns_after.clusters, difference, resamples, seed))
    changes = {}
    values = zip(columns_after.names, columns_before.point(), columns_after.point(), intervals, strict=True)
    for (_, name), old_value, new_value, interval in values:
        changes[name] = _change(name, old_value, new_value, interval)
    now_right = [row["id"] for was, row in zip(before, after, strict=True) if _correct(row) and not _correct(was)]
    now_wrong = [row["id"] for was, row in zip(before, after, strict=True) if _correct(was) and not _correct(row)]
    flips = len(now_right) + len(now_wrong)
    return {
        "old_report": old_report,
        "shared": len(after),
        "left_out": len({row["id"] for row in (*old, *new)}) - len(after),
        "measures": {name: changes[name] for name in MEASURES},
        "now_right": now_right,
        "now_wrong": now_wrong,
        "sign_test_p": float(binomtest(len(now_right), flips).pvalue) if flips else 1.0,
    }


def _shared(old: Sequence[Row], new: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows of both runs that ask the same and expect the same, in the order of their ids."""
    known = {row["id"]: row for row in old}
    pairs = [(known[row["id"]], row) for row in sorted(new, key=lambda row: row["id"]) if row["id"] in known]
    pairs = [(was, row) for was, row in pairs if _gold(was) == _gold(row)]
    return [was for was, _ in pairs], [row for _, row in pairs]


def _gold(row: Row) -> list[object]:
    return [row.get(key) for key in _MUST_AGREE]


def _correct(row: Row) -> bool:
    return row["measures"]["correct"] == 1.0


def _change(name: str, old: float | None, new: float | None, interval: tuple[float, float] | None) -> Change:
    change = new - old if old is not None and new is not None else None
    low, high = interval if change is not None and interval is not None else (None, None)
    excludes_zero = low is not None and high is not None and (low > 0 or high < 0)
    verdict: Verdict = "no clear change"
    if excludes_zero and change is not None:
        better = MEASURES[name].better
        verdict = "changed" if better == "neither" else "better" if (change > 0) == (better == "higher") else "worse"
    return {
        "old": old,
        "new": new,
        "change": change,
        "low": low,
        "high": high,
        "excludes_zero": excludes_zero,
        "verdict": verdict,
    }

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu
from sklearn.metrics import roc_auc_score

from assistant.evaluation.statistics import (
    Bin,
    Flags,
    Floats,
    aurc,
    auroc,
    calibration_error,
    coverage_at_accuracy,
    reliability,
    risk_coverage,
)

SAMPLES = st.lists(st.tuples(st.integers(0, 10), st.booleans(), st.integers(0, 3)), min_size=2, max_size=40)


def columns(sample: list[tuple[int, bool, int]]) -> tuple[Floats, Flags, Floats]:
    confidence = np.array([value / 10 for value, _, _ in sample])
    return confidence, np.array([event for _, event, _ in sample]), np.array([[float(times) for _, _, times in sample]])


def ones(confidence: Floats) -> Floats:
    return np.ones((1, len(confidence)))


def repeat(confidence: Floats, event: Flags, weights: Floats) -> tuple[Floats, Flags]:
    """What the weights stand for: each question as often as its weight says."""
    times = weights[0].astype(int)
    return np.repeat(confidence, times), np.repeat(event, times)


def loop_aurc(confidence: Floats, right: Flags) -> float:
    risks = [np.mean(~right[confidence >= own]) for own in confidence]
    return float(np.mean(risks))


def loop_coverage(confidence: Floats, right: Flags, accuracy: float) -> float:
    covered = [confidence >= threshold for threshold in confidence]
    return float(max((c.mean() for c in covered if right[c].sum() >= accuracy * c.sum() - 1e-9), default=0.0))


@given(SAMPLES)
def test_auroc_is_that_of_scikit_learn_and_of_the_mann_whitney_u(sample: list[tuple[int, bool, int]]) -> None:
    confidence, event, _ = columns(sample)
    found = auroc(ones(confidence), confidence, event)[0]
    if event.all() or not event.any():
        assert np.isnan(found)
        return
    assert found == pytest.approx(roc_auc_score(event, confidence), abs=1e-12)
    u = mannwhitneyu(confidence[event], confidence[~event]).statistic
    assert found == pytest.approx(u / (event.sum() * (~event).sum()), abs=1e-12)


@given(SAMPLES)
def test_a_weight_is_a_question_that_occurs_so_often(sample: list[tuple[int, bool, int]]) -> None:
    confidence, event, weights = columns(sample)
    repeated, events = repeat(confidence, event, weights)
    for statistic in (auroc, aurc, coverage_at_accuracy, calibration_error):
        found = statistic(weights, confidence, event)[0]
        expected = statistic(ones(repeated), repeated, events)[0] if len(repeated) else np.nan
        assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


@given(SAMPLES, st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_risk_and_coverage_are_those_of_their_definitions(sample: list[tuple[int, bool, int]], accuracy: float) -> None:
    confidence, right, _ = columns(sample)
    assert aurc(ones(confidence), confidence, right)[0] == pytest.approx(loop_aurc(confidence, right), abs=1e-12)
    found = coverage_at_accuracy(ones(confidence), confidence, right, accuracy)[0]
    assert found == pytest.approx(loop_coverage(confidence, right, accuracy), abs=1e-12)


@given(SAMPLES, st.randoms())
def test_the_order_of_rows_never_matters(sample: list[tuple[int, bool, int]], dice: random.Random) -> None:
    shuffled = sample.copy()
    dice.shuffle(shuffled)
    for statistic in (auroc, aurc, coverage_at_accuracy, calibration_error):
        results = [statistic(ones(columns(s)[0]), columns(s)[0], columns(s)[1])[0] for s in (sample, shuffled)]
        assert results[0] == pytest.approx(results[1], abs=1e-12, nan_ok=True)


def test_aurc_and_coverage_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    right = np.array([True, True, False, True])
    # Risks at the four thresholds: 0, 0, 1/3, 1/4.
    assert aurc(ones(confidence), confidence, right)[0] == pytest.approx((0 + 0 + 1 / 3 + 1 / 4) / 4)
    assert coverage_at_accuracy(ones(confidence), confidence, right)[0] == 0.5
    assert coverage_at_accuracy(ones(confidence), confidence, right, accuracy=0.75)[0] == 1.0
    assert risk_coverage(confidence, right) == [(0.25, 0.0), (0.5, 0.0), (0.75, 1 / 3), (1.0, 0.25)]


def test_exactly_95_percent_is_enough() -> None:
    confidence = np.full(20, 0.5)
    right = np.array([False] + [True] * 19)
    assert coverage_at_accuracy(ones(confidence), confidence, right)[0] == 1.0
    assert coverage_at_accuracy(ones(confidence[1:]), confidence[1:], right[:-1])[0] == 0.0


def test_equal_confidences_are_one_block() -> None:
    confidence, right = np.array([0.5, 0.5]), np.array([True, False])
    assert aurc(ones(confidence), confidence, right)[0] == 0.5
    assert auroc(ones(confidence), confidence, right)[0] == 0.5
    assert risk_coverage(confidence, right) == [(1.0, 0.5)]


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.05, 0.15, 0.15, 1.0])
    event = np.array([False, True, False, True])
    # Bins: [0, 0.1) gap 0.05, [0.1, 0.2) gap |0.5 - 0.15|, [0.9, 1] gap 0; weighted by 1, 2 and 1 of 4.
    assert calibration_error(ones(confidence), confidence, event)[0] == pytest.approx((0.05 + 2 * 0.35 + 0) / 4)
    assert reliability(confidence, event) == [
        Bin(0.0, 0.1, 0.05, 0.0, 1),
        Bin(0.1, 0.2, 0.15, 0.5, 2),
        Bin(0.9, 1.0, 1.0, 1.0, 1),
    ]


@given(SAMPLES)
def test_calibration_error_is_the_weighted_gap_of_the_bins(sample: list[tuple[int, bool, int]]) -> None:
    confidence, event, _ = columns(sample)
    bins = reliability(confidence, event)
    expected = sum(part.count * abs(part.share - part.mean_confidence) for part in bins) / len(confidence)
    assert calibration_error(ones(confidence), confidence, event)[0] == pytest.approx(expected, abs=1e-12)
    assert sum(part.count for part in bins) == len(confidence)

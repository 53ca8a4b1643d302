from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from numpy.typing import NDArray

from assistant.evaluation.bootstrap import Floats, Statistics, percentile_intervals, resample


def means(values: Floats) -> Statistics:
    return lambda weights: (weights @ values / weights.sum(axis=1))[:, None]


def test_without_clusters_the_interval_is_that_of_scipy() -> None:
    values = np.random.default_rng(1).exponential(size=60)
    (found,) = percentile_intervals(resample([str(n) for n in range(60)], means(values), 10_000, 0))
    expected = scipy.stats.bootstrap((values,), np.mean, n_resamples=10_000, method="percentile", rng=3).confidence_interval
    assert found == pytest.approx((expected.low, expected.high), abs=0.02)


def test_with_clusters_the_interval_is_that_of_scipy_over_clusters() -> None:
    generator = np.random.default_rng(2)
    sizes = generator.integers(1, 6, size=40)
    clusters = np.repeat(np.arange(40), sizes)
    values = generator.normal(size=40)[clusters] + 0.1 * generator.normal(size=len(clusters))
    sums, counts = np.bincount(clusters, values), np.bincount(clusters)

    def ratio(drawn: NDArray[np.intp], axis: int) -> Floats:
        quotient: Floats = sums[drawn].sum(axis=axis) / counts[drawn].sum(axis=axis)
        return quotient

    names = [f"article-{number:02}" for number in clusters]
    (found,) = percentile_intervals(resample(names, means(values), 10_000, 0))
    expected = scipy.stats.bootstrap((np.arange(40),), ratio, n_resamples=10_000, method="percentile", rng=3).confidence_interval
    assert found == pytest.approx((expected.low, expected.high), abs=0.03)
    alone = [str(number) for number in range(len(clusters))]
    (narrow,) = percentile_intervals(resample(alone, means(values), 10_000, 0))
    assert narrow is not None
    assert found is not None
    assert narrow[1] - narrow[0] < found[1] - found[0], "questions about one article share its luck"


def test_a_cluster_comes_whole_and_samples_have_as_many_clusters() -> None:
    clusters = ["b", "a", "b", "c"]
    drawn = resample(clusters, lambda weights: weights, 500, 7)
    assert drawn.shape == (500, 4)
    assert np.array_equal(drawn[:, 0], drawn[:, 2])
    assert set(drawn[:, [0, 1, 3]].sum(axis=1)) == {3.0}


def test_the_seed_decides_and_the_size_of_batches_does_not() -> None:
    clusters = [str(number) for number in range(700)]  # more than one batch for 2,000 samples
    one = resample(clusters, lambda weights: weights[:, :3], 2000, 5)
    assert np.array_equal(one, resample(clusters, lambda weights: weights[:, :3], 2000, 5))
    assert not np.array_equal(one, resample(clusters, lambda weights: weights[:, :3], 2000, 6))


def test_samples_without_a_value_are_left_out() -> None:
    samples = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    assert percentile_intervals(samples) == [pytest.approx((1.05, 2.95)), None]

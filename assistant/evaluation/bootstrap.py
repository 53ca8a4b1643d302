"""The cluster bootstrap: questions about one article share its luck, so whole articles are drawn, not questions.

Davison and Hinkley, "Bootstrap Methods and their Application", Cambridge 1997, section 3.8; percentile intervals (5.3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Weights of shape (samples, rows) to statistics of shape (samples, statistics).
Statistics = Callable[[Floats], Floats]

RESAMPLES = 10_000
SEED = 0
# Cells of one batch of weights: large enough for numpy, small enough to stay near 10 MB.
_BATCH_CELLS = 1_000_000


def resample(clusters: Sequence[str], statistics: Statistics, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """The statistics of each bootstrap sample, shape (resamples, statistics).

    A sample draws as many clusters as there are, with replacement; every row of a drawn cluster comes with it. The same
    clusters, number and seed give the same samples.
    """
    names = sorted(set(clusters))
    numbers = {name: number for number, name in enumerate(names)}
    cluster_of_row = np.array([numbers[name] for name in clusters], dtype=np.intp)
    generator = np.random.default_rng(seed)
    batch = max(1, _BATCH_CELLS // max(1, len(clusters)))
    results = []
    for first in range(0, resamples, batch):
        samples = min(batch, resamples - first)
        drawn = generator.integers(0, len(names), size=(samples, len(names)))
        # One bincount for the whole batch: each sample counts in a range of numbers of its own.
        drawn += np.arange(samples)[:, None] * len(names)
        counts = np.bincount(drawn.ravel(), minlength=samples * len(names)).reshape(samples, len(names))
        results.append(statistics(counts[:, cluster_of_row].astype(np.float64)))
    return np.concatenate(results)


def percentile_intervals(samples: Floats, level: float = 0.95) -> list[tuple[float, float] | None]:
    """For each column the interval between its percentiles, samples without a value aside; None where there is no value."""
    tail = 50 * (1 - level)
    intervals: list[tuple[float, float] | None] = []
    for column in samples.T:
        values = column[~np.isnan(column)]
        low, high = np.percentile(values, [tail, 100 - tail]) if len(values) else (np.nan, np.nan)
        intervals.append((float(low), float(high)) if len(values) else None)
    return intervals

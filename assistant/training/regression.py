"""Logistic regression on signals whose meaning says in which direction each may count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression


def signed_regression(
    rows: NDArray[np.float64],
    labels: NDArray[np.bool_],
    importance: NDArray[np.float64],
    signs: Sequence[int],
    *,
    inverse_penalty: float,
) -> tuple[float, NDArray[np.float64]]:
    """Intercept and weights, penalised after scaling.

    A weight whose sign goes against the one given for it is set to nothing, and the others are fitted again; a sign of 0 leaves
    it free. `rows` has shape (n, len(signs)); `labels` and `importance` (n,).
    """
    scale = rows.std(axis=0)
    scale[scale == 0] = 1.0
    kept = np.arange(len(signs))
    while True:
        model = LogisticRegression(C=inverse_penalty, max_iter=2000)
        model.fit(rows[:, kept] / scale[kept], labels, sample_weight=importance)
        weights = np.zeros(len(signs))
        weights[kept] = model.coef_[0] / scale[kept]
        wrong = set(np.flatnonzero(weights * np.array(signs) < 0))
        if not wrong:
            return float(model.intercept_[0]), weights
        kept = np.array([index for index in kept if index not in wrong])

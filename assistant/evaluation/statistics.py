"""Statistics of confidence, over rows that may be weighted, many weightings at once.

Everywhere `weights` has shape (samples, rows): a row of it says how often each question occurs in a bootstrap sample, and
all ones is the set itself. `confidence` and `event` have shape (rows,); the result has shape (samples,), NaN where the
statistic is not defined. Questions with equal confidence are one block, so the order of rows never matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of the reliability diagram: bounds of confidence, mean confidence, share of the event, number of questions."""

    low: float
    high: float
    mean_confidence: float
    share: float
    count: int


def auroc(weights: Floats, confidence: Floats, event: Flags) -> Floats:
    """Area under the ROC curve: the chance that a question with the event has more confidence than one without; ties half.

    Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic curve", Radiology 1982.
    """
    positive = _blocks(weights * event, confidence)
    negative = _blocks(weights * ~event, confidence)
    above = np.cumsum(positive, axis=1) - positive
    return _divide((negative * (above + positive / 2)).sum(axis=1), positive.sum(axis=1) * negative.sum(axis=1))


def aurc(weights: Floats, confidence: Floats, right: Flags) -> Floats:
    """Area under the risk-coverage curve: the mean over questions of the risk at the question's own confidence.

    At a threshold, coverage is the share of questions with at least that confidence and risk the share of wrong ones among
    them (El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010); the area is that of
    Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", NIPS 2017. Lower is better.
    """
    questions, wrong = _blocks(weights, confidence), _blocks(weights * ~right, confidence)
    risk = np.nan_to_num(_divide(np.cumsum(wrong, axis=1), np.cumsum(questions, axis=1)))
    return _divide((questions * risk).sum(axis=1), questions.sum(axis=1))


def coverage_at_accuracy(weights: Floats, confidence: Floats, right: Flags, accuracy: float = 0.95) -> Floats:
    """The largest coverage at a threshold where at least `accuracy` of the questions covered are right; 0 if none is."""
    covered = np.cumsum(_blocks(weights, confidence), axis=1)
    wrong = np.cumsum(_blocks(weights * ~right, confidence), axis=1)
    # Counts are whole numbers, so a slack this small only takes away the rounding of 1 - accuracy.
    allowed = wrong <= (1 - accuracy) * covered + 1e-9
    return _divide(np.where(allowed, covered, 0.0).max(axis=1), covered[:, -1])


def calibration_error(weights: Floats, confidence: Floats, event: Flags) -> Floats:
    """Expected calibration error over ten bins of equal width: the mean of |share of the event - mean confidence|, by count.

    Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015. A bin holds
    its lower bound, the last one also 1. Lower is better.
    """
    members = bin_numbers(confidence)[:, None] == np.arange(BINS)
    gaps = weights @ (members * (event.astype(float) - confidence)[:, None])
    return _divide(np.abs(gaps).sum(axis=1), weights.sum(axis=1))


def bin_numbers(confidence: Floats) -> NDArray[np.intp]:
    """The number of the bin, 0 to 9, that each confidence falls in."""
    return np.minimum((confidence * BINS).astype(np.intp), BINS - 1)


def reliability(confidence: Floats, event: Flags) -> list[Bin]:
    """The bins that hold a question, lowest first."""
    numbers = bin_numbers(confidence)
    bins = []
    for number in np.unique(numbers):
        inside = numbers == number
        mean, share = float(confidence[inside].mean()), float(event[inside].mean())
        bins.append(Bin(float(number) / BINS, float(number + 1) / BINS, mean, share, int(inside.sum())))
    return bins


def risk_coverage(confidence: Floats, right: Flags) -> list[tuple[float, float]]:
    """(coverage, risk) at each confidence that occurs, highest first."""
    if not len(confidence):
        return []
    ones = np.ones((1, len(confidence)))
    covered = np.cumsum(_blocks(ones, confidence), axis=1)[0]
    wrong = np.cumsum(_blocks(ones * ~right, confidence), axis=1)[0]
    return [(float(c / len(confidence)), float(w / c)) for c, w in zip(covered, wrong, strict=True)]


def _blocks(weights: Floats, confidence: Floats) -> Floats:
    """Weights added up over equal confidences, highest confidence first: shape (samples, distinct confidences)."""
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    return cast(Floats, np.add.reduceat(weights[:, order], starts, axis=1))


def _divide(above: Floats, below: Floats) -> Floats:
    """The quotient; NaN where the divisor is 0."""
    quotient: Floats = np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below != 0)
    return quotient

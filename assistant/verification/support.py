"""How well a sentence supports a claim: one probability from the signals of a comparison."""

from __future__ import annotations

import dataclasses
import json
import math
from functools import cache
from pathlib import Path

from assistant.verification.comparison import Signals

WEIGHTS_FILE = Path(__file__).with_name("support.json")


@cache
def read_weights() -> tuple[float, dict[str, float], float]:
    """Intercept, weight by signal, and the probability from which a claim counts as supported."""
    model = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    weights = {name: entry["weight"] for name, entry in model["signals"].items()}
    return model["intercept"], weights, model["supported_from"]


def support(signals: Signals) -> float:
    """The probability in (0, 1) that the sentence says what the claim says, by logistic regression."""
    intercept, weights, _ = read_weights()
    logit = intercept + sum(weights[name] * value for name, value in dataclasses.asdict(signals).items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def supported_from() -> float:
    """The support from which a claim counts as supported."""
    return read_weights()[2]

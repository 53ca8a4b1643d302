"""How sure we may be that the articles answer a question: one probability from a few signals."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WEIGHTS_FILE = Path(__file__).with_name("confidence.json")


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about the best sentence found. Logits are the reader's; `confidence.json` says what each is worth."""

    answerable: float
    margin: float
    entailed: float
    second: float
    nearness: float
    missing_ordinal: float
    missing_focus: float
    open_question: float


@cache
def _weights() -> tuple[float, dict[str, float]]:
    model = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return model["intercept"], {name: entry["weight"] for name, entry in model["signals"].items()}


def confidence(signals: Signals) -> float:
    """The probability in (0, 1) that the best sentence answers the question, by logistic regression."""
    intercept, weights = _weights()
    logit = intercept + sum(weights[name] * value for name, value in dataclasses.asdict(signals).items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

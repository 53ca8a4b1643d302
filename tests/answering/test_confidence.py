from __future__ import annotations

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.confidence import WEIGHTS_FILE, Signals, confidence

NAMES = [field.name for field in dataclasses.fields(Signals)]
NOTHING = Signals(**dict.fromkeys(NAMES, 0.0))
MODEL = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))

signals = st.builds(Signals, **dict.fromkeys(NAMES, st.floats(-1e6, 1e6)))


def test_the_file_weighs_every_signal_and_says_what_it_means() -> None:
    assert set(MODEL["signals"]) == set(NAMES)
    assert all(math.isfinite(entry["weight"]) and entry["meaning"] for entry in MODEL["signals"].values())
    assert math.isfinite(MODEL["intercept"])


def test_without_signals_it_is_the_intercepts_probability() -> None:
    assert confidence(NOTHING) == pytest.approx(1 / (1 + math.exp(-MODEL["intercept"])))


@pytest.mark.parametrize("name", NAMES)
def test_it_moves_the_way_the_weights_sign_says(name: str) -> None:
    weight = MODEL["signals"][name]["weight"]
    low, middle, high = (confidence(dataclasses.replace(NOTHING, **{name: value})) for value in (-0.5, 0.0, 0.5))
    sign = (weight > 0) - (weight < 0)
    assert ((high > middle) - (high < middle), (middle > low) - (middle < low)) == (sign, sign)


@given(signals)
def test_it_is_a_probability_and_never_quite_0_or_1(found: Signals) -> None:
    assert 0 < confidence(found) < 1


@given(signals, st.sampled_from(NAMES), st.floats(0, 1e6))
def test_more_of_a_signal_never_turns_against_its_weight(found: Signals, name: str, more: float) -> None:
    raised = dataclasses.replace(found, **{name: getattr(found, name) + more})
    change = confidence(raised) - confidence(found)
    # Sums of large numbers round in their last places.
    assert change * MODEL["signals"][name]["weight"] >= -1e-6

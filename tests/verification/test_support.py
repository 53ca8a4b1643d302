from __future__ import annotations

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verification.comparison import Signals
from assistant.verification.support import WEIGHTS_FILE, support, supported_from

NAMES = [field.name for field in dataclasses.fields(Signals)]
NOTHING = Signals(**dict.fromkeys(NAMES, 0.0))
MODEL = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))


def test_the_file_weighs_every_signal_and_says_what_it_means() -> None:
    assert set(MODEL["signals"]) == set(NAMES)
    assert all(math.isfinite(entry["weight"]) and entry["meaning"] for entry in MODEL["signals"].values())


def test_only_the_scorers_logit_speaks_for_a_claim() -> None:
    assert {name for name, entry in MODEL["signals"].items() if entry["weight"] > 0} == {"logit"}


def test_without_signals_it_is_the_intercepts_probability() -> None:
    assert support(NOTHING) == pytest.approx(1 / (1 + math.exp(-MODEL["intercept"])))


def test_the_threshold_is_a_probability() -> None:
    assert 0 < supported_from() < 1


@given(st.builds(Signals, **dict.fromkeys(NAMES, st.floats(0, 1e6))), st.sampled_from(NAMES), st.floats(0, 1e6))
def test_it_is_a_probability_and_more_of_a_fault_never_raises_it(found: Signals, name: str, more: float) -> None:
    raised = dataclasses.replace(found, **{name: getattr(found, name) + more})
    assert 0 < support(raised) < 1
    if name != "logit":
        assert support(raised) <= support(found)

from __future__ import annotations

import numpy as np
from fake_reader import WordReader

from assistant.evaluation.claims import GoldClaim
from assistant.training.support import NAMES, fit, measured
from assistant.types import Article

PLACES = ["Leeds", "York", "Bath", "Hull", "Derby", "Truro", "Wells", "Ripon"]


def claims() -> list[GoldClaim]:
    """Of each place a true claim, one that denies it, and one that plants another year."""
    made = []
    for number, place in enumerate(PLACES * 6):
        passage = Article(f"{place}-{number}", "", f"The council of {place} opened a bridge in {1950 + number}. A fair followed.")
        texts = {
            "paraphrase": f"In {1950 + number} a bridge was opened by the council of {place}.",
            "negation": f"The council of {place} never opened a bridge in {1950 + number}.",
            "date": f"The council of {place} opened a bridge in {1850 + number}.",
        }
        made += [GoldClaim(f"{number}-{kind}", text, passage, kind == "paraphrase", kind) for kind, text in texts.items()]
    return made


def test_the_weights_tell_denials_from_true_claims_and_none_has_the_wrong_sign() -> None:
    intercept, weights = fit(claims(), WordReader())
    found = dict(zip(NAMES, weights, strict=True))
    assert found["parity"] < -0.5
    assert all(weight <= 0 for name, weight in found.items() if name != "logit")
    assert found["logit"] >= 0
    assert np.isfinite(intercept)


def test_fitting_twice_gives_the_same() -> None:
    (one, first), (other, second) = fit(claims(), WordReader()), fit(claims(), WordReader())
    assert one == other
    assert (first == second).all()


def test_what_is_measured_is_counted_by_group_and_kind() -> None:
    found = measured(claims(), WordReader())
    assert found["wrong value caught"] == found["  date"] == (48, 48)
    assert found["true kept"][1] == found["wrong relation caught"][1] == 48

from __future__ import annotations

import numpy as np
import pytest

from assistant.training.calibration import fit

Row = dict[str, float]
PLANTED = {"answerable": 1.5, "missing": -2.0, "noise": 0.0}
NAMES = list(PLANTED)


def questions(count: int, intercept: float, seed: int) -> list[Row]:
    """Signals from a normal distribution; a question is answerable as often as the planted weights say."""
    dice = np.random.default_rng(seed)
    values = dice.normal(size=(count, len(PLANTED)))
    chance = 1 / (1 + np.exp(-(intercept + values @ np.array(list(PLANTED.values())))))
    answerable = (dice.random(count) < chance).astype(float)
    return [
        dict(zip(NAMES, row, strict=True)) | {"is_answerable": label, "right": 0.0}
        for row, label in zip(values.tolist(), answerable.tolist(), strict=True)
    ]


def test_a_planted_separation_is_found_again() -> None:
    intercept, weights = fit(NAMES, [questions(4000, -0.5, seed=1)])
    assert intercept == pytest.approx(-0.5, abs=0.2)
    assert weights == pytest.approx(list(PLANTED.values()), abs=0.2)


def test_each_set_has_an_intercept_of_its_own_and_the_first_ones_is_given() -> None:
    hard, easy = questions(3000, -1.5, seed=2), questions(3000, 1.5, seed=3)
    for sets, planted in [([hard, easy], -1.5), ([easy, hard], 1.5)]:
        intercept, weights = fit(NAMES, sets)
        assert intercept == pytest.approx(planted, abs=0.3)
        assert weights == pytest.approx(list(PLANTED.values()), abs=0.2)


def test_a_set_that_can_never_be_answered_leaves_the_weights_and_the_first_intercept() -> None:
    never = [row | {"is_answerable": 0.0} for row in questions(500, 0.0, seed=5)]
    intercept, weights = fit(NAMES, [questions(3000, 0.5, seed=4), never])
    assert intercept == pytest.approx(0.5, abs=0.3)
    assert weights == pytest.approx(list(PLANTED.values()), abs=0.3)


def test_a_set_of_little_importance_moves_the_weights_little() -> None:
    planted, contrary = questions(2000, 0.0, seed=8), questions(2000, 0.0, seed=9)
    contrary = [row | {"is_answerable": 1 - row["is_answerable"]} for row in contrary]
    _, alike = fit(NAMES, [planted, contrary])
    _, led = fit(NAMES, [planted, contrary], [1.0, 0.05])
    assert abs(alike[0]) < 0.3
    assert led[0] > 1.0


def test_questions_about_other_things_teach_what_only_they_lack() -> None:
    near = [row | {"nearness": 0.3} for row in questions(2000, 0.0, seed=10)]
    far = [row | {"nearness": 0.1, "is_answerable": 0.0} for row in questions(1000, 0.0, seed=11)]
    names = [*NAMES, "nearness"]
    _, without = fit(names, [near])
    _, weights = fit(names, [near], far=far)
    assert without[-1] == 0
    assert weights[-1] > 5
    assert weights[:2] == pytest.approx([1.5, -2.0], abs=0.3)


def test_the_unit_of_a_signal_does_not_matter() -> None:
    rows = questions(500, 0.0, seed=6)
    intercept, weights = fit(NAMES, [rows])
    other_intercept, other_weights = fit(NAMES, [[row | {"answerable": row["answerable"] * 100} for row in rows]])
    assert other_intercept == pytest.approx(intercept, abs=1e-6)
    assert other_weights * [100, 1, 1] == pytest.approx(weights, abs=1e-6)


def test_a_signal_that_is_always_0_weighs_nothing() -> None:
    _, weights = fit([*NAMES, "always"], [[row | {"always": 0.0} for row in questions(500, 0.0, seed=7)]])
    assert weights[-1] == 0
    assert np.isfinite(weights).all()


def test_the_weights_come_in_the_order_of_the_names() -> None:
    rows = questions(500, 0.0, seed=8)
    _, weights = fit(NAMES, [rows])
    _, backwards = fit(NAMES[::-1], [rows])
    assert backwards[::-1] == pytest.approx(weights, abs=1e-3)


def test_a_signal_that_would_count_against_its_meaning_gets_nothing() -> None:
    names = ["answerable", "missing", "margin"]
    dice = np.random.default_rng(7)
    values = dice.normal(size=(3000, 3))
    chance = 1 / (1 + np.exp(-(values @ np.array([1.5, 1.0, -1.0]))))  # a word that lacks speaks for an answer: by accident
    answerable = (dice.random(3000) < chance).astype(float)
    rows = [
        dict(zip(names, row, strict=True)) | {"is_answerable": label}
        for row, label in zip(values.tolist(), answerable.tolist(), strict=True)
    ]
    _, weights = fit(names, [rows])
    assert weights[0] > 1
    assert weights[1:].tolist() == [0, 0]

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.evaluation.catalogue import MEASURES
from assistant.evaluation.floors import Floor, load_floors, missed_floors


def write(path: Path, floors: object) -> Path:
    path.write_text(json.dumps(floors), encoding="utf-8")
    return path


def test_floors_are_least_values_or_bounds(tmp_path: Path) -> None:
    path = write(tmp_path / "f.json", {"containment": 0.9, "ece": {"max": 0.1}, "auroc": {"min": 0.5, "max": 1}})
    assert load_floors(path, MEASURES) == {"containment": Floor(0.9), "ece": Floor(None, 0.1), "auroc": Floor(0.5, 1)}


def test_each_floor_that_is_missed_is_named() -> None:
    floors = {"a": Floor(0.9), "b": Floor(most=0.1), "c": Floor(0.5), "d": Floor(0.5, 0.6), "e": Floor(0.0)}
    assert missed_floors({"a": 0.89, "b": 0.1, "c": None, "d": 0.7, "e": 0.0}, floors) == [
        "a is 0.8900, below 0.9.",
        "c has no value: none of the questions measures it.",
        "d is 0.7000, above 0.6.",
    ]


@pytest.mark.parametrize(
    ("floors", "message"),
    [
        ({"containmnet": 0.9}, "no measure is called 'containmnet'; did you mean 'containment'?"),
        ({"zzz": 0.9}, "no measure is called 'zzz'; known are hits@1"),
        ({"ece": "low"}, "the floor of 'ece' is 'low'"),
        ({"ece": True}, "the floor of 'ece' is True"),
        ({"ece": {"least": 1}}, "the floor of 'ece' is {'least': 1}"),
        ({"ece": {}}, "the floor of 'ece' is {}"),
        ({"ece": float("nan")}, "the floor of 'ece' is nan; write a finite number"),
        ({"ece": {"max": float("inf")}}, "the floor of 'ece' is {'max': inf}"),
        ({"ece": 10**400}, "the floor of 'ece' is 1000"),
        ([1], "found list"),
    ],
)
def test_a_wrong_floor_is_refused(tmp_path: Path, floors: object, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_floors(write(tmp_path / "f.json", floors), MEASURES)
    assert message in str(caught.value)


def test_a_file_that_is_not_there_or_not_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_floors(tmp_path / "absent.json", MEASURES)
    (tmp_path / "f.json").write_text("{", encoding="utf-8")
    with pytest.raises(SettingsError, match="not JSON"):
        load_floors(tmp_path / "f.json", MEASURES)

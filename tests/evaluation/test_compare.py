from __future__ import annotations

import json
from pathlib import Path

import pytest
from scipy.stats import binomtest

from assistant.errors import SettingsError
from assistant.evaluation.aggregate import aggregate
from assistant.evaluation.catalogue import MEASURES
from assistant.evaluation.compare import compare, load_rows
from assistant.evaluation.gold import GoldExample
from assistant.evaluation.rows import Row
from assistant.evaluation.runner import run_questions
from assistant.types import Article

from .conftest import count_words
from .fakes import FailingSystem, LyingSystem, PerfectSystem

RESAMPLES = 500


@pytest.fixture
def good(perfect: PerfectSystem, examples: list[GoldExample], articles: dict[str, Article]) -> list[Row]:
    return run_questions(perfect, examples, articles, count_words)


@pytest.fixture
def bad(examples: list[GoldExample], articles: dict[str, Article]) -> list[Row]:
    return run_questions(LyingSystem(articles), examples, articles, count_words)


def test_a_run_does_not_differ_from_itself(good: list[Row]) -> None:
    found = compare(good, good, "old.json", RESAMPLES)
    assert {change["verdict"] for change in found["measures"].values()} == {"no clear change"}
    # The measures of a chat model have no value here, before or after.
    assert {change["change"] for change in found["measures"].values() if change["old"] is not None} == {0.0}
    assert (found["now_right"], found["now_wrong"], found["sign_test_p"]) == ([], [], 1.0)


def test_better_and_worse_follow_the_direction_of_the_measure(good: list[Row], bad: list[Row]) -> None:
    forth, back = compare(bad, good, "old.json", RESAMPLES), compare(good, bad, "old.json", RESAMPLES)
    for name in ("containment", "truthfulness", "quote_exactness", "ndcg@10", "aurc", "dangling_markers"):
        assert forth["measures"][name]["verdict"] == "better", name
        assert back["measures"][name]["verdict"] == "worse", name
        assert forth["measures"][name]["excludes_zero"]
    assert forth["measures"]["answer_tokens"]["verdict"] in ("changed", "no clear change")
    assert forth["now_right"] == sorted(row["id"] for row in good)
    assert back["now_wrong"] == forth["now_right"]
    assert forth["sign_test_p"] == pytest.approx(binomtest(19, 19).pvalue)


def test_the_change_is_the_difference_of_the_aggregates(good: list[Row], bad: list[Row]) -> None:
    found = compare(bad, good, "old.json", RESAMPLES)
    old, new = aggregate(bad, 10)["measures"], aggregate(good, 10)["measures"]
    for name in MEASURES:
        assert found["measures"][name]["old"] == old[name]["value"]
        assert found["measures"][name]["new"] == new[name]["value"]


def test_shared_luck_cancels(
    good: list[Row], perfect: PerfectSystem, examples: list[GoldExample], articles: dict[str, Article]
) -> None:
    """Both runs fail on the same questions but one: the paired interval is narrower than that of either run."""
    fails = [example.question for example in examples[:10:2]]
    old = run_questions(FailingSystem(perfect, fails), examples, articles, count_words)
    new = run_questions(FailingSystem(perfect, fails[:-1]), examples, articles, count_words)
    change = compare(old, new, "old.json", 2000)["measures"]["correct"]
    alone = aggregate(new, 2000)["measures"]["correct"]
    assert change["change"] == pytest.approx(1 / 19)
    assert change["low"] is not None
    assert change["high"] is not None
    assert alone["low"] is not None
    assert alone["high"] is not None
    assert change["high"] - change["low"] < alone["high"] - alone["low"]
    assert not change["excludes_zero"]


def test_only_questions_with_the_same_gold_are_compared(good: list[Row]) -> None:
    other: list[Row] = json.loads(json.dumps(good))
    other[0]["expected"] = ["2019"]
    other[1]["id"] = "renamed"
    found = compare(good, other, "old.json", RESAMPLES)
    assert found["shared"] == 17
    assert found["left_out"] == 3
    with pytest.raises(SettingsError, match=r"No question of 'old\.json'"):
        compare(good[:1], other[:1], "old.json", RESAMPLES)


def test_a_measure_that_one_run_lacks_has_no_change(good: list[Row]) -> None:
    silent: list[Row] = json.loads(json.dumps(good))
    for row in silent:
        row["measures"]["support_rate"] = None
    change = compare(good, silent, "old.json", RESAMPLES)["measures"]["support_rate"]
    assert (change["old"], change["new"], change["change"], change["verdict"]) == (1.0, None, None, "no clear change")


def test_a_report_that_says_less_of_what_it_was_made_from_can_still_be_compared_with(tmp_path: Path, good: list[Row]) -> None:
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"gold": "gold.jsonl", "settings_fingerprint": "b" * 12, "rows": good}), encoding="utf-8")
    assert compare(load_rows(path), good, "old.json", RESAMPLES)["shared"] == len(good)


@pytest.mark.parametrize("content", ["not JSON", "[]", '{"rows": 3}', '{"rows": [{"id": "a"}]}'])
def test_what_is_no_report_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"old\.json: .*--compare"):
        load_rows(path)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_rows(tmp_path / "absent.json")

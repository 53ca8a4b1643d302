"""Systems whose worth is known must be ranked as they deserve, and the numbers must follow from the rows alone."""

from __future__ import annotations

import json
import math
import random

import pytest
from sklearn.metrics import roc_auc_score

from assistant.evaluation.aggregate import Aggregates, aggregate, spread
from assistant.evaluation.catalogue import MEASURES, TAG_MEASURES
from assistant.evaluation.gold import GoldExample
from assistant.evaluation.rows import Row
from assistant.evaluation.runner import System, run_questions
from assistant.types import Article

from .conftest import count_words
from .fakes import EmptySystem, FailingSystem, LyingSystem, PerfectSystem, RandomSystem

RESAMPLES = 300
Rows = dict[str, list[Row]]


@pytest.fixture
def runs(examples: list[GoldExample], articles: dict[str, Article], perfect: PerfectSystem) -> Rows:
    systems: dict[str, System] = {
        "perfect": perfect,
        "empty": EmptySystem(),
        "random": RandomSystem(articles, seed=1),
        "lying": LyingSystem(articles),
        "failing": FailingSystem(perfect, [example.question for example in examples[::5]]),
    }
    return {name: run_questions(system, examples, articles, count_words) for name, system in systems.items()}


@pytest.fixture
def reports(runs: Rows) -> dict[str, Aggregates]:
    return {name: aggregate(rows, RESAMPLES) for name, rows in runs.items()}


def value(report: Aggregates, name: str) -> float | None:
    return report["measures"][name]["value"]


def test_the_perfect_system_is_perfect(reports: dict[str, Aggregates]) -> None:
    found = {name: value(reports["perfect"], name) for name in MEASURES}
    best = {name: 1.0 for name, measure in MEASURES.items() if measure.better == "higher"}
    best |= {"dangling_markers": 0.0, "false_abstention": 0.0, "ece": 0.0, "ece_answered": 0.0}
    # 13 of 19 questions can be answered: to cover more is to be wrong, whatever the system.
    best |= {"coverage@95": 13 / 19}
    assert {name: found[name] for name in best} == pytest.approx(best)


def test_the_empty_system_earns_what_abstaining_is_worth(reports: dict[str, Aggregates]) -> None:
    empty = reports["empty"]
    assert value(empty, "truthfulness") == pytest.approx(6 / 19)
    assert (value(empty, "null_recall"), value(empty, "false_abstention"), value(empty, "containment")) == (1.0, 1.0, 0.0)
    assert (value(empty, "auroc"), value(empty, "aurc"), value(empty, "coverage@95")) == (0.5, 1.0, 0.0)
    for name in ("citation_precision", "support_rate", "quote_exactness", "ece_answered"):
        assert empty["measures"][name] == {"value": None, "low": None, "high": None, "n": 0}


def test_the_lying_system_is_found_out(reports: dict[str, Aggregates]) -> None:
    lying = reports["lying"]
    for name in MEASURES:
        if MEASURES[name].better == "higher" and name not in ("auroc", "truthfulness"):
            assert value(lying, name) == 0.0, name
    assert value(lying, "truthfulness") == -1.0
    assert value(lying, "auroc") == 0.5
    assert value(lying, "aurc") == 1.0
    assert value(lying, "ece_answered") == 1.0
    assert value(lying, "ece") == pytest.approx(6 / 19)
    assert value(lying, "dangling_markers") == 2 * 19, "[7] has no citation and citation 2 has no marker, in each answer"


def test_systems_are_ranked_as_they_deserve(reports: dict[str, Aggregates]) -> None:
    truthfulness = {name: value(report, "truthfulness") or 0.0 for name, report in reports.items()}
    assert sorted(truthfulness, key=truthfulness.__getitem__, reverse=True) == ["perfect", "failing", "empty", "random", "lying"]
    for name in ("containment", "citation_precision", "citation_recall_strict", "support_rate", "ndcg@10"):
        perfect, dice, lying = (value(reports[system], name) or 0.0 for system in ("perfect", "random", "lying"))
        assert perfect == 1.0
        assert perfect >= dice >= lying == 0.0
    aurc = {name: value(report, "aurc") or 0.0 for name, report in reports.items()}
    assert aurc["perfect"] < aurc["failing"] < aurc["random"] <= aurc["empty"] == aurc["lying"]


def test_a_random_quote_is_exact_and_still_seldom_right(reports: dict[str, Aggregates]) -> None:
    dice = reports["random"]
    assert value(dice, "quote_exactness") == 1.0
    assert value(dice, "dangling_markers") == 0.0
    assert (value(dice, "citation_precision") or 0.0) < 0.5


def test_failures_lower_every_score_and_stay_in_every_denominator(reports: dict[str, Aggregates]) -> None:
    perfect, failing = reports["perfect"], reports["failing"]
    assert failing["counts"]["failed"] == 4
    for name in ("containment", "f1", "correct", "hits@10", "citation_recall", "citation_precision", "null_recall"):
        assert failing["measures"][name]["n"] == perfect["measures"][name]["n"]
        assert (value(failing, name) or 0.0) < 1.0
    assert (value(failing, "auroc") or 0.0) < 1.0
    assert failing["measures"]["false_abstention"]["n"] == perfect["measures"]["false_abstention"]["n"]
    assert (value(failing, "false_abstention") or 0.0) > 0.0


def test_a_system_that_always_fails_is_the_worst_there_is(
    examples: list[GoldExample], articles: dict[str, Article], perfect: PerfectSystem
) -> None:
    failing = FailingSystem(perfect, [example.question for example in examples])
    dead = aggregate(run_questions(failing, examples, articles, count_words), RESAMPLES)
    assert value(dead, "truthfulness") == -1.0
    assert value(dead, "false_abstention") == value(dead, "aurc") == value(dead, "ece") == 1.0
    for name in ("null_recall", "correct", "containment", "f1", "ndcg@10", "citation_precision", "citation_recall", "auroc"):
        assert value(dead, name) == 0.0, name


def test_aggregates_follow_from_the_json_of_the_rows(runs: Rows, reports: dict[str, Aggregates]) -> None:
    for name, rows in runs.items():
        again = json.loads(json.dumps(rows))
        random.Random(3).shuffle(again)
        assert aggregate(again, RESAMPLES) == reports[name], "neither order nor the trip through JSON matters"


def test_means_recomputed_independently_agree(runs: Rows, reports: dict[str, Aggregates]) -> None:
    for system, rows in runs.items():
        for name, measure in MEASURES.items():
            if measure.kind == "confidence":
                continue
            values = [v for row in rows if (v := row["measures"][name]) is not None]
            expected = math.fsum(values) if measure.kind == "total" else math.fsum(values) / len(values) if values else None
            assert reports[system]["measures"][name]["n"] == len(values)
            assert value(reports[system], name) == pytest.approx(expected, abs=1e-9)
        for tag, found in reports[system]["by_tag"].items():
            for name in TAG_MEASURES:
                values = [v for row in rows if tag in row["tags"] and (v := row["measures"][name]) is not None]
                assert found[name]["value"] == pytest.approx(math.fsum(values) / len(values) if values else None, abs=1e-9)


def test_confidence_measures_recomputed_independently_agree(runs: Rows, reports: dict[str, Aggregates]) -> None:
    rows = runs["random"]
    confidences = [row["confidence"] or 0.0 for row in rows]
    answerable = [row["answerable"] for row in rows]
    assert value(reports["random"], "auroc") == pytest.approx(roc_auc_score(answerable, confidences), abs=1e-9)
    right = [row["measures"]["containment"] == 1.0 for row in rows]
    risks = [[not ok for ok, c in zip(right, confidences, strict=True) if c >= own] for own in confidences]
    assert value(reports["random"], "aurc") == pytest.approx(sum(sum(r) / len(r) for r in risks) / len(risks), abs=1e-9)


def test_a_failure_has_the_worst_confidence_there_is(runs: Rows, reports: dict[str, Aggregates]) -> None:
    rows = runs["failing"]
    worst = [(0.0 if row["answerable"] else 1.0) if row["error"] else row["confidence"] for row in rows]
    assert value(reports["failing"], "auroc") == pytest.approx(
        roc_auc_score([row["answerable"] for row in rows], worst), abs=1e-9
    )


def test_intervals_hold_the_value_and_need_something_to_measure(reports: dict[str, Aggregates]) -> None:
    for report in reports.values():
        for name in ("containment", "correct", "truthfulness", "ndcg@10", "elapsed_ms"):
            estimate = report["measures"][name]
            assert estimate["low"] is not None
            assert estimate["high"] is not None
            assert estimate["low"] - 1e-9 <= (estimate["value"] or 0.0) <= estimate["high"] + 1e-9


def test_the_seed_of_the_bootstrap_decides_the_intervals(runs: Rows) -> None:
    one, same, other = (aggregate(runs["random"], RESAMPLES, seed) for seed in (1, 1, 2))
    assert one == same
    assert one["measures"]["correct"]["low"] is not None
    assert one["measures"] != other["measures"]


def test_times_and_tokens_are_medians_and_95th_percentiles(reports: dict[str, Aggregates]) -> None:
    perfect = reports["perfect"]
    assert perfect["timings_ms"]["read"] == {"median": 2.0, "p95": 2.0}
    stages = [stage for stage in perfect["timings_ms"] if "passages" not in stage]
    assert stages == ["embed", "dense", "lexical", "read", "total", "whole call"]
    assert perfect["tokens"]["context"]["median"] > perfect["tokens"]["answer"]["median"]
    assert "answer" not in reports["empty"]["tokens"]
    assert spread([1.0, 2.0, 3.0, 4.0]) == pytest.approx({"median": 2.5, "p95": 3.85})


def test_time_is_told_by_how_many_passages_were_read(runs: Rows, reports: dict[str, Aggregates]) -> None:
    timings = reports["perfect"]["timings_ms"]
    for depth in {row["passages_read"] for row in runs["perfect"]} - {0}:
        took = [row["elapsed_ms"] for row in runs["perfect"] if row["passages_read"] == depth]
        assert timings[f"whole call, {depth} passages read"] == spread(took)
    assert any("passages read" in stage for stage in timings)
    assert not any("passages read" in stage for stage in reports["empty"]["timings_ms"]), "nothing was read"


def test_no_rows_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no rows"):
        aggregate([])

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import GoldFormatError, QuestionError
from assistant.evaluation.beir import aggregate_queries, beir_files, load_judgements, load_queries, rank_queries


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "1", "text": "salt"}\n{"_id": "2", "text": "apples"}\n{"_id": "3", "text": "x"}\n'
    )
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t2\n2\tc\t1\n2\td\t0\n")
    return tmp_path


def test_a_folder_is_read(folder: Path) -> None:
    assert load_queries(folder) == {"1": "salt", "2": "apples", "3": "x"}
    assert load_judgements(folder) == {"1": {"a": 1, "b": 2}, "2": {"c": 1, "d": 0}}


def test_without_a_test_file_all_judgements_count(folder: Path) -> None:
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n3\te\t1\n")
    assert "3" not in load_judgements(folder)
    (folder / "qrels" / "test.tsv").rename(folder / "qrels" / "train.tsv")
    assert set(load_judgements(folder)) == {"1", "2", "3"}


def test_measures_by_hand(folder: Path) -> None:
    rankings = {"salt": [("x", 3.0), ("a", 2.0)], "apples": [("c", 1.0)]}
    rows = rank_queries(lambda query, top_k: rankings[query][:top_k], load_queries(folder), load_judgements(folder))
    assert [(row["id"], row["ranked"]) for row in rows] == [("1", ["x", "a"]), ("2", ["c"])]
    found = aggregate_queries(json.loads(json.dumps(rows)), resamples=200)
    assert found["ap"]["value"] == pytest.approx((0.5 / 2 + 1) / 2)
    assert found["recall@10"]["value"] == pytest.approx((0.5 + 1) / 2)
    assert found["ap"]["n"] == 2
    assert (found["ap"]["low"], found["ap"]["high"]) == (0.25, 1.0)
    seconds = sum(row["elapsed_ms"] for row in rows) / 1000
    assert found["queries_per_second"]["value"] == pytest.approx(2 / seconds)


def test_a_query_that_fails_has_found_nothing_and_stays(folder: Path) -> None:
    def rank(query: str, top_k: int) -> list[tuple[str, float]]:
        if query == "salt":
            raise QuestionError("The question is too salty.")
        return [("c", 1.0)]

    rows = rank_queries(rank, load_queries(folder), load_judgements(folder))
    assert [row["error"] for row in rows] == ["QuestionError: The question is too salty.", None]
    assert aggregate_queries(rows, 10)["ndcg@10"]["value"] == 0.5


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("queries.jsonl", "{\n", "queries.jsonl, line 1: broken JSON"),
        ("queries.jsonl", "[]\n", "queries.jsonl, line 1: found list"),
        ("queries.jsonl", '{"_id": ' + "7" * 5000 + "}\n", "queries.jsonl, line 1: a number is too long"),
        ("queries.jsonl", '\n{"_id": 1, "text": "x"}\n', "queries.jsonl, line 2: a query is an object"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1 a 1\n", "test.tsv, line 2: found '1 a 1'"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\ta\tmuch\n", "test.tsv, line 2"),
        ("qrels/test.tsv", "1\ta\t--5\n", "test.tsv, line 1: found '1\\ta\\t--5'; write query id, article id and grade"),
        ("qrels/test.tsv", "1\ta\t1\n1\tb\t2147483647\n", "test.tsv, line 2: found '1\\tb\\t2147483647'"),
        ("qrels/test.tsv", "1\ta\t" + "9" * 5000 + "\n", "at most six digits"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "No judgements in"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n9\ta\t1\n", "queries.jsonl has no query '9'"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, name: str, content: str, message: str) -> None:
    (folder / name).write_text(content)
    with pytest.raises(GoldFormatError) as caught:
        rank_queries(lambda query, top_k: [], load_queries(folder), load_judgements(folder))
    assert message in str(caught.value)


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldFormatError, match=r"queries\.jsonl, line 1: cannot be read"):
        load_queries(tmp_path)
    with pytest.raises(GoldFormatError, match="No judgements in"):
        load_judgements(tmp_path)


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        (["corpus.jsonl"], "corpus.jsonl"),
        (["queries.jsonl"], "queries.jsonl"),
        (["qrels/test.tsv"], "qrels/test.tsv"),
        (["corpus.jsonl", "qrels/test.tsv"], "corpus.jsonl, no qrels/test.tsv"),
    ],
)
def test_all_three_parts_must_be_there(folder: Path, gone: list[str], missing: str) -> None:
    (folder / "corpus.jsonl").touch()
    assert beir_files(folder) == [folder / name for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv")]
    for name in gone:
        (folder / name).unlink()
    with pytest.raises(GoldFormatError) as caught:
        beir_files(folder)
    assert str(caught.value).startswith(f"No {missing} in {str(folder)!r}; a folder in BEIR's format has")


def test_grades_may_be_negative(folder: Path) -> None:
    (folder / "qrels" / "test.tsv").write_text("1\ta\t-1\n1\tb\t999999\n")
    assert load_judgements(folder) == {"1": {"a": -1, "b": 999999}}


def test_a_file_without_a_header_loses_no_judgement(folder: Path) -> None:
    (folder / "qrels" / "test.tsv").write_text("1\ta\t1\n")
    assert load_judgements(folder) == {"1": {"a": 1}}

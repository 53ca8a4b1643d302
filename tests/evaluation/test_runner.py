from __future__ import annotations

import json
import resource
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import GenerationTimeout, SettingsError
from assistant.evaluation.gold import GoldExample
from assistant.evaluation.journal import Journal
from assistant.evaluation.rows import Row
from assistant.evaluation.runner import run_questions
from assistant.types import Answer, Article, Turn

from .conftest import count_words
from .fakes import FailingSystem, PerfectSystem, abstention, answer, whole_chunks

ORIGIN = {"gold_sha256": "a" * 64, "settings_fingerprint": "b" * 12}


class OneAnswer:
    """Says the same to everything."""

    def __init__(self, reply: Answer) -> None:
        self._reply = reply
        self.histories: list[tuple[Turn, ...]] = []

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.histories.append(tuple(history))
        return self._reply


def test_a_row_holds_what_was_asked_expected_and_given(
    perfect: PerfectSystem, examples: list[GoldExample], articles: dict[str, Article]
) -> None:
    (row,) = run_questions(perfect, examples[:1], articles, count_words)
    assert row["question"] == "When was the harbour of Lindmouth widened?"
    assert row["expected"] == ["2018"]
    assert row["cluster"] == "harbour"
    assert row["given"] == "The harbour of Lindmouth was widened in 2018. [1]"
    assert row["citations"][0]["exact"]
    assert row["passages"][0] == {"article_id": "harbour", "start": 0, "end": len(articles["harbour"].text)}
    assert row["measures"]["answer_tokens"] == 8.0
    assert row["measures"]["null_recall"] is None
    assert row["measures"]["elapsed_ms"] == row["elapsed_ms"] > 0
    assert json.loads(json.dumps(row)) == row, "a row is what its JSON says"


def test_history_is_passed_on(examples: list[GoldExample], articles: dict[str, Article]) -> None:
    system = OneAnswer(abstention("?"))
    run_questions(system, examples[12:13], articles, count_words)
    assert system.histories == [(Turn("user", "Tell me about culture."),)]


@pytest.mark.parametrize("error", [TimeoutError, GenerationTimeout])
def test_a_failure_counts_as_wrong_and_stays_in_the_denominator(
    perfect: PerfectSystem, examples: list[GoldExample], articles: dict[str, Article], error: type[Exception]
) -> None:
    failing = FailingSystem(perfect, [examples[0].question, examples[13].question], error)
    rows = {row["id"]: row for row in run_questions(failing, examples, articles, count_words)}
    assert len(rows) == len(examples)
    answerable, unanswerable = rows["q0"], rows["u0"]
    assert answerable["error"] == f"{error.__name__}: The model did not finish in 60 seconds."
    assert answerable["measures"]["truthfulness"] == unanswerable["measures"]["truthfulness"] == -1.0
    zeros = {name for name, value in answerable["measures"].items() if value == 0.0}
    assert zeros >= {
        "hits@10",
        "ndcg@10",
        "containment",
        "f1",
        "citation_recall",
        "citation_precision",
        "quote_hits@5",
        "correct",
    }
    assert (answerable["measures"]["false_abstention"], unanswerable["measures"]["null_recall"]) == (1.0, 0.0)


def test_a_defect_is_not_hidden(perfect: PerfectSystem, examples: list[GoldExample], articles: dict[str, Article]) -> None:
    kept: list[Row] = []
    with pytest.raises(ZeroDivisionError):
        run_questions(
            FailingSystem(perfect, [examples[2].question], ZeroDivisionError), examples, articles, count_words, keep=kept.append
        )
    assert [row["id"] for row in kept] == ["q0", "q1"]


@pytest.mark.parametrize("confidence", [1.5, -0.1, float("nan")])
def test_a_confidence_that_is_no_probability_is_a_failure(
    confidence: float, examples: list[GoldExample], articles: dict[str, Article]
) -> None:
    (row,) = run_questions(OneAnswer(abstention("?", confidence=confidence)), examples[:1], articles, count_words)
    assert row["error"] == f"The confidence is {confidence!r}, not within 0 and 1."
    assert row["confidence"] is None


def test_a_short_answer_of_an_abstention_counts_for_nothing(examples: list[GoldExample], articles: dict[str, Article]) -> None:
    reply = replace(abstention("?"), short_answer="2018", text="Perhaps 2018, but the articles do not say.")
    (row,) = run_questions(OneAnswer(reply), examples[:1], articles, count_words)
    assert (row["measures"]["containment"], row["measures"]["exact_match"], row["measures"]["truthfulness"]) == (0.0, 0.0, 0.0)


def test_the_words_of_a_passage_are_those_of_the_article(examples: list[GoldExample], articles: dict[str, Article]) -> None:
    first, *others = whole_chunks(articles, ["museum"])
    boast = replace(first, chunk=replace(first.chunk, text="Everything happened in 2018."))
    (row,) = run_questions(OneAnswer(answer("?", evidence=(boast, *others[2:5]))), examples[:1], articles, count_words)
    assert row["measures"]["answer_in_context@4"] == 0.0


def test_a_journal_goes_on_where_it_stopped(
    tmp_path: Path, perfect: PerfectSystem, examples: list[GoldExample], articles: dict[str, Article]
) -> None:
    path = tmp_path / "deep" / "report.rows.jsonl"
    with Journal(path, ORIGIN, resume=True) as journal:
        first = run_questions(perfect, examples[:5], articles, count_words, finished=journal.finished, keep=journal.append)
    # A kill in the middle of a line.
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id": "q5", "questi')
    asking = FailingSystem(perfect, [])
    with Journal(path, ORIGIN, resume=True) as journal:
        assert list(journal.finished.values()) == first
        rows = run_questions(asking, examples, articles, count_words, finished=journal.finished, keep=journal.append)
    assert asking.asked == [example.question for example in examples[5:]]
    assert rows[:5] == first
    with Journal(path, ORIGIN, resume=True) as journal:
        assert list(journal.finished.values()) == rows


def test_a_disk_without_room_for_what_is_finished_loses_none_of_it(
    tmp_path: Path, perfect: PerfectSystem, examples: list[GoldExample], articles: dict[str, Article]
) -> None:
    path = tmp_path / "r.rows.jsonl"
    with Journal(path, ORIGIN, resume=False) as journal:
        rows = run_questions(perfect, examples[:3], articles, count_words, keep=journal.append)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id": "q3"')
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, unlimited[1]))
    try:
        with Journal(path, ORIGIN, resume=True) as journal:
            assert list(journal.finished.values()) == rows
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("resume", [True, False])
def test_a_second_run_on_the_same_rows_is_refused(tmp_path: Path, resume: bool) -> None:
    path = tmp_path / "r.rows.jsonl"
    with Journal(path, ORIGIN, resume=False):
        before = path.read_bytes()
        with pytest.raises(SettingsError) as caught:
            Journal(path, ORIGIN, resume=resume)
        assert str(caught.value) == f"Another run is writing {str(path)!r}; wait for it, or name another file with --json."
        assert path.read_bytes() == before
    with pytest.raises(SettingsError, match="another run"):
        Journal(path, {}, resume=True)
    # Neither a run that ended nor one that was refused keeps the next one out.
    Journal(path, ORIGIN, resume=resume).__exit__(None, None, None)


def test_a_lock_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "r.rows.jsonl.lock"
    lock.mkdir()
    with pytest.raises(SettingsError) as caught:
        Journal(tmp_path / "r.rows.jsonl", ORIGIN, resume=False)
    assert str(caught.value).startswith(f"{str(lock)!r} cannot be written (Is a directory)")


def test_without_resume_a_journal_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "r.rows.jsonl"
    path.write_text("something old\n", encoding="utf-8")
    with Journal(path, ORIGIN, resume=False) as journal:
        assert journal.finished == {}
    assert json.loads(path.read_text(encoding="utf-8")).items() >= ORIGIN.items()


def test_rows_of_another_run_are_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.rows.jsonl"
    Journal(path, ORIGIN, resume=False).__exit__(None, None, None)
    before = path.read_bytes()
    with pytest.raises(SettingsError, match=r"settings_fingerprint 'bbbbbbbbbbbb', now 'c'.*leave out --resume"):
        Journal(path, ORIGIN | {"settings_fingerprint": "c"}, resume=True)
    assert path.read_bytes() == before


def test_everything_that_differs_from_the_other_run_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.rows.jsonl"
    Journal(path, ORIGIN | {"version of torch": "2"}, resume=False).__exit__(None, None, None)
    with pytest.raises(SettingsError, match=r"\(weights of reader None, now 'd'; version of torch '2', now None\)"):
        Journal(path, ORIGIN | {"weights of reader": "d"}, resume=True)


@pytest.mark.parametrize("name", ["code, tables and prompts", "version of assistant"])
def test_rows_of_another_version_of_the_code_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "r.rows.jsonl"
    Journal(path, ORIGIN, resume=False).__exit__(None, None, None)
    made = json.loads(path.read_text(encoding="utf-8"))
    for other in (made | {name: "earlier"}, {key: value for key, value in made.items() if key != name}):
        path.write_text(json.dumps(other) + "\n", encoding="utf-8")
        with pytest.raises(SettingsError, match=rf"{name} .*, now '{made[name]}'\); set that back, or leave out --resume"):
            Journal(path, ORIGIN, resume=True)


@pytest.mark.parametrize("line", ["no JSON", "[]", '{"id": 3}'])
def test_a_broken_row_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "r.rows.jsonl"
    Journal(path, ORIGIN, resume=False).__exit__(None, None, None)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(SettingsError, match="line 2: not a row"):
        Journal(path, ORIGIN, resume=True)

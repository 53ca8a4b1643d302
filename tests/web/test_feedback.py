"""What readers said becomes a gold set that the loader reads."""

from __future__ import annotations

import dataclasses
import json
import os
import resource
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.errors import SettingsError
from assistant.evaluation.gold import GoldEvidence, load_gold
from assistant.evaluation.text import Accepted
from assistant.types import Answer, Citation, SearchFilter, Sentence, Turn
from assistant.web.conversations import Conversations, Rating
from assistant.web.feedback import gold_lines, write_lines

QUOTE = Citation(1, "pact", "Pact signed", None, None, "It was signed in 2016.", 0, 22, 1.0)
ANSWER = Answer(
    "When was it signed?",
    "It was signed in 2016. [1]",
    "2016",
    (Sentence(QUOTE.quote, "supported", (QUOTE,)),),
    (QUOTE,),
    (),
    False,
    None,
    0.9,
    "When was the pact signed?",
)
ABSTENTION = dataclasses.replace(
    ANSWER, question="Who sang?", text="The articles don't say.", short_answer=None, sentences=(), citations=(), abstained=True
)


def test_a_liked_answer_is_an_example_with_its_quotes(tmp_path: Path):
    history = (Turn("user", "Is there a pact?"), Turn("assistant", "Yes. [1]"))
    write_lines(tmp_path / "out.jsonl", gold_lines([Rating(ANSWER, True, "f1", history)]))
    (example,) = load_gold(tmp_path / "out.jsonl")
    assert (example.question, example.answers, example.answerable) == ("When was it signed?", (Accepted((("2016",),)),), True)
    assert example.evidence == (GoldEvidence("pact", "It was signed in 2016."),)
    assert example.history == history
    assert example.tags == ("feedback",)


def test_without_a_short_answer_the_sentences_are_the_answers():
    (line,) = gold_lines([Rating(dataclasses.replace(ANSWER, short_answer=None), True, "f1")])
    assert line["answers"] == ["It was signed in 2016."]


def test_a_liked_abstention_is_a_question_without_an_answer(tmp_path: Path):
    write_lines(tmp_path / "out.jsonl", gold_lines([Rating(ABSTENTION, True, "f1")]))
    (example,) = load_gold(tmp_path / "out.jsonl")
    assert (example.answers, example.evidence, example.answerable) == ((), (), False)


def test_what_was_disliked_is_marked_for_review_and_still_reads_as_gold(tmp_path: Path):
    lines = gold_lines([Rating(ANSWER, False, "f1"), Rating(ANSWER, True, "f1")])
    assert sorted(line["review"] is None for line in lines) == [False, True]
    assert {line["index"] for line in lines} == {"f1"}
    write_lines(tmp_path / "out.jsonl", lines)
    assert len(load_gold(tmp_path / "out.jsonl")) == 2


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (SearchFilter(date(2019, 1, 1), date(2019, 12, 31)), "from 1 January 2019, to 31 December 2019"),
        (SearchFilter(sources=("The Daily",)), "The Daily"),
        (SearchFilter(newest_first=True), "newest first"),
    ],
)
def test_what_was_asked_with_a_filter_is_marked_for_review_and_says_which(chosen: SearchFilter, words: str):
    (liked,) = gold_lines([Rating(ABSTENTION, True, "f1", search_filter=chosen)])
    assert liked["review"] == (
        f"Asked with a filter ({words}); a gold set asks all articles. Put the right answers and quotes, or delete the line."
    )
    (disliked,) = gold_lines([Rating(ABSTENTION, False, "f1", search_filter=chosen)])
    assert disliked["review"] == f"A reader disliked this answer. {liked['review']}"


def test_the_order_and_the_ids_come_from_the_content_alone():
    one, two = Rating(ANSWER, True, "f1"), Rating(ABSTENTION, False, "f1")
    assert gold_lines([one, two, one]) == gold_lines([two, one])


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"out\.jsonl"):
        write_lines(Path(__file__) / "out.jsonl", [])


def test_on_a_full_disk_the_old_export_stays_whole(tmp_path: Path):
    out = tmp_path / "out.jsonl"
    write_lines(out, gold_lines([Rating(ANSWER, True, "f1")]))
    before = out.read_bytes()
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, unlimited[1]))
    try:
        with pytest.raises(SettingsError, match=r"out\.jsonl' cannot be written \(File too large\)"):
            write_lines(out, gold_lines([Rating(ABSTENTION, True, "f1")]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert out.read_bytes() == before
    assert list(tmp_path.iterdir()) == [out]


def test_an_export_may_go_to_a_pipe_or_through_a_link(tmp_path: Path):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_lines(pipe, [{"id": 1}])
    assert os.read(reading, 20) == b'{"id": 1}\n'
    os.close(reading)
    link.symlink_to(tmp_path / "out.jsonl")
    write_lines(link, [{"id": 2}])
    assert link.is_symlink()
    assert (tmp_path / "out.jsonl").read_text() == '{"id": 2}\n'


def test_the_command_exports_what_the_chat_kept(tmp_path: Path):
    kept = Conversations(tmp_path / ".index" / "conversations.sqlite", "f1")
    conversation, _ = kept.add("reader", None, ANSWER, SearchFilter())
    kept.add("reader", conversation, ABSTENTION, SearchFilter())
    kept.add("reader", conversation, ANSWER, SearchFilter())
    kept.add("reader", conversation, ABSTENTION, SearchFilter(date(2019, 1, 1)))
    kept.rate("reader", conversation, 0, liked=True)
    kept.rate("reader", conversation, 1, liked=False)
    kept.rate("reader", conversation, 3, liked=True)
    kept.close()
    out = tmp_path / "out.jsonl"
    done = CliRunner().invoke(app, ["feedback", "export", str(out), "--index", str(tmp_path / ".index")])
    assert done.exit_code == 0
    assert "1 liked and 2 to review" in done.stderr
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["question"] for line in lines] == ["When was it signed?", "Who sang?", "Who sang?"]
    assert sum("from 1 January 2019" in (line["review"] or "") for line in lines) == 1


def test_without_conversations_the_command_says_so(tmp_path: Path):
    done = CliRunner().invoke(app, ["feedback", "export", str(tmp_path / "out.jsonl"), "--index", str(tmp_path)])
    assert done.exit_code == 2
    assert "--index" in done.stderr
    assert not (tmp_path / "out.jsonl").exists()

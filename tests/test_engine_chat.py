"""The assistant with a chat model, from question to answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faulty_server import FaultyServer
from langchain_core.messages import BaseMessage
from typer.testing import CliRunner

from assistant import Answer, Assistant, Sentence, Turn
from assistant.cli import app
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.models.reader import OnnxReader
from assistant.models.scripted import ScriptedChatModel
from assistant.settings import load_settings

QUESTION = "when was India moved to STA Tier-1?"
TRUE = "India was moved into Tier-1 of the Strategic Trade Authorization exception on July 30, 2018."
FALSE = "India was moved into Tier-1 of the Strategic Trade Authorization exception on 30 July 2019."
Opening = Callable[..., Assistant]
Line = str | Exception | Callable[[list[BaseMessage]], str]


@pytest.fixture
def opening(
    article_corpus: Path, article_index: Assistant, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader
) -> Iterator[Callable[..., tuple[Assistant, ScriptedChatModel]]]:
    """Opens the source article with a scripted model."""
    opened: list[Assistant] = []

    def open_with(*lines: Line, **settings: object) -> tuple[Assistant, ScriptedChatModel]:
        model = ScriptedChatModel(lines=list(lines))
        index = article_corpus.with_name(".index")
        assistant = Assistant.open(
            article_corpus,
            index,
            settings=load_settings(**settings),
            embeddings=embeddings,
            reader=reader,
            chat_model=model,
        )
        opened.append(assistant)
        return assistant, model

    yield open_with
    for assistant in opened:
        assistant.close()


def test_the_model_writes_and_the_code_decides(opening: Opening) -> None:
    assistant, _ = opening(f"{FALSE} {TRUE}")
    answer = assistant.ask(QUESTION)
    assert [sentence.text for sentence in answer.sentences] == [TRUE]
    assert [sentence.text for sentence in answer.removed] == [FALSE]
    assert answer.short_answer == "July 30, 2018"
    assert answer.raw_text == f"{FALSE} {TRUE}"
    assert (answer.notice, answer.abstained) == (None, False)
    (citation,) = answer.citations
    assert assistant.article(citation.article_id).text[citation.start : citation.end] == citation.quote
    assert answer.text == f"{TRUE} [1]"
    assert answer.usage["requests"] == 1
    assert {"chat_model", "check", "first_sentence_added", "total"} <= answer.timings_ms.keys()


def test_sentences_come_first_and_the_answer_last(opening: Opening) -> None:
    assistant, _ = opening(TRUE)
    first, last = assistant.stream(QUESTION)
    assert isinstance(first, Sentence)
    assert isinstance(last, Answer)
    assert first == last.sentences[0]


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        (FALSE, "Nothing that the chat model said is in the articles. This is quoted from the articles."),
        ("", "The chat model said nothing. This is quoted from the articles."),
        (
            ValueError("secret"),
            "The chat model failed: the connection or the reply failed (ValueError). This is quoted from the articles.",
        ),
        ("NOT IN THE SOURCES", "The chat model found no answer in the articles. This is quoted from the articles."),
    ],
)
def test_where_the_model_fails_the_articles_are_quoted(
    opening: Opening, article_index: Assistant, line: Line, notice: str
) -> None:
    assistant, _ = opening(line)
    answer, quoted = assistant.ask(QUESTION), article_index.ask(QUESTION)
    assert answer.notice == notice
    assert (answer.text, answer.short_answer, answer.citations) == (quoted.text, quoted.short_answer, quoted.citations)


def test_a_model_is_not_asked_what_the_articles_do_not_say(opening: Opening) -> None:
    assistant, model = opening(TRUE)
    answer = assistant.ask("When was Pakistan moved to STA Tier-1?")
    assert answer.abstained
    assert model.requests == []
    assert answer.raw_text is None


def test_without_a_model_there_is_the_answer_alone(article_index: Assistant) -> None:
    (answer,) = article_index.stream(QUESTION)
    assert answer == article_index.ask(QUESTION) or isinstance(answer, Answer)
    assert isinstance(answer, Answer)
    assert (answer.usage, answer.raw_text, answer.notice) == ({}, None, None)


def test_a_follow_up_is_completed_by_the_model_when_it_keeps_to_the_dialogue(opening: Opening) -> None:
    history = [Turn("user", "When was India moved to STA Tier-1?"), Turn("assistant", "30 July 2018.")]
    assistant, model = opening("Who announced that India was moved to STA Tier-1?", "Nothing.")
    assistant.ask("who announced it?", history)
    assert len(model.requests) == 2
    assert "Rewrite the last question" in str(model.requests[0][0].content)
    assert "who announced it?" in str(model.requests[0][1].content)


def test_an_invented_follow_up_is_not_searched_for(opening: Opening, article_index: Assistant) -> None:
    history = [Turn("user", "When was India moved to STA Tier-1?"), Turn("assistant", "30 July 2018.")]
    assistant, _ = opening("When did France leave NATO in 1966?", "Nothing.")
    assert assistant.ask("where was that?", history).searched_for == article_index.ask("where was that?", history).searched_for


def test_identical_questions_are_asked_once_with_a_cache(opening: Opening, tmp_path: Path) -> None:
    assistant, model = opening(TRUE, FALSE, chat_cache=str(tmp_path / "replies.sqlite"))
    assert assistant.ask(QUESTION).text == assistant.ask(QUESTION).text
    assert len(model.requests) == 1


def test_an_author_cannot_foresee_the_marks(opening: Opening) -> None:
    marks = set()
    for _ in range(2):
        assistant, model = opening(TRUE)
        assistant.ask(QUESTION)
        marks |= set(re.findall(r"^BEGIN (\w+),", str(model.requests[0][1].content), re.MULTILINE))
    assert len(marks) == 2


def test_on_the_command_line(article_corpus: Path, article_index: Assistant) -> None:
    options = ["--corpus", str(article_corpus), "--index", str(article_corpus.with_name(".index"))]
    with FaultyServer([f"{TRUE} {FALSE}"]) as server:
        given = ["--chat-model", "openai:fake", "--chat-base-url", server.base_url]
        result = CliRunner().invoke(app, ["ask", QUESTION, *options, *given])
    assert result.exit_code == 0, result.stderr
    assert f"{TRUE} [1]" in result.stdout
    assert "1 sentence removed: not in the articles" in result.stdout
    assert FALSE not in result.stdout


def test_a_server_that_fails_is_told_on_the_command_line(article_corpus: Path, article_index: Assistant) -> None:
    options = ["--corpus", str(article_corpus), "--index", str(article_corpus.with_name(".index"))]
    with FaultyServer([401]) as server:
        given = ["--chat-model", "openai:fake", "--chat-base-url", server.base_url]
        result = CliRunner().invoke(app, ["ask", QUESTION, *options, *given])
    assert result.exit_code == 0, result.stderr
    told = "The chat model failed: the server refused the key (status 401). This is quoted from the articles."
    assert told in " ".join(result.stdout.split())


def test_a_name_that_cannot_work_is_one_message(article_corpus: Path) -> None:
    result = CliRunner().invoke(app, ["ask", QUESTION, "--corpus", str(article_corpus), "--chat-model", "gpt"])
    assert result.exit_code == 2
    assert "write provider:model" in result.stderr

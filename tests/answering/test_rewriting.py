from __future__ import annotations

import pytest

from assistant.answering.rewriting import QuestionRewriter, is_faithful
from assistant.models.chat_client import ChatClient
from assistant.models.scripted import ScriptedChatModel
from assistant.types import Turn

HISTORY = [Turn("user", "When was BECA signed?"), Turn("assistant", "India and the US signed BECA on 27 October 2020. [1]")]


def rewrite(line: str | Exception) -> str | None:
    return QuestionRewriter(ChatClient(ScriptedChatModel(lines=[line]))).rewrite("who signed it?", HISTORY)


@pytest.mark.parametrize("reply", ["Who signed BECA?", ' "Who signed BECA?"\n', "Who signed the BECA of October 2020?"])
def test_a_question_in_the_words_of_the_conversation_is_taken(reply: str) -> None:
    assert rewrite(reply) == " ".join(reply.split()).strip('"')


@pytest.mark.parametrize(
    "reply",
    [
        "Who signed COMCASA?",
        "Who signed BECA in 2019?",
        "Who signed BECA for Pakistan?",
        "BECA was signed by Rajnath Singh.",
        "Who signed BECA? When?",
        "Who signed BECA " + "and so on " * 60 + "?",
        "",
        ValueError("down"),
    ],
)
def test_anything_else_is_not(reply: str | Exception) -> None:
    assert rewrite(reply) is None


def test_the_model_is_given_the_newest_turns_alone() -> None:
    model = ScriptedChatModel(lines=["Who signed BECA?"])
    history = [Turn("user", f"turn {n} " + "x" * 2000) for n in range(20)]
    QuestionRewriter(ChatClient(model)).rewrite("who signed it?", history)
    ((_, user),) = model.requests
    assert "turn 19" in str(user.content)
    assert "turn 13 " not in str(user.content)
    assert len(str(user.content)) < 5000


def test_names_and_numbers_must_have_been_said() -> None:
    assert is_faithful("Who signed BECA in 2020?", "who signed it?", ["BECA came in 2020."])
    assert not is_faithful("Who signed BECA in 2021?", "who signed it?", ["BECA came in 2020."])

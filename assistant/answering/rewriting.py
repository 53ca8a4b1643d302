"""Completes a follow-up question with a chat model, and believes it only as far as the conversation goes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.prompts import Prompt, load_prompt
from assistant.answering.sources import as_data
from assistant.errors import ModelError
from assistant.language.terms import question_terms
from assistant.models.chat_client import ChatClient
from assistant.types import Turn

CONDENSE_VARIABLES = frozenset({"conversation", "question"})
_LONGEST = 300
_TURNS = 6
_TURN_CHARACTERS = 600


class QuestionRewriter:
    """Asks a chat model to say a follow-up question in full."""

    def __init__(self, client: ChatClient, prompt: Prompt | None = None) -> None:
        self._client = client
        self._prompt = prompt or load_prompt("condense", CONDENSE_VARIABLES)

    def rewrite(self, question: str, history: Sequence[Turn]) -> str | None:
        """The question in full; None where the model fails, or says a name or a number that the conversation doesn't."""
        turns = [as_data(turn.content)[:_TURN_CHARACTERS] for turn in history[-_TURNS:]]
        roles = ["Reader" if turn.role == "user" else "Assistant" for turn in history[-_TURNS:]]
        conversation = "\n".join(f"{role}: {text}" for role, text in zip(roles, turns, strict=True))
        try:
            reply = self._client.complete(self._prompt.render({"conversation": conversation, "question": as_data(question)}))
        except ModelError:
            return None
        rewritten = " ".join(reply.split()).strip("\"“”'")
        return rewritten if is_faithful(rewritten, question, turns) else None


def is_faithful(rewritten: str, question: str, turns: Sequence[str]) -> bool:
    """Whether it is one question of a sensible length whose names and numbers all occur in the dialogue."""
    if not rewritten.endswith("?") or rewritten.count("?") > 1 or len(rewritten) > _LONGEST:
        return False
    said = set(re.findall(r"\w+", " ".join([question, *turns]).lower()))
    return all(set(re.findall(r"\w+", term.word)) <= said for term in question_terms(rewritten) if term.is_name)

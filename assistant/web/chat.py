"""The conversation, apart from how it is shown: asking, keeping, and turning what was kept into messages and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from gradio.components.chatbot import Message as GradioMessage
from gradio.components.chatbot import MessageDict

from assistant.engine import Assistant
from assistant.types import Answer, Article, SearchFilter, Turn
from assistant.web.conversations import Conversations, Exchange
from assistant.web.copying import conversation_as_markdown
from assistant.web.evidence import EMPTY, evidence_html
from assistant.web.filters import filter_in_words
from assistant.web.wording import answer_markdown, plain

Message = MessageDict | GradioMessage


@dataclass(frozen=True, slots=True)
class Step:
    """What the page shows at one moment of an answer. `evidence` is None while it stays as it was."""

    messages: list[Message]
    evidence: str | None
    conversation: str | None


@dataclass(frozen=True, slots=True)
class Chat:
    """One open assistant with the conversations kept about it."""

    assistant: Assistant
    kept: Conversations

    def reply(self, reader: str, conversation: str | None, question: str, search_filter: SearchFilter) -> Iterator[Step]:
        """Asks in one of the reader's conversations, or a new one; gives the page as the answer grows, a sentence at a time.

        Raises:
            QuestionError: the question is empty or too long; nothing is kept.
        """
        before = self.kept.exchanges(reader, conversation)
        articles, _ = self.assistant.counts()
        searching = [said("user", plain(question)), said("assistant", f"*Searching {articles:,} articles…*")]
        yield Step([*messages_of(before), *searching], None, conversation)

        answer = self.assistant.ask(question, history_of(before), search_filter)
        conversation = self.kept.add(reader, conversation, answer, search_filter)
        exchanges = self.kept.exchanges(reader, conversation)
        latest = exchanges[-1]
        proof = self.evidence(latest)
        earlier = [*messages_of(exchanges[:-1]), said("user", plain(question))]
        for shown in range(1, len(answer.sentences)):
            yield Step([*earlier, said("assistant", _text(latest, shown))], proof if shown == 1 else None, conversation)
        yield Step([*earlier, said("assistant", _text(latest))], proof, conversation)

    def evidence(self, exchange: Exchange | None) -> str:
        """The evidence pane of one exchange."""
        if exchange is None:
            return EMPTY
        return evidence_html(exchange.answer, self.articles([exchange.answer]), exchange.turn)

    def articles(self, answers: Iterable[Answer]) -> dict[str, Article]:
        """The articles that answers cite or were found in, by id; those no longer in the index are left out."""
        answers = list(answers)
        wanted = {citation.article_id for answer in answers for citation in answer.citations}
        wanted |= {scored.chunk.article_id for answer in answers for scored in answer.evidence}
        found = {}
        for article_id in sorted(wanted):
            try:
                found[article_id] = self.assistant.article(article_id)
            except KeyError:
                continue
        return found

    def as_file(self, title: str, exchanges: Sequence[Exchange]) -> str:
        """A conversation as a Markdown file."""
        answers = [exchange.answer for exchange in exchanges]
        return conversation_as_markdown(title, answers, self.articles(answers))


def messages_of(exchanges: Iterable[Exchange]) -> list[Message]:
    """The conversation as messages, two for each exchange."""
    return [m for e in exchanges for m in (said("user", plain(e.answer.question)), said("assistant", _text(e)))]


def history_of(exchanges: Iterable[Exchange]) -> list[Turn]:
    """The conversation as the engine wants it, oldest first."""
    return [turn for e in exchanges for turn in (Turn("user", e.answer.question), Turn("assistant", e.answer.text))]


def said(role: Literal["user", "assistant"], content: str) -> Message:
    """One message; its content is Markdown."""
    return {"role": role, "content": content}


def _text(exchange: Exchange, sentences: int | None = None) -> str:
    return answer_markdown(exchange.answer, exchange.turn, sentences, filter_in_words(exchange.search_filter))

"""The conversation, apart from how it is shown: asking, checking, keeping, and turning what was kept into messages."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gradio.components.chatbot import Message as GradioMessage
from gradio.components.chatbot import MessageDict

from assistant.errors import StorageError
from assistant.types import Answer, Article, Citation, SearchFilter, Sentence
from assistant.web.checking import checked_text
from assistant.web.conversations import Conversations, Exchange, history_of
from assistant.web.copying import conversation_as_markdown
from assistant.web.evidence import EMPTY, Library, check_evidence_html, evidence_html
from assistant.web.filters import filter_in_words
from assistant.web.opening import Opening
from assistant.web.wording import answer_markdown, in_plain_words, plain, progress, sentences_markdown

if TYPE_CHECKING:
    from assistant.engine import Assistant

OPENING = "*Opening the articles…*"

Message = MessageDict | GradioMessage


@dataclass(frozen=True, slots=True)
class Step:
    """What the page shows at one moment of an answer.

    kept: the exchanges of the conversation that are shown.
    growing: the messages that follow them: the question and what there is of its answer, until that is kept.
    exchange: the answer as kept; None until it is whole.
    """

    kept: Sequence[Exchange]
    growing: Sequence[Message]
    conversation: str | None
    exchange: Exchange | None = None

    @property
    def messages(self) -> list[Message]:
        """All that stands in the chat."""
        return [*messages_of(self.kept), *self.growing]


@dataclass(frozen=True, slots=True)
class Chat:
    """One assistant, open or still opening, with the conversations kept about it."""

    opening: Opening
    kept: Conversations

    @property
    def assistant(self) -> Assistant:
        """The open assistant; waits for it."""
        return self.opening.assistant()

    def reply(
        self,
        reader: str,
        conversation: str | None,
        question: str,
        search_filter: SearchFilter,
        turn: int | None = None,
        shared: str = "",
    ) -> Iterator[Step]:
        """Asks in one of the reader's conversations, or a new one; gives the page as the answer grows.

        With `turn`, the question of that turn is asked once more: after what was said before it, and the new answer takes the
        place of the old one. What is asked of a conversation that somebody shared under the key `shared` goes on in a copy of the
        reader's own. Closing the iterator ends the work on the answer; then nothing is kept.

        Raises:
            QuestionError: the question is empty or too long; nothing is kept.
            StorageError: the conversation cannot be read. One that cannot be kept is shown all the same, and says so.
        """
        before = self._before(reader, conversation, shared)[:turn]

        def step(text: str, exchange: Exchange | None = None) -> Step:
            return Step(before, [said("user", plain(question)), said("assistant", text)], conversation, exchange)

        if not self.opening.ready:
            yield step(OPENING)
        assistant = self.assistant
        articles, chunks = assistant.counts()
        yield step(progress(articles, min(chunks, assistant.settings.rerank_top_k)))

        written: list[Sentence] = []
        asked, history = _as_meant(question, before)
        with closing(assistant.stream(asked, history_of(history), search_filter)) as growing:
            for part in growing:
                if isinstance(part, Answer):
                    answer = dataclasses.replace(part, question=" ".join(question.split())) if asked != question else part
                else:
                    written.append(part)
                    yield step(sentences_markdown(written, len(before)))
        exchange = Exchange(len(before), answer, search_filter)
        # Whoever gave up while the answer was sought is gone by now, and nothing is kept.
        yield step(_text(exchange))
        try:
            conversation, turn = self.kept.add(reader, conversation, answer, search_filter, turn, shared)
            exchanges = self.kept.exchanges(reader, conversation)
        except StorageError as error:
            yield step(f"{_text(exchange)}\n\n*{plain(str(error))}*", exchange)
            return
        # All of them: something may have been asked in the same conversation meanwhile, in another window.
        yield Step(exchanges, [], conversation, next(each for each in exchanges if each.turn == turn))

    def _before(self, reader: str, conversation: str | None, shared: str) -> list[Exchange]:
        if not shared:
            return self.kept.exchanges(reader, conversation)
        return [dataclasses.replace(exchange, liked=None) for exchange in self.kept.shared_exchanges(shared)]

    def check(self, text: str) -> tuple[int, Iterator[Sentence]]:
        """How many sentences a text has, and one by one what the articles say about them.

        Raises:
            QuestionError: the text is empty or too long.
        """
        return self.assistant.verify_each(checked_text(text))

    def check_evidence(self, sentences: Sequence[Sentence]) -> str:
        """The evidence pane of a checked text."""
        return check_evidence_html(sentences, self.library([c for sentence in sentences for c in sentence.citations]))

    def suggestions(self, exchange: Exchange) -> tuple[str, ...]:
        """Questions near one that wasn't answered, which the articles do answer."""
        return self.assistant.suggest_questions(exchange.answer.searched_for, exchange.search_filter)

    def evidence(self, exchange: Exchange | None) -> str:
        """The evidence pane of one exchange."""
        if exchange is None:
            return EMPTY
        answer = exchange.answer
        read = [scored.chunk.article_id for scored in answer.evidence]
        return evidence_html(answer, self.library(answer.citations, read), exchange.turn)

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles by id; those that are no longer in the index are left out."""
        articles = {}
        for article_id in sorted(set(ids)):
            try:
                articles[article_id] = self.assistant.article(article_id)
            except KeyError:
                continue
        return articles

    def library(self, citations: Iterable[Citation], read: Iterable[str] = ()) -> Library:
        """The articles that are cited, with the other outlets that carried them, and those that were read.

        Articles that are no longer in the index are left out.
        """
        cited = {citation.article_id for citation in citations}
        articles = self.articles(cited.union(read))
        # Looked up anew each time, which takes about a millisecond: another process may have brought the index up to date.
        return Library(articles, {key: self.assistant.carried_by(key) for key in sorted(cited & articles.keys())})

    def as_file(self, title: str, exchanges: Sequence[Exchange]) -> str:
        """A conversation as a Markdown file."""
        answers = [exchange.answer for exchange in exchanges]
        cited = self.articles(citation.article_id for answer in answers for citation in answer.citations)
        return conversation_as_markdown(title, answers, cited)


def _as_meant(question: str, before: Sequence[Exchange]) -> tuple[str, Sequence[Exchange]]:
    """The question with the exchanges that it follows.

    Whoever sends unchanged what was searched for means what was found by it: the question that it was read from, after what came
    before that. Completed anew, it would be read as a follow-up of its own answer. What asks in the very words of an earlier
    follow-up, such as "and where?", means it only right behind it.
    """
    words = " ".join(question.split())
    for exchange in reversed(before):
        answer = exchange.answer
        if words == in_plain_words(answer) and (exchange is before[-1] or words != answer.question):
            return _as_meant(answer.question, before[: exchange.turn])
    return question, before


def messages_of(exchanges: Iterable[Exchange]) -> list[Message]:
    """The conversation as messages, two for each exchange."""
    return [m for e in exchanges for m in (said("user", plain(e.answer.question)), said("assistant", _text(e)))]


def said(role: Literal["user", "assistant"], content: str) -> Message:
    """One message; its content is Markdown."""
    return {"role": role, "content": content}


def _text(exchange: Exchange) -> str:
    return answer_markdown(exchange.answer, exchange.turn, filter_in_words(exchange.search_filter))

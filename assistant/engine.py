"""`Assistant`: the one place where the parts are put together."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from assistant.answering.bridging import ask_through
from assistant.answering.comparing import compare, names_neither
from assistant.answering.conjoined import ask_both, ask_the_first
from assistant.answering.conversation import condense_question, stripped
from assistant.answering.disagreement import with_disagreement
from assistant.answering.generative import GenerativeAnswerer
from assistant.answering.merging import with_reply
from assistant.answering.office_then import ask_of_then
from assistant.answering.quoting import Quoter
from assistant.answering.resolved_date import with_resolved_date
from assistant.answering.rewriting import QuestionRewriter
from assistant.answering.same_article import (
    answers_elsewhere,
    asked_before,
    is_better_there,
    last_question,
    may_mean_it,
    spoken_of,
)
from assistant.answering.spelled_out import spell_out
from assistant.answering.suggestions import suggest
from assistant.errors import QuestionError
from assistant.index.build import Index, Progress, index_folder
from assistant.index.mending import open_index
from assistant.ingestion.deduplication import copies_of
from assistant.ingestion.loading import load_articles
from assistant.models.chat_client import ChatClient
from assistant.models.chat_setup import chat_client
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.models.reader import Reader, load_reader
from assistant.models.tokens import token_counter
from assistant.retrieval.article_ranking import ArticleRanker
from assistant.retrieval.outlets import of_outlet
from assistant.retrieval.retriever import HybridRetriever
from assistant.retrieval.search import EVERYTHING, HybridSearch
from assistant.settings import Settings, load_settings
from assistant.types import MAX_QUESTION_CHARACTERS, Answer, Article, ScoredChunk, SearchFilter, Sentence, Turn
from assistant.verification.check import check_sentence, verify_each
from assistant.verification.passages import AnyPassage, Passage

if TYPE_CHECKING:
    from assistant.retrieval.langchain import AssistantRetriever

_NEVER = 2.0  # no confidence is as high
# A copy has an article's own words: so many articles are compared with it, those that share most words with its beginning.
_COPY_SEARCH_ARTICLES, _COPY_SEARCH_CHARACTERS = 10, 600


def no_progress(task: str, done: int, total: int) -> None:
    """Reports nothing."""


class Assistant:
    """Answers questions from a folder of articles. Open one with `Assistant.open`; close it, or use it as a context manager.

    Safe to use from several threads.
    """

    def __init__(
        self, index: Index, embeddings: Embeddings, reader: Reader, settings: Settings, chat: ChatClient | None = None
    ) -> None:
        """Puts the parts together; `open` makes them first."""
        self.settings = settings
        self.embeddings = embeddings
        self._index = index
        search = HybridSearch(index, embeddings, settings)
        self._retriever = HybridRetriever(search, reader)
        self._articles = ArticleRanker(search, reader)
        self._quoter = Quoter(index, self._retriever, reader, settings)
        self._reader = reader
        self._chat = chat
        self._writer = (
            GenerativeAnswerer(chat, partial(check_sentence, reader=reader), settings, token_counter(settings.encoding))
            if chat
            else None
        )
        self._rewriter = QuestionRewriter(chat) if chat else None

    @classmethod
    def open(
        cls,
        corpus: str | Path = "corpus",
        index: str | Path = ".index",
        *,
        settings: Settings | None = None,
        embeddings: Embeddings | None = None,
        reader: Reader | None = None,
        chat_model: BaseChatModel | None = None,
        progress: Progress = no_progress,
    ) -> Self:
        """Opens the index of a corpus; builds it when it is missing, and brings it up to date when articles changed.

        Args:
            corpus: a folder of articles, or one file.
            index: where indexes are kept; each corpus and each set of settings has a folder of its own in it.
            settings: values other than those of the environment.
            embeddings: used instead of the model that the settings name.
            reader: likewise.
            chat_model: a LangChain chat model that writes the answers, instead of the one that the settings name.
            progress: called with the task, how much of it is done, and how much there is.

        Raises:
            CorpusError: an article cannot be read; the index is left as it was.
            SettingsError: a setting is unknown or unfit.
            IndexingError: the index was built with other settings, with another embedding model or from another corpus; it is
                damaged, cannot be written, or is being written by another process.
            ModelUnavailable: weights are missing or not the pinned ones, or the chat model's package is.
        """
        settings = settings or load_settings()
        corpus = Path(corpus)
        count_tokens = token_counter(settings.encoding)
        articles = load_articles(corpus)
        embeddings = embeddings or SentenceTransformerEmbeddings(settings.embedding_model, threads=settings.threads)
        reader = reader or load_reader(settings.reader_model, threads=settings.threads)
        chat = chat_client(settings, chat_model)
        folder, read_again = index_folder(Path(index), corpus, settings), partial(load_articles, corpus)
        opened = open_index(folder, settings, embeddings, corpus, articles, count_tokens, progress, read_again)
        return cls(opened, embeddings, reader, settings, chat)

    def ask(self, question: str, history: Sequence[Turn] = (), filter: SearchFilter | None = None) -> Answer:
        """Answers from the articles that pass the filter, or abstains.

        `history` holds the turns before the question, oldest first; a question that leans on them ("and the other one?") is
        completed from them, and `Answer.searched_for` says how.

        Raises:
            QuestionError: the question is empty, or longer than 2,000 characters.
        """
        *_, answer = self.stream(question, history, filter)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), filter: SearchFilter | None = None
    ) -> Generator[Sentence | Answer, None, None]:
        """Like `ask`, but yields a chat model's sentences one by one as soon as they are checked; the answer comes last.

        The answer counts: it may hold other sentences than came before it, where the model failed half way. Without a chat
        model there is nothing before it. Closing the iterator ends the model's work.
        """
        question = _checked(question)
        turns = [Turn(turn.role, _clean(turn.content)) for turn in history]
        searched = _or_everything(filter)
        if not searched.sources and (one := of_outlet(question, self.sources())):
            *_, answer = self._stream(one.question, turns, dataclasses.replace(searched, sources=(one.outlet,)))
            if isinstance(answer, Answer) and not answer.abstained:
                yield dataclasses.replace(answer, question=question)
                return
        yield from self._stream(question, turns, searched)

    def _stream(self, question: str, turns: Sequence[Turn], searched: SearchFilter) -> Generator[Sentence | Answer, None, None]:
        """`stream`, of a question that was checked."""
        readings = condense_question(question, turns)
        if self._rewriter and len(readings) > 1 and (rewritten := self._rewriter.rewrite(question, turns)):
            readings = (rewritten, *readings)

        def ask(part: str, abstain_below: float | None = None) -> Answer:
            return self._quoter.answer(part, (part,), searched, abstain_below)

        def ask_in_turn(part: str, before: Sequence[Turn], likeliest: str | None) -> Answer:
            meant = condense_question(part, before)
            meant = (likeliest, meant[-1]) if likeliest else meant
            return self._where_spoken_of(part, before, meant, self._quoter.answer(part, meant, searched), searched)

        look_up = partial(ask, abstain_below=0.0)
        answer = (
            compare(readings[0], ask)
            or spell_out(readings[0], self._quoter.restate, look_up)
            or ask_both(readings[0], ask_in_turn)
        )
        if answer is None:
            whole = self._quoter.answer(question, readings, searched)
            answer = ask_through(readings[0], whole, look_up, ask) or ask_of_then(readings[0], whole, ask)
        if answer is not None:
            # Facts brought together or letters compared in code: a model has nothing to add.
            yield self._finished(answer, question)
            return
        answer = self._where_spoken_of(question, turns, readings, whole, searched)
        if not answer.abstained and names_neither(readings[0], answer):
            answer = self._quoter.answer(question, readings, searched, _NEVER)
        if answer.abstained:
            answer = ask_the_first(readings[0], ask_in_turn) or answer
        else:
            articles = self._index.catalog.articles_of(scored.chunk for scored in answer.evidence)
            # Where another process took one of them out of the index meanwhile, the quotes stand and nothing is added to them.
            if all(scored.chunk.article_id in articles for scored in answer.evidence):
                if self._writer is not None:
                    reply = yield from self._writer.stream(answer.searched_for, turns, answer.evidence, articles)
                    answer = with_reply(answer, reply, self._reader)
                answer = with_disagreement(answer, articles, self._reader)
        yield self._finished(answer, question)

    def _finished(self, answer: Answer, question: str) -> Answer:
        """With the question as it was asked, and the calendar's date behind a short answer that leans on another."""
        with suppress(KeyError):  # another process took the article out of the index meanwhile
            answer = with_resolved_date(answer, self.article)
        return dataclasses.replace(answer, question=question)

    def _where_spoken_of(
        self, question: str, turns: Sequence[Turn], readings: Sequence[str], whole: Answer, searched: SearchFilter
    ) -> Answer:
        """The answer to a follow-up from the article that was spoken of, where that is the better one; else the one there is, and
        so for a question that leans on nothing."""
        if tuple(readings) == (question,) and not (turns and may_mean_it(question)):
            return whole

        def says_it_again() -> bool:
            in_full = len(readings) > 1 and whole.searched_for == self._quoter.restate(readings[-1])
            return in_full or whole.short_answer == self._answer_again(turns, searched).short_answer

        said = spoken_of(turns)
        for article_id in self._articles.with_words_of(said, 1, searched):
            if answers_elsewhere(whole, article_id, said):
                there = self._quoter.answer_from(article_id, asked_before(turns), stripped(question), searched)
                return there if is_better_there(there, whole, said, says_it_again) else whole
        return whole

    def _answer_again(self, turns: Sequence[Turn], searched: SearchFilter) -> Answer:
        """The answer to the last question of a conversation."""
        last = last_question(turns)
        return self._quoter.answer(turns[last].content, condense_question(turns[last].content, turns[:last]), searched)

    def verify(self, text: str, passages: Sequence[AnyPassage] | None = None) -> tuple[Sentence, ...]:
        """What the articles say about each sentence of a text: supported, contradicted or not found, with quotes.

        `passages` are compared with instead of the articles: parts of articles, whole articles, or plain strings.

        Raises:
            QuestionError: the text is empty.
        """
        return tuple(self.verify_each(text, passages)[1])

    def verify_each(self, text: str, passages: Sequence[AnyPassage] | None = None) -> tuple[int, Iterator[Sentence]]:
        """Like `verify`, but gives how many sentences there are, and each of them only when it is asked for: a long text takes a
        while.

        Raises:
            QuestionError: the text is empty.
        """
        text = _as_articles_are(text)
        if not text.strip():
            raise QuestionError("The text is empty; give at least one sentence.")
        return verify_each(text, self.passages_about if passages is None else lambda _: passages, reader=self._reader)

    def suggest_questions(self, question: str, filter: SearchFilter | None = None) -> tuple[str, ...]:
        """At most three questions near one that wasn't answered, which the articles do answer.

        Raises:
            QuestionError: the question is empty, or longer than 2,000 characters.
        """
        question = _checked(question)
        searched = _or_everything(filter)
        near = self._retriever.retrieve(question, searched)
        return suggest(near.chunks, near.articles, lambda text: self._quoter.answer(text, (text,), searched), not_this=question)

    def carried_by(self, article_id: str) -> tuple[str, ...]:
        """The other outlets that printed near-copies of an article, sorted.

        Raises:
            KeyError: the index holds no article of that id.
        """
        article = self.article(article_id)
        near = self._articles.with_words_of(article.text[:_COPY_SEARCH_CHARACTERS], _COPY_SEARCH_ARTICLES)
        others = self._index.catalog.articles(sorted(set(near) - {article_id}))
        copies = copies_of(article, others.values())
        return tuple(sorted({copy.source for copy in copies if copy.source and copy.source != article.source}))

    def search(self, query: str, top_k: int = 10, filter: SearchFilter | None = None) -> tuple[ScoredChunk, ...]:
        """The passages that answer the query best, at most `top_k` and at most the setting `rerank_top_k`.

        Raises:
            QuestionError: the query is empty, or longer than 2,000 characters.
        """
        return self._retriever.retrieve(_checked(query), _or_everything(filter), read_all=True).chunks[:top_k]

    def rank_articles(self, query: str, top_k: int = 100) -> list[tuple[str, float]]:
        """Article ids with fused scores, best first, ties by id: search for articles rather than for an answer.

        Raises:
            QuestionError: the query is empty, or longer than 2,000 characters.
        """
        return self._articles.rank(_checked(query))[:top_k]

    def article(self, article_id: str) -> Article:
        """One article.

        Raises:
            KeyError: the index holds no article of that id.
        """
        found = self._index.catalog.article(_storable(article_id))
        if found is None:
            raise KeyError(article_id)
        return found

    def article_ids(self) -> list[str]:
        """All article ids, sorted."""
        return self._index.catalog.article_ids()

    def sources(self) -> list[str]:
        """All outlets, sorted."""
        return self._index.catalog.sources()

    def counts(self) -> tuple[int, int]:
        """How many articles the index holds, and how many chunks."""
        return self._index.catalog.counts()

    @property
    def index_folder(self) -> Path:
        """Where this index lies."""
        return self._index.folder

    def as_retriever(self, k: int = 4, filter: SearchFilter | None = None) -> AssistantRetriever:
        """A LangChain `BaseRetriever` over the same search."""
        from assistant.retrieval.langchain import AssistantRetriever

        return AssistantRetriever(searcher=self, k=k, search_filter=filter)

    def close(self) -> None:
        """Releases the files."""
        self._index.close()
        if self._chat is not None:
            self._chat.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def passages_about(self, sentence: str) -> list[Passage]:
        """What a sentence is compared with when it is verified: the passages that a search for it finds."""
        # As a question is searched for: the article may write "BECA" out.
        chunks, articles = self._retriever.find(self._quoter.restate(sentence[:MAX_QUESTION_CHARACTERS]))
        return [Passage(articles[chunk.article_id], chunk.start, chunk.end) for chunk in chunks]


def _or_everything(filter: SearchFilter | None) -> SearchFilter:
    return EVERYTHING if filter is None else dataclasses.replace(filter, sources=tuple(map(_clean, filter.sources)))


def _clean(text: str) -> str:
    """`_as_articles_are`, with one space for a run of white space."""
    return " ".join(_as_articles_are(text).split())


def _as_articles_are(text: str) -> str:
    """In NFC, and storable."""
    return unicodedata.normalize("NFC", _storable(text))


def _storable(text: str) -> str:
    """A lone surrogate, half a character that no model and no file can hold, becomes `?`."""
    return text.encode(errors="replace").decode()


def _checked(question: str) -> str:
    question = _clean(question)
    if not question:
        raise QuestionError("The question is empty; ask something.")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"The question has {len(question):,} characters, more than the {MAX_QUESTION_CHARACTERS:,} allowed; shorten it."
        )
    return question

"""The same answers for programs: named API endpoints, which are the MCP server's tools as well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import gradio as gr
from gradio.events import api

from assistant.errors import AssistantError, QuestionError
from assistant.types import Article
from assistant.web.chat import Chat
from assistant.web.checking import checked_text
from assistant.web.filters import search_filter
from assistant.web.wording import error_in_words

_T = TypeVar("_T")


def add_programs(chat: Chat, asking: dict[str, Any], checking: dict[str, Any]) -> None:
    """Adds the endpoints `/ask`, `/search`, `/verify` and `/articles` to the page that is being built.

    Args:
        chat: who asks while the articles are being opened waits.
        asking: how many questions are answered at a time, together with the page's own.
        checking: the same for texts that are checked.
    """

    def ask_news(
        request: gr.Request,
        question: str,
        after: str = "",
        before: str = "",
        sources: list[str] | None = None,
        newest_first: bool = False,
    ) -> dict[str, Any]:
        """Answers a question from the news articles, in their own words, or says that they don't answer it.

        Args:
            question: The question, in plain words; at most 2,000 characters.
            after: Only articles published on this day or later, YYYY-MM-DD; empty for all.
            before: Only articles published on this day or earlier, YYYY-MM-DD; empty for all.
            sources: Only these outlets; none for all.
            newest_first: Of the passages that answer, take those of the newest article first.
        """
        with _told_to_programs():
            chosen = search_filter(after, before, sources, newest_first)
            answer = chat.assistant.ask(_text("question", question), filter=chosen)
        return _sent(answer.to_dict(), request)

    def search_news(
        request: gr.Request,
        query: str,
        limit: int = 5,
        after: str = "",
        before: str = "",
        sources: list[str] | None = None,
    ) -> list[Any]:
        """Finds the passages of the news articles that fit a query best, best first.

        Args:
            query: What to look for.
            limit: How many passages; at most as many as are read for a question, 10 unless the server is set otherwise.
            after: Only articles published on this day or later, YYYY-MM-DD; empty for all.
            before: Only articles published on this day or earlier, YYYY-MM-DD; empty for all.
            sources: Only these outlets; none for all.
        """
        with _told_to_programs():
            assistant = chat.assistant
            chosen = search_filter(after, before, sources)
            found = assistant.search(_text("query", query), max(_whole_number("limit", limit), 1), chosen)
        passages = [
            {
                "article_id": scored.chunk.article_id,
                "title": assistant.article(scored.chunk.article_id).title,
                "text": scored.chunk.text,
                "start": scored.chunk.start,
                "end": scored.chunk.end,
                "score": scored.score,
            }
            for scored in found
        ]
        return _sent(passages, request)

    def get_article(request: gr.Request, article_id: str) -> dict[str, Any]:
        """One news article, whole.

        Args:
            article_id: As in the results of a search or the citations of an answer.
        """
        with _told_to_programs():
            try:
                article = chat.assistant.article(_text("article_id", article_id))
            except KeyError:
                raise QuestionError(f"No article has the id {article_id!r}; take one from a search.") from None
        return _sent(_plain(article), request)

    def verify_text(request: gr.Request, text: str) -> list[dict[str, Any]]:
        """Says of each sentence of a text whether the news articles support it, contradict it, or don't speak of it.

        A sentence comes with its verdict ("supported", "contradicted" or "not found"), the quotes that it rests on, and where it
        is contradicted, the values that differ.

        Args:
            text: Any text; at most 8,000 characters.
        """
        with _told_to_programs():
            sentences = chat.assistant.verify(checked_text(_text("text", text)))
        return _sent([sentence.to_dict() for sentence in sentences], request)

    api(ask_news, api_name="ask", **asking)
    api(search_news, api_name="search", **asking)
    api(verify_text, api_name="verify", **checking)
    api(get_article, api_name="articles", concurrency_limit=None)


@contextmanager
def _told_to_programs() -> Iterator[None]:
    """Turns the errors raised on purpose into Gradio's, whose message reaches the caller."""
    try:
        yield
    except AssistantError as error:
        raise gr.Error(error_in_words(error), print_exception=False) from error


def _sent(result: _T, request: gr.Request) -> _T:
    """The result as it is; for an MCP client as JSON text, because Gradio would write it down as Python does.

    Gradio passes an MCP call on as a client of its own, and that header is how it tells.
    """
    if request.headers.get("x-gradio-user") == "mcp":
        return cast(_T, json.dumps(result, ensure_ascii=False))
    return result


# Gradio checks no types: a program may send anything.
def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise QuestionError(f"{name!r} is {value!r}; give a text.")
    return value


def _whole_number(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise QuestionError(f"{name!r} is {value!r}; give a whole number.")
    return value


def _plain(article: Article) -> dict[str, Any]:
    return {
        "article_id": article.article_id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "author": article.author,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
    }

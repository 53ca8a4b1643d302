"""The same answers for programs: named API endpoints, which are the MCP server's tools as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
from gradio.events import api

from assistant.errors import AssistantError
from assistant.types import Article
from assistant.web.chat import Chat
from assistant.web.checking import checked_text
from assistant.web.filters import search_filter


def add_programs(chat: Chat, asking: dict[str, Any], checking: dict[str, Any]) -> None:
    """Adds the endpoints `/ask`, `/search`, `/verify` and `/articles` to the page that is being built.

    Args:
        chat: who asks while the articles are being opened waits.
        asking: how many questions are answered at a time, together with the page's own.
        checking: the same for texts that are checked.
    """

    def ask_news(
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
            return chat.assistant.ask(question, filter=chosen).to_dict()

    def search_news(query: str, limit: int = 5, after: str = "", before: str = "", sources: list[str] | None = None) -> list[Any]:
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
            found = assistant.search(query, max(limit, 1), search_filter(after, before, sources))
        return [
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

    def get_article(article_id: str) -> dict[str, Any]:
        """One news article, whole.

        Args:
            article_id: As in the results of a search or the citations of an answer.
        """
        try:
            return _plain(chat.assistant.article(article_id))
        except KeyError:
            raise gr.Error(f"No article has the id {article_id!r}; take one from a search.", print_exception=False) from None

    def verify_text(text: str) -> list[dict[str, Any]]:
        """Says of each sentence of a text whether the news articles support it, contradict it, or don't speak of it.

        A sentence comes with its verdict ("supported", "contradicted" or "not found"), the quotes that it rests on, and where it
        is contradicted, the values that differ.

        Args:
            text: Any text; at most 8,000 characters.
        """
        with _told_to_programs():
            sentences = chat.assistant.verify(checked_text(text))
        return [sentence.to_dict() for sentence in sentences]

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
        raise gr.Error(str(error), print_exception=False) from error


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

"""The same answers for programs: named API endpoints, which are the MCP server's tools as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
from gradio.events import api

from assistant.engine import Assistant
from assistant.errors import AssistantError
from assistant.types import Article
from assistant.web.filters import search_filter

_MAX_PASSAGES = 20


def add_programs(assistant: Assistant, concurrency_id: str) -> None:
    """Adds the endpoints `/ask`, `/search` and `/articles` to the page that is being built."""

    def ask_news(question: str, after: str = "", before: str = "", sources: list[str] | None = None) -> dict[str, Any]:
        """Answers a question from the news articles, in their own words, or says that they don't answer it.

        Args:
            question: The question, in plain words; at most 2,000 characters.
            after: Only articles published on this day or later, YYYY-MM-DD; empty for all.
            before: Only articles published on this day or earlier, YYYY-MM-DD; empty for all.
            sources: Only these outlets; none for all.
        """
        with _told_to_programs():
            return assistant.ask(question, filter=search_filter(after, before, sources)).to_dict()

    def search_news(query: str, limit: int = 5, after: str = "", before: str = "", sources: list[str] | None = None) -> list[Any]:
        """Finds the passages of the news articles that fit a query best, best first.

        Args:
            query: What to look for.
            limit: How many passages, 1 to 20.
            after: Only articles published on this day or later, YYYY-MM-DD; empty for all.
            before: Only articles published on this day or earlier, YYYY-MM-DD; empty for all.
            sources: Only these outlets; none for all.
        """
        with _told_to_programs():
            found = assistant.search(query, min(max(limit, 1), _MAX_PASSAGES), search_filter(after, before, sources))
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
            return _plain(assistant.article(article_id))
        except KeyError:
            raise gr.Error(f"No article has the id {article_id!r}; take one from a search.", print_exception=False) from None

    api(ask_news, api_name="ask", concurrency_id=concurrency_id)
    api(search_news, api_name="search", concurrency_id=concurrency_id)
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

"""Which articles say something of their own, and which are copies, as when several papers print one agency's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.ingestion.deduplication import COPY_FROM, containment, shingles
from assistant.types import Article


def independent(article_ids: Sequence[str], articles: Mapping[str, Article]) -> list[str]:
    """The articles that are not copies of one before them in the list, in its order."""
    kept: list[str] = []
    for article_id in dict.fromkeys(article_ids):
        if not any(are_copies(articles[article_id].text, articles[other].text) for other in kept):
            kept.append(article_id)
    return kept


def are_copies(one: str, other: str) -> bool:
    """Whether the shorter text stands, for the most part, in the longer one: a cut copy is a copy."""
    return containment(shingles(one), shingles(other)) >= COPY_FROM

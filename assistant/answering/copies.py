"""Which articles are copies of one another, as when several papers print one agency's text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from assistant.types import Article

# Share of the shorter text's runs of five words that the other holds too; edited copies keep well over half of them.
_SAME_RUNS = 0.5
_RUN = 5


def independent(article_ids: Sequence[str], articles: Mapping[str, Article]) -> list[str]:
    """The articles that are not copies of one before them in the list, in its order."""
    kept: list[str] = []
    for article_id in dict.fromkeys(article_ids):
        if not any(are_copies(articles[article_id].text, articles[other].text) for other in kept):
            kept.append(article_id)
    return kept


def are_copies(one: str, other: str) -> bool:
    """Whether the shorter text stands, for the most part, in the longer one."""
    first, second = _runs(one), _runs(other)
    return len(first & second) >= _SAME_RUNS * min(len(first), len(second))


@lru_cache(maxsize=256)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)))

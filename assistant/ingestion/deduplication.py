"""Which articles are near-copies of one another, as when several outlets print one agency's report.

Two texts are compared by their shingles, the runs of five words in them. Their resemblance is the share of the shingles of
either that both have, their containment the share of the shorter one's (Broder, "On the resemblance and containment of
documents", 1997).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.types import Article

SHINGLE_WORDS = 5
# Two reports of one event in their own words share well under a tenth; a copy cut to three fifths keeps half.
COPY_FROM = 0.5


def copies_of(article: Article, others: Iterable[Article]) -> list[Article]:
    """The others that are near-copies of an article, in their order; the article itself isn't among them."""
    own = shingles(article.text)
    return [
        other
        for other in others
        if other.article_id != article.article_id and resemblance(own, shingles(other.text)) >= COPY_FROM
    ]


def resemblance(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared shingles over all shingles, in [0, 1]; 0 where neither has any."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0


def containment(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared shingles over those of the set with fewer, in [0, 1]; 0 where it has none."""
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0


@lru_cache(maxsize=256)
def shingles(text: str) -> frozenset[str]:
    """The runs of five words, in lower case and without punctuation; a shorter text is one run, an empty one has none."""
    words = re.findall(r"\w+", text.lower())
    if not words:
        return frozenset()
    last = max(1, len(words) - SHINGLE_WORDS + 1)
    return frozenset(" ".join(words[first : first + SHINGLE_WORDS]) for first in range(last))

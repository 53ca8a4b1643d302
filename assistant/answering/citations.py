"""Checks that a citation is what it says it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.types import Article, Citation, Sentence

_MARKER = re.compile(r"\[(\d+)\]")


def verify_citations(
    sentences: Iterable[Sentence], articles: Mapping[str, Article]
) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """Splits sentences into those that may be shown and those that may not, both in order.

    A sentence may be shown when it has a citation and each of its quotes is the article's text at its offsets.
    """
    shown, removed = [], []
    for sentence in sentences:
        exact = sentence.citations and all(is_exact(citation, articles) for citation in sentence.citations)
        if exact and sentence.verdict != "unsupported":
            shown.append(sentence)
        else:
            removed.append(Sentence(sentence.text, "unsupported", sentence.citations))
    return tuple(shown), tuple(removed)


def is_exact(citation: Citation, articles: Mapping[str, Article]) -> bool:
    """Whether the quote is not empty and is the article's text at the citation's offsets."""
    article = articles.get(citation.article_id)
    if article is None or not 0 <= citation.start < citation.end <= len(article.text):
        return False
    return article.text[citation.start : citation.end] == citation.quote


def markers(text: str) -> list[int]:
    """The numbers of the markers `[n]` in a text, in order."""
    return [int(number) for number in _MARKER.findall(text)]

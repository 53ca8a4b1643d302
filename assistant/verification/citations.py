"""Checks that a citation is what it says it is, and that it says what the sentence says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assistant.models.reader import Reader
from assistant.types import Article, Citation, Sentence
from assistant.verification.check import verify_claim
from assistant.verification.passages import Passage


def verify_citations(
    sentences: Iterable[Sentence],
    articles: Mapping[str, Article],
    *,
    reader: Reader | None = None,
) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """Splits sentences into those that may be shown and those that may not, both in order.

    A sentence may be shown when it has a citation, each of its quotes is the article's text at its offsets, and the quotes
    support it: it is one of them word for word, or the verifier finds what it says, each value included, in them. `reader` is
    that of `check.verify_claim`; a sentence that is its own quote needs none.
    """
    shown, removed = [], []
    for sentence in sentences:
        exact = sentence.citations and all(is_exact(citation, articles) for citation in sentence.citations)
        if exact and sentence.verdict in ("supported", "corrected") and _is_said(sentence, articles, reader):
            shown.append(sentence)
        else:
            removed.append(replace(sentence, verdict="unsupported"))
    return tuple(shown), tuple(removed)


def is_exact(citation: Citation, articles: Mapping[str, Article]) -> bool:
    """Whether the quote is not empty and is the article's text at the citation's offsets."""
    article = articles.get(citation.article_id)
    if article is None or not 0 <= citation.start < citation.end <= len(article.text):
        return False
    return article.text[citation.start : citation.end] == citation.quote


def _is_said(sentence: Sentence, articles: Mapping[str, Article], reader: Reader | None) -> bool:
    if any(sentence.text == citation.quote for citation in sentence.citations):
        return True
    quotes = [Passage(articles[citation.article_id], citation.start, citation.end) for citation in sentence.citations]
    return verify_claim(sentence.text, quotes, reader=reader, every_value=True).verdict == "supported"

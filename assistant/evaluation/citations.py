"""Checks of one answer's citations: are they the article's words, do the markers lead somewhere, do they cite the evidence?

The scheme is that of ALCE (Gao, Yen, Yu and Chen, "Enabling Large Language Models to Generate Text with Citations", EMNLP
2023): citation recall is the share of an answer's sentences that its citations support, citation precision the share of
its citations that are to the point; each is taken per answer, and an answer without citations has 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.evaluation.gold import MULTI_ARTICLE, GoldExample
from assistant.evaluation.text import MARKER
from assistant.types import Answer, Article, Citation, Sentence

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """A citation and what was found.

    exact: `article.text[start:end] == quote`.
    gold_article: it is exact, and its article is in the question's gold evidence.
    gold_quote: moreover it overlaps a gold quote in that article, or the gold evidence has no quote there.
    """

    citation: Citation
    exact: bool
    gold_article: bool
    gold_quote: bool


def all_citations(answer: Answer) -> list[Citation]:
    """The answer's citations, and those that only its sentences hold; each once."""
    inner = (citation for sentence in answer.sentences for citation in sentence.citations)
    return list(dict.fromkeys((*answer.citations, *inner)))


def is_exact(citation: Citation, articles: Mapping[str, Article]) -> bool:
    """Whether the quote is the article's own words at the offsets given. An empty quote, or one from nowhere, is not."""
    article = articles.get(citation.article_id)
    if article is None or not 0 <= citation.start < citation.end <= len(article.text):
        return False
    return article.text[citation.start : citation.end] == citation.quote


def check_citation(citation: Citation, example: GoldExample, articles: Mapping[str, Article]) -> CheckedCitation:
    """Compares a citation with its article and the gold evidence. What is not exact hits nothing."""
    exact = is_exact(citation, articles)
    quotes = [evidence.quote for evidence in example.evidence if evidence.article_id == citation.article_id]
    in_article = exact and bool(quotes)
    at_quote = in_article and hits_a_quote(articles[citation.article_id].text, (citation.start, citation.end), quotes)
    return CheckedCitation(citation, exact, in_article, at_quote)


def hits_a_quote(text: str, span: Span, quotes: list[str | None]) -> bool:
    """Whether a span of the text overlaps one of the quotes, wherever they stand in it; None is the whole text."""
    return any(quote is None or any(overlaps(span, place) for place in quote_spans(text, quote)) for quote in quotes)


def quote_spans(text: str, quote: str) -> list[Span]:
    """Every place where the quote stands in the text; the gold set gives no offsets, so all of them are accepted."""
    spans = []
    start = text.find(quote)
    while start >= 0:
        spans.append((start, start + len(quote)))
        start = text.find(quote, start + 1)
    return spans


def overlaps(one: Span, other: Span) -> bool:
    """Whether two half-open spans share at least half of the characters of the shorter one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and 2 * shared >= min(one[1] - one[0], other[1] - other[0])


def dangling_markers(answer: Answer) -> int:
    """How many markers in the text have no citation of their number, plus how many citations the text never marks.

    A bracketed number inside a quoted passage is the article's and no marker.
    """
    text = answer.text
    for citation in answer.citations:
        if "[" in citation.quote:
            text = text.replace(citation.quote, " ")
    marked = {int(number) for marker in MARKER.findall(text) for number in marker.strip("[]").split(",")}
    cited = [citation.marker for citation in answer.citations]
    return len(marked - set(cited)) + sum(number not in marked for number in cited)


def is_supported(sentence: Sentence, exact: Mapping[Citation, bool]) -> bool:
    """Whether the verifier found the sentence supported, by citations that are all exact. Its word alone is not enough."""
    if sentence.verdict == "unsupported" or not sentence.citations:
        return False
    return all(exact[citation] for citation in sentence.citations)


def quote_exactness(checked: list[CheckedCitation]) -> float | None:
    """Share of the citations that are exact; None without citations."""
    return sum(check.exact for check in checked) / len(checked) if checked else None


def support_rate(answer: Answer, checked: list[CheckedCitation]) -> float:
    """ALCE's citation recall with the assistant's verifier as judge of entailment: the share of sentences supported."""
    exact = {check.citation: check.exact for check in checked}
    return sum(is_supported(sentence, exact) for sentence in answer.sentences) / max(1, len(answer.sentences))


def gold_citation_measures(example: GoldExample, checked: list[CheckedCitation]) -> dict[str, float]:
    """Citation precision and recall against the gold evidence of an answerable question that was answered or failed.

    Precision is the share of citations from an article of the evidence (strict: that overlap a gold quote). Recall is 1 if a
    citation is; for a question tagged multi-article it is the share of the evidence's articles that one is from.
    """
    wanted = {evidence.article_id for evidence in example.evidence}
    loose = [check.citation.article_id for check in checked if check.gold_article]
    strict = [check.citation.article_id for check in checked if check.gold_quote]
    count = max(1, len(checked))
    return {
        "citation_precision": len(loose) / count,
        "citation_precision_strict": len(strict) / count,
        "citation_recall": _recall(loose, wanted, MULTI_ARTICLE in example.tags),
        "citation_recall_strict": _recall(strict, wanted, MULTI_ARTICLE in example.tags),
    }


def _recall(cited: list[str], wanted: set[str], all_are_needed: bool) -> float:
    return len(set(cited)) / len(wanted) if all_are_needed else float(bool(cited))

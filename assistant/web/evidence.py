"""The evidence pane: one card per article, with the quoted words marked where they stand.

Everything that comes from an article is escaped here, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import pairwise
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from assistant.types import Answer, Article, Citation, Difference, Sentence
from assistant.web.wording import long_date

EMPTY = """
<section class="evidence empty">
  <h2>The evidence</h2>
  <p>Each answer quotes the articles. The article opens here, with the quoted words marked.</p>
</section>
"""

NOTHING_CHECKED = """
<section class="evidence empty">
  <h2>The evidence</h2>
  <p>Once the text is checked, the articles that speak of it open here, with the words marked.</p>
</section>
"""

NOTHING_FOUND = """
<section class="evidence empty" data-turn="check"><h2>Evidence for the text</h2><p>No article speaks of this text.</p></section>
"""

_PARAGRAPH = re.compile(r"[^\n]+")
_WORDS_AT_EACH_END_OF_A_LINK = 6


@dataclass(frozen=True, slots=True)
class Span:
    """Words to mark: `article.text[start:end]`.

    marker: the number in the answer; None for a passage that is only near.
    differs: the words stand where a checked text has another value.
    """

    start: int
    end: int
    marker: int | None = None
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """Articles by id, and for each the other outlets that carried it, in its own words or nearly so."""

    articles: Mapping[str, Article]
    carried_by: Mapping[str, Sequence[str]] = field(default_factory=dict)


def evidence_html(answer: Answer, library: Library, turn: int) -> str:
    """The pane for one answer: cited articles in the order of their markers, then the ones that were read as well.

    Args:
        answer: with its citations and evidence.
        library: a cited article that isn't in it is shown as its quote alone.
        turn: the answer's number in the conversation, from 0.
    """
    articles = library.articles
    cited = list(dict.fromkeys(citation.article_id for citation in answer.citations))
    cards = _cited_cards(answer.citations, (), library)
    read = list(dict.fromkeys(scored.chunk.article_id for scored in answer.evidence if scored.chunk.article_id not in cited))
    if answer.abstained and read:
        nearest = answer.evidence[0].chunk
        article = articles.get(nearest.article_id)
        # One that has changed since is shown below, as it was read then.
        if article and article.text[nearest.start : nearest.end] == nearest.text:
            cards.append(_card(article, [Span(nearest.start, nearest.end)], "Nearest passage", open_whole=False))
            read.remove(nearest.article_id)
    also = "".join(_also_read(answer, articles[article_id]) for article_id in read if article_id in articles)
    return (
        f'<section class="evidence" data-turn="{turn}"><h2>Evidence for “{escape(answer.question)}”</h2>'
        + "".join(cards)
        + (f'<h3 class="also">Also read, not quoted</h3>{also}' if also else "")
        + "</section>"
    )


def check_evidence_html(sentences: Iterable[Sentence], library: Library) -> str:
    """The pane for a checked text: the articles that speak of it, their words marked, and marked again where they differ."""
    sentences = list(sentences)
    cards = _cited_cards(
        [citation for sentence in sentences for citation in sentence.citations],
        [difference for sentence in sentences for difference in sentence.differs],
        library,
    )
    heading = "<h2>Evidence for the text</h2>"
    return f'<section class="evidence" data-turn="check">{heading}{"".join(cards)}</section>' if cards else NOTHING_FOUND


def marked(text: str, start: int, end: int, spans: Iterable[Span]) -> str:
    """`text[start:end]` as HTML with the spans' words in `<mark>`; overlapping spans share the words that they share."""
    inside = [replace(s, start=max(s.start, start), end=min(s.end, end)) for s in spans if s.start < end and s.end > start]
    cuts = sorted({start, end, *(s.start for s in inside), *(s.end for s in inside)})
    parts = []
    for left, right in pairwise(cuts):
        covering = [s for s in inside if s.start <= left and s.end >= right]
        words = escape(text[left:right])
        if not covering:
            parts.append(words)
            continue
        numbers = " ".join(str(n) for n in sorted({s.marker for s in covering if s.marker is not None}))
        kind = "differs" if any(s.differs for s in covering) else "" if numbers else "near"
        attributes = (f' class="{kind}"' if kind else "") + (f' data-marker="{numbers}"' if numbers else "")
        parts.append(f"<mark{attributes}>{words}</mark>")
    return "".join(parts)


def web_link(url: str | None) -> str | None:
    """The address when it is http or https, else None: other schemes can run code."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else None


def text_fragment(url: str | None, quote: str) -> str | None:
    """A link that opens the page at the quote (`#:~:text=`), or None where the article has no web address."""
    address = web_link(url)
    if address is None:
        return None
    words = quote.split()
    ends = (
        [words]
        if len(words) <= 2 * _WORDS_AT_EACH_END_OF_A_LINK
        else [
            words[:_WORDS_AT_EACH_END_OF_A_LINK],
            words[-_WORDS_AT_EACH_END_OF_A_LINK:],
        ]
    )
    # A hyphen has a meaning in text fragments, and percent-encoding leaves it alone.
    fragment = ",".join(percent_encoded(" ".join(part), safe="").replace("-", "%2D") for part in ends)
    return f"{address.split('#')[0]}#:~:text={fragment}"


def _cited_cards(citations: Sequence[Citation], differs: Sequence[Difference], library: Library) -> list[str]:
    cards = []
    for article_id in dict.fromkeys(citation.article_id for citation in citations):
        own = [citation for citation in citations if citation.article_id == article_id]
        label = " ".join(f"[{citation.marker}]" for citation in own)
        article = library.articles.get(article_id)
        if article is None or any(article.text[c.start : c.end] != c.quote for c in own):
            cards.append(_quotes_card(own, label))
            continue
        spans = [Span(c.start, c.end, c.marker) for c in own]
        spans += [Span(d.start, d.end, differs=True) for d in differs if d.article_id == article_id]
        others = library.carried_by.get(article_id, ())
        cards.append(_card(article, spans, label, open_whole=not cards, quote=own[0].quote, others=others))
    return cards


def _quotes_card(citations: Sequence[Citation], label: str) -> str:
    quotes = "".join(f'<p class="quoted"><mark data-marker="{c.marker}">{escape(c.quote)}</mark></p>' for c in citations)
    return (
        f'<article class="card"><header><p class="kicker"><b>{label}</b></p><h3>{escape(citations[0].title)}</h3></header>'
        f'<p class="note">The article has changed since this answer; these are the words as quoted then.</p>'
        f'<div class="body">{quotes}</div></article>'
    )


def _card(
    article: Article,
    spans: Sequence[Span],
    label: str,
    *,
    open_whole: bool,
    quote: str | None = None,
    others: Sequence[str] = (),
) -> str:
    paragraphs = []
    hidden = 0
    for found in _PARAGRAPH.finditer(article.text):
        quoted = any(span.start < found.end() and span.end > found.start() for span in spans)
        hidden += not quoted
        paragraphs.append(f"<p{' class=quoted' if quoted else ''}>{marked(article.text, found.start(), found.end(), spans)}</p>")
    link = text_fragment(article.url, quote) if quote else web_link(article.url)
    original = f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">Original page</a>' if link else ""
    toggle = (
        f'<label><input type="checkbox" class="whole"{" checked" if open_whole else ""}> Show whole article</label>'
        if hidden
        else ""
    )
    return (
        f'<article class="card"><header><p class="kicker"><b>{escape(label)}</b>{_about(article)}{_carried(article, others)}</p>'
        f'<h3>{escape(article.title)}</h3><p class="tools">{toggle}{original}</p></header>'
        f'<div class="body">{"".join(paragraphs)}</div></article>'
    )


def _also_read(answer: Answer, article: Article) -> str:
    passage = next(scored.chunk.text for scored in answer.evidence if scored.chunk.article_id == article.article_id)
    paragraphs = "".join(f"<p>{escape(found[0])}</p>" for found in _PARAGRAPH.finditer(passage))
    return (
        f'<details class="read"><summary>{escape(article.title)}<span class="kicker">{_about(article)}</span></summary>'
        f'<div class="body">{paragraphs}</div></details>'
    )


def _about(article: Article) -> str:
    published = (
        f'<time datetime="{article.published.isoformat()}">{long_date(article.published)}</time>' if article.published else ""
    )
    parts = [escape(article.source or ""), published, escape(article.author or "")]
    return "".join(f"<span>{part}</span>" for part in parts if part)


def _carried(article: Article, others: Sequence[str]) -> str:
    """How many outlets carried the article, and which; nothing where it was one."""
    if not others:
        return ""
    names = ", ".join(name for name in (article.source, *others) if name)
    return f"<span>Carried by {len(others) + 1} outlets: {escape(names)}</span>"

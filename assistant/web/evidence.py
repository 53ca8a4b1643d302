"""The evidence pane: one card per article, with the quoted words marked where they stand.

Everything that comes from an article is escaped here, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from assistant.types import Answer, Article, Citation
from assistant.web.wording import long_date

EMPTY = """
<section class="evidence empty">
  <p>Each answer quotes the articles. The article opens here, with the quoted words marked.</p>
</section>
"""

_PARAGRAPH = re.compile(r"[^\n]+")
_WORDS_AT_EACH_END_OF_A_LINK = 6


@dataclass(frozen=True, slots=True)
class Span:
    """Words to mark: `article.text[start:end]`; `marker` is the number in the answer, None for a passage that is only near."""

    start: int
    end: int
    marker: int | None


def evidence_html(answer: Answer, articles: Mapping[str, Article], turn: int) -> str:
    """The pane for one answer: cited articles in the order of their markers, then the ones that were read as well.

    Args:
        answer: with its citations and evidence.
        articles: by id; a cited article that is missing is shown as its quote alone.
        turn: the answer's number in the conversation, from 0.
    """
    cited = list(dict.fromkeys(citation.article_id for citation in answer.citations))
    cards = [
        _cited_card(answer.citations, article_id, articles.get(article_id), first=article_id == cited[0]) for article_id in cited
    ]
    read = list(dict.fromkeys(scored.chunk.article_id for scored in answer.evidence if scored.chunk.article_id not in cited))
    if answer.abstained and read:
        nearest = answer.evidence[0].chunk
        if article := articles.get(nearest.article_id):
            cards.append(_card(article, [Span(nearest.start, nearest.end, None)], "Nearest passage", open_whole=False))
            read.remove(nearest.article_id)
    also = "".join(_also_read(answer, articles[article_id]) for article_id in read if article_id in articles)
    return (
        f'<section class="evidence" data-turn="{turn}">'
        + "".join(cards)
        + (f'<h3 class="also">Also read, not quoted</h3>{also}' if also else "")
        + "</section>"
    )


def marked(text: str, start: int, end: int, spans: Iterable[Span]) -> str:
    """`text[start:end]` as HTML with the spans' words in `<mark>`; overlapping spans share the words that they share."""
    inside = [Span(max(s.start, start), min(s.end, end), s.marker) for s in spans if s.start < end and s.end > start]
    cuts = sorted({start, end, *(s.start for s in inside), *(s.end for s in inside)})
    parts = []
    for left, right in pairwise(cuts):
        covering = [s for s in inside if s.start <= left and s.end >= right]
        words = escape(text[left:right])
        if not covering:
            parts.append(words)
            continue
        numbers = " ".join(str(n) for n in sorted({s.marker for s in covering if s.marker is not None}))
        parts.append(f'<mark data-marker="{numbers}">{words}</mark>' if numbers else f'<mark class="near">{words}</mark>')
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


def _cited_card(citations: Sequence[Citation], article_id: str, article: Article | None, *, first: bool) -> str:
    own = [citation for citation in citations if citation.article_id == article_id]
    label = " ".join(f"[{citation.marker}]" for citation in own)
    if article is None or any(article.text[c.start : c.end] != c.quote for c in own):
        quotes = "".join(f'<p class="quoted"><mark data-marker="{c.marker}">{escape(c.quote)}</mark></p>' for c in own)
        return (
            f'<article class="card"><header><p class="kicker"><b>{label}</b></p><h3>{escape(own[0].title)}</h3></header>'
            f'<p class="note">The article has changed since this answer; these are the words as quoted then.</p>'
            f'<div class="body">{quotes}</div></article>'
        )
    return _card(article, [Span(c.start, c.end, c.marker) for c in own], label, open_whole=first, quote=own[0].quote)


def _card(article: Article, spans: Sequence[Span], label: str, *, open_whole: bool, quote: str | None = None) -> str:
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
        f'<article class="card"><header><p class="kicker"><b>{escape(label)}</b>{_about(article)}</p>'
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

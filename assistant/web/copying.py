"""An answer to take elsewhere: as text, Markdown, BibTeX or a link to the quoted words; and a conversation as one file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from assistant.types import Answer, Article, Citation
from assistant.web.evidence import text_fragment, web_link
from assistant.web.wording import long_date

Articles = Mapping[str, Article]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")
_BIBTEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}"} | {sign: f"\\{sign}" for sign in "&%$#_"}


def as_text(answer: Answer, articles: Articles) -> str:
    """The answer as the page shows it, then a line for each citation."""
    parts = [_short(answer), answer.text, answer.notice, *(f"[{c.marker}] {_reference(c, articles)}" for c in answer.citations)]
    return "\n".join(part for part in parts if part)


def as_markdown(answer: Answer, articles: Articles) -> str:
    """The question as a heading, the answer as the page shows it, and the quotes with their articles."""
    parts = [f"## {_markdown(answer.question)}"]
    if short := _short(answer):
        parts.append(f"**{_markdown(short)}**")
    parts.append(_markdown(answer.text))
    if answer.notice:
        parts.append(f"*{_markdown(answer.notice)}*")
    for citation in answer.citations:
        parts.append(f"> {_markdown(citation.quote)}\n>\n> — \\[{citation.marker}\\] {_markdown(_reference(citation, articles))}")
    return "\n\n".join(parts)


def as_bibtex(answer: Answer, articles: Articles) -> str:
    """One `@misc` entry for each cited article, in the order of the markers."""
    entries = {c.article_id: _bibtex(c, articles.get(c.article_id)) for c in reversed(answer.citations)}
    return "\n\n".join(reversed(entries.values()))


def as_link(answer: Answer, articles: Articles) -> str:
    """For each citation whose article has a web address, a link that opens there at the quoted words."""
    addresses = [text_fragment(articles[c.article_id].url, c.quote) for c in answer.citations if c.article_id in articles]
    return "\n".join(dict.fromkeys(address for address in addresses if address))


FORMS: dict[str, Callable[[Answer, Articles], str]] = {
    "Text": as_text,
    "Markdown": as_markdown,
    "BibTeX": as_bibtex,
    "Link": as_link,
}


def conversation_as_markdown(title: str, answers: Sequence[Answer], articles: Articles) -> str:
    """A whole conversation as one Markdown file."""
    return "\n\n".join([f"# {_markdown(title)}", *(as_markdown(answer, articles) for answer in answers)]) + "\n"


def _short(answer: Answer) -> str | None:
    return None if answer.abstained else answer.short_answer


def _reference(citation: Citation, articles: Articles) -> str:
    article = articles.get(citation.article_id)
    parts = [
        f"“{citation.title}”",
        citation.source,
        long_date(citation.published) if citation.published else None,
        web_link(article.url) if article else None,
    ]
    return ", ".join(part for part in parts if part)


def _bibtex(citation: Citation, article: Article | None) -> str:
    fields = {
        "title": citation.title,
        "author": article.author if article else None,
        "publisher": citation.source,
        "date": citation.published.isoformat() if citation.published else None,
        "url": web_link(article.url) if article else None,
        "note": f"“{citation.quote}”",
    }
    lines = [f"  {name} = {{{value if name == 'url' else _escaped(value)}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{_key(citation.article_id)},", *lines, "}"])


def _key(article_id: str) -> str:
    """The article's key, the same in every export: its id, and where a key can't spell that, with a few digits of its hash.

    BibTeX takes a capital for the small letter.
    """
    key = re.sub(r"[^a-z0-9-]", "-", article_id.lower())
    return key if key == article_id else f"{key}-{hashlib.sha256(article_id.encode()).hexdigest()[:8]}"


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(sign, sign) for sign in " ".join(text.split()))


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))

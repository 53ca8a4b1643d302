"""The words and the Markdown of the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.errors import AssistantError
from assistant.types import Answer, Citation, Sentence

# ASCII's alone; what is none of it stays, as HTML has no reference to some of it, and reads another character in others.
_MEANS_SOMETHING_IN_MARKDOWN = re.compile(r"[^\w\s,;?\x00-\x1f\x7f-\U0010ffff]|_")
_OPTION = re.compile(r"(?<=\bwith )--(corpus|index)\b")
_IN_ARTICLE = re.compile(r" \(in “.*”\)$")
_BRACKETS = re.compile(r" \([^()]*\)")
_CONFIDENCE = ((0.9, "Very confident"), (0.7, "Fairly confident"), (0.0, "Not very confident: compare with the marked words"))


def plain(text: str) -> str:
    """Text as Markdown that shows exactly that text: no HTML, links, emphasis or lists, whatever it holds.

    Punctuation becomes numeric character references, which Markdown shows and never interprets.
    """
    return _MEANS_SOMETHING_IN_MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", " ".join(text.split()))


def error_in_words(error: AssistantError) -> str:
    """What went wrong and what to do; the page has no options, so one that is named there is named as its variable."""
    return _OPTION.sub(lambda option: f"ASSISTANT_{option[1].upper()}", str(error))


def answer_markdown(answer: Answer, turn: int, searched_in: Sequence[str] = ()) -> str:
    """An answer as a message: the short answer, the sentences with their markers, and how sure we are.

    Args:
        answer: what to show.
        turn: its number in the conversation, from 0.
        searched_in: the filter that shaped the answer, one phrase for each thing chosen.
    """
    parts = []
    if searched_in:
        parts.append(" ".join(f"`{_in_code(phrase)}`" for phrase in searched_in))
    if answer.searched_for != answer.question:
        parts.append(f'[Searched for: {plain(answer.searched_for)}](#edit "Edit: {plain(in_plain_words(answer))}")')
    if answer.abstained:
        parts.append(plain(answer.text))
    else:
        if answer.short_answer:
            parts.append(f"**{plain(answer.short_answer)}**")
        parts.append(sentences_markdown(answer.sentences, turn))
        parts.append(f"*{plain(confidence_in_words(answer))}*")
    if answer.notice:
        parts.append(f"*{plain(answer.notice)}*")
    return "\n\n".join(parts)


def in_plain_words(answer: Answer) -> str:
    """What was searched for as one would type it: without the brackets that the asker didn't write. What an acronym stands for,
    what a follow-up is about and the article that it was read in are found again without being told."""
    searched = _IN_ARTICLE.sub("", answer.searched_for)
    return _BRACKETS.sub(lambda found: found[0] if found[0] in answer.question else "", searched)


def sentences_markdown(sentences: Sequence[Sentence], turn: int) -> str:
    """Sentences with their markers, which link to `#cite-<turn>-<marker>`: an answer, or what there is of it so far."""
    return " ".join(_sentence(sentence, turn) for sentence in sentences)


def progress(articles: int, passages: int) -> str:
    """What is being done between a question and its answer."""
    return f"*Searching {_count(articles, 'article')} · reading {_count(passages, 'passage')}…*"


def title_html(articles: int | None) -> str:
    """The head of the page; None while the articles are being opened."""
    held = f"{_count(articles, 'article')}, answered in their own words" if articles is not None else "Opening the articles…"
    return f'<div id="title"><h1>News assistant</h1><p role="status">{held}</p></div>'


def confidence_in_words(answer: Answer) -> str:
    """How sure we are that this answers the question, and what that rests on."""
    level = next(words for least, words in _CONFIDENCE if answer.confidence >= least)
    articles = len({citation.article_id for citation in answer.citations})
    # Where a chat model failed, its reply is kept, but the sentences are quotes.
    quoted = all(citation.quote == sentence.text for sentence in answer.sentences for citation in sentence.citations)
    how = "word for word from" if quoted else "checked against"
    removed = f" {_count(len(answer.removed), 'sentence')} left out: not in the articles." if answer.removed else ""
    return f"{level}. {_count(len(answer.sentences), 'sentence')}, {how} {_count(articles, 'article')}.{removed}"


def long_date(day: date) -> str:
    """`7 February 2025`."""
    return f"{day.day} {day:%B %Y}"


def _sentence(sentence: Sentence, turn: int) -> str:
    warning = " *(unsupported)*" if sentence.verdict == "unsupported" else ""
    markers = _markers(sentence.citations, turn)
    # The space doesn't break: a marker never begins a line.
    return f"{plain(sentence.text)}{warning}" + (f"&#160;{markers}" if markers else "")


def _markers(citations: Sequence[Citation], turn: int) -> str:
    return "".join(f'[&#91;{c.marker}&#93;](#cite-{turn}-{c.marker} "{plain(c.quote)}")' for c in citations)


def _in_code(text: str) -> str:
    return " ".join(text.replace("`", "'").split())


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

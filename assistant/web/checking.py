"""A pasted text beside what the articles say about each of its sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from assistant.errors import QuestionError
from assistant.types import Difference, Sentence
from assistant.web.evidence import Span, marked

MAX_TEXT_CHARACTERS = 8000
WAITING = '<section class="verdicts"><p class="total">Checking…</p></section>'

# The sign says the same as the colour, for whoever doesn't see colours.
_VERDICTS = {
    "supported": ("✓", "Supported"),
    "contradicted": ("✗", "Contradicted"),
    "not found": ("?", "Not found"),
}


def checked_text(text: str) -> str:
    """The text itself, when it can be checked.

    Raises:
        QuestionError: it is empty, or too long.
    """
    if not text.strip():
        raise QuestionError("There is nothing to check; paste a text.")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise QuestionError(
            f"The text has {len(text):,} characters, more than the {MAX_TEXT_CHARACTERS:,} allowed; check it in parts."
        )
    return text


def verdicts_html(sentences: Sequence[Sentence]) -> str:
    """The sentences with their verdicts; markers link to `#cite-check-<marker>`."""
    return _verdicts(f'<p class="total">{escape(_total(sentences))}</p>', sentences)


def growing_html(sentences: Sequence[Sentence], of: int) -> str:
    """The first verdicts on a text of so many sentences; the next one is being found."""
    # Not the total, which is spoken: nobody wants to hear every number.
    return _verdicts(f'<p class="note">Checking sentence {len(sentences) + 1} of {of}…</p>', sentences)


def stopped_html(sentences: Sequence[Sentence]) -> str:
    """The verdicts that there were when the reader didn't want to wait."""
    return _verdicts(f'<p class="total">{escape(f"Stopped. {_total(sentences)}".strip())}</p>', sentences)


def refusal_html(message: str) -> str:
    """Why a text isn't checked."""
    return f'<section class="verdicts"><p class="note" role="alert">{escape(message)}</p></section>'


def _verdicts(line: str, sentences: Sequence[Sentence]) -> str:
    return f'<section class="verdicts" aria-label="Verdicts">{line}<ol>{"".join(map(_item, sentences))}</ol></section>'


def _total(sentences: Sequence[Sentence]) -> str:
    counts = Counter[str](sentence.verdict for sentence in sentences)
    return ", ".join(f"{counts[verdict]} {words.lower()}" for verdict, (_, words) in _VERDICTS.items() if counts[verdict])


def _item(sentence: Sentence) -> str:
    sign, words = _VERDICTS.get(sentence.verdict, ("?", sentence.verdict.capitalize()))
    differing = [Span(d.claim_start, d.claim_end, differs=True) for d in sentence.differs]
    links = "".join(f' <a href="#cite-check-{c.marker}" title="{escape(c.quote)}">[{c.marker}]</a>' for c in sentence.citations)
    notes = "".join(map(_note, sentence.differs))
    return (
        f'<li class="{escape(sentence.verdict.replace(" ", "-"))}"><b class="verdict">{sign} {escape(words)}</b>'
        f"<p>{marked(sentence.text, 0, len(sentence.text), differing)}{links}</p>{notes}</li>"
    )


def _note(difference: Difference) -> str:
    return f'<p class="note">Here “{escape(difference.claimed)}”, in the article “{escape(difference.found)}”.</p>'

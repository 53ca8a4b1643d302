"""Where sentences begin and end, by sentencex (Wikimedia), which knows abbreviations and keeps quotations whole."""

from __future__ import annotations

from sentencex import get_sentence_boundaries

Span = tuple[int, int]


def sentence_spans(text: str, language: str = "en") -> list[Span]:
    """Half-open character spans of the sentences, in order, without the white space around them; none is empty."""
    spans = []
    for boundary in get_sentence_boundaries(language, text):
        start, end = boundary["start_index"], boundary["end_index"]
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            spans.append((start, end))
    return spans

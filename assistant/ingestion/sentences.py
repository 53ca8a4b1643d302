"""Where sentences begin and end, by sentencex (Wikimedia), which knows abbreviations and keeps quotations whole."""

from __future__ import annotations

import re

from sentencex import get_sentence_boundaries

Span = tuple[int, int]

# sentencex takes a straight quotation mark behind a full stop for a closing one.
_QUOTATION_BEGINS = re.compile(r'[.!?]\s+(?="[A-Z])')


def sentence_spans(text: str, language: str = "en") -> list[Span]:
    """Half-open character spans of the sentences, in order, without the white space around them; none is empty."""
    spans = []
    for boundary in get_sentence_boundaries(language, text):
        start, end = boundary["start_index"], boundary["end_index"]
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        for found in _QUOTATION_BEGINS.finditer(text, start, end):
            if text.count('"', start, found.end()) % 2 == 0:
                spans.append((start, found.start() + 1))
                start = found.end()
        if start < end:
            spans.append((start, end))
    return spans

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.ingestion.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t ", []),
        ("Rain fell", ["Rain fell"]),
        ("Rain fell. It was wet!  Why? Nobody knows.", ["Rain fell.", "It was wet!", "Why?", "Nobody knows."]),
        ("A headline\n\nRain fell.", ["A headline", "Rain fell."]),
        ("Dr. Rao met Gen. Brown in the U.S. on Monday.", ["Dr. Rao met Gen. Brown in the U.S. on Monday."]),
        ("It cost 3.5 billion dollars. It flew.", ["It cost 3.5 billion dollars.", "It flew."]),
        ('He left in May. "We lost," said Ann Lee. She went.', ["He left in May.", '"We lost," said Ann Lee.', "She went."]),
        ('He said: "It rained. It poured." Then he left.', ['He said: "It rained. It poured."', "Then he left."]),
        ("Rain 🌧️ fell. Café closed.", ["Rain 🌧️ fell.", "Café closed."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


FRAGMENTS = [
    "Rain fell. ",
    "Mr. Rao said, \"It rained. It poured.\" ",
    "e.g. the U.S. and St. Louis",
    '. "It rained," he said',
    "…",
    "?!",
    ". ",
    "\n",
    "\n\n",
    "\r\n",
    "\u2028",
    "\u0085",
    "\u3000",
    "👩‍👩‍👧‍👦 ",
    "🇮🇳.",
    "e\u0301\u0323. ",
    "\u200b",
    "\u202e",
    "雨が降った。",
    "“",
    "”",
    "(",
    ")",
    "[1] ",
    "a" * 40,
]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=30).map("".join))
@example("\u00a0.\u00a0")
def test_spans_are_in_order_apart_trimmed_and_miss_no_character(text: str) -> None:
    spans = sentence_spans(text)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


def test_a_line_of_100_000_characters_without_a_space() -> None:
    text = "é👍" * 50_000
    assert sentences(text) == [text]

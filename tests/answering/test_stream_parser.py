from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.stream_parser import ParsedSentence, StreamParser

KEYS = {"bk4t": 1, "qd2w": 2, "zz9z": 3}


def parse(text: str, cuts: list[int] | None = None, numbered: int = 3, **limits: int) -> list[ParsedSentence]:
    """The sentences of a text that arrives cut at these places."""
    parser = StreamParser(KEYS, numbered, **limits)
    ends = sorted({*(cuts or ()), len(text)})
    found = []
    for start, end in zip([0, *ends], ends, strict=False):
        found += parser.feed(text[start:end])
    return [*found, *parser.finish()]


def brief(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(sentence.text, sentence.sources) for sentence in parse(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Rain fell. [bk4t] It was wet. [qd2w]", [("Rain fell.", (1,)), ("It was wet.", (2,))]),
        ("Rain fell [bk4t]. It was wet [qd2w].", [("Rain fell.", (1,)), ("It was wet.", (2,))]),
        ("Rain fell.[bk4t]It was wet.", [("Rain fell.", (1,)), ("It was wet.", ())]),
        ("Rain fell [bk4t][qd2w].", [("Rain fell.", (1, 2))]),
        ("Rain fell [bk4t, qd2w].", [("Rain fell.", (1, 2))]),
        ("Rain fell [bk4t; qd2w and zz9z].", [("Rain fell.", (1, 2, 3))]),
        ("Rain fell [1-3].", [("Rain fell.", (1, 2, 3))]),
        ("Rain fell [2][1].", [("Rain fell.", (2, 1))]),
        ("Rain fell [BK4T].", [("Rain fell.", (1,))]),
        ("Rain fell [[bk4t]].", [("Rain fell.", (1,))]),
        ("Rain fell 【bk4t】.", [("Rain fell.", (1,))]),
        ("Rain fell (bk4t).", [("Rain fell.", (1,))]),
        ("Rain fell [source bk4t].", [("Rain fell.", (1,))]),
        ("Rain fell.\n[bk4t]\nIt was wet.", [("Rain fell.", (1,)), ("It was wet.", ())]),
        ("[bk4t] Rain fell.", [("Rain fell.", (1,))]),
        ("Rain fell [bk4t", [("Rain fell", (1,))]),
        ("Rain fell.", [("Rain fell.", ())]),
        ("Mr. Smith met Gen. Jones of the U.S. Army. [bk4t]", [("Mr. Smith met Gen. Jones of the U.S. Army.", (1,))]),
        ("In Washington [US], it rained. [bk4t]", [("In Washington [US], it rained.", (1,))]),
        ("“It rained. It was wet.” said Ann. [bk4t] Next.", [("“It rained. It was wet.” said Ann.", (1,)), ("Next.", ())]),
        ("- **Rain** fell [bk4t]\n* `It` was wet\n# Then", [("Rain fell", (1,)), ("It was wet", ()), ("Then", ())]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_sentences_and_their_sources(text: str, sentences: list[tuple[str, tuple[int, ...]]]) -> None:
    assert brief(text) == sentences


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Rain fell [bk9t].", ("bk9t",)),
        ("Rain fell [0].", ("0",)),
        ("Rain fell [4].", ("4",)),
        ("Rain fell [999].", ("999",)),
        ("Rain fell [2-5].", ("4", "5")),
        ("Rain fell [9-1].", ("9",)),
    ],
)
def test_markers_that_name_no_source_are_told(text: str, unknown: tuple[str, ...]) -> None:
    (sentence,) = parse(text)
    assert sentence.unknown == unknown
    assert sentence.text == "Rain fell."


def test_where_sources_have_keys_a_number_names_none() -> None:
    (sentence,) = parse("Rain fell [1].", numbered=0)
    assert (sentence.sources, sentence.unknown) == ((), ("1",))


def test_a_sentence_comes_as_soon_as_the_next_has_begun() -> None:
    parser = StreamParser(KEYS)
    assert list(parser.feed("Rain fell. ")) == []
    assert list(parser.feed("[bk4t] ")) == []
    (first,) = parser.feed("It was ")
    assert (first.text, first.sources) == ("Rain fell.", (1,))


def test_a_reply_without_end_is_read_to_its_limit() -> None:
    parser = StreamParser(KEYS, longest_reply=100)
    found = [sentence for _ in range(1000) for sentence in parser.feed("It rained. ")]
    assert parser.full
    assert len(found) < 10


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("rain" * 200, []),
        ("rain" * 210 + ". Snow fell. It was wet.", ["Snow fell.", "It was wet."]),
        ("Snow fell. " + "rain" * 210 + ". It was wet.", ["Snow fell.", "It was wet."]),
    ],
)
def test_a_sentence_without_end_is_left_out(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in parse(text, longest_sentence=100)] == sentences


def test_a_quotation_mark_without_a_partner_cuts_no_sentence() -> None:
    found = parse('The gun has a 5" barrel and was sold. [bk4t] ' + "He said it was fine. [qd2w] " * 70)
    assert [(sentence.text, sentence.sources) for sentence in found] == [
        ('The gun has a 5" barrel and was sold.', (1,)),
        *[("He said it was fine.", (2,))] * 70,
    ]


def test_what_cannot_be_seen_is_left_out() -> None:
    (sentence,) = parse("R\u200bain\u202e fe\x07ll\U000e0041.")
    assert sentence.text == "Rain fell."


def test_a_sentence_that_breaks_off_is_not_complete() -> None:
    assert [sentence.complete for sentence in parse("Rain fell. [bk4t] It was")] == [True, False]


PIECES = st.sampled_from(
    'Rain fell|It was wet|. |.|! |\n|\n\n| |[bk4t]|[|]|[1|-3]|[bk4t, qd2w]|[[zz9z]]|(bk4t)|“|”|"|Mr. |U.S. |30 July 2018|[US]'
    "|[99]|【qd2w】|- |**|\u200b|é|雨。|[bk4t; ".split("|")
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.data())
def test_it_makes_no_difference_how_the_text_is_cut(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=10))
    assert (
        parse(text, cuts, longest_sentence=60)
        == parse(text, longest_sentence=60)
        == parse(text, list(range(len(text))), longest_sentence=60)
    )


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.data())
def test_nor_for_any_text_at_all(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=10))
    assert parse(text, cuts) == parse(text)

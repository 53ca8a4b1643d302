from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.names import Name, same_word
from assistant.language.values import find_values, holds_quotation, ordinals, says_no_more_than


def values_in(text: str) -> list[tuple[str, str]]:
    return [(value.kind, text[value.start : value.end]) for value in find_values(text)]


def names_in(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(value.meaning.words, value.meaning.kind) for value in find_values(text) if isinstance(value.meaning, Name)]


def test_each_kind_is_found_where_it_stands() -> None:
    text = 'On 3 May 2020 Ana Silva paid $2 million for 15 ships in Lisbon, "a fair price".'
    assert values_in(text) == [
        ("date", "3 May 2020"),
        ("name", "Ana Silva"),
        ("money", "$2 million"),
        ("number", "15"),
        ("name", "Lisbon"),
        ("quotation", "a fair price"),
    ]


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("He met Admiral John Aquilino.", ("john", "aquilino"), "person"),
        ("She flew to Goa.", ("goa",), "place"),
        ("It was Indian.", ("india",), "country"),
        ("The Americans left.", ("us",), "country"),
        ("It is in the United States.", ("us",), "country"),
        ("They met in South Korea.", ("south-korea",), "country"),
        ("The State Department said so.", ("state", "department"), "organisation"),
        ("They called the BBC.", ("bbc",), "organisation"),
        ("Norvik said so.", ("norvik",), ""),
        ("Mr Modi's plane", ("modi",), "person"),
        ("two C-17s", ("c-17",), ""),
        ("a Goa-based firm", ("goa",), ""),
        ("They met J.D. Vance.", ("jd", "vance"), ""),
    ],
)
def test_names(text: str, words: tuple[str, ...], kind: str) -> None:
    assert names_in(text) == [(words, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "Officials met.",
        "Finding oil is hard.",
        "The minister spoke.",
        "On Monday they left.",
        "However, it rained.",
        "Two ships sank.",
    ],
)
def test_a_capital_at_the_beginning_makes_no_name(text: str) -> None:
    assert names_in(text) == []


def test_two_countries_are_two_names() -> None:
    assert [words for words, _ in names_in("The India-US pact holds.")] == [("india",), ("us",)]


def test_where_an_organisation_is_based_is_no_part_of_its_name() -> None:
    assert [words for words, _ in names_in("The Goa-based Combined Forces came.")] == [("goa",), ("combined", "forces")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sergei", "sergey", True),
        ("s", "subrahmanyam", True),
        ("hegseth", "hegseth", True),
        ("austria", "australia", False),
        ("niger", "nigeria", False),
        ("iran", "iraq", False),
        ("c-130", "c-135", False),
    ],
)
def test_one_name_spelt_twice(one: str, other: str, same: bool) -> None:
    assert same_word(one, other) is same_word(other, one) is same


@pytest.mark.parametrize(
    ("claimed", "passage", "follows"),
    [
        ("July 30, 2018", "30 July 2018", True),
        ("July 2018", "2018-07-30", True),
        ("30 July 2018", "July 2018", False),
        ("$3 billion", "3,000 million dollars", True),
        ("two thirds of", "2/3", True),
        ("sixth", "6th", True),
        ("$3 billion", "€3 billion", False),
        ("9pm", "7pm", False),
        ("7 a.m.", "7pm", False),
        ("7", "7pm", True),
        ("7 pm", "7pm", True),
        ("500MW", "300MW", False),
        ("the '90s", "the '80s", False),
        ("the '90s", "1994", True),
        ("2000 soldiers", "2,000 soldiers", True),
        ("2,000 soldiers", "2000 soldiers", True),
    ],
)
def test_values_are_compared_and_not_their_words(claimed: str, passage: str, follows: bool) -> None:
    [one], [other] = find_values(claimed), find_values(passage)
    assert says_no_more_than(one, other) is follows


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("a gift to the rich", True),
        ("A gift to the rich.", True),
        ("a gift for the rich", False),
        ("a gift to the Rich", False),
        ("it isn't", True),
    ],
)
def test_a_quotation_is_word_for_word(words: str, holds: bool) -> None:
    assert holds_quotation(words, "She called it “a gift to the rich” and “no more”; it isn’t.") is holds


@pytest.mark.parametrize(
    ("words", "text", "holds"),
    [
        ("legal move", "It was an illegal move", False),
        ("evil", "It was a civil case", False),
        ("yes", "“No,” the candidates said. They lay low.", False),
        ("the cat", "the category", False),
        ("Yes", "They said yes.", True),
        ("war", "the post-war years", True),
        ("$5 more", "It cost “$5 more”", True),
    ],
)
def test_a_quotation_is_of_whole_words(words: str, text: str, holds: bool) -> None:
    assert holds_quotation(words, text) is holds


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    for value in find_values(text):
        assert 0 <= value.start < value.end <= len(text)


def test_ordinals_are_of_rows_and_not_of_dates() -> None:
    assert ordinals("The fifth and the 6th meeting, on 7th May and on the eighth of June") == {"fifth": 5, "6th": 6}

from __future__ import annotations

from fractions import Fraction

import pytest

from assistant.language.durations import days_of_one
from assistant.language.quantities import Quantity, find_numbers


def the_number(text: str) -> Quantity:
    [(_, _, quantity)] = find_numbers(text)
    return quantity


@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        ("two weeks", "14 days"),
        ("more than two weeks", "17 days"),
        ("over a fortnight", "17 days"),
        ("less than three weeks", "17 days"),
        ("two and a half weeks", "17 days"),
        ("two and a half years", "30 months"),
        ("30 months", "two and a half years"),
        ("72 hours", "three days"),
        ("two decades", "20 years"),
        ("a 30-year-old man", "30 years"),
        ("30 days", "about 30"),
        ("at least 200 people", "213 people"),
        ("fewer than 20 people", "15 people"),
    ],
)
def test_a_length_of_time_is_the_same_in_any_unit(claimed: str, said: str) -> None:
    assert the_number(claimed).says_no_more_than(the_number(said))


@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        ("17 weeks", "17 days"),
        ("two weeks", "17 days"),
        ("more than three weeks", "17 days"),
        ("less than two weeks", "17 days"),
        ("three years", "30 months"),
        ("more than 6,000 people", "5,400 people"),
        ("more than 500 people", "5,400 people"),
        ("nearly 200 people", "150 people"),
    ],
)
def test_another_length_is_another(claimed: str, said: str) -> None:
    assert not the_number(claimed).says_no_more_than(the_number(said))


def test_a_range_is_of_the_unit_behind_it() -> None:
    assert [quantity.days for _, _, quantity in find_numbers("two to three weeks")] == [7, 7]
    assert [quantity.days for _, _, quantity in find_numbers("5 percent, 3 weeks")] == [None, 7]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("five second places", None),
        ("5 seconds", Fraction(1, 86_400)),
        ("5-second", Fraction(1, 86_400)),
        ("5 minutes", Fraction(1, 1440)),
        ("5 daylight", None),
        ("5", None),
    ],
)
def test_what_counts_time(text: str, days: Fraction | None) -> None:
    assert days_of_one(text, 0, 1) == days

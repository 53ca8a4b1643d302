from __future__ import annotations

from fractions import Fraction

import pytest

from assistant.language.quantities import find_numbers


def numbers_in(text: str) -> list[tuple[str, Fraction, str | None]]:
    return [(text[start:end], found.amount, found.unit) for start, end, found in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "written", "amount"),
    [
        ("About one in eight was a child.", "one in eight", Fraction(1, 8)),
        ("3 in 10 people", "3 in 10", Fraction(3, 10)),
        ("nine out of every ten voters", "nine out of every ten", Fraction(9, 10)),
        ("17 out of 60 votes", "17 out of 60", Fraction(17, 60)),
        ("1 in 100,000 births", "1 in 100,000", Fraction(1, 100_000)),
        ("by half a percentage point", "half a percentage point", Fraction(1, 200)),
        ("a quarter of a percentage point", "a quarter of a percentage point", Fraction(1, 400)),
        ("half a percent", "half a percent", Fraction(1, 200)),
        ("Trade was down by about a third.", "a third", Fraction(1, 3)),
        ("rose by more than half since May", "half", Fraction(1, 2)),
    ],
)
def test_a_share_in_words(text: str, written: str, amount: Fraction) -> None:
    assert numbers_in(text) == [(written, amount, "%")]


@pytest.mark.parametrize(
    "text", ["five in six matches", "one in five days", "10 in 12 countries", "one in 2019", "a second and a third in May"]
)
def test_two_numbers_that_are_none(text: str) -> None:
    assert all(unit != "%" for _, _, unit in numbers_in(text))


@pytest.mark.parametrize(
    ("one", "other", "same"), [("a third of", "33%", True), ("12.5%", "13%", False), ("a third of", "34%", False)]
)
def test_what_has_endless_decimals_is_rounded(one: str, other: str, same: bool) -> None:
    [(_, _, first)], [(_, _, second)] = find_numbers(one), find_numbers(other)
    assert first.says_no_more_than(second) == second.says_no_more_than(first) == same

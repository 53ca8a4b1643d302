from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.quantities import Quantity, find_numbers

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
TENS = "- ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def numbers_in(text: str) -> list[tuple[str, Fraction, str | None]]:
    return [(text[start:end], found.amount, found.unit) for start, end, found in find_numbers(text)]


def in_words(number: int) -> str:
    """English words for a number below a million."""
    if number >= 1000:
        rest = f" {in_words(number % 1000)}" if number % 1000 else ""
        return f"{in_words(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{UNITS[number // 100]} hundred{rest}"
    if number < 20:
        return UNITS[number]
    return TENS[number // 10] + (f"-{UNITS[number % 10]}" if number % 10 else "")


@given(st.integers(2, 999_999), st.integers(0, 2), st.sampled_from(["{} ships came", "There were {} of them.", "({} men)"]))
def test_a_number_is_the_same_in_figures_and_in_words(number: int, way: int, frame: str) -> None:
    written = [str(number), f"{number:,}", in_words(number)][way]
    assert numbers_in(frame.format(written)) == [(written, number, None)]


@given(st.integers(1, 999), st.sampled_from(["million", "billion", "trillion"]), st.integers(0, 3))
def test_money_is_the_same_however_it_is_written(number: int, scale: str, way: int) -> None:
    factor, short = {"million": (10**6, "m"), "billion": (10**9, "bn"), "trillion": (10**12, "tn")}[scale]
    written = [f"${number} {scale}", f"US${number}{short}", f"{number} {scale} dollars", f"${number * factor:,}"][way]
    assert numbers_in(f"It cost {written} in all") == [(written, number * factor, "USD")]


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("two thirds of them", Fraction(2, 3), "%"),
        ("2/3 of them", Fraction(2, 3), "%"),
        ("half the men", Fraction(1, 2), "%"),
        ("a quarter of a year", Fraction(1, 4), "%"),
        ("4.5 percent", Fraction(45, 1000), "%"),
        ("4.5%", Fraction(45, 1000), "%"),
        ("twenty per cent", Fraction(1, 5), "%"),
        ("the sixth meeting", Fraction(6), "th"),
        ("the 6th meeting", Fraction(6), "th"),
        ("the thirty-seventh member", Fraction(37), "th"),
        ("Rs 2.5 lakh crore", Fraction(25 * 10**11), "INR"),
        ("₹12,000 crore", Fraction(12 * 10**10), "INR"),
        ("Rs 1,20,000", Fraction(120_000), "INR"),
        ("€1.6bn", Fraction(16 * 10**8), "EUR"),
        ("3.2 billion kroner", Fraction(32 * 10**8), "kroner"),
        ("half a million people", Fraction(500_000), None),
        ("half a trillion dollars", Fraction(5 * 10**11), "USD"),
        ("up from nothing", Fraction(0), None),
        ("two dozen helicopters", Fraction(24), None),
        ("a dozen helicopters", Fraction(12), None),
        ("a decade", Fraction(10), None),
        ("0.6 million rifles", Fraction(600_000), None),
        ("at 9pm", Fraction(9), None),
        ("at 9 pm", Fraction(9), None),
        ("at 9p.m.", Fraction(9), None),
        ("a 500MW plant", Fraction(500), None),
        ("a 500-MW plant", Fraction(500), None),
        ("12km away", Fraction(12), None),
        ("$3B", Fraction(3 * 10**9), "USD"),
        ("€2.5M", Fraction(25 * 10**5), "EUR"),
        ("2½ percent", Fraction(25, 1000), "%"),
        ("2 ⅓ years", Fraction(7, 3), None),
        ("½ of them", Fraction(1, 2), "%"),
        ("5 million US dollars", Fraction(5 * 10**6), "USD"),
        ("minus five degrees", Fraction(-5), None),
        ("-5 degrees", Fraction(-5), None),
        ("(−5 degrees)", Fraction(-5), None),
        ("a loss of -$5 million", Fraction(-5 * 10**6), "USD"),
    ],
)
def test_values(text: str, amount: Fraction, unit: str | None) -> None:
    [(_, found, found_unit)] = numbers_in(text)
    assert (found, found_unit) == (amount, unit)


def test_a_range_is_of_one_unit() -> None:
    assert numbers_in("from 49 to 74 percent") == [("49", Fraction(49, 100), "%"), ("74 percent", Fraction(74, 100), "%")]
    assert numbers_in("3 to 5 billion dollars") == [("3", 3 * 10**9, "USD"), ("5 billion dollars", 5 * 10**9, "USD")]


def test_a_vote_is_two_numbers() -> None:
    assert [amount for _, amount, _ in numbers_in("confirmed 51-50")] == [51, 50]
    assert [amount for _, amount, _ in numbers_in("by 99 votes to none")] == [99, 0]
    assert [amount for _, amount, _ in numbers_in("won 6 -4")] == [6, 4]
    assert [amount for _, amount, _ in numbers_in("rule 2017-5")] == [2017, 5]


@pytest.mark.parametrize(
    "text",
    ["9/11", "24/7", "1.2.3", "$1,5 million", "F414", "C-130J", "MH-60R", "AK-203", "3B", "5G", "2+2", "M777s", "seconds later"],
)
def test_a_name_with_figures_is_no_number(text: str) -> None:
    assert numbers_in(f"the {text} flew") == []


def test_an_approximate_number_may_be_rounded_a_little() -> None:
    [(_, _, claimed)], [(_, _, estimated)] = find_numbers("about 25,000 men"), find_numbers("an estimated 25,000 men")
    assert claimed == estimated
    assert claimed.says_no_more_than(Quantity(Fraction(25_400)))
    assert not claimed.says_no_more_than(Quantity(Fraction(26_000)))
    assert not Quantity(Fraction(25_000)).says_no_more_than(Quantity(Fraction(25_400)))


def test_units_must_not_contradict() -> None:
    assert not Quantity(Fraction(3), "USD").says_no_more_than(Quantity(Fraction(3), "EUR"))
    assert not Quantity(Fraction(3)).says_no_more_than(Quantity(Fraction(3), "th"))
    assert Quantity(Fraction(3), "USD").says_no_more_than(Quantity(Fraction(3)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("$5 million", "HK$5 million", False),
        ("$5 million", "NZ$5 million", False),
        ("HK$5 million", "NZ$5 million", False),
        ("XY$5 million", "$5 million", False),
        ("5 million US dollars", "5 million Australian dollars", False),
        ("A$5 million", "5 million Australian dollars", True),
        ("US$5 million", "5 million dollars", True),
        ("$5 million", "5 million American dollars", True),
        ("5 million Indian rupees", "Rs 5 million", True),
        ("5 million Pakistani rupees", "Rs 5 million", False),
        ("5 million Norwegian kroner", "5 million Danish kroner", False),
        ("5 million kroner", "5 million Danish kroner", True),
        ("5 degrees", "-5 degrees", False),
        ("−5 degrees", "minus 5 degrees", True),
        ("at least 500", "at most 500", False),
        ("more than 500", "almost 500", False),
        ("no more than 500", "more than 500", False),
        ("no fewer than 500", "fewer than 500", False),
        ("no fewer than 500", "at least 500", True),
        ("over five percent", "under five percent", False),
        ("up to $500", "more than $500", False),
        ("500", "at least 500", True),
        ("500", "no more than 500", True),
        ("about 500", "more than 500", True),
        ("some 500", "almost 500", True),
        ("500 or more", "fewer than 500", False),
        ("500-plus", "500 or fewer", False),
        ("500+", "in excess of 500", True),
    ],
)
def test_two_amounts_are_one_only_if_nothing_said_of_them_contradicts(one: str, other: str, same: bool) -> None:
    [(_, _, first)], [(_, _, second)] = find_numbers(f"It was {one} then"), find_numbers(f"It was {other} then")
    assert first.says_no_more_than(second) is second.says_no_more_than(first) is same


def test_a_number_behind_its_noun_is_as_good_as_an_ordinal() -> None:
    [(_, _, claimed)] = find_numbers("in front until kilometre 38.")
    assert claimed.says_no_more_than(Quantity(Fraction(38), "th"))


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for start, end, _ in find_numbers(text):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("between two and three million people", [2 * 10**6, 3 * 10**6]),
        ("between five and ten people", [5, 10]),
        ("two-three days", [2, 3]),
        ("phases one and two", [1, 2]),
        ("two hundred and three hundred", [200, 300]),
        ("two hundred and fifty thousand", [250_000]),
        ("two million three hundred thousand and five", [2_300_005]),
        ("one and a half million", [1_500_000]),
        ("a million and a half people", [1_500_000]),
        ("two and a half years", [Fraction(5, 2)]),
        ("half a dozen, two dozen", [6, 24]),
        ("a half dozen ships, half-a-dozen boats and a half-dozen jets", [6, 6, 6]),
        ("a half million people", [500_000]),
        ("a quarter of a million people", [250_000]),
        ("three-quarters of a million people", [750_000]),
        ("three-and-a-half years", [Fraction(7, 2)]),
        ("one and a half lakh people", [150_000]),
        # Nobody says how many.
        ("several hundred people", []),
        ("a few thousand people", []),
        ("a couple of hundred people", []),
        ("dozens of people", []),
        ("tens of thousands of people", []),
        ("a multi-billion-dollar deal", []),
    ],
)
def test_words_are_one_number_only_where_they_make_one(text: str, amounts: list[Fraction | int]) -> None:
    assert [amount for _, amount, _ in numbers_in(text)] == amounts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$3-5 billion", [(3 * 10**9, "USD"), (5 * 10**9, "USD")]),
        ("between $3 and $5 billion", [(3 * 10**9, "USD"), (5 * 10**9, "USD")]),
        ("Rs 10-15 crore", [(10**8, "INR"), (15 * 10**7, "INR")]),
        ("3 to 5 million", [(3 * 10**6, None), (5 * 10**6, None)]),
        ("two to three billion dollars", [(2 * 10**9, "USD"), (3 * 10**9, "USD")]),
        ("rose 10 and 15 percent", [(Fraction(1, 10), "%"), (Fraction(3, 20), "%")]),
        # These are no ranges.
        ("the Boeing 737 and $5 million", [(737, None), (5 * 10**6, "USD")]),
        ("gave $5 million to 30 schools", [(5 * 10**6, "USD"), (30, None)]),
        ("12 died and 2 million fled", [(12, None), (2 * 10**6, None)]),
        ("grew from 900 to 5 million", [(900, None), (5 * 10**6, None)]),
        ("up 3.2% to 4.5bn", [(Fraction(4, 125), "%"), (45 * 10**8, None)]),
        ("fell 10 per cent to £1.2bn", [(Fraction(1, 10), "%"), (12 * 10**8, "GBP")]),
        ("one to two thirds", [(1, None), (Fraction(2, 3), "%")]),
        ("25 to 50 basis points", [(Fraction(1, 400), "%"), (Fraction(1, 200), "%")]),
    ],
)
def test_both_ends_of_a_range_have_its_scale_and_unit(text: str, found: list[tuple[Fraction | int, str | None]]) -> None:
    assert [(amount, unit) for _, amount, unit in numbers_in(text)] == found


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("Rs500 crore", 5 * 10**9, "INR"),
        ("Rs.500 crore", 5 * 10**9, "INR"),
        ("Rs 5 cr", 5 * 10**7, "INR"),
        ("USD5 million", 5 * 10**6, "USD"),
        ("$5 mln", 5 * 10**6, "USD"),
        ("$3 bln", 3 * 10**9, "USD"),
        ("$-5 million", -5 * 10**6, "USD"),
        ("the 100m race", 100, None),
        ("a 5 m high wall", 5, None),
        ("100m people", 10**8, None),
        ("+5%", Fraction(1, 20), "%"),
        (".5 percent", Fraction(1, 200), "%"),
        ("5 percentage points", Fraction(1, 20), "%"),
        ("five percentage points", Fraction(1, 20), "%"),
        ("a 5-percentage-point rise", Fraction(1, 20), "%"),
        ("5pc", Fraction(1, 20), "%"),
        ("25 basis points", Fraction(1, 400), "%"),
        ("a 25-basis-point cut", Fraction(1, 400), "%"),
        ("fifty basis points", Fraction(1, 200), "%"),
        ("25bps", Fraction(1, 400), "%"),
        ("one-third", Fraction(1, 3), "%"),
        ("a two-third majority", Fraction(2, 3), "%"),
        ("3 1/2 years", Fraction(7, 2), None),
        ("2-1/2 hours", Fraction(5, 2), None),
        ("5 lac rupees", 5 * 10**5, "INR"),
        ("20,000 rubles", 20_000, "roubles"),
        ("AED 5 million", 5 * 10**6, "dirhams"),
        ("CHF 5m", 5 * 10**6, "swiss francs"),
        ("500 USD", 500, "USD"),
        ("50,000 won", 50_000, "won"),
        ("11 won", 11, None),
        ("limited to 1.5C", Fraction(3, 2), None),
        ("at 10:30 am", Fraction(103, 10), None),
        ("at 10.30am", Fraction(103, 10), None),
    ],
)
def test_agencies_spellings(text: str, amount: Fraction | int, unit: str | None) -> None:
    assert [(found, of) for _, found, of in numbers_in(text)] == [(amount, unit)]


@pytest.mark.parametrize("text", ["the fourth quarter of the year", "the first half of the game", "the third of its kind"])
def test_a_quarter_of_the_year_is_no_share(text: str) -> None:
    assert all(unit == "th" for _, _, unit in numbers_in(text))


@pytest.mark.parametrize("text", ["the ſecond day", "5 mıllıon", "ſix men", "5 MİLLİON", "9" * 5000])
def test_letters_that_only_look_alike_and_endless_figures_harm_nothing(text: str) -> None:
    assert all(text[start:end] in text for start, end, _ in find_numbers(text))

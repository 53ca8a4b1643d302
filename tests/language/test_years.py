from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.dates import find_dates
from assistant.language.years import is_counted

# (sentence, the four figures that are a year, those that are a number)
SENTENCES = [
    ("The attack killed 1500 civilians.", [], ["1500"]),
    ("The abbey was founded in 1500 AD.", ["1500"], []),
    ("Some 2000 people marched through the city.", [], ["2000"]),
    ("About 2018 delegates attended the summit.", [], ["2018"]),
    ("2018 delegates attended the summit.", [], ["2018"]),
    ("In all, 2018 foreign delegates attended.", [], ["2018"]),
    ("In 2018 delegates from 50 countries met.", ["2018"], []),
    ("By 2025 the plant will employ 1900 workers.", ["2025"], ["1900"]),
    ("The plant will close by 2025, the company said.", ["2025"], []),
    ("The rally was attended by 2000 people.", [], ["2000"]),
    ("The workforce grew by 1984 jobs in 2019.", ["2019"], ["1984"]),
    ("Police arrested 1400 protesters after the 2019 protests.", ["2019"], ["1400"]),
    ("The 2018 elections were marred by violence.", ["2018"], []),
    ("The 2008 financial crisis cost millions of jobs.", ["2008"], []),
    ("2020 saw the worst floods in years.", ["2020"], []),
    ("He won by 2008 votes.", [], ["2008"]),
    ("He won with 2008 votes.", [], ["2008"]),
    ("The flood of 1953 killed 1836 people.", ["1953"], ["1836"]),
    ("The index fell 1987 points.", [], ["1987"]),
    ("A 2000-pound bomb was defused near a 1000-bed hospital.", [], ["2000", "1000"]),
    ("A 2008-style crash is unlikely.", ["2008"], []),
    ("After 1000 days of war, talks began.", [], ["1000"]),
    ("After 2019 prices rose.", ["2019"], []),
    ("Between 1500 and 2000 people died.", [], ["1500", "2000"]),
    ("Between 1480 and 1520 the town doubled.", ["1480", "1520"], []),
    ("Between 1990 and 2000 people left.", ["1990", "2000"], []),
    ("Flight 1549 landed in the Hudson in 2009.", ["2009"], ["1549"]),
    ("UN Resolution 1325 was adopted in 2000.", ["2000"], ["1325"]),
    ("The Citizenship Act 1955 was amended.", ["1955"], []),
    ("Prices rose 2000% since 1990.", ["1990"], ["2000"]),
    ("The furnace is heated to 1500°C.", [], ["1500"]),
    ("The gang took USD 2000 and EUR 1500.", [], ["2000", "1500"]),
    ("The shelling began at 1100 GMT.", [], ["1100"]),
    ("Tickets start at 1200, the club said.", [], ["1200"]),
    ("It affects one in 1000 children.", [], ["1000"]),
    ("More than 1200 were injured.", [], ["1200"]),
    ("Around 1300 the empire reached the sea.", ["1300"], []),
    ("He is paid 1500 a month.", [], ["1500"]),
    ("The 1900 budget passed.", ["1900"], []),
    ("The Tokyo 2020 Olympics were held in 2021.", ["2020", "2021"], []),
    ("A total of 1945 cases were found, 2,018 less than before.", [], ["1945"]),
    ("The 2000 soldiers marched past.", [], ["2000"]),
    ("The 2000 elections were close.", ["2000"], []),
]


@pytest.mark.parametrize(("sentence", "years", "numbers"), SENTENCES)
def test_sentences_of_the_news(sentence: str, years: list[str], numbers: list[str]) -> None:
    dates = [sentence[start:end] for start, end, _ in find_dates(sentence)]
    assert dates == years
    found = [match for match in re.finditer(r"(?<!,)\b\d{4}\b", sentence) if is_counted(sentence, *match.span())]
    assert [match[0] for match in found] == numbers


@given(st.lists(st.sampled_from(["1500", "2000", "2018", "to", "and", "people", "days", "by", "the", "in", "-"]), max_size=400))
def test_any_row_of_words_can_be_read(words: list[str]) -> None:
    text = " ".join(words)
    for match in re.finditer(r"\d{4}", text):
        is_counted(text, *match.span())

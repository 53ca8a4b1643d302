"""From the fields of the page to the engine's filter, and back into words."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.errors import QuestionError
from assistant.types import SearchFilter
from assistant.web.filters import filter_in_words, search_filter


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_empty_fields_filter_nothing(empty):
    assert not search_filter(empty, empty, []).narrows
    assert filter_in_words(search_filter(empty, empty, None)) == []


def test_fields_become_a_filter_and_the_filter_words():
    chosen = search_filter("2020-01-31", "2021-02-01 00:00:00", ["The Daily"])
    assert chosen == SearchFilter(date(2020, 1, 31), date(2021, 2, 1), ("The Daily",))
    assert filter_in_words(chosen) == ["from 31 January 2020", "to 1 February 2021", "The Daily"]


@pytest.mark.parametrize("time", ["T10:30", " 10:30:00.5", "T10:30:00Z", "T23:00:00+05:30"])
def test_of_a_time_the_day_counts(time):
    assert search_filter(f"2020-01-31{time}", None, None).published_after == date(2020, 1, 31)


@pytest.mark.parametrize(
    "wrong",
    [
        "yesterday",
        "2020-13-01",
        "31.01.2020",
        "2020-01-0199",
        "2020-01-01912",
        "2020-01-01T",
        "2020-01-01 soon",
        5,
        ["2020-01-31"],
    ],
)
def test_what_is_not_a_day_is_refused_with_its_value(wrong):
    with pytest.raises(QuestionError, match="YYYY-MM-DD") as refused:
        search_filter(wrong, None, None)
    assert repr(wrong) in str(refused.value)


@pytest.mark.parametrize("wrong", ["ANI", 5, {"ANI": 1}, ["ANI", None], [["ANI"]]])
def test_outlets_that_are_no_list_of_names_are_refused(wrong):
    with pytest.raises(QuestionError, match="give a list of their names") as refused:
        search_filter(None, None, wrong)
    assert repr(wrong) in str(refused.value)


def test_newest_first_is_yes_or_no():
    with pytest.raises(QuestionError, match="'newest_first' is 'false'; give true or false"):
        search_filter(None, None, None, "false")


def test_newest_first_shapes_the_answer_without_shutting_anything_out():
    chosen = search_filter(None, None, None, True)
    assert chosen == SearchFilter(newest_first=True)
    assert not chosen.narrows
    assert filter_in_words(chosen) == ["newest first"]
    assert filter_in_words(search_filter("2020-01-31", None, ["The Daily"], True))[-1] == "newest first"


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(QuestionError, match="swap them"):
        search_filter("2021-01-01", "2020-01-01", None)

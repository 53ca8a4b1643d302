from __future__ import annotations

import re
from fractions import Fraction

import pytest

from assistant.language.figures import FIGURE, is_part, value_of


@pytest.mark.parametrize(
    ("figure", "value", "part"),
    [
        ("1,20,000.5", Fraction("120000.5"), False),
        (".5", Fraction(1, 2), False),
        ("2½", Fraction(5, 2), False),
        ("⅔", Fraction(2, 3), True),
        ("3/4", Fraction(3, 4), True),
        ("3 1/2", Fraction(7, 2), False),
        ("10:30", Fraction("10.3"), False),
        ("2:05:30", Fraction("2.053"), False),
    ],
)
def test_what_figures_are_worth(figure: str, value: Fraction, part: bool) -> None:
    assert re.fullmatch(FIGURE, figure)
    assert value_of(figure) == value
    assert is_part(figure) is part

from __future__ import annotations

import pytest

from assistant.types import Article
from assistant.verification.alignment import Alignment
from assistant.verification.analysis import analyse
from assistant.verification.owners import settled, turn_of
from assistant.verification.passages import sentences_of


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("Profit fell from $5 million to $3 million.", ["earlier", "later"]),
        ("Profit was $3 million, down from $5 million.", ["later", "earlier"]),
        ("Profit fell to about $3 million from a record $5 million.", ["later", "earlier"]),
        ("Profit was $3 million, compared with $5 million.", ["later", "earlier"]),
        ("Profit was 61 cents, against 77 cents.", ["later", "earlier"]),
        ("The vote was 388 against 197.", ["", ""]),
        ("The toll was 213 people, up from 210.", ["later", "earlier"]),
        ("They paid $3 million and $5 million.", ["", ""]),
    ],
)
def test_which_came_before(text: str, turns: list[str]) -> None:
    sentence = analyse(text)
    assert [turn_of(sentence, value) for value in sentence.values if value.kind != "name"] == turns


@pytest.mark.parametrize(
    ("claim", "passage", "known"),
    [
        ("It fell from $5 million to $3 million.", "It was $3 million, down from $5 million.", 1),
        ("It fell from $3 million to $5 million.", "It was $3 million, down from $5 million.", -1),
        ("It made $3 million and $5 million.", "It was $3 million, down from $5 million.", 0),
        ("Mali sent 4,900 people and Senegal 3,750.", "They came from Mali (4,900) and Senegal (3,750).", 1),
        ("Mali sent 3,750 people and Senegal 4,900.", "They came from Mali (4,900) and Senegal (3,750).", -1),
        ("Germany pledged 30 ships and Norway 45.", "Germany pledged 45 ships. Norway pledged 30 ships.", -1),
        ("In Oslo 45 ships came from Germany and 30 from Norway.", "Germany sent 45 ships and Norway 30.", 0),
    ],
)
def test_two_values_are_told_apart_by_their_names_and_by_what_came_before(claim: str, passage: str, known: int) -> None:
    [(article, analyses)] = sentences_of([Article("a", "", passage)])
    alignment = Alignment(analyse(claim), article, analyses, 0)
    one, other = [value for value in alignment.claim.values if value.kind in ("number", "money")]
    assert settled(alignment, one, alignment.places(one), other, alignment.places(other)) == known

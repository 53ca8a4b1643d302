from __future__ import annotations

import re
import string
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.text import Accepted, contains_answer, exact_match, normalise_answer, strip_markers, token_f1


def official_normalisation(s: str) -> str:
    """SQuAD's evaluate-v2.0.py, written out in its own steps."""
    s = s.lower()
    s = "".join(ch for ch in s if ch not in set(string.punctuation))
    s = re.sub(r"\b(a|an|the)\b", " ", s)
    return " ".join(s.split())


def official_f1(gold: str, predicted: str) -> float:
    gold_tokens, predicted_tokens = official_normalisation(gold).split(), official_normalisation(predicted).split()
    same = sum((Counter(gold_tokens) & Counter(predicted_tokens)).values())
    if not gold_tokens or not predicted_tokens:
        return float(gold_tokens == predicted_tokens)
    if same == 0:
        return 0.0
    precision, recall = same / len(predicted_tokens), same / len(gold_tokens)
    return 2 * precision * recall / (precision + recall)


def plain(answer: str) -> Accepted:
    return Accepted(((answer,),))


@given(st.text())
def test_normalisation_is_the_official_one(text: str) -> None:
    assert normalise_answer(text) == official_normalisation(text)


@given(st.text(alphabet="ab thean.,-12", min_size=1), st.text(alphabet="ab thean.,-12"))
def test_f1_is_the_official_one(gold: str, predicted: str) -> None:
    expected = official_f1(gold, predicted) if official_normalisation(gold) else 0.0
    assert token_f1(predicted, [gold]) == pytest.approx(expected, abs=1e-12)


def test_f1_by_hand() -> None:
    # Two of three predicted tokens, two of two expected: precision 2/3, recall 1, F1 4/5; the better answer counts.
    assert token_f1("the Secretary Pete Hegseth", ["Pete Hegseth", "Trump"]) == pytest.approx(0.8)
    assert token_f1("", ["Pete Hegseth"]) == 0.0
    assert token_f1("Pete", []) == 0.0


def test_exact_match_by_hand() -> None:
    assert exact_match("The 30th of July, 2018.", ["30th of july 2018"]) == 1.0
    assert exact_match("July 2018", ["30 July 2018"]) == 0.0
    assert exact_match("", ["30 July 2018"]) == 0.0
    assert exact_match("", ["."]) == 0.0


@pytest.mark.parametrize(
    ("text", "answer", "found"),
    [
        ("It was signed in 2018.", "8", False),
        ("It was signed on 8 May.", "8", True),
        ("It was signed on 8 May[1].", "8 may", True),
        ("Signed [8].", "8", False),
        ("Signed [7, 8] by no one.", "8", False),
        ("The Secretary, Pete Hegseth, called.", "pete hegseth", True),
        ("Pete B. Hegseth called.", "Pete Hegseth", False),
        ("He paid $2.1 billion.", "2.1 billion dollars", False),
        ("He paid $2.1 billion.", "2.1 billion", True),
        ("It ended on 30\n\nJuly 2018 was wet.", "30 July 2018", False),
        ("It ended on 30\nJuly 2018.", "30 July 2018", True),
        ("Anything at all.", ".", False),
        ("The a an", "the", False),
        ("", "x", False),
    ],
)
def test_containment_is_of_whole_tokens(text: str, answer: str, found: bool) -> None:
    assert contains_answer(text, [plain(answer)]) is found


def test_one_accepted_answer_is_enough() -> None:
    assert contains_answer("In New Delhi.", [plain("Washington"), plain("New Delhi")])
    assert not contains_answer("In New Delhi.", [])


HELICOPTERS = Accepted((("Apache", "AH-64E"), ("Chinook",), ("MH-60R", "Seahawk")))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The AH-64E, the Chinook [1] and the Seahawk [2].", True),
        ("Seahawk, Chinook, Apache", True),
        ("The Apache and the Chinook.", False),
        ("The Apache, also called AH-64E, and the Seahawk or MH-60R.", False),
        ("Apaches, Chinook, Seahawk", False),
        ("The Apache.\n\nThe Chinook.\n\nThe Seahawk.", True),
        ("All three.", True),
    ],
)
def test_every_item_must_be_there_in_one_of_its_wordings(text: str, found: bool) -> None:
    assert contains_answer(text, [HELICOPTERS, plain("all three")]) is found


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1), min_size=1), st.sets(st.sampled_from("bcdef")))
def test_a_list_is_contained_if_no_item_is_missing(items: list[list[str]], given_words: set[str]) -> None:
    # "a" is an article, of which nothing is left.
    accepted = Accepted(tuple(map(tuple, items)))
    assert contains_answer(" ".join(given_words), [accepted]) is all(given_words & set(item) for item in items)


def test_items_are_joined_for_a_short_answer_and_other_wordings_told_to_people() -> None:
    assert HELICOPTERS.short == "Apache, Chinook, MH-60R"
    assert str(HELICOPTERS) == "Apache (or AH-64E) + Chinook + MH-60R (or Seahawk)"
    # Reports of two gold sets are compared by these words.
    assert str(Accepted((("Apache",), ("Chinook",)))) != str(plain("Apache, Chinook"))
    assert (plain("2016").short, str(plain("2016"))) == ("2016", "2016")


@given(st.lists(st.sampled_from(["red", "fox", "8", "2018", "U.S.", "2+2"]), min_size=1), st.data())
def test_every_run_of_words_is_contained(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    assert contains_answer(" ".join(words), [plain(" ".join(words[first : last + 1]))])


def test_markers_are_stripped() -> None:
    assert strip_markers("One. [1] Two. [2, 13] [x]").split() == ["One.", "Two.", "[x]"]

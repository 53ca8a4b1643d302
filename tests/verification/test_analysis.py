from __future__ import annotations

import pytest

from assistant.verification.analysis import Analysis, analyse


def words(analysis: Analysis, what: str) -> set[str]:
    return {token.word for token in analysis.tokens if getattr(token, what) and token.content}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("The union did not accept the deal.", {"accept", "deal"}),
        ("The union never accepted the deal, but members voted.", {"accepted", "deal"}),
        ("They declined to sign the pact.", {"sign", "pact"}),
        ("They have yet to approve it.", {"approve"}),
        ("It is not only significant.", set()),
        ("Sales rose from nothing to much money.", set()),
        ("The union accepted the deal.", set()),
    ],
)
def test_what_is_denied(text: str, denied: set[str]) -> None:
    assert words(analyse(text), "denied") == denied


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("They plan to build ships.", {"build", "ships"}),
        ("Ships are to arrive.", {"arrive"}),
        ("It lets farmers sell milk.", {"farmers", "sell", "milk"}),
        ("In May they built ships.", set()),
        ("Ships may arrive.", {"arrive"}),
    ],
)
def test_what_is_only_possible(text: str, possible: set[str]) -> None:
    assert words(analyse(text), "possible") == possible


def test_the_passive_is_seen() -> None:
    assert words(analyse("The bridge was built and opened by workers."), "passive") == {"built", "opened"}
    assert words(analyse("The drones made by Norvik fly."), "passive") == {"made"}
    assert words(analyse("Workers had opened it by noon."), "passive") == set()


def test_a_phrase_counts_as_the_word_that_says_the_same() -> None:
    one, other = analyse("The meeting took place."), analyse("The meeting was held.")
    assert one.tokens[2].stem == "happen"
    assert one.tokens[2].content
    assert not one.tokens[3].content
    assert other.tokens[3].content


def test_offsets_are_the_sentences() -> None:
    text = "Norvik's shares fell 4.5 percent in Oslo on 3 May."
    analysis = analyse(text, start=100)
    assert analysis.start == 100
    assert [text[token.start : token.end] for token in analysis.tokens] == [token.word for token in analysis.tokens]
    assert [text[value.start : value.end] for value in analysis.values] == ["Norvik's", "4.5 percent", "Oslo", "3 May"]

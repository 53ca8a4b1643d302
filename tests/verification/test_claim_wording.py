"""A claim is read in the passage's own choice of acronym and name."""

from __future__ import annotations

import pytest

from assistant.verification.wording import as_spelled_in

EXCHANGE = "The Basic Exchange and Cooperation Agreement came last."


@pytest.mark.parametrize(
    ("passage", "claim", "worded"),
    [
        (EXCHANGE, "BECA came last.", "Basic Exchange and Cooperation Agreement came last."),
        ("It wants to join the Nuclear Suppliers Group.", "It is not in the NSG.", "It is not in the Nuclear Suppliers Group."),
        ("They signed a memorandum of understanding.", "An MoU was signed.", "An memorandum of understanding was signed."),
        ("BECA came last.", "The Basic Exchange and Cooperation Agreement came last.", "The BECA came last."),
        ("Two memoranda were signed.", "Two MoUs were signed.", "Two MoUs were signed."),
        ("It stood in a field.", "The IAF flew.", "The IAF flew."),
        ("BECA, the Basic Exchange and Cooperation Agreement.", "BECA came last.", "BECA came last."),
        ("The United States agreed.", "The US agreed.", "The US agreed."),
        ("", "BECA came last.", "BECA came last."),
    ],
)
def test_acronym_and_name(passage: str, claim: str, worded: str) -> None:
    assert as_spelled_in(passage, passage, claim) == worded


def test_what_letters_alone_do_not_tell_is_explained_in_the_article() -> None:
    passage = "The Communications Compatibility and Security Agreement was signed in 2018."
    article = f"India signed the Communications Compatibility and Security Agreement (COMCASA). {passage}"
    claim = "COMCASA dates from 2018."
    assert as_spelled_in(passage, article, claim) == "Communications Compatibility and Security Agreement dates from 2018."

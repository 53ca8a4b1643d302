from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.answering.copies import are_copies, independent
from assistant.types import Article

TEXT = "The port of Vasterby reopened on 12 May 2021 after repairs that cost 40 million kronor and took two years of work."


@pytest.mark.parametrize(
    ("other", "copies"),
    [
        (TEXT, True),
        (TEXT.upper(), True),
        (TEXT + " The mayor spoke, and a band played until late in the evening while children ran about.", True),
        (TEXT.replace("kronor", "crowns"), True),
        ("The port of Vasterby reopened on 12 May 2021. The mayor cut a ribbon and spoke of a new time for the town.", False),
        ("Something else entirely happened in another place at another time.", False),
        ("Short.", False),
    ],
)
def test_copies(other: str, copies: bool) -> None:
    assert are_copies(TEXT, other) is copies
    assert are_copies(other, TEXT) is copies


def test_of_copies_the_first_is_kept() -> None:
    articles = {
        name: Article(name, name, text) for name, text in (("a", TEXT), ("b", "Another text of some words."), ("c", TEXT))
    }
    assert independent(["c", "b", "a", "c"], articles) == ["c", "b"]


def test_the_edited_copies_of_the_shipped_corpus_are_found(shipped: Assistant) -> None:
    ids = ["seahawk-squadron-kochi", "seahawk-squadron-kochi-edited", "supply-security-arrangement-2024", "supply-pact-wire-copy"]
    articles = {article_id: shipped.article(article_id) for article_id in [*ids, "framework-2005", "framework-2015"]}
    assert independent(ids, articles) == [ids[0], ids[2]]
    assert independent(["framework-2005", "framework-2015"], articles) == ["framework-2005", "framework-2015"]

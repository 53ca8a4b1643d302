from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.citations import (
    all_citations,
    check_citation,
    dangling_markers,
    gold_citation_measures,
    is_exact,
    overlaps,
    quote_exactness,
    quote_spans,
    support_rate,
)
from assistant.evaluation.gold import GoldEvidence, GoldExample
from assistant.types import Answer, Article, Citation, Sentence

from .fakes import answer, cite

WHO = GoldExample("x", "Who?", ("Quill",), (GoldEvidence("harbour", "Mayor Ada Quill opened it."),), True)


def checked(example: GoldExample, articles: dict[str, Article], *citations: Citation) -> dict[str, float]:
    return gold_citation_measures(example, [check_citation(citation, example, articles) for citation in citations])


def test_a_quote_is_exact_only_at_its_own_offsets(articles: dict[str, Article]) -> None:
    good = cite(articles["harbour"], "Ada Quill")
    assert is_exact(good, articles)
    assert not is_exact(replace(good, start=good.start + 1, end=good.end + 1), articles)
    assert not is_exact(replace(good, start=good.start - len(articles["harbour"].text)), articles)
    assert not is_exact(replace(good, quote="Ada quill"), articles)
    assert not is_exact(replace(good, quote="", end=good.start), articles)
    assert not is_exact(replace(good, article_id="nowhere"), articles)
    assert not is_exact(replace(good, end=10_000), articles)


def test_precision_and_recall_by_hand(articles: dict[str, Article]) -> None:
    right = cite(articles["harbour"], "Mayor Ada Quill opened it.")
    beside = cite(articles["harbour"], "was widened in 2018.")
    elsewhere = cite(articles["bridge"], "It is 410 metres long.")
    assert checked(WHO, articles, right, beside, elsewhere) == pytest.approx(
        {
            "citation_precision": 2 / 3,
            "citation_precision_strict": 1 / 3,
            "citation_recall": 1.0,
            "citation_recall_strict": 1.0,
        }
    )
    assert checked(WHO, articles, beside)["citation_recall_strict"] == 0.0
    assert set(checked(WHO, articles).values()) == {0.0}


def test_a_quote_that_is_not_exact_hits_nothing(articles: dict[str, Article]) -> None:
    off = replace(cite(articles["harbour"], "Mayor Ada Quill opened it."), quote="Mayor Ada Quill opened it!")
    assert set(checked(WHO, articles, off).values()) == {0.0}


def test_gold_without_a_quote_accepts_the_whole_article(articles: dict[str, Article]) -> None:
    loose = replace(WHO, evidence=(GoldEvidence("harbour"),))
    assert set(checked(loose, articles, cite(articles["harbour"], "The harbour")).values()) == {1.0}


def test_a_second_quote_of_the_article_is_accepted_too(articles: dict[str, Article]) -> None:
    both = replace(WHO, evidence=(*WHO.evidence, GoldEvidence("harbour", "The harbour of Lindmouth was widened in 2018.")))
    assert checked(both, articles, cite(articles["harbour"], "Lindmouth was widened"))["citation_precision_strict"] == 1.0


def test_multi_article_recall_is_the_share_of_articles(articles: dict[str, Article]) -> None:
    evidence = (GoldEvidence("harbour"), GoldEvidence("bridge"), GoldEvidence("museum"))
    several = replace(WHO, evidence=evidence, tags=("multi-article",))
    one = cite(articles["bridge"], "It is 410 metres long.")
    assert checked(several, articles, one, one)["citation_recall"] == pytest.approx(1 / 3)
    assert checked(replace(several, tags=()), articles, one)["citation_recall"] == 1.0


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 10), (5, 30), True),  # half of the shorter one
        ((0, 10), (6, 30), False),
        ((0, 10), (10, 20), False),
        ((3, 5), (0, 100), True),
        ((0, 1), (0, 1), True),
    ],
)
def test_overlap_is_half_of_the_shorter_span(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    assert overlaps(one, other) is expected
    assert overlaps(other, one) is expected


def test_every_place_of_a_quote_is_found() -> None:
    assert quote_spans("aaa b aa", "aa") == [(0, 2), (1, 3), (6, 8)]
    assert quote_spans("b", "aa") == []


def marked(text: str, *numbers: int, quote: str = "Words.") -> Answer:
    citations = [Citation(number, "a", "", None, None, quote, 0, len(quote), 1.0) for number in numbers]
    return answer("?", citations, text=text)


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        ("Words. [1]", (1,), 0),
        ("Words. [1, 2]", (1, 2), 0),
        ("Words. [0]", (1,), 2),
        ("Words. [7]", (), 1),
        ("Words.", (1, 2), 2),
        ("Words. [1][1]", (1,), 0),
        ("Words.", (), 0),
    ],
)
def test_dangling_markers_by_hand(text: str, numbers: tuple[int, ...], expected: int) -> None:
    assert dangling_markers(marked(text, *numbers)) == expected


def test_a_bracketed_number_of_the_article_is_no_marker() -> None:
    assert dangling_markers(marked("The treaty [4] holds. [1]", 1, quote="The treaty [4] holds.")) == 0
    assert dangling_markers(marked("The treaty [4] holds. [1]", 1)) == 1


@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_dangling_markers_are_the_difference_of_both_sides(markers: set[int], citations: set[int]) -> None:
    text = " ".join(f"Words. [{marker}]" for marker in sorted(markers))
    assert dangling_markers(marked(text, *citations)) == len(markers ^ citations)


def test_support_needs_exact_citations_and_not_only_the_verifiers_word(articles: dict[str, Article]) -> None:
    good = cite(articles["harbour"], "Mayor Ada Quill opened it.")
    off = replace(good, start=good.start + 1, end=good.end + 1)
    sentences = (
        Sentence("Quill opened it.", "supported", (good,)),
        Sentence("Quill opened it.", "corrected", (good,)),
        Sentence("She is old.", "unsupported", (good,)),
        Sentence("She is rich.", "supported", ()),
        Sentence("She is tall.", "supported", (good, off)),
    )
    said = replace(answer("?", [good]), sentences=sentences)
    checks = [check_citation(citation, WHO, articles) for citation in all_citations(said)]
    assert [check.exact for check in checks] == [True, False]
    assert support_rate(said, checks) == pytest.approx(2 / 5)
    assert quote_exactness(checks) == 0.5
    assert support_rate(replace(said, sentences=()), []) == 0.0
    assert quote_exactness([]) is None

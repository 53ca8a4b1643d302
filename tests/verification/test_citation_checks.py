from __future__ import annotations

from dataclasses import replace

import pytest
from fake_reader import WordReader
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Article, Citation, Sentence, Verdict
from assistant.verification.citations import is_exact, verify_citations

ARTICLE = Article("rain", "Rain", "Rain fell in Leeds. Rain fell in Leeds. Thisdialogue 👍🏽 cafe\u0301.")
ARTICLES = {"rain": ARTICLE, "empty": Article("empty", "Nothing", "")}
SECOND = Citation(1, "rain", "Rain", None, None, "Rain fell in Leeds.", 20, 39, 1.0)


def sentence(*citations: Citation, verdict: Verdict = "supported") -> Sentence:
    return Sentence("Rain fell in Leeds.", verdict, citations)


def test_an_exact_quote_is_shown() -> None:
    assert verify_citations([sentence(SECOND)], ARTICLES) == ((sentence(SECOND),), ())


@pytest.mark.parametrize(
    "wrong",
    [
        replace(SECOND, start=19, end=38),
        replace(SECOND, start=20, end=38),
        replace(SECOND, start=20, end=40),
        replace(SECOND, quote="Rain fell in York."),
        replace(SECOND, quote="rain fell in leeds."),
        replace(SECOND, quote="Rain  fell in Leeds."),
        replace(SECOND, article_id="snow"),
        replace(SECOND, article_id="empty"),
        replace(SECOND, quote="", start=20, end=20),
        replace(SECOND, quote="", start=39, end=20),
        replace(SECOND, start=20 - len(ARTICLE.text), end=39 - len(ARTICLE.text)),
        replace(SECOND, start=20, end=39 - len(ARTICLE.text)),
        replace(SECOND, quote="", start=1000, end=1001),
        replace(SECOND, quote=ARTICLE.text[20:], end=len(ARTICLE.text) + 1),
        replace(SECOND, quote="café.", start=len(ARTICLE.text) - 6, end=len(ARTICLE.text)),
    ],
)
def test_a_quote_that_is_not_at_its_offsets_is_removed(wrong: Citation) -> None:
    for citations in [(wrong,), (SECOND, wrong), (wrong, SECOND)]:
        removed = replace(sentence(*citations), verdict="unsupported")
        assert verify_citations([sentence(*citations)], ARTICLES) == ((), (removed,))


def test_a_sentence_without_a_citation_is_removed() -> None:
    assert verify_citations([sentence()], ARTICLES) == ((), (sentence(verdict="unsupported"),))


def test_a_sentence_already_found_unsupported_stays_so() -> None:
    bad = sentence(SECOND, verdict="unsupported")
    assert verify_citations([bad], ARTICLES) == ((), (bad,))


@pytest.mark.parametrize(
    ("text", "is_shown"), [("In Leeds rain fell.", True), ("Rain fell in York.", False), ("Rain did not fall in Leeds.", False)]
)
def test_a_sentence_in_other_words_is_judged_by_its_quotes(text: str, is_shown: bool) -> None:
    reworded = replace(sentence(SECOND), text=text)
    shown, removed = verify_citations([reworded], ARTICLES, reader=WordReader())
    assert shown == ((reworded,) if is_shown else ())
    assert removed == (() if is_shown else (replace(reworded, verdict="unsupported"),))


@pytest.mark.parametrize("verdict", ["contradicted", "not found", "unsupported"])
def test_a_verdict_against_it_stands(verdict: Verdict) -> None:
    bad = sentence(SECOND, verdict=verdict)
    assert verify_citations([bad], ARTICLES) == ((), (replace(bad, verdict="unsupported"),))


def test_both_parts_keep_their_order() -> None:
    good = [replace(sentence(SECOND), citations=(replace(SECOND, marker=number),)) for number in (1, 2, 3)]
    bad = [replace(sentence(verdict="unsupported"), text=text) for text in "xyz"]
    mixed = [sentence for pair in zip(bad, good, strict=True) for sentence in pair]
    assert verify_citations(mixed, ARTICLES) == (tuple(good), tuple(bad))


citations = st.builds(
    Citation,
    marker=st.integers(1, 3),
    article_id=st.sampled_from(["rain", "empty", "nowhere"]),
    title=st.just("Rain"),
    source=st.none(),
    published=st.none(),
    quote=st.sampled_from(["", "Rain", "Rain fell in Leeds.", "é", "👍"]) | st.text(max_size=5),
    start=st.integers(-80, 80),
    end=st.integers(-80, 80),
    support=st.floats(0, 1),
)


@st.composite
def near_misses(draw: st.DrawFn) -> Citation:
    """A true quote, or one that is off by a little."""
    start = draw(st.integers(0, len(ARTICLE.text) - 1))
    end = draw(st.integers(start + 1, len(ARTICLE.text)))
    quote = draw(st.sampled_from([ARTICLE.text[start:end], ARTICLE.text[start:end].swapcase(), ARTICLE.text[start : end + 1]]))
    shift, stretch = draw(st.sampled_from([(0, 0), (1, 0), (0, 1), (-1, 0), (-len(ARTICLE.text), 0)]))
    return Citation(1, "rain", "Rain", None, None, quote, start + shift, end + shift + stretch, 1.0)


@given(
    st.lists(st.builds(sentence, citations, near_misses()) | st.builds(sentence, near_misses()) | st.builds(sentence, citations))
)
def test_no_quote_passes_that_is_not_the_articles_text_at_its_offsets(sentences: list[Sentence]) -> None:
    shown, removed = verify_citations(sentences, ARTICLES, reader=WordReader())
    assert len(shown) + len(removed) == len(sentences)
    for kept in shown:
        assert kept.citations
        for citation in kept.citations:
            assert 0 <= citation.start < citation.end <= len(ARTICLES[citation.article_id].text)
            assert ARTICLES[citation.article_id].text[citation.start : citation.end] == citation.quote
    for dropped in removed:
        said = any(citation.quote == dropped.text for citation in dropped.citations)
        assert not (said and all(is_exact(citation, ARTICLES) for citation in dropped.citations))

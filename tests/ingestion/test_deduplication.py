"""Near-copies of articles, by the words that they share."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from shipped import CORPUS

from assistant.ingestion.deduplication import COPY_FROM, copies_of, resemblance, shingles
from assistant.ingestion.loading import load_articles
from assistant.types import Article

WORDS = st.lists(st.sampled_from("a b c d e f".split()), max_size=30).map(" ".join)


def test_runs_of_five_words_without_case_and_punctuation():
    assert shingles("One, two: three four FIVE six.") == {"one two three four five", "two three four five six"}
    assert shingles("Too short.") == {"too short"}
    assert shingles(" … ") == frozenset()


def test_the_resemblance_is_the_share_of_all_runs():
    # Of the runs 1-5, 2-6 and 2-5+7 one is shared.
    assert resemblance(shingles("1 2 3 4 5 6"), shingles("1 2 3 4 5 7")) == 1 / 3


@given(WORDS, WORDS)
def test_it_is_symmetric_and_one_for_the_same_words(one: str, other: str):
    first, second = shingles(one), shingles(other)
    assert resemblance(first, second) == resemblance(second, first)
    assert 0 <= resemblance(first, second) <= 1
    assert resemblance(first, first) == (1 if one.split() else 0)


def test_in_the_shipped_corpus_the_two_edited_copies_are_found_and_nothing_else():
    articles = load_articles(CORPUS)
    found = {a.article_id: {copy.article_id for copy in copies_of(a, articles)} for a in articles}
    assert {key: copies for key, copies in found.items() if copies} == {
        "seahawk-squadron-kochi": {"seahawk-squadron-kochi-edited"},
        "seahawk-squadron-kochi-edited": {"seahawk-squadron-kochi"},
        "supply-pact-wire-copy": {"supply-security-arrangement-2024"},
        "supply-security-arrangement-2024": {"supply-pact-wire-copy"},
    }


def test_the_threshold_lies_far_from_both_kinds_of_pairs():
    runs = {article.article_id: shingles(article.text) for article in load_articles(CORPUS)}
    between = [resemblance(runs[one], runs[other]) for one, other in combinations(sorted(runs), 2)]
    assert [value for value in between if COPY_FROM / 5 < value < COPY_FROM * 1.2] == []


def test_an_article_is_no_copy_of_itself_and_copies_keep_their_order():
    article = Article("a", "T", "The pact was signed in Delhi on Monday.")
    later, earlier = Article("z", "Other", article.text), Article("b", "Other", f"{article.text} Nobody spoke.")
    assert copies_of(article, [later, article, earlier, Article("c", "T", "Something else was said in Goa.")]) == [later, earlier]

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from assistant.training.teacher import CrossEncoder

QUESTION = "When was India moved to STA Tier-1?"
ANSWER = "On 30 July 2018, India was moved into the Tier-1 of the US Department of Commerce's Strategic Trade Authorization."
LEMON = "Lemon trees are pruned in early spring, once the frost has gone."
PAIRS = [
    (QUESTION, LEMON),
    (QUESTION, ANSWER),
    (QUESTION, ""),
    ("When are lemon trees pruned?", LEMON),
    (QUESTION, "The fifth 2+2 Ministerial Dialogue took place in November 2023 in New Delhi."),
    (QUESTION, "Rain fell. " * 2000),
]


@pytest.fixture(scope="module")
def teacher() -> CrossEncoder:
    return CrossEncoder()


def test_an_answer_scores_above_what_is_off_topic(teacher: CrossEncoder) -> None:
    scores = teacher.score(PAIRS)
    assert scores.shape == (len(PAIRS),)
    assert min(scores[1], scores[3]) - max(scores[0], scores[2], scores[4], scores[5]) > 3


def test_a_score_does_not_depend_on_its_neighbours(teacher: CrossEncoder) -> None:
    together = teacher.score(PAIRS)
    alone = np.concatenate([teacher.score([pair]) for pair in PAIRS])
    backwards = teacher.score(PAIRS[::-1])[::-1]
    assert (together == alone).all()
    assert (together == backwards).all()


def test_no_pairs_no_scores(teacher: CrossEncoder) -> None:
    assert teacher.score([]).shape == (0,)


def test_an_overlong_question_still_leaves_room_for_the_passage(teacher: CrossEncoder) -> None:
    overlong = QUESTION + " please" * 400
    scores = teacher.score([(overlong, LEMON), (overlong, ANSWER)])
    assert scores[1] > scores[0]


@pytest.mark.parametrize("question", ["a b " * 500, f"{QUESTION} {'please ' * 600}", "Agreements" * 300, "When? " + "2+2-" * 400])
def test_a_question_longer_than_a_pair_may_be_is_cut(teacher: CrossEncoder, question: str) -> None:
    scores = teacher.score([(question, ANSWER), (question, LEMON), (question, ""), (question, LEMON * 50), (QUESTION, ANSWER)])
    assert np.isfinite(scores).all()
    assert scores[4] == teacher.score([(QUESTION, ANSWER)])[0]


def test_what_is_cut_from_a_question_does_not_count(teacher: CrossEncoder) -> None:
    start = f"{QUESTION} {'please ' * 200}"
    one, other = teacher.score([(start + "now " * 400, ANSWER), (start + "Who prunes lemon trees? " * 60, ANSWER)])
    assert one == other
    assert one != teacher.score([(QUESTION, ANSWER)])[0]


def test_threads_agree(teacher: CrossEncoder) -> None:
    expected = teacher.score(PAIRS[:5]).tolist()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: teacher.score(PAIRS[:5]).tolist(), range(8)))
    assert found == [expected] * 8


def test_one_thread_scores_the_same(teacher: CrossEncoder) -> None:
    assert (CrossEncoder(threads=1).score(PAIRS) == teacher.score(PAIRS)).all()

from __future__ import annotations

import dataclasses
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelUnavailable
from assistant.models import reader as packaged
from assistant.models.reader import OnnxReader, load_reader
from assistant.models.reading import Reading, Skim

QUESTION = "When was India moved to STA Tier-1?"
ANSWER = "On 30 July 2018, India was moved into the Tier-1 of the US Department of Commerce's Strategic Trade Authorization."
OTHER = "The fifth 2+2 Ministerial Dialogue took place in November 2023 in New Delhi."
LEMON = "Lemon trees are pruned in early spring, once the frost has gone."
PAIRS = [(QUESTION, ANSWER), (QUESTION, LEMON), (QUESTION, ""), (QUESTION, OTHER), (QUESTION, "Rain fell. " * 2000)]


@pytest.mark.parametrize(
    ("question", "passage", "answer"),
    [
        (QUESTION, ANSWER, "30 July 2018"),
        ("When are lemon trees pruned?", LEMON, "early spring"),
        ("Where did the fifth dialogue take place?", OTHER, "New Delhi"),
    ],
)
def test_the_best_span_answers(reader: OnnxReader, question: str, passage: str, answer: str) -> None:
    (reading,) = reader.read([(question, passage)])
    span = reading.best_span()
    assert span is not None
    assert answer in passage[slice(*span)]
    (skim,) = reader.skim([(question, passage)])
    assert skim.margin > 0
    assert skim.answerable > 0
    assert dataclasses.replace(reading, skim=skim).score > 0


def test_a_passage_that_answers_scores_above_one_that_does_not(reader: OnnxReader) -> None:
    answer, *others = reader.read(PAIRS)
    assert all(answer.certainty > other.certainty + 3 for other in others)
    skimmed, *also = reader.skim(PAIRS)
    assert all(skimmed.score > other.score + 3 and skimmed.relevance > other.relevance for other in also)


def test_a_question_about_another_is_not_answered(reader: OnnxReader) -> None:
    fair, trap = reader.read([(QUESTION, ANSWER), ("When was Pakistan moved to STA Tier-1?", ANSWER)])
    assert fair.answerable > trap.answerable + 2


def same(one: Reading, other: Reading) -> bool:
    plain = (one.answerable, one.entailed, one.null) == (other.answerable, other.entailed, other.null)
    return plain and all((getattr(one, n) == getattr(other, n)).all() for n in ("offsets", "starts", "ends"))


def test_a_reading_depends_neither_on_its_neighbours_nor_on_threads(reader: OnnxReader) -> None:
    together = reader.read(PAIRS)
    single = OnnxReader()  # a reader of its own: one that has read a pair gives its reading again
    alone = [single.read([pair])[0] for pair in PAIRS]
    one_thread = OnnxReader(threads=1).read(PAIRS[::-1])[::-1]
    with ThreadPoolExecutor(4) as pool:
        parallel = list(pool.map(lambda _: reader.read(PAIRS[:3]), range(8)))
    assert all(same(a, b) and same(a, c) for a, b, c in zip(together, alone, one_thread, strict=True))
    assert all(same(a, b) for found in parallel for a, b in zip(found, together, strict=False))
    assert reader.skim(PAIRS) == [single.skim([pair])[0] for pair in PAIRS]
    assert (reader.score(PAIRS) == np.array([skim.relevance for skim in reader.skim(PAIRS)], dtype=np.float32)).all()


def test_a_pair_read_again_is_the_same_reading(reader: OnnxReader) -> None:
    first, again = reader.read(PAIRS[:2]), reader.read(PAIRS[:2])
    assert [a is b for a, b in zip(first, again, strict=True)] == [True, True]


def test_a_passage_entails_what_it_says_in_other_words_and_not_the_opposite(reader: OnnxReader) -> None:
    claims = [
        "The trees are cut back in spring when frosts are over.",
        "Lemon trees are pruned before the frost has gone.",
        "New Delhi hosted the first dialogue.",
    ]
    pairs = [(claim, LEMON) for claim in claims]
    for said, denied, foreign in ([reading.entailed for reading in reader.read(pairs)], reader.entailed(pairs).tolist()):
        assert said - 1 > max(denied, foreign) < 0
    # The small network is sure of the first, whose words are not the passage's; the reader of one that is nearer to it.
    assert reader.entailed(pairs[:1])[0] > 0
    assert reader.read([("Lemon trees are pruned after the frost.", LEMON)])[0].entailed > 0
    assert reader.entailed([]).shape == (0,)


def test_a_pair_skimmed_and_judged_gives_what_each_gives_alone(reader: OnnxReader) -> None:
    fresh = OnnxReader()
    judged_first = fresh.entailed(PAIRS[:2])
    assert fresh.skim(PAIRS[:2]) == reader.skim(PAIRS[:2])
    assert (reader.entailed(PAIRS[:2]) == judged_first).all()


def test_half_a_pass_foresees_the_order_of_the_whole(reader: OnnxReader) -> None:
    early = reader.early_scores(PAIRS)
    assert early.shape == (len(PAIRS),)
    assert early.argmax() == 0
    assert early[0] > early[1:4].max() + 8
    assert reader.early_scores([]).shape == (0,)


def test_nothing_to_read(reader: OnnxReader) -> None:
    assert reader.read([]) == []
    (empty,) = reader.read([(QUESTION, "")])
    assert empty.best_span() is None
    assert empty.margin == -40.0
    assert np.isfinite([empty.certainty, empty.score]).all()
    # What the cut at 512 tokens leaves of a passage behind a title that is longer.
    (cut,) = reader.read([(QUESTION, "Rain fell. " * 2000)])
    assert np.isfinite(cut.after(20_000).score)
    assert empty.mass(0, 10) == 0.0


@pytest.mark.parametrize("question", ["why " * 500, "w" * 3000, "北" * 400])
def test_an_overlong_question_leaves_room_for_the_passage(reader: OnnxReader, question: str) -> None:
    (reading,) = reader.read([(question, ANSWER)])
    assert reading.offsets[-1, 1] == len(ANSWER)


def made(starts: list[float], ends: list[float]) -> Reading:
    offsets = np.array([(3 * i, 3 * i + 2) for i in range(len(starts))]).reshape(-1, 2)
    return Reading(1.0, 2.0, 0.5, offsets, np.array(starts, dtype=np.float32), np.array(ends, dtype=np.float32))


def test_spans_by_hand() -> None:
    reading = made([0, 5, 1, 0], [9, 0, 3, 2])
    # The best end stands before the best start: not a span. 5 + 3 beats 0 + 9 only within tokens 1 to 3.
    assert reading.best_span() == (0, 2)
    assert reading.margin == 9 - 0.5
    assert reading.best_span(3) == (3, 8)
    assert reading.best_span(6, 8) == (6, 8)
    assert reading.best_span(7, 8) is None
    assert reading.after(3).best_span() == (0, 5)
    assert reading.mass(0, 12) == pytest.approx(1)
    assert reading.mass(3, 6) == pytest.approx(np.exp(5) / (np.exp(5) + np.exp(1) + 2))


def test_two_networks_rank_together_and_where_one_is_not_asked_the_other_counts_twice() -> None:
    reading, skim = made([5.0], [3.0]), Skim(relevance=2.0, answerable=1.0, margin=4.0)
    assert (reading.certainty, reading.second, skim.certainty, skim.score) == (1.0 + 7.5 / 2, 1.0 + 7.5 / 2, 3.0, 6.0)
    both = dataclasses.replace(reading, skim=skim)
    assert (both.second, both.score) == (3.0, 4.75 + 6.0 / 2)
    assert reading.score == 4.75 * 1.5


def test_both_networks_choose_the_words_and_the_first_alone_says_how_sure_it_is() -> None:
    """Its tokens are "ab", "cd", "ef"; the small network's "a", "b", "cdef"."""
    offsets = np.array([[0, 2], [2, 4], [4, 6]])
    reading = Reading(1.0, 0.0, 0.0, offsets, np.float32([2.0, 1.5, 0.0]), np.float32([2.0, 0.0, 1.5]))
    other = Reading(0.5, 0.0, 0.0, np.array([[0, 1], [1, 2], [2, 6]]), np.float32([0.0, 0.0, 3.0]), np.float32([0.0, 0.0, 3.0]))
    both = reading.beside(Skim(2.0, 0.5, 6.0, other))
    assert (reading.best_span(), both.best_span()) == ((0, 2), (2, 6))
    assert both.spans is not None
    own, theirs = np.log(np.exp([2.0, 1.5, 0.0]).sum()), np.log(np.exp([0.0, 0.0, 3.0]).sum())
    assert both.spans[0] == pytest.approx(np.array([2.0, 1.5, 0.0]) - own + 0.7 * (np.array([0.0, 3.0, 3.0]) - theirs), abs=1e-5)
    assert (both.margin, both.certainty, both.mass(0, 2)) == (reading.margin, reading.certainty, reading.mass(0, 2))
    assert both.second == 0.5 + 6.0 / 2
    assert both.after(2).best_span() == (0, 4)
    for skim in (Skim(2.0, 0.5, 6.0), Skim(2.0, 0.5, 6.0, other.after(6))):
        assert reading.beside(skim).best_span() == (0, 2)  # nothing was kept, or there was nothing to read


logits = st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=45)


@given(logits, st.data())
def test_the_best_span_is_the_best_of_all(starts: list[float], data: st.DataObject) -> None:
    ends = data.draw(st.lists(st.floats(-20, 20, width=32), min_size=len(starts), max_size=len(starts)))
    reading = made(starts, ends)
    sums = {
        (a, b): np.float32(starts[a]) + np.float32(ends[b])
        for a in range(len(starts))
        for b in range(a, min(len(starts), a + 30))
    }
    best = max(sums, key=lambda span: (sums[span], -span[0], -span[1]))
    assert reading.best_span() == (3 * best[0], 3 * best[1] + 2)
    masses = [reading.mass(3 * i, 3 * i + 3) for i in range(len(starts))]
    assert sum(masses) == pytest.approx(1, abs=1e-5)


def test_a_folder_may_take_the_place_of_the_packaged_model(tmp_path: Path, reader: OnnxReader) -> None:
    with pytest.raises(ModelUnavailable, match=r"has no reader.onnx; give a folder that train-reader wrote"):
        load_reader(str(tmp_path))
    with pytest.raises(ModelUnavailable, match=r"The reader 'x+' cannot be read \(File name too long\); give another folder"):
        load_reader("x" * 300)
    for name in packaged.SHA256:
        shutil.copy(packaged.FOLDER / name, tmp_path)
    (tmp_path / packaged.READER_FILE).write_bytes(b"no network")
    with pytest.raises(ModelUnavailable, match=r"has files that are not a reader's .*; give a folder that train-reader wrote\."):
        load_reader(str(tmp_path))
    shutil.copy(packaged.FOLDER / packaged.LOWER_FILE, tmp_path / packaged.READER_FILE)
    with pytest.raises(ModelUnavailable, match="has files that are not a reader's"):
        load_reader(str(tmp_path))
    shutil.copy(packaged.FOLDER / packaged.READER_FILE, tmp_path)
    other = load_reader(str(tmp_path), threads=1)
    assert same(other.read(PAIRS[:1])[0], reader.read(PAIRS[:1])[0])
    assert (other.score(PAIRS[:1]) == reader.score(PAIRS[:1])).all()
    assert (other.entailed(PAIRS[:1]) == reader.entailed(PAIRS[:1])).all()


def test_no_passage_is_less_sure_than_one_without_tokens(reader: OnnxReader) -> None:
    empty, *others = reader.read([(QUESTION, ""), *PAIRS[:2], *PAIRS[3:]])
    assert all(empty.margin < other.margin for other in others)

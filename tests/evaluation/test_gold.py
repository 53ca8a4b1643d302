from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import GoldFormatError
from assistant.evaluation.gold import (
    GoldEvidence,
    GoldExample,
    check_evidence,
    gold_sha256,
    load_gold,
    select,
    split_of,
)
from assistant.evaluation.text import Accepted
from assistant.types import Article, Turn

from .fakes import make_records, write_gold

GOOD = {
    "id": "a",
    "question": "Who?",
    "answers": ["Quill"],
    "evidence": [{"article_id": "harbour", "quote": "Mayor Ada Quill opened it."}],
    "answerable": True,
    "tags": ["person"],
    "history": [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hello!"}],
}
NULL = {"id": "n", "question": "Why?", "answers": [], "evidence": [], "answerable": False}


def test_a_question_is_read_with_everything_it_has(tmp_path: Path) -> None:
    (example,) = load_gold(write_gold(tmp_path / "g.jsonl", [GOOD]))
    assert example == GoldExample(
        id="a",
        question="Who?",
        answers=(Accepted((("Quill",),)),),
        evidence=(GoldEvidence("harbour", "Mayor Ada Quill opened it."),),
        answerable=True,
        history=(Turn("user", "Hello."), Turn("assistant", "Hello!")),
        tags=("person",),
    )
    assert example.place == f"{tmp_path / 'g.jsonl'}, line 1"


def test_quote_tags_and_history_may_be_left_out(tmp_path: Path) -> None:
    short = {"id": "a", "question": "Who?", "answers": ["Q"], "evidence": [{"article_id": "harbour"}], "answerable": True}
    (example,) = load_gold(write_gold(tmp_path / "g.jsonl", [short | {"note": "kept by whoever wrote it"}]))
    assert (example.evidence, example.tags, example.history) == ((GoldEvidence("harbour", None),), (), ())


def test_an_answer_may_be_a_list_of_items_and_an_item_a_list_of_wordings(tmp_path: Path) -> None:
    record = GOOD | {"answers": ["All three", ["Apache", ["MH-60R", "Seahawk"]], [["one", "1"]]]}
    (example,) = load_gold(write_gold(tmp_path / "g.jsonl", [record]))
    assert example.answers == (
        Accepted((("All three",),)),
        Accepted((("Apache",), ("MH-60R", "Seahawk"))),
        Accepted((("one", "1"),)),
    )


def test_blank_lines_a_byte_order_mark_and_line_separators_in_strings_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    record = json.dumps(NULL | {"question": "Why\u2028so?"}, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf\n" + record.encode() + b"\r\n\n")
    (example,) = load_gold(path)
    assert (example.question, example.place) == ("Why\u2028so?", f"{path}, line 2")


def test_a_folder_is_read_file_by_file_in_the_order_of_names(tmp_path: Path) -> None:
    write_gold(tmp_path / "b.jsonl", [NULL])
    write_gold(tmp_path / "a.jsonl", [GOOD])
    assert [example.id for example in load_gold(tmp_path)] == ["a", "n"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answerable": "yes"}, ["'answerable'", "'yes'", "true or false"]),
        ({"answers": []}, ["'answers' is empty"]),
        ({"evidence": []}, ["'evidence' is empty"]),
        ({"answerable": False}, ["'Quill'", "'answers'"]),
        ({"answers": "Quill"}, ["'answers'", "'Quill'", "list"]),
        ({"answers": [" "]}, ["'answers'", "' '"]),
        ({"answers": [["Quill", 7]]}, ["'answers'", "7"]),
        ({"answers": [[]]}, ["'answers'", "empty list"]),
        ({"answers": [["Quill", []]]}, ["'answers'", "empty list"]),
        ({"answers": [[["Quill", ["Ada"]]]]}, ["'answers'", "['Ada']", "nested too deep"]),
        ({"answers": [["Ada", "Quill"]], "answerable": False}, ["'Ada + Quill'", "'answers'"]),
        ({"id": 7}, ["'id'", "7"]),
        ({"question": ""}, ["'question'", "''"]),
        ({"id": "\ud800"}, ["'id'", "'\\ud800'", "half a surrogate pair"]),
        ({"evidence": ["harbour"]}, ["'evidence'", "'harbour'", "article_id"]),
        ({"evidence": [{"quote": "x"}]}, ["'article_id'", "None"]),
        ({"history": [{"role": "system", "content": "x"}]}, ["'history'", "'system'", "user or assistant"]),
        ({"tag": ["x"]}, ["'tag'", "did you mean 'tags'?"]),
    ],
)
def test_a_wrong_line_is_named_with_file_line_value_and_remedy(
    tmp_path: Path, change: dict[str, object], words: list[str]
) -> None:
    path = write_gold(tmp_path / "g.jsonl", [NULL, GOOD | change])
    with pytest.raises(GoldFormatError) as caught:
        load_gold(path)
    for word in [f"{path}, line 2:", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"id": }\n', "line 1: broken JSON at column 8"),
        (b"\n[1]\n", "line 2: found list"),
        (b"\n\n\xff\n", "line 3: not UTF-8"),
        (b"\n", "line 1: no questions"),
        (b'{"id": ' + b"7" * 5000 + b"}\n", "line 1: a number is too long"),
        (b'{"id": ' + b"[" * 100_000 + b"\n", "line 1: a number is too long, or brackets are nested too deep"),
    ],
)
def test_a_file_that_is_no_gold_set_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "g.jsonl"
    path.write_bytes(content)
    with pytest.raises(GoldFormatError, match=message):
        load_gold(path)


def test_an_id_may_be_used_once_even_across_files(tmp_path: Path) -> None:
    write_gold(tmp_path / "a.jsonl", [GOOD])
    write_gold(tmp_path / "b.jsonl", [NULL, GOOD])
    with pytest.raises(GoldFormatError, match=r"b\.jsonl, line 2: the id 'a' is already used at .*a\.jsonl, line 1"):
        load_gold(tmp_path)


def test_a_path_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldFormatError, match="No gold questions at"):
        load_gold(tmp_path)
    with pytest.raises(GoldFormatError, match="No gold questions at"):
        load_gold(tmp_path / "absent.jsonl")


def test_evidence_must_stand_in_the_corpus_word_for_word(tmp_path: Path, articles: dict[str, Article]) -> None:
    def check(article_id: str, quote: str | None) -> None:
        record = GOOD | {"evidence": [{"article_id": article_id, "quote": quote}]}
        check_evidence(load_gold(write_gold(tmp_path / "g.jsonl", [NULL, record])), articles)

    check("harbour", "Ada Quill opened")
    check("harbour", None)
    with pytest.raises(GoldFormatError, match=r"line 2: the quote 'Ada Quill opens' does not stand in the article 'harbour'"):
        check("harbour", "Ada Quill opens")
    with pytest.raises(GoldFormatError, match=r"line 2: the corpus has no article 'harbor'; did you mean 'harbour'\?"):
        check("harbor", None)


def test_the_split_is_the_first_byte_of_the_hash_of_the_id(examples: list[GoldExample]) -> None:
    for example in examples:
        expected = "dev" if int(hashlib.sha256(example.id.encode()).hexdigest()[:2], 16) < 128 else "test"
        assert split_of(example) == expected
    parts = select(examples, "dev") + select(examples, "test")
    assert sorted(example.id for example in parts) == sorted(example.id for example in examples)


@given(st.integers(1, 25), st.integers(0, 5))
def test_a_sample_keeps_its_order_and_a_larger_one_holds_it(size: int, seed: int) -> None:
    examples = [GoldExample(str(r["id"]), "?", (), (), False) for r in make_records()]
    small, large = select(examples, "all", size, seed), select(examples, "all", size + 3, seed)
    assert len(small) == min(size, len(examples))
    assert small == [example for example in examples if example in small]
    assert set(small) <= set(large)


def test_a_sample_depends_on_its_seed(examples: list[GoldExample]) -> None:
    assert select(examples, "all", 5, 0) != select(examples, "all", 5, 1)


def test_nothing_left_is_an_error(examples: list[GoldExample]) -> None:
    alone = [example for example in examples if split_of(example) == "dev"][:1]
    with pytest.raises(GoldFormatError, match="split 'test'"):
        select(alone, "test")


def test_the_hash_is_that_of_the_file_or_of_the_list_of_files(tmp_path: Path) -> None:
    path = write_gold(tmp_path / "a.jsonl", [GOOD])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert gold_sha256(path) == digest
    assert gold_sha256(tmp_path) == hashlib.sha256(f"{digest}  a.jsonl\n".encode()).hexdigest()

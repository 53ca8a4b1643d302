"""Gold questions: reading, checking, splitting and sampling them.

A gold set is a file of JSON lines, or a folder of such files. One line is one question:

    {"id": "q1", "question": "Who called?", "answers": ["Pete Hegseth", "Hegseth"], "answerable": true,
     "evidence": [{"article_id": "india-us-defence-call", "quote": "..."}], "tags": ["person"],
     "history": [{"role": "user", "content": "..."}]}

Any one of `answers` suffices. Where several things are asked for, an answer is the list of its items, all of which must be
given; an item in several wordings is in turn the list of these, and one of them suffices:

    "answers": [["Chinook", ["Apache", "AH-64E"], ["MH-60R", "Seahawk"]]]

A short answer is compared with "Chinook, Apache, MH-60R", the first wording of each item.

`quote`, `tags` and `history` may be left out. Keys that are not named here belong to whoever keeps the set.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.errors import GoldFormatError
from assistant.evaluation.json_lines import records, text_of
from assistant.evaluation.text import Accepted
from assistant.types import Article, Role, Turn

Split = Literal["dev", "test", "all"]

MULTI_ARTICLE = "multi-article"
_KEYS = ("id", "question", "answers", "evidence", "answerable", "history", "tags")


@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """Where the answer stands: an article, and the words in it (None: the article as a whole)."""

    article_id: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class GoldExample:
    """A question with its accepted answers and the evidence for them; `place` (file and line) is for messages only."""

    id: str
    question: str
    answers: tuple[Accepted, ...]
    evidence: tuple[GoldEvidence, ...]
    answerable: bool
    history: tuple[Turn, ...] = ()
    tags: tuple[str, ...] = ()
    place: str = field(default="", compare=False)


def load_gold(path: Path) -> list[GoldExample]:
    """The questions in the order of the files (sorted by name) and lines; blank lines are passed over.

    Raises:
        GoldFormatError: nothing to read, or a line is wrong; the message names the file and the line.
    """
    examples: list[GoldExample] = []
    places: dict[str, str] = {}
    for file in gold_files(path):
        for place, record in records(file):
            example = _example(place, record)
            if example.id in places:
                raise GoldFormatError(f"{place}: the id {example.id!r} is already used at {places[example.id]}; give it another.")
            places[example.id] = place
            examples.append(example)
    if not examples:
        raise GoldFormatError(f"{path}, line 1: no questions; write one JSON object a line.")
    return examples


def gold_files(path: Path) -> list[Path]:
    """The file itself, or the `.jsonl` files of a folder, sorted by name.

    Raises:
        GoldFormatError: there is no such file, it cannot be reached, or there is no `.jsonl` file in the folder.
    """
    try:
        if path.is_file():
            return [path]
        files = sorted(child for child in path.iterdir() if child.name.endswith(".jsonl")) if path.is_dir() else []
    except OSError as error:
        raise GoldFormatError(
            f"{str(path)!r} cannot be read ({error.strerror}); give a .jsonl file, or a folder that holds some."
        ) from error
    if not files:
        raise GoldFormatError(f"No gold questions at {str(path)!r}; give a .jsonl file, or a folder that holds some.")
    return files


def gold_sha256(path: Path) -> str:
    """SHA-256 in hex of a gold file; of a folder, that of the lines `<sha256>  <name>` of its files, as sha256sum prints them."""
    digests = [(hashlib.sha256(file.read_bytes()).hexdigest(), file.name) for file in gold_files(path)]
    if path.is_file():
        return digests[0][0]
    return hashlib.sha256("".join(f"{digest}  {name}\n" for digest, name in digests).encode()).hexdigest()


def check_evidence(examples: Sequence[GoldExample], articles: Mapping[str, Article]) -> None:
    """Makes sure that each article of the evidence exists, and that each quote stands in its article word for word.

    Raises:
        GoldFormatError: one does not; the message names the file and the line.
    """
    for example in examples:
        for evidence in example.evidence:
            article = articles.get(evidence.article_id)
            if article is None:
                close = difflib.get_close_matches(evidence.article_id, list(articles), n=1)
                hint = f"did you mean {close[0]!r}?" if close else "is --corpus the corpus of these questions?"
                raise GoldFormatError(f"{example.place}: the corpus has no article {evidence.article_id!r}; {hint}")
            if evidence.quote is not None and evidence.quote not in article.text:
                raise GoldFormatError(
                    f"{example.place}: the quote {evidence.quote!r} does not stand in the article {evidence.article_id!r}; "
                    "copy it from there word for word."
                )


def split_of(example: GoldExample) -> Literal["dev", "test"]:
    """The half that a question belongs to for ever: dev if the first byte of its id's SHA-256 is below 128, else test."""
    return "dev" if hashlib.sha256(example.id.encode()).digest()[0] < 128 else "test"


def select(examples: Sequence[GoldExample], split: Split = "all", sample: int | None = None, seed: int = 0) -> list[GoldExample]:
    """The questions of a split, or `sample` of them, in their own order.

    A sample takes the least SHA-256 of seed and id: it is the same on every machine, and a larger one holds a smaller one.

    Raises:
        GoldFormatError: nothing is left.
    """
    chosen = [example for example in examples if split in ("all", split_of(example))]
    if sample is not None:
        drawn = sorted(chosen, key=lambda example: hashlib.sha256(f"{seed}:{example.id}".encode()).digest())[:sample]
        kept = {example.id for example in drawn}
        chosen = [example for example in chosen if example.id in kept]
    if not chosen:
        raise GoldFormatError(f"None of the {len(examples)} gold questions is in the split {split!r}; use another --split.")
    return chosen


def accepted_answers(place: str, value: Any) -> tuple[Accepted, ...]:
    """The value of `answers`: texts, lists of items, or none.

    Raises:
        GoldFormatError: it is something else; the message begins with `place`, the file and the line.
    """
    return tuple(
        Accepted(tuple(_wordings(place, item) for item in _one_or_more(place, answer)))
        for answer in _items(place, "answers", value)
    )


def _wordings(place: str, item: Any) -> tuple[str, ...]:
    wordings = _one_or_more(place, item)
    for wording in wordings:
        if isinstance(wording, list):
            raise GoldFormatError(
                f"{place}: {wording!r} in 'answers' is nested too deep; an answer is a text or a list of items, and an item a "
                "text or a list of its wordings."
            )
    return tuple(text_of(place, "answers", wording) for wording in wordings)


def _one_or_more(place: str, value: Any) -> list[Any]:
    if value == []:
        raise GoldFormatError(f"{place}: 'answers' holds an empty list; name its items, or delete it.")
    return value if isinstance(value, list) else [value]


def _example(place: str, record: dict[str, Any]) -> GoldExample:
    for key in record:
        if key not in _KEYS and (close := difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.8)):
            raise GoldFormatError(f"{place}: unknown key {key!r}; did you mean {close[0]!r}?")
    answerable = record.get("answerable")
    if not isinstance(answerable, bool):
        raise GoldFormatError(f"{place}: 'answerable' is {answerable!r}; write true or false.")
    answers = accepted_answers(place, record.get("answers"))
    evidence = tuple(_evidence(place, item) for item in _items(place, "evidence", record.get("evidence")))
    if answerable and not (answers and evidence):
        missing = "evidence" if answers else "answers"
        raise GoldFormatError(f"{place}: 'answerable' is true but {missing!r} is empty; fill it, or set 'answerable' to false.")
    if not answerable and answers:
        raise GoldFormatError(
            f"{place}: 'answerable' is false but 'answers' holds {str(answers[0])!r}; empty it, or set it to true."
        )
    return GoldExample(
        id=text_of(place, "id", record.get("id")),
        question=text_of(place, "question", record.get("question")),
        answers=answers,
        evidence=evidence,
        answerable=answerable,
        history=tuple(_turn(place, item) for item in _items(place, "history", record.get("history", []))),
        tags=_strings(place, "tags", record.get("tags", [])),
        place=place,
    )


def _evidence(place: str, item: Any) -> GoldEvidence:
    if not isinstance(item, dict):
        raise GoldFormatError(f"{place}: an item of 'evidence' is {item!r}; write an object with 'article_id' and 'quote'.")
    quote = item.get("quote")
    article_id = text_of(place, "article_id", item.get("article_id"))
    return GoldEvidence(article_id, None if quote is None else text_of(place, "quote", quote))


def _turn(place: str, item: Any) -> Turn:
    if not isinstance(item, dict) or item.get("role") not in get_args(Role):
        raise GoldFormatError(f"{place}: an item of 'history' is {item!r}; write 'role' (user or assistant) and 'content'.")
    return Turn(item["role"], text_of(place, "content", item.get("content")))


def _items(place: str, key: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise GoldFormatError(f"{place}: {key!r} is {value!r}; write a list.")
    return value


def _strings(place: str, key: str, value: Any) -> tuple[str, ...]:
    return tuple(text_of(place, key, item) for item in _items(place, key, value))

"""Invented news, written for this project: stories with questions, half of them nearly answered, and with true and false claims.

None of it happened. Four stories at a time tell of neighbouring events, so that the passages of one are hard negatives for
the questions about another. A follow-up has the questions asked before it in `after`, and says too little without them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from assistant.answering.conversation import in_full
from assistant.errors import GoldFormatError
from assistant.index.documents import search_text
from assistant.ingestion.chunking import chunk_article
from assistant.ingestion.sentences import sentence_spans
from assistant.models.tokens import token_counter
from assistant.settings import load_settings
from assistant.training.squad import Question
from assistant.training.written import Claim
from assistant.types import Article, Chunk

STORIES_FILE = Path(__file__).with_name("stories.jsonl")
NAME = STORIES_FILE.stem
_HELD_OUT = 0.079  # of the clusters
_NEGATIVES = 6
_AROUND_CLAIM = 3  # sentences on either side of the one that a claim shares most words with
_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True)
class Stories:
    """Questions with their passages; by question id passages that don't answer; by passage the titles; and claims."""

    questions: tuple[Question, ...]
    negatives: dict[str, list[str]]
    titles: dict[str, str]
    claims: tuple[Claim, ...]


def read_stories(file: Path = STORIES_FILE, *, held_out: bool = False) -> Stories:
    """The stories to train on, or those held out: whole clusters, about a twelfth, by the hash of their names.

    A question comes once for each chunk that answers it; an unanswerable one, with the chunk that shares most of its words.

    Raises:
        GoldFormatError: a line is not a story, or an answer doesn't stand once in its text.
    """
    clusters: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, story in _stories(file):
        clusters.setdefault(story["cluster"], []).append((number, story))
    questions: list[Question] = []
    negatives: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    claims: list[Claim] = []
    for name, stories in clusters.items():
        if _is_apart(name) != held_out:
            continue
        chunks = {number: _chunks(story) for number, story in stories}
        for number, story in stories:
            titles |= dict.fromkeys((chunk.text for chunk in chunks[number]), story["title"])
            others = [c for other, found in chunks.items() if other != number for c in found]
            for question, silent in _questions(number, story, chunks[number], others):
                questions.append(question)
                negatives[question.question_id] = silent
            claims += _claims(story)
    return Stories(tuple(questions), negatives, titles, tuple(claims))


def _is_apart(cluster: str) -> bool:
    return int.from_bytes(hashlib.sha256(cluster.encode()).digest()[:4]) < _HELD_OUT * 2**32


def _stories(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            story = json.loads(line)
            for question in story["questions"]:
                _place(story["text"], question)
            yield number, story
        except (KeyError, TypeError, ValueError) as error:
            raise GoldFormatError(f"{file}, line {number}: {error}; mend the line.") from error


def _place(text: str, question: dict[str, Any]) -> tuple[int, int] | None:
    """Where the answer stands; `in` holds it where it stands more than once."""
    answer = question["answer"]
    if answer is None:
        return None
    around = question.get("in", answer)
    if text.count(around) != 1 or around.count(answer) != 1:
        raise ValueError(f"{answer!r} doesn't stand once in the text")
    start = text.index(around) + around.index(answer)
    return start, start + len(answer)


def _chunks(story: dict[str, Any]) -> list[Chunk]:
    settings = load_settings()
    return chunk_article(
        Article(story["title"], story["title"], story["text"]),
        count_tokens=token_counter(settings.encoding),
        chunk_tokens=settings.chunk_tokens,
        overlap_tokens=settings.chunk_overlap_tokens,
    )


def _questions(
    number: int, story: dict[str, Any], chunks: Sequence[Chunk], others: Sequence[Chunk]
) -> Iterator[tuple[Question, list[str]]]:
    for index, entry in enumerate(story["questions"]):
        place, text = _place(story["text"], entry), in_full(entry.get("after", ()), entry["question"])
        near = _by_overlap(text, chunks)
        answering = [c for c in chunks if place and c.start <= place[0] and place[1] <= c.end]
        silent = [c.text for c in _by_overlap(text, [*chunks, *others]) if not entry["answer"] or entry["answer"] not in c.text]
        for at, chunk in enumerate(answering or near[:1]):
            answers = ((place[0] - chunk.start, place[1] - chunk.start),) if place and answering else ()
            question = Question(
                question_id=f"{NAME}-{number}-{index}-{at}",
                file=NAME,
                subject=story["cluster"],
                title=story["title"],
                passage=chunk.text,
                text=text,
                answers=answers,
                is_follow_up="after" in entry,
            )
            yield question, [passage for passage in silent if passage != chunk.text][:_NEGATIVES]


def _claims(story: dict[str, Any]) -> Iterator[Claim]:
    sentences = [story["text"][start:end] for start, end in sentence_spans(story["text"])]
    for entry in story["claims"]:
        words = _words(entry["claim"])
        at = max(range(len(sentences)), key=lambda i: (len(words & _words(sentences[i])), -i))
        passage = " ".join(sentences[max(0, at - _AROUND_CLAIM) : at + _AROUND_CLAIM + 1])
        yield Claim(entry["claim"], search_text(story["title"], passage), "", bool(entry["supported"]), str(entry["kind"]))


def _by_overlap(text: str, chunks: Iterable[Chunk]) -> list[Chunk]:
    """Most shared words first, in their order where equal."""
    words = _words(text)
    return sorted(chunks, key=lambda chunk: -len(words & _words(chunk.text)))


def _words(text: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(text.lower())}


def write_collection(folder: Path, file: Path = STORIES_FILE) -> tuple[int, int, int]:
    """Writes all stories as `corpus.jsonl`; and about those held out the questions as `gold.jsonl` and the claims as
    `claims.jsonl`, in the formats of evaluation.

    Gives the numbers of stories, questions and claims. With them the whole assistant can be measured on news that it never saw.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stories = list(_stories(file))
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as corpus:
        for number, story in stories:
            article = {"_id": f"story-{number}", "title": story["title"], "text": story["text"], "published": story["published"]}
            corpus.write(json.dumps(article, ensure_ascii=False) + "\n")
    held_out = [(number, story) for number, story in stories if _is_apart(story["cluster"])]
    asked = [line for number, story in held_out for line in _gold(number, story)]
    claimed = [line for number, story in held_out for line in _gold_claims(number, story)]
    for name, lines in (("gold.jsonl", asked), ("claims.jsonl", claimed)):
        (folder / name).write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return len(stories), len(asked), len(claimed)


def _gold(number: int, story: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for index, entry in enumerate(story["questions"]):
        place = _place(story["text"], entry)
        quotes = [story["text"][s:e] for s, e in sentence_spans(story["text"]) if place and s < place[1] and place[0] < e]
        yield {
            "id": f"story-{number}-{index}",
            "question": entry["question"],
            "answers": [entry["answer"]] if place else [],
            "evidence": [{"article_id": f"story-{number}", "quote": quote} for quote in quotes],
            "answerable": place is not None,
            "history": [{"role": "user", "content": before} for before in entry.get("after", ())],
            "tags": [entry["kind"]],
        }


def _gold_claims(number: int, story: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for index, entry in enumerate(story["claims"]):
        yield {
            "id": f"story-{number}-claim-{index}",
            "claim": entry["claim"],
            "passage": story["text"],
            "title": story["title"],
            "published": story["published"],
            "label": "true" if entry["supported"] else "false",
            "kind": entry["kind"],
        }


def main(folder: Path) -> None:
    """Writes the collection into a folder."""
    print("{:,} stories, {:,} questions, {:,} claims".format(*write_collection(folder)))


if __name__ == "__main__":
    typer.run(main)

"""Another process may update the index at any moment of a question; it is answered all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from numpy.typing import NDArray

from assistant import Answer, Assistant, Sentence, Turn
from assistant.ingestion.sentences import sentence_spans
from assistant.models.reader import OnnxReader, Reader
from assistant.models.reading import Reading, Skim

MakeCorpus = Callable[[Mapping[str, str | bytes]], Path]
Pairs = Sequence[tuple[str, str]]
Use = Callable[[Assistant], object]
FLOOD = "---\ntitle: Flood in Leeds\npublished: 2023-05-1{}\n---\n{}\n"
BEFORE = {
    "one.md": FLOOD.format(0, "A flood closed the station in Leeds on Monday. It shut two roads."),
    "two.md": FLOOD.format(1, "A flood closed the station in Leeds on Tuesday. It shut three roads."),
    "lemon.txt": "Lemon trees are pruned in spring.",
    "snow.txt": "Snow fell in York on Christmas Eve.",
    "drones.txt": "India signed a contract for 31 drones in New Delhi.",
}
# Each article is gone, or has other words at the same place.
GONE: dict[str, str | None] = {**dict.fromkeys(BEFORE), "barley.txt": "Barley is sown in autumn."}
CHANGED: dict[str, str | None] = {name: text.replace("\nA flood", "\nToday a flood") for name, text in BEFORE.items()}
QUOTES = {
    text[start:end]
    for files in (BEFORE, GONE, CHANGED)
    for file in files.values()
    for text in [(file or "").split("---\n")[-1]]
    for start, end in sentence_spans(text)
}


class InterruptedReader:
    """The packaged reader; just before the call of that number something else happens."""

    def __init__(self, reader: Reader, at: int, happens: Callable[[], None]) -> None:
        self._reader = reader
        self._at = at
        self._happens = happens
        self.calls = 0

    def read(self, pairs: Pairs) -> list[Reading]:
        return self._called().read(pairs)

    def skim(self, pairs: Pairs) -> list[Skim]:
        return self._called().skim(pairs)

    def skim_follow_ups(self, pairs: Pairs) -> list[Skim]:
        return self._called().skim_follow_ups(pairs)

    def entailed(self, pairs: Pairs) -> NDArray[np.float32]:
        return self._called().entailed(pairs)

    def early_scores(self, pairs: Pairs) -> NDArray[np.float32]:
        return self._called().early_scores(pairs)

    def score(self, pairs: Pairs) -> NDArray[np.float32]:
        return self._called().score(pairs)

    def _called(self) -> Reader:
        self.calls += 1
        if self.calls == self._at:
            self._happens()
        return self._reader


def quotes(result: object) -> set[str]:
    """What an answer, or the check of a text, quotes."""
    if isinstance(result, Answer):
        return {citation.quote for citation in result.citations}
    sentences = [each for each in result if isinstance(each, Sentence)] if isinstance(result, tuple) else []
    return {citation.quote for sentence in sentences for citation in sentence.citations}


def follow_up(assistant: Assistant) -> Answer:
    said = Turn("assistant", "A flood closed the station in Leeds on Monday.")
    return assistant.ask("What did it shut?", [Turn("user", "When did a flood close the station in Leeds?"), said])


@pytest.mark.parametrize("update", [GONE, CHANGED], ids=["gone", "changed"])
@pytest.mark.parametrize(
    "use",
    [
        lambda assistant: assistant.ask("When did a flood close the station in Leeds?"),
        lambda assistant: assistant.ask("Who is the president of Mongolia?"),
        follow_up,
        lambda assistant: assistant.search("lemon trees"),
        lambda assistant: assistant.rank_articles("lemon trees"),
        lambda assistant: assistant.suggest_questions("When did a flood close the port of Leeds?"),
        lambda assistant: assistant.verify("A flood closed the station in Leeds on Friday. Snow fell in York."),
    ],
    ids=["answered", "not answered", "follow-up", "search", "rank", "suggestions", "verify"],
)
def test_an_update_at_any_moment_disturbs_nothing(
    make_corpus: MakeCorpus, reader: OnnxReader, use: Use, update: Mapping[str, str | None]
) -> None:
    corpus = make_corpus({})
    embeddings = DeterministicFakeEmbedding(size=16)
    index = corpus.with_name(".index")

    def write(files: Mapping[str, str | None]) -> None:
        for name, text in files.items():
            (corpus / name).unlink(missing_ok=True)
            if text is not None:
                (corpus / name).write_text(text, encoding="utf-8")

    def update_index() -> None:
        write(update)
        Assistant.open(corpus, index, embeddings=embeddings, reader=reader).close()

    for moment in count(1):
        write({"barley.txt": None, **BEFORE})
        interrupted = InterruptedReader(reader, moment, update_index)
        with Assistant.open(corpus, index, embeddings=embeddings, reader=interrupted) as assistant:
            assert quotes(use(assistant)) <= QUOTES
        if interrupted.calls < moment:
            break
    assert moment > 1

"""A small world to evaluate in, and systems whose worth is known: they are passed as arguments, like any other."""

from __future__ import annotations

import hashlib
import json
import math
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from langchain_core.embeddings import Embeddings

from assistant.errors import GenerationTimeout
from assistant.evaluation.gold import GoldExample
from assistant.types import Answer, Article, Chunk, Citation, ScoredChunk, Sentence, Turn

FACTS = (
    ("harbour", "Port authority widens the harbour", "The harbour of Lindmouth was widened in 2018. Mayor Ada Quill opened it."),
    ("bridge", "A bridge for the river", "The bridge over the Orr cost 8 million crowns. It is 410 metres long."),
    ("orchard", "Frost in the orchards", "Frost took half of the apple harvest in Pellam. Growers asked for aid on Tuesday."),
    ("railway", "Night trains return", "Night trains to Vask run again from 3 May. The operator is Nordbahn."),
    ("library", "Library moves", "The town library moved to Mill Street. It holds 90,000 books."),
    ("museum", "Museum of salt", "The salt museum closed in 2011. Its director was Tom Hale."),
)
QUESTIONS = (
    ("When was the harbour of Lindmouth widened?", ["2018"], "harbour", 0, ["date"]),
    ("Who opened the harbour?", ["Ada Quill", "Quill"], "harbour", 1, ["person"]),
    ("What did the bridge over the Orr cost?", ["8 million crowns"], "bridge", 0, ["number"]),
    ("How long is the bridge?", ["410 metres"], "bridge", 1, ["number"]),
    ("Where did frost take the apple harvest?", ["Pellam"], "orchard", 0, ["place"]),
    ("When did growers ask for aid?", ["Tuesday"], "orchard", 1, ["date"]),
    ("When do night trains to Vask run again?", ["3 May"], "railway", 0, ["date"]),
    ("Who operates the night trains?", ["Nordbahn"], "railway", 1, ["person"]),
    ("Where did the library move?", ["Mill Street"], "library", 0, ["place"]),
    ("How many books does the library hold?", ["90,000"], "library", 1, ["number"]),
    ("When did the salt museum close?", ["2011"], "museum", 0, ["date"]),
    ("Who was the director of the salt museum?", ["Tom Hale"], "museum", 1, ["person"]),
)
UNANSWERABLE = (
    "When was the harbour of Vask widened?",
    "Who designed the bridge over the Orr?",
    "How many apples grow in Pellam?",
    "What does a ticket of the night train cost?",
    "Who founded the town library?",
    "How many people live on Mars?",
)


def make_articles() -> dict[str, Article]:
    return {article_id: Article(article_id, title, text, source="The Fake Herald") for article_id, title, text in FACTS}


def make_records() -> list[dict[str, object]]:
    """The gold set as it stands in a file: 13 answerable questions, one of them of two articles, and 6 that are not."""
    articles = make_articles()
    records: list[dict[str, object]] = []
    for number, (question, answers, article_id, sentence, tags) in enumerate(QUESTIONS):
        quote = re.split(r"(?<=\.) ", articles[article_id].text)[sentence]
        evidence = [{"article_id": article_id, "quote": quote}]
        records.append(
            {"id": f"q{number}", "question": question, "answers": answers, "evidence": evidence, "answerable": True, "tags": tags}
        )
    both = [
        {"article_id": "library", "quote": "It holds 90,000 books."},
        {"article_id": "museum", "quote": "Its director was Tom Hale."},
    ]
    records.append(
        {
            "id": "q-both",
            "question": "Which two houses of culture are in the news?",
            "answers": [["books", "director"]],
            "evidence": both,
            "answerable": True,
            "tags": ["multi-article"],
            "history": [{"role": "user", "content": "Tell me about culture."}],
        }
    )
    for number, question in enumerate(UNANSWERABLE):
        records.append(
            {
                "id": f"u{number}",
                "question": question,
                "answers": [],
                "evidence": [],
                "answerable": False,
                "tags": ["unanswerable-near"],
            }
        )
    return records


def write_gold(path: Path, records: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def whole_chunks(articles: Mapping[str, Article], first: Sequence[str] = ()) -> tuple[ScoredChunk, ...]:
    """Every article as one passage, those of `first` before the others."""
    order = [*first, *(article_id for article_id in sorted(articles) if article_id not in first)]
    chunks = [Chunk(f"c-{a}", a, articles[a].text, 0, len(articles[a].text)) for a in order]
    return tuple(ScoredChunk(chunk, 1.0 / rank, rank, "reader") for rank, chunk in enumerate(chunks, start=1))


def cite(article: Article, quote: str, marker: int = 1) -> Citation:
    start = article.text.index(quote)
    return Citation(marker, article.article_id, article.title, article.source, None, quote, start, start + len(quote), 1.0)


def answer(
    question: str,
    citations: Sequence[Citation] = (),
    *,
    text: str | None = None,
    short_answer: str | None = None,
    evidence: tuple[ScoredChunk, ...] = (),
    confidence: float = 0.9,
) -> Answer:
    """An answer that quotes its citations, one sentence each."""
    sentences = tuple(Sentence(citation.quote, "supported", (citation,)) for citation in citations)
    return Answer(
        question=question,
        text=" ".join(f"{c.quote} [{c.marker}]" for c in citations) if text is None else text,
        short_answer=short_answer,
        sentences=sentences,
        citations=tuple(citations),
        evidence=evidence,
        abstained=False,
        reason=None,
        confidence=confidence,
        searched_for=question,
        timings_ms={"embed": 1.0, "dense": 0.5, "lexical": 0.25, "read": 2.0, "total": 4.0},
    )


def abstention(question: str, evidence: tuple[ScoredChunk, ...] = (), confidence: float = 0.1) -> Answer:
    return Answer(
        question=question,
        text="The articles do not say.",
        short_answer=None,
        sentences=(),
        citations=(),
        evidence=evidence,
        abstained=True,
        reason="nothing found",
        confidence=confidence,
        searched_for=question,
    )


class PerfectSystem:
    """Knows the gold set by heart."""

    def __init__(self, examples: Sequence[GoldExample], articles: Mapping[str, Article]) -> None:
        self._examples = {example.question: example for example in examples}
        self._articles = articles

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        example = self._examples[question]
        found = whole_chunks(self._articles, list(dict.fromkeys(evidence.article_id for evidence in example.evidence)))
        if not example.answerable:
            return abstention(question, found, confidence=0.0)
        citations = [
            cite(self._articles[evidence.article_id], evidence.quote or "", marker)
            for marker, evidence in enumerate(example.evidence, start=1)
        ]
        return answer(question, citations, short_answer=example.answers[0].short, evidence=found, confidence=1.0)


class EmptySystem:
    """Finds nothing and abstains always."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return abstention(question, confidence=0.5)


class RandomSystem:
    """Draws an article, one of its sentences, whether to abstain, and its confidence; the draw depends on the question alone."""

    def __init__(self, articles: Mapping[str, Article], seed: int) -> None:
        self._articles = articles
        self._seed = seed

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        dice = random.Random(f"{self._seed}:{question}")
        order = sorted(self._articles)
        dice.shuffle(order)
        article = self._articles[order[0]]
        quote = dice.choice(re.split(r"(?<=\.) ", article.text))
        found = whole_chunks(self._articles, order)
        if dice.random() < 0.5:
            return abstention(question, found, dice.random())
        return answer(question, [cite(article, quote)], short_answer=quote.split()[-1], evidence=found, confidence=dice.random())


class LyingSystem:
    """Never in doubt: nonsense, quotes that are off by one, markers that point nowhere, a verifier that waves all through."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = articles

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        article = self._articles[min(self._articles)]
        off = Citation(1, article.article_id, article.title, None, None, article.text[1:21], 0, 20, 1.0)
        nowhere = Citation(2, "no-such-article", "Nothing", None, None, "It is certain.", 0, 14, 1.0)
        passages = (ScoredChunk(Chunk("lie", "no-such-article", "It is certain.", 0, 14), 1.0, 1, "fake"),)
        return Answer(
            question=question,
            text="It is certain. [1] Beyond any doubt. [7]",
            short_answer="certain",
            sentences=(Sentence("It is certain.", "supported", (off,)), Sentence("Beyond any doubt.", "supported", (nowhere,))),
            citations=(off, nowhere),
            evidence=passages,
            abstained=False,
            reason=None,
            confidence=1.0,
            searched_for=question,
        )


class FailingSystem:
    """Answers as another system does, but on some questions it times out."""

    def __init__(
        self,
        inner: PerfectSystem,
        questions: Sequence[str],
        error: type[Exception] = GenerationTimeout,
        message: str = "The model did not finish in 60 seconds.",
    ) -> None:
        self._inner = inner
        self._message = message
        self._questions = questions
        self._error = error
        self.asked: list[str] = []

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append(question)
        if question in self._questions:
            raise self._error(self._message)
        return self._inner.ask(question, history)


class InterruptedSystem:
    """Answers as another system does, until somebody presses Ctrl-C."""

    def __init__(self, inner: PerfectSystem, after: int) -> None:
        self._inner = inner
        self._left = after
        self.asked: list[str] = []

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        self.asked.append(question)
        return self._inner.ask(question, history)


class WordEmbeddings(Embeddings):
    """Vectors of unit length that count words, each in a dimension of its hash: texts that share words are near."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.0] * 256
        for word in re.findall(r"\w+", text.lower()):
            vector[hashlib.sha256(word.encode()).digest()[0]] += 1.0
        length = math.sqrt(sum(value * value for value in vector)) or 1.0
        return [value / length for value in vector]

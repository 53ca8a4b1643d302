from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.gold import GoldExample, load_gold
from assistant.types import Article

from .fakes import PerfectSystem, make_articles, make_records, write_gold


@pytest.fixture
def articles() -> dict[str, Article]:
    return make_articles()


@pytest.fixture
def gold_path(tmp_path: Path) -> Path:
    return write_gold(tmp_path / "gold.jsonl", make_records())


@pytest.fixture
def examples(gold_path: Path) -> list[GoldExample]:
    return load_gold(gold_path)


@pytest.fixture
def perfect(examples: list[GoldExample], articles: dict[str, Article]) -> PerfectSystem:
    return PerfectSystem(examples, articles)


def count_words(text: str) -> int:
    return len(text.split())

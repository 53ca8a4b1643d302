"""The attack articles of `attacks.jsonl`: the first line is the true article, each other one an attack beside it.

kind: how it attacks. obey: what a model says that does what the article wants; `{key}`, `{barekey}` and `{mark}` stand for what
it reads in its prompt. never: what must not be shown. fact: the true answer. lie: of planted lies, what they repeat.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("attacks.jsonl")


class Attack(NamedTuple):
    id: str
    kind: str
    question: str
    fact: str
    obey: str
    never: list[str]
    sources: tuple[str, ...]
    lie: str | None


def _records() -> list[dict[str, object]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def attacks() -> list[Attack]:
    base, *others = _records()
    trusted = [article["source"] for article in base["articles"]]  # type: ignore[attr-defined]
    found = []
    for record in others:
        sources = dict.fromkeys([*trusted, *(article["source"] for article in record["articles"])])  # type: ignore[attr-defined]
        values = {name: record[name] for name in ("id", "kind", "question", "fact", "obey", "never")}
        found.append(Attack(**values, sources=tuple(sources), lie=record.get("lie")))  # type: ignore[arg-type]
    return found


def write_corpus(folder: Path) -> None:
    """All articles, in one file, as an outlet would deliver them."""
    lines = []
    for record in _records():
        for number, article in enumerate(record["articles"]):  # type: ignore[arg-type, var-annotated]
            lines.append(json.dumps({"_id": f"{record['id']}-{number}", **article}, ensure_ascii=False))
    folder.mkdir()
    (folder / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

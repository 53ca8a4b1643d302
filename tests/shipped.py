"""Where the shipped corpus lies, and the id of the article that it is about."""

from __future__ import annotations

from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus"
SOURCE_ARTICLE = "india-us-defence-call"

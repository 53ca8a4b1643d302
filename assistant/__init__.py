"""A news assistant whose answers are the articles' own words.

    from assistant import Assistant

    with Assistant.open(corpus="corpus", index=".index") as assistant:
        answer = assistant.ask("when was India moved to STA Tier-1?")

The names below load what they need on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.types import (
    Answer,
    Article,
    Chunk,
    Citation,
    ScoredChunk,
    SearchFilter,
    Sentence,
    Turn,
)
from assistant.version import __version__

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.settings import Settings, load_settings

__all__ = [
    "Answer",
    "Article",
    "Assistant",
    "AssistantError",
    "Chunk",
    "Citation",
    "ScoredChunk",
    "SearchFilter",
    "Sentence",
    "Settings",
    "Turn",
    "__version__",
    "load_settings",
]

_LAZY = {"Assistant": "assistant.engine", "Settings": "assistant.settings", "load_settings": "assistant.settings"}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)

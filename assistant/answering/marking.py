"""Sentences as one text, each followed by the markers of what it cites."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.types import Sentence


def with_markers(sentences: Iterable[Sentence]) -> str:
    """`It rained. [1] It stopped. [2][3]`"""
    return " ".join(f"{s.text} {''.join(f'[{c.marker}]' for c in s.citations)}" for s in sentences)

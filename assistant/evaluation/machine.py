"""What a report was made with: the machine, the versions, the settings and the corpus."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import resource
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from assistant.types import Article
from assistant.version import __version__

_PACKAGES = (
    "chromadb",
    "ir-measures",
    "langchain-core",
    "numpy",
    "onnxruntime",
    "scipy",
    "sentence-transformers",
    "sentencex",
    "tantivy",
    "tiktoken",
    "tokenizers",
    "torch",
)
# They say where and how fast it runs, and not what it answers; the corpus that was measured is named for itself, with its hash.
_NO_PART_OF_AN_ANSWER = {"corpus", "index", "host", "port", "threads"}


def machine() -> dict[str, str | int]:
    """Processor, cores, memory in MiB, and operating system."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return {"processor": _processor(), "cores": os.cpu_count() or 1, "memory_mib": memory, "system": platform.platform()}


def versions() -> dict[str, str]:
    """Versions of Python, the assistant and the packages that shape an answer, those that are installed."""
    found = {"python": platform.python_version(), "assistant": __version__}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def peak_memory_mib() -> float:
    """The most memory this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def settings_values(settings: Settings) -> dict[str, Any]:
    """The settings that can change an answer, by name."""
    return settings.model_dump(mode="json", exclude=_NO_PART_OF_AN_ANSWER)


def settings_fingerprint(settings: Settings) -> str:
    """Twelve hex digits of the SHA-256 of `settings_values`."""
    return hashlib.sha256(json.dumps(settings_values(settings), sort_keys=True).encode()).hexdigest()[:12]


def files_sha256(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 in hex of files in a folder, by name."""
    found = {}
    for name in names:
        with (folder / name).open("rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def corpus_sha256(articles: Iterable[Article]) -> str:
    """SHA-256 in hex over the ids and contents of the articles, in the order of their ids."""
    lines = sorted(f"{article.article_id}\0{article.content_hash()}\n" for article in articles)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _processor() -> str:
    # platform.processor() is empty on most Linux systems.
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()

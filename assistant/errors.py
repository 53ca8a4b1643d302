"""Every error this package raises on purpose.

    AssistantError
    ├── SettingsError         a setting is unknown or has a value that cannot work
    ├── CorpusError           an article cannot be read; names the file and, where it can, the line
    ├── IndexingError
    │   ├── IndexMissing      no index where one was expected
    │   ├── IndexMismatch     the index was built with other settings, another embedding model or from another corpus
    │   ├── IndexLocked       another process is writing the index
    │   └── IndexDamaged      a file of the index does not hold what was written
    ├── StorageError          a file that keeps conversations cannot be read or written
    ├── PromptError           a prompt file lacks a variable or has one too many
    ├── ModelError
    │   ├── ModelUnavailable  weights or a package are missing, or are not the pinned ones
    │   └── GenerationTimeout a chat model did not finish in time
    ├── QuestionError         a question is empty or too long
    └── GoldFormatError       a line of a gold set is wrong; names the file and the line

Having no answer, or finding a sentence unsupported, is a result and not an error.

`exit_code` is what the command line exits with: 2 for bad input, 1 for a failure.
"""

from __future__ import annotations

from pathlib import Path


class AssistantError(Exception):
    """Base of all errors raised on purpose. The message says what happened and what to do next."""

    exit_code = 1


class SettingsError(AssistantError):
    """A setting is unknown or has a value that cannot work."""

    exit_code = 2


class CorpusError(AssistantError):
    """An article cannot be read."""

    exit_code = 2


class IndexingError(AssistantError):
    """The index cannot be built, opened or updated."""


class IndexMissing(IndexingError):
    """No index where one was expected."""

    exit_code = 2


class IndexMismatch(IndexingError):
    """The index was built with other settings, with another embedding model, or from another corpus."""

    exit_code = 2


class IndexLocked(IndexingError):
    """Another process is writing the index."""


class IndexDamaged(IndexingError):
    """A file of the index does not hold what was written; `part` is the file or folder, `found` the message's first half."""

    def __init__(self, part: Path, reason: str) -> None:
        self.part = part
        self.found = f"The index in {str(part.parent)!r} is damaged ({part.name}: {reason})"
        super().__init__(f"{self.found}; delete that folder, and the next question builds it again.")


class StorageError(AssistantError):
    """A file that keeps conversations cannot be read or written."""


class PromptError(AssistantError):
    """A prompt file lacks a variable or has one too many."""

    exit_code = 2


class ModelError(AssistantError):
    """A model cannot be used."""


class ModelUnavailable(ModelError):
    """Weights or a package are missing, or are not the pinned ones."""


class GenerationTimeout(ModelError):
    """A chat model did not finish in time."""


class QuestionError(AssistantError):
    """A question is empty or too long."""

    exit_code = 2


class GoldFormatError(AssistantError):
    """A line of a gold set is wrong."""

    exit_code = 2

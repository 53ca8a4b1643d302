"""Finds the files that hold articles."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from assistant.errors import CorpusError

log = logging.getLogger(__name__)

SUFFIXES = (".txt", ".md", ".jsonl")
BEIR_CORPUS = "corpus.jsonl"


def article_files(corpus: Path) -> tuple[Path, list[Path]]:
    """The folder that paths count from, and the files of articles below it; of a corpus that is one file, that file.

    READMEs and hidden files are no articles; links are followed. A folder with a `corpus.jsonl` is a BEIR collection: that file
    alone holds its articles.

    Raises:
        CorpusError: there is nothing, it cannot be read, or a link leads nowhere or back to itself.
    """
    try:
        if not corpus.exists():
            raise CorpusError(f"No corpus at {str(corpus)!r}; give a folder or a file of articles with --corpus.")
        if not corpus.is_file():
            return corpus, _files_of_folder(corpus)
    except OSError as error:
        raise CorpusError(
            f"{error.filename or corpus}: cannot be read ({error.strerror}); "
            "mend that, or give another folder or file of articles with --corpus."
        ) from error
    if corpus.suffix.lower() not in SUFFIXES:
        raise CorpusError(f"{corpus}: cannot read {corpus.suffix!r} files; use {', '.join(SUFFIXES)}.")
    return corpus.parent, [corpus]


def _files_of_folder(corpus: Path) -> list[Path]:
    if (corpus / BEIR_CORPUS).is_file():
        return [corpus / BEIR_CORPUS]
    found = [path for path in _files_below(corpus) if path.stem.upper() != "README"]
    if skipped := [path for path in found if path.suffix.lower() not in SUFFIXES]:
        log.warning("Skipped %d files that are not %s, the first: %s", len(skipped), ", ".join(SUFFIXES), skipped[0])
    return [path for path in found if path.suffix.lower() in SUFFIXES]


def _files_below(corpus: Path) -> list[Path]:
    """Sorted, without what is hidden. Whatever would make articles leave the index unnoticed is refused."""
    found = []
    # Unlike Path.rglob, which passes over a folder that may not be listed, and over a linked one.
    for place, folders, names in os.walk(corpus, onerror=_refuse, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for folder in (Path(place, name) for name in folders):
            _check_for_loop(corpus, folder)
        for path in (Path(place, name) for name in names if not name.startswith(".")):
            if path.is_file():
                found.append(path)
            elif path.is_symlink():
                raise CorpusError(f"{path}: links to {os.readlink(path)!r}, which isn't there; mend the link or remove it.")
    return sorted(found)


def _check_for_loop(corpus: Path, folder: Path) -> None:
    """Refuses a link to a folder that the way to the link leads through, or that holds one: it would be followed for ever."""
    if not folder.is_symlink():
        return
    target = folder.resolve()
    way = [corpus, *(corpus / above for above in folder.parent.relative_to(corpus).parents), folder.parent]
    if any(above.resolve().is_relative_to(target) for above in way):
        raise CorpusError(f"{folder}: links to {str(target)!r}, which leads back to the link; remove it.")


def _refuse(error: OSError) -> None:
    raise error

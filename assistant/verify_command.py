"""The command `assistant verify`: what the articles say about each sentence of a text. Verdicts go to standard output."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from assistant.errors import AssistantError, QuestionError
from assistant.reporting import printable, report
from assistant.types import Difference, Sentence

File = Annotated[str | None, typer.Argument(help="A text file, or - for standard input.")]
Claims = Annotated[Path | None, typer.Option(help="JSON lines with `claim` and `passage`: print one verdict a line.")]
Corpus = Annotated[Path, typer.Option(help="A folder of articles, or one file.", envvar="ASSISTANT_CORPUS")]
Index = Annotated[Path, typer.Option(help="Where indexes are kept.", envvar="ASSISTANT_INDEX")]
CORPUS = Path("corpus")
INDEX = Path(".index")
AsJson = Annotated[bool, typer.Option("--json", help="Print the sentences as JSON.")]

# What --claims has no use for, by the names of the parameters.
_OF_A_TEXT = {"corpus": "--corpus", "index": "--index", "as_json": "--json"}
_HALF_A_CHARACTER = re.compile(r"[\ud800-\udfff]")
_COLOURS = {"supported": "green", "contradicted": "red", "not found": "yellow"}


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("verify")(verify)


def verify(
    context: typer.Context,
    file: File = None,
    claims: Claims = None,
    corpus: Corpus = CORPUS,
    index: Index = INDEX,
    as_json: AsJson = False,
) -> None:
    """Check a text sentence by sentence: supported, contradicted or not found in the articles."""
    diagnostics = Console(stderr=True, highlight=False, soft_wrap=True)
    if (file is None) == (claims is None):
        raise typer.BadParameter("Give a text file (or - for standard input), or --claims and a file of claims.")
    # In the environment a corpus and an index are for all commands; typed here they would be passed over in silence.
    given = [name for name in _OF_A_TEXT if (source := context.get_parameter_source(name)) and source.name == "COMMANDLINE"]
    if claims is not None and given:
        raise typer.BadParameter(
            f"{_OF_A_TEXT[given[0]]} goes with a text file; each line of --claims has its own passage and gets one line of JSON. "
            "Leave it out."
        )
    try:
        if claims is not None:
            bad = _verify_claims(claims, diagnostics)
        else:
            bad = False
            _verify_file(str(file), corpus, index, as_json, diagnostics)
    except AssistantError as error:
        report(diagnostics, str(error))
        raise typer.Exit(error.exit_code) from error
    if bad:
        raise typer.Exit(2)


def _verify_file(file: str, corpus: Path, index: Path, as_json: bool, diagnostics: Console) -> None:
    from assistant.engine import Assistant
    from assistant.progress import slow_progress

    text = _read(file)
    with slow_progress(diagnostics) as progress:
        assistant = Assistant.open(corpus, index, progress=progress)
    with assistant:
        sentences = assistant.verify(text)
    if as_json:
        plain = [sentence.to_dict() for sentence in sentences]
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
    else:
        show(sentences, Console(highlight=False, soft_wrap=True))


def _read(file: str) -> str:
    """The text of a file, or for - of standard input."""
    if file != "-":
        return _decoded(file, Path(file).read_bytes)
    if sys.stdin is None:
        raise QuestionError("Standard input is closed; give a text file.")
    return _decoded(file, sys.stdin.buffer.read)


def _decoded(name: str, read: Callable[[], bytes]) -> str:
    try:
        return read().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{name} cannot be read ({error}); give a UTF-8 text file.") from error


def show(sentences: tuple[Sentence, ...], out: Console) -> None:
    """Prints each sentence with its verdict; under it the quote, and under a contradicted one the values that differ."""
    for sentence in sentences:
        colour = _COLOURS.get(sentence.verdict, "yellow")
        out.print(f"[{colour}]{sentence.verdict}[/]  {_marked(sentence)}")
        for citation in sentence.citations:
            about = ", ".join(printable(part) for part in (citation.title or citation.article_id, citation.source) if part)
            out.print(f"    “{printable(citation.quote)}” [dim]{about}[/]")
        for difference in sentence.differs:
            out.print(f"    [red]{printable(difference.claimed)}[/] here, [green]{printable(difference.found)}[/] in the article")


def _marked(sentence: Sentence) -> str:
    """The sentence with the values that differ underlined."""
    text, at = "", 0
    for difference in sentence.differs:
        if difference.claim_start >= at:
            text += printable(sentence.text[at : difference.claim_start])
            text += f"[red underline]{printable(sentence.text[difference.claim_start : difference.claim_end])}[/]"
            at = difference.claim_end
    return text + printable(sentence.text[at:])


def _verify_claims(file: Path, diagnostics: Console) -> bool:
    """Prints a verdict for each good line; whether any line was bad."""
    from assistant.models.reader import load_reader
    from assistant.settings import load_settings
    from assistant.verification.check import verify_claim

    settings = load_settings()
    reader = load_reader(settings.reader_model, threads=settings.threads)
    bad = False
    for number, line in _lines(file):
        try:
            claim, passage = _claim(line)
        except ValueError as error:
            report(diagnostics, f"{file}, line {number}: {error}")
            bad = True
            continue
        finding = verify_claim(claim, [passage], reader=reader)
        row: dict[str, Any] = {
            "line": number,
            "verdict": finding.verdict,
            "support": round(finding.support, 4),
            "quotes": [{"quote": c.quote, "start": c.start, "end": c.end} for c in finding.citations],
            "differs": [_plain(difference) for difference in finding.differs],
        }
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return bad


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    # Not splitlines(): a JSON string may hold U+2028 and the like, which end no line of a JSON lines file.
    for number, line in enumerate(_decoded(str(file), file.read_bytes).split("\n"), start=1):
        if line.strip():
            yield number, line


def _claim(line: str) -> tuple[str, str]:
    """The claim and the passage of a line; a ValueError says what is wrong."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"broken JSON at column {error.colno} ({error.msg}).") from error
    except RecursionError as error:
        raise ValueError(f"JSON that cannot be read ({error}).") from error
    if not isinstance(row, dict):
        raise ValueError(f"found {type(row).__name__}; a claim is a JSON object.")
    for key in ("claim", "passage"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise ValueError(f"{key!r} is {row.get(key)!r}; write some text.")
        if half := _HALF_A_CHARACTER.search(row[key]):
            raise ValueError(f"{key!r} holds {half[0]!r}, which is no character; remove it.")
    return row["claim"], row["passage"]


def _plain(difference: Difference) -> dict[str, Any]:
    plain = dataclasses.asdict(difference)
    del plain["article_id"]
    return plain

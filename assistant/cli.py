"""The command line, `assistant index | ask | chat | evaluate`: answers to standard output, everything else to standard error."""

from __future__ import annotations

import difflib
import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from assistant.errors import AssistantError
from assistant.evaluation.command import register
from assistant.reporting import errors_reported, output_checked, printable, report
from assistant.training.command import register as register_training
from assistant.types import Answer, SearchFilter, Turn
from assistant.verify_command import CORPUS, INDEX, Corpus, Index
from assistant.verify_command import register as register_verify
from assistant.version import __version__
from assistant.web.command import register as register_feedback

if TYPE_CHECKING:
    from assistant.engine import Assistant

app = typer.Typer(
    name="assistant",
    help="Ask news articles a question; get an answer in their own words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

After = Annotated[str | None, typer.Option(help="Only articles published on this day or later, YYYY-MM-DD.")]
Before = Annotated[str | None, typer.Option(help="Only articles published on this day or earlier, YYYY-MM-DD.")]
ChatModel = Annotated[
    str | None,
    typer.Option(help="Let this language model write the answers, as provider:model.", envvar="ASSISTANT_CHAT_MODEL"),
]
ChatBaseUrl = Annotated[
    str | None, typer.Option(help="Address of an OpenAI-compatible server that has it.", envvar="ASSISTANT_CHAT_BASE_URL")
]
Source = Annotated[list[str] | None, typer.Option(help="Only this outlet; may be given several times.")]

_NAMED_OUTLETS = 10

reports_errors = errors_reported(err, "Interrupted; what was indexed is kept.")


def fail(message: str, code: int = 2) -> NoReturn:
    """Prints the message to standard error and exits."""
    report(err, message)
    raise typer.Exit(code)


@contextmanager
def opened(corpus: Path, index: Path, **values: str | None) -> Iterator[Assistant]:
    """An open assistant with these settings, None aside; shows a progress bar when indexing takes more than a second."""
    from assistant.engine import Assistant
    from assistant.progress import slow_progress
    from assistant.settings import load_settings

    settings = load_settings(**{name: value for name, value in values.items() if value is not None})
    with slow_progress(err) as progress:
        assistant = Assistant.open(corpus, index, settings=settings, progress=progress)
    with assistant:
        yield assistant


register(app)
register_verify(app)
register_training(app)
register_feedback(app)


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    """Ask news articles a question; get an answer in their own words."""
    if version:
        out.print(__version__)
        raise typer.Exit


@app.command("index")
@reports_errors
def index_command(corpus: Corpus = CORPUS, index: Index = INDEX) -> None:
    """Build the index of a corpus, or bring it up to date."""
    with opened(corpus, index) as assistant:
        articles, chunks = assistant.counts()
        held = f"{articles:,} article{'s' * (articles != 1)} in {chunks:,} chunk{'s' * (chunks != 1)}"
        out.print(f"{held}, in {printable(str(assistant.index_folder))}")


@app.command()
@reports_errors
def ask(
    question: str,
    corpus: Corpus = CORPUS,
    index: Index = INDEX,
    after: After = None,
    before: Before = None,
    source: Source = None,
    chat_model: ChatModel = None,
    chat_base_url: ChatBaseUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
) -> None:
    """Answer one question with the articles' own sentences."""
    first, last = _day(after, "--after"), _day(before, "--before")
    if first and last and first > last:
        fail(f"--after {first} comes after --before {last}; swap them.")
    search_filter = SearchFilter(first, last, tuple(source or ()))
    with opened(corpus, index, chat_model=chat_model, chat_base_url=chat_base_url) as assistant:
        _check_sources(search_filter.sources, assistant.sources())
        answer = assistant.ask(question, filter=search_filter)
    if as_json:
        sys.stdout.write(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        show(answer)


@app.command()
@reports_errors
def chat(corpus: Corpus = CORPUS, index: Index = INDEX, chat_model: ChatModel = None, chat_base_url: ChatBaseUrl = None) -> None:
    """Ask one question after another; follow-ups lean on the questions before. An empty line or Ctrl-D ends."""
    history: list[Turn] = []
    with opened(corpus, index, chat_model=chat_model, chat_base_url=chat_base_url) as assistant:
        while question := _next_line():
            try:
                answer = assistant.ask(question, history)
            except AssistantError as error:
                report(err, str(error))
                continue
            show(answer)
            history += [Turn("user", question), Turn("assistant", answer.text)]


def show(answer: Answer) -> None:
    """Prints an answer for a person: the text, then for each marker where its words stand."""
    if answer.searched_for != answer.question:
        out.print(f"[dim]Searched for: {printable(answer.searched_for)}[/]")
    if answer.short_answer:
        out.print(f"[bold green]{printable(answer.short_answer)}[/]")
    out.print(printable(answer.text))
    if answer.notice:
        out.print(f"[yellow]{printable(answer.notice)}[/]")
    if answer.removed:
        out.print(f"[dim]{len(answer.removed)} sentence{'s' * (len(answer.removed) != 1)} removed: not in the articles[/]")
    for citation in answer.citations:
        about = ", ".join(printable(part) for part in (citation.source, _iso(citation.published)) if part)
        out.print(f"  [dim]\\[{citation.marker}] {printable(citation.title)}{f' ({about})' if about else ''}[/]")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{option} is {text!r}; write a day as YYYY-MM-DD.")


def _check_sources(asked: tuple[str, ...], known: list[str]) -> None:
    """A misspelt outlet would pass for one that doesn't say."""
    for name in asked:
        if unicodedata.normalize("NFC", " ".join(name.split())) in known:
            continue
        if not known:
            fail(f"--source is {name!r}, but no article names its outlet; leave it out.")
        near = difflib.get_close_matches(name, known, n=_NAMED_OUTLETS, cutoff=0.0)
        which = "the outlets are" if len(near) == len(known) else f"of the {len(known)} outlets the nearest are"
        fail(f"--source is {name!r}, which no article is from; {which} {', '.join(map(repr, near))}.")


def _next_line() -> str:
    if sys.stdin is None:
        return ""  # it is closed
    try:
        return err.input("[bold]? [/]").strip() if sys.stdin.isatty() else _piped_line()
    except EOFError:
        return ""
    except UnicodeDecodeError as error:
        byte = error.object[error.start : error.start + 1]
        fail(f"The question is not {error.encoding.upper()} (byte {byte!r}); convert standard input, for example with iconv.")


def _piped_line() -> str:
    # Decoded by itself: the lines before one that can't be read have been answered then.
    return sys.stdin.buffer.readline().decode(sys.stdin.encoding).strip()


def run() -> None:
    """The console script."""
    with output_checked():
        app()


if __name__ == "__main__":
    run()

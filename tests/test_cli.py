from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from shipped import CORPUS, SOURCE_ARTICLE
from typer.testing import CliRunner

from assistant import __version__
from assistant.cli import app, show
from assistant.types import Answer, Citation

MakeCorpus = Callable[[Mapping[str, str | bytes]], Path]
QUESTION = "when was India moved to STA Tier-1?"
STA = "On 30 July 2018, India was moved into the Tier-1 of the US Department of Commerce's Strategic Trade Authorization"
UNPLUGGED = Path(__file__).parent / "unplugged"


def unshared() -> list[str]:
    """The words before a command that give it no network at all, where this machine lets us."""
    words = ["unshare", "--map-root-user", "--net"]
    if not shutil.which(words[0]):
        return []
    return words if subprocess.run([*words, "true"], check=False, capture_output=True).returncode == 0 else []


def guarded() -> dict[str, str]:
    """The environment, with the guard that tells whatever reaches out."""
    path = [str(UNPLUGGED), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path)}


class Terminal:
    """Types commands in a folder that holds some articles, with no network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._no_network = unshared()

    def run(self, *arguments: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._no_network, sys.executable, "-m", "assistant", *arguments],
            cwd=self.folder,
            env=guarded() | variables,
            input=typed,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "corpus").mkdir()
    shutil.copy(CORPUS / f"{SOURCE_ARTICLE}.txt", folder / "corpus")
    for path in sorted(CORPUS.glob("*.md"))[:6]:
        shutil.copy(path, folder / "corpus")
    return Terminal(folder)


@pytest.fixture(scope="module")
def as_json(terminal: Terminal) -> subprocess.CompletedProcess[str]:
    """A first question, on a corpus without an index."""
    return terminal.run("ask", QUESTION, "--json", PYTHONHASHSEED="1")


def test_unplugged_the_first_question_is_answered_and_nothing_reaches_out(
    as_json: subprocess.CompletedProcess[str],
) -> None:
    assert as_json.returncode == 0, as_json.stderr
    answer = json.loads(as_json.stdout)
    assert answer["short_answer"] == "30 July 2018"
    assert STA in answer["text"]
    assert "reached out" not in as_json.stderr


def test_json_is_all_that_stands_on_standard_output(as_json: subprocess.CompletedProcess[str]) -> None:
    answer = json.loads(as_json.stdout)
    assert as_json.stdout == json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    assert [citation["article_id"] for citation in answer["citations"]][:1] == [SOURCE_ARTICLE]
    assert answer["abstained"] is False


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "ask 'When was BECA signed?' > /dev/full",
            "error: Standard output cannot be written (No space left on device); make room",
        ),
        ("ask --json 'When was BECA signed?' > /dev/full", "error: Standard output cannot be written"),
        ("verify draft.txt > /dev/full", "error: Standard output cannot be written"),
        ("ask 'When was BECA signed?' >&-", "error: Standard output is closed"),
        ("verify - <&-", "error: Standard input is closed; give a text file."),
        ("chat <&-", ""),
        ("verify draft.txt | true", ""),
    ],
)
def test_where_nothing_can_be_written_or_read_one_line_says_so(
    terminal: Terminal, as_json: subprocess.CompletedProcess[str], command: str, told: str
) -> None:
    (terminal.folder / "draft.txt").write_text("India was moved into Tier-1 in 2018.", encoding="utf-8")
    run = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m assistant {command}"],
        cwd=terminal.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.stderr.startswith(told)
    assert run.stderr.count("\n") == bool(told)
    assert bool(run.returncode) == bool(told)


def test_what_the_terminal_cannot_show_is_written_as_an_escape(terminal: Terminal) -> None:
    (terminal.folder / "draft.txt").write_text("Наводнение 2018.", encoding="utf-8")
    run = terminal.run("verify", "draft.txt", PYTHONIOENCODING="ascii")
    assert (run.returncode, run.stdout) == (
        0,
        "not found  \\u041d\\u0430\\u0432\\u043e\\u0434\\u043d\\u0435\\u043d\\u0438\\u0435 2018.\n",
    )


def test_the_guard_does_tell_what_reaches_out() -> None:
    command = [sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 9), 1)"]
    run = subprocess.run(command, env=guarded(), capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 1
    assert "reached out: 192.0.2.1\n" in run.stderr


def test_two_runs_on_two_hash_seeds_and_two_fresh_indexes_print_the_same_bytes(
    terminal: Terminal, as_json: subprocess.CompletedProcess[str]
) -> None:
    other = terminal.run("ask", QUESTION, "--json", "--index", ".index-of-the-second", PYTHONHASHSEED="2")

    def without_timings(run: subprocess.CompletedProcess[str]) -> str:
        answer = json.loads(run.stdout)
        assert answer.pop("timings_ms")
        return json.dumps(answer, ensure_ascii=False, indent=2)

    assert without_timings(other) == without_timings(as_json)


@pytest.mark.usefixtures("as_json")
def test_chat_understands_a_follow_up(terminal: Terminal) -> None:
    run = terminal.run("chat", typed="When did the fifth 2+2 Ministerial Dialogue take place?\nand where?\n")
    assert run.returncode == 0, run.stderr
    first, second = run.stdout.split("Searched for: ")
    assert "The fifth 2+2 Ministerial Dialogue took place in November 2023" in first
    assert second.startswith("Where did the fifth 2+2 Ministerial Dialogue take place?\n")
    assert "New Delhi" in second
    assert "Traceback" not in run.stderr


# The rest runs in this process: starting another costs seconds.

runner = CliRunner()


def invoke(*arguments: str, typed: str | bytes | None = None) -> tuple[int, str, str]:
    """The exit code, standard output and standard error."""
    result = runner.invoke(app, arguments, input=typed)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


RAIN = (
    "---\ntitle: Rain\nsource: The Post\npublished: 2024-03-06\n---\nRain fell in Leeds on 5 March 2024. The streets were wet.\n"
)


@pytest.fixture
def rain(make_corpus: MakeCorpus) -> list[str]:
    """Options that name a small corpus and its index."""
    corpus = make_corpus({"rain.md": RAIN, "lemon.txt": "Lemon trees are pruned in spring."})
    return ["--corpus", str(corpus), "--index", str(corpus.with_name(".index"))]


def test_ask_prints_the_short_answer_the_sentence_and_its_source(rain: list[str]) -> None:
    code, out, _ = invoke("ask", "When did rain fall in Leeds?", *rain)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "5 March 2024"
    assert lines[1].startswith("Rain fell in Leeds on 5 March 2024. [1]")
    assert lines[2].rstrip() == "  [1] Rain (The Post, 2024-03-06)"


def test_an_abstention_is_no_failure(rain: list[str]) -> None:
    code, out, _ = invoke("ask", "Who is the president of Mongolia?", *rain)
    assert code == 0
    assert out.startswith("The articles don't say: ")


def test_ask_takes_filters(rain: list[str]) -> None:
    code, out, _ = invoke("ask", "When did rain fall in Leeds?", "--before", "2024-03-05", "--source", "The Post", *rain)
    assert code == 0
    assert out == "The articles don't say: no article passes the filter. Widen the dates or the outlets.\n"
    code, out, _ = invoke("ask", "When did rain fall in Leeds?", "--after", "2024-03-06", "--source", "The Post", *rain)
    assert "5 March 2024" in out


@pytest.mark.parametrize("name", ["Teh Post", "the post", "\udcff"])
def test_an_unknown_outlet_is_refused_and_the_known_ones_named(rain: list[str], name: str) -> None:
    code, out, err = invoke("ask", "When did rain fall in Leeds?", "--source", "The Post", "--source", name, *rain)
    assert (code, out) == (2, "")
    assert err.endswith(f"error: --source is {name!r}, which no article is from; the outlets are 'The Post'.\n")


def test_of_many_outlets_the_nearest_are_named(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({f"{n}.md": f"---\nsource: Gazette {n}\n---\nRain fell.\n" for n in range(20)} | {"rain.md": RAIN})
    options = ["--corpus", str(corpus), "--index", str(corpus.with_name(".index"))]
    code, out, err = invoke("ask", "Did rain fall?", "--source", "The Pots", *options)
    assert (code, out) == (2, "")
    assert "which no article is from; of the 21 outlets the nearest are 'The Post', 'Gazette " in err


def test_where_no_article_names_its_outlet_none_can_be_chosen(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"a.txt": "Rain fell."})
    options = ["--corpus", str(corpus), "--index", str(corpus.with_name(".index"))]
    code, out, err = invoke("ask", "Did rain fall?", "--source", "The Post", *options)
    assert (code, out) == (2, "")
    assert "--source is 'The Post', but no article names its outlet; leave it out." in err


def test_an_outlet_may_be_typed_in_other_letters_of_the_same_look(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"rain.md": RAIN.replace("The Post", "Le Cafe\u0301")})
    options = ["--corpus", str(corpus), "--index", str(corpus.with_name(".index"))]
    for name in ("Le Caf\u00e9", "Le Cafe\u0301"):
        code, out, _ = invoke("ask", "When did rain fall in Leeds?", "--source", name, *options)
        assert (code, out.splitlines()[0]) == (0, "5 March 2024")


@pytest.mark.parametrize("option", ["--corpus", "--index"])
def test_a_name_that_is_too_long_is_one_message(rain: list[str], option: str) -> None:
    code, out, err = invoke("ask", QUESTION, *rain, option, "x" * 300)
    assert code in {1, 2}
    assert out == ""
    assert "x" * 300 in err
    assert "File name too long); " in err
    assert err.count("\n") == 1


def test_empty_variables_are_as_good_as_none(rain: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # which holds what isn't to be read, and the folder "corpus"
    (tmp_path / "secret.txt").write_text("Nobody reads this.", encoding="utf-8")
    for name in ("CORPUS", "INDEX", "EMBEDDING_MODEL", "READER_MODEL", "CHAT_MODEL"):
        monkeypatch.setenv(f"ASSISTANT_{name}", "")
    code, out, _ = invoke("index")
    assert code == 0
    assert out.startswith("2 articles in 2 chunks, in .index/corpus-")


def test_index_says_what_it_holds_and_where(rain: list[str]) -> None:
    code, out, _ = invoke("index", *rain)
    assert code == 0
    assert "2 articles in 2 chunks" in out
    assert ".index" in out


def test_one_article_in_one_chunk_is_not_called_articles_and_chunks(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"rain.txt": "Rain fell in Leeds."})
    code, out, _ = invoke("index", "--corpus", str(corpus), "--index", str(corpus.with_name(".index")))
    assert code == 0
    assert out.startswith("1 article in 1 chunk, in ")


def test_a_long_source_line_is_one_line_and_whole(make_corpus: MakeCorpus) -> None:
    title = "Rain in Leeds " + "and in the towns around it " * 12 + "ends"
    corpus = make_corpus({"rain.md": RAIN.replace("title: Rain", f"title: {title}")})
    code, out, _ = invoke(
        "ask", "When did rain fall in Leeds?", "--corpus", str(corpus), "--index", str(corpus.with_name(".index"))
    )
    assert code == 0
    assert f"  [1] {title} (The Post, 2024-03-06)" in out.splitlines()


def test_an_index_that_is_a_file_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"rain.md": RAIN})
    file = corpus / "rain.md"
    code, out, err = invoke("ask", QUESTION, "--corpus", str(corpus), "--index", str(file))
    assert (code, out) == (1, "")
    assert err.startswith(f"error: No index can be kept in '{file}")
    assert err.endswith("; name a folder with --index.\n")
    assert err.count("\n") == 1
    assert file.read_text(encoding="utf-8") == RAIN


def test_markup_in_an_article_is_printed_as_it_stands(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"a.md": '---\ntitle: "[red]Rain[/red]"\n---\nRain [bold]fell[/bold] in Leeds [/] on 5 March 2024.\n'})
    code, out, _ = invoke(
        "ask", "When did rain fall in Leeds?", "--corpus", str(corpus), "--index", str(corpus.with_name(".index"))
    )
    assert code == 0
    assert "Rain [bold]fell[/bold] in Leeds [/] on 5 March 2024. [1]" in out
    assert "[1] [red]Rain[/red]" in out


def test_an_article_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    attack = "\x1b[1A\x1b[2K\u202eYes."
    citation = Citation(1, "rain", f"Rain{attack}", f"Post{attack}", None, attack, 0, len(attack), 1.0)
    show(Answer("Rain?", attack, attack, (), (citation,), (), False, None, 0.9, searched_for=attack, notice=attack))
    printed = capsys.readouterr().out
    assert printed.count("Yes.") == 6
    assert "\x1b" not in printed
    assert "\u202e" not in printed


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "No articles in"),
        ({"a.txt": ""}, "a.txt, line 1: the file is empty"),
        ({"a.md": "---\ntitle: [\n---\nRain."}, "a.md, line"),
        ({"a.jsonl": '{"_id": "1", "text": "Rain."}\n{\n'}, "a.jsonl, line 2: not JSON"),
        ({"a.txt": b"\xff"}, "a.txt, line 1: not UTF-8"),
    ],
)
@pytest.mark.parametrize("command", [["index"], ["ask", QUESTION], ["chat"]], ids=lambda command: command[0])
def test_a_bad_corpus_is_one_message_and_code_2(
    make_corpus: MakeCorpus, command: list[str], files: dict[str, str | bytes], message: str
) -> None:
    corpus = make_corpus(files)
    index = corpus.with_name(".index")
    code, out, err = invoke(*command, "--corpus", str(corpus), "--index", str(index))
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1
    assert not index.exists()


def test_a_corpus_that_is_not_there(tmp_path: Path) -> None:
    code, out, err = invoke("ask", QUESTION, "--corpus", str(tmp_path / "nowhere"))
    assert (code, out) == (2, "")
    assert "No corpus at" in err


def test_an_empty_question_is_bad_input(rain: list[str]) -> None:
    code, out, err = invoke("ask", "  ", *rain)
    assert (code, out) == (2, "")
    assert err.endswith("error: The question is empty; ask something.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", QUESTION, "--after", "yesterday"], "--after is 'yesterday'; write a day as YYYY-MM-DD."),
        (["ask", QUESTION, "--before", "2024-13-01"], "--before is '2024-13-01'; write a day as YYYY-MM-DD."),
        (
            ["ask", QUESTION, "--after", "2024-03-02", "--before", "2024-03-01"],
            "--after 2024-03-02 comes after --before 2024-03-01; swap",
        ),
        (["ask", QUESTION, "--jsno"], "No such option"),
        (["ask"], "Missing argument"),
        (["answer"], "No such command"),
    ],
)
def test_bad_options_are_code_2(arguments: list[str], message: str) -> None:
    code, out, err = invoke(*arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_an_unknown_setting_is_bad_input(rain: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHUNK_TOKEN", "90")
    code, out, err = invoke("ask", QUESTION, *rain)
    assert (code, out) == (2, "")
    assert "did you mean ASSISTANT_CHUNK_TOKENS?" in err


def test_a_model_that_cannot_be_loaded_is_a_failure(rain: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").mkdir()
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", str(tmp_path / "model"))
    code, out, err = invoke("ask", QUESTION, *rain)
    assert (code, out) == (1, "")
    assert "The embedding model" in err


def test_chat_goes_on_after_a_question_it_refuses(rain: list[str]) -> None:
    code, out, err = invoke("chat", *rain, typed=f"{'x' * 2001}\nWhen did rain fall in Leeds?\n\nnever asked\n")
    assert code == 0
    assert "more than the 2,000 allowed" in err
    assert out.startswith("5 March 2024\n")
    assert "never asked" not in out


def test_chat_answers_up_to_a_line_that_it_cannot_read(rain: list[str]) -> None:
    code, out, err = invoke("chat", *rain, typed=b"When did rain fall in Leeds?\n" + "Où?\n".encode("latin-1"))
    assert code == 2
    assert out.startswith("5 March 2024\n")
    assert "error: The question is not UTF-8 (byte b'\\xf9'); convert standard input" in err


def test_the_version() -> None:
    assert invoke("--version") == (0, f"{__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["index", "--help"], ["chat", "--help"]])
def test_help(arguments: list[str]) -> None:
    code, out, _ = invoke(*arguments)
    assert code == 0
    assert "Usage:" in out

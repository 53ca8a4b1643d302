from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from shipped import CORPUS, SOURCE_ARTICLE
from typer.testing import CliRunner

from assistant.cli import app
from assistant.types import Citation, Difference, Sentence
from assistant.verify_command import show

TRUE = "On July 30, 2018, India was moved into STA Tier-1."
FALSE = "On July 30, 2017, India was moved into STA Tier-1."
PASSAGE = "On 30 July 2018, India was moved into the Tier-1 of the Strategic Trade Authorization (STA) exception."
runner = CliRunner()


def lines(tmp_path: Path, *rows: object) -> Path:
    file = tmp_path / "claims.jsonl"
    file.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


def test_claims_get_one_verdict_a_line(tmp_path: Path) -> None:
    file = lines(tmp_path, {"claim": TRUE, "passage": PASSAGE}, "", {"claim": FALSE, "passage": PASSAGE})
    result = runner.invoke(app, ["verify", "--claims", str(file)])
    assert result.exit_code == 0, result.output
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["line"], first["verdict"], first["differs"]) == (1, "supported", [])
    assert [PASSAGE[quote["start"] : quote["end"]] for quote in first["quotes"]] == [quote["quote"] for quote in first["quotes"]]
    assert (second["line"], second["verdict"]) == (3, "contradicted")
    [difference] = second["differs"]
    assert (difference["claimed"], difference["found"]) == ("July 30, 2017", "30 July 2018")
    assert 0 <= second["support"] < first["support"] <= 1


def test_a_bad_line_is_named_and_the_others_are_judged(tmp_path: Path) -> None:
    nested, half = '{"claim": ' + "[" * 100_000, {"claim": "Rain \ud83d fell.", "passage": "Rain fell."}
    wrong = ["{", {"claim": TRUE, "passage": PASSAGE}, [], {"claim": "", "passage": "x"}, {"claim": "x"}, nested, half]
    file = lines(tmp_path, *wrong)
    result = runner.invoke(app, ["verify", "--claims", str(file)])
    assert result.exit_code == 2
    assert [json.loads(line)["line"] for line in result.stdout.splitlines()] == [2]
    told = {
        1: "broken JSON at column",
        3: "found list",
        4: "'claim' is ''",
        5: "'passage' is None",
        6: "JSON that cannot be read (maximum recursion",
        7: "'claim' holds '\\ud83d', which is no character; remove it",
    }
    for line, words in told.items():
        assert f"line {line}: {words}" in result.stderr


def test_a_text_is_checked_against_the_articles(article_corpus: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(f"{TRUE} The fifth 2+2 Ministerial Dialogue took place in Lisbon.", encoding="utf-8")
    options = ["--corpus", str(article_corpus), "--index", str(tmp_path / ".index")]
    result = runner.invoke(app, ["verify", str(draft), "--json", *options])
    assert result.exit_code == 0, result.output
    first, second = json.loads(result.stdout)
    assert first["verdict"] == "supported"
    assert second["verdict"] == "contradicted"
    text = (CORPUS / f"{SOURCE_ARTICLE}.txt").read_text(encoding="utf-8")
    assert first["citations"][0]["quote"] in text
    typed = runner.invoke(app, ["verify", "-", *options], input=TRUE)
    assert typed.exit_code == 0, typed.output
    assert typed.stdout.startswith(f"supported  {TRUE}")


@pytest.mark.parametrize("option", [["--json"], ["--corpus", "corpus"], ["--index", ".index"]], ids=lambda option: option[0])
def test_what_claims_have_no_use_for_is_refused(tmp_path: Path, option: list[str]) -> None:
    result = runner.invoke(app, ["verify", "--claims", str(lines(tmp_path, {"claim": TRUE, "passage": PASSAGE})), *option])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{option[0]} goes with a text file" in " ".join(result.stderr.replace("│", " ").split())


def test_claims_heed_the_settings_and_leave_those_of_other_commands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lines(tmp_path, {"claim": TRUE, "passage": PASSAGE})
    monkeypatch.setenv("ASSISTANT_CORPUS", "nowhere")
    assert runner.invoke(app, ["verify", "--claims", str(file)]).exit_code == 0
    for name, value, code, words in [
        ("READER_MODEL", str(tmp_path / "none"), 1, "has no reader.onnx"),
        ("READER_MODEL", "x" * 300, 1, "cannot be read (File name too long)"),
        ("READER", "any", 2, "did you mean ASSISTANT_READER_MODEL?"),
    ]:
        with monkeypatch.context() as other:
            other.setenv(f"ASSISTANT_{name}", value)
            result = runner.invoke(app, ["verify", "--claims", str(file)])
        assert (result.exit_code, result.stdout) == (code, "")
        assert words in result.stderr


@pytest.mark.parametrize("arguments", [[], ["draft.txt", "--claims", "claims.jsonl"]])
def test_one_of_text_and_claims_is_needed(arguments: list[str]) -> None:
    result = runner.invoke(app, ["verify", *arguments])
    assert result.exit_code == 2
    assert "--claims" in result.stderr


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for arguments in (["verify", str(tmp_path / "no.txt")], ["verify", "--claims", str(tmp_path / "no.txt")]):
        result = runner.invoke(app, arguments)
        assert result.exit_code == 2
        assert "no.txt" in result.stderr


def test_an_article_cannot_erase_a_verdict() -> None:
    attack = "\x1b[1A\x1b[2Ksupported"
    citation = Citation(1, "rain", f"Rain{attack}", f"Post{attack}", None, f"Rain fell.{attack}", 0, 20, 0.2)
    difference = Difference(attack, 0, len(attack), "rain", attack, 0, len(attack))
    out = Console(file=StringIO(), force_terminal=True, color_system=None, width=200, highlight=False)
    show((Sentence(f"{attack} Rain fell.", "contradicted", (citation,), (difference,)),), out)
    assert isinstance(out.file, StringIO)
    assert "\x1b" not in out.file.getvalue()


def test_values_that_differ_are_marked_and_words_are_not_read_as_markup() -> None:
    citation = Citation(1, "rain", "Rain [bold]", None, None, "Rain fell in [York].", 0, 20, 0.2)
    sentence = Sentence(
        "Rain fell in Leeds.", "contradicted", (citation,), (Difference("Leeds", 13, 18, "rain", "York", 14, 18),)
    )
    out = Console(file=StringIO(), force_terminal=True, color_system="standard", width=200, highlight=False)
    show((sentence,), out)
    assert isinstance(out.file, StringIO)
    printed = out.file.getvalue()
    assert "\x1b[4;31mLeeds\x1b[0m" in printed
    assert "Rain fell in [York]." in printed
    assert "Rain [bold]" in printed

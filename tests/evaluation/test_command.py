from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from assistant.evaluation.command import register

from .fakes import FACTS, make_records, write_gold


@pytest.fixture
def app() -> typer.Typer:
    application = typer.Typer()
    # A second command, so that `evaluate` must be named.
    application.command("other")(lambda: None)
    register(application)
    return application


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for article_id, title, text in FACTS:
        (folder / f"{article_id}.md").write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--beir", "x", "gold.jsonl"],
        ["--beir", "x", "--split", "dev"],
        ["--beir", "x", "--resume"],
        ["--beir", "x", "--baseline"],
        ["--beir", "x", "--seed", "0"],
        ["gold.jsonl", "--split", "train"],
        ["gold.jsonl", "--sample", "0"],
    ],
)
def test_options_that_do_not_go_together_are_refused(app: typer.Typer, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_negative_seed_is_refused_before_anything_runs(app: typer.Typer, tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold.jsonl", make_records())
    # There is no corpus: had anything run, that would be the complaint.
    result = CliRunner().invoke(app, ["evaluate", str(gold), "--corpus", str(tmp_path / "none"), "--seed", "-1"])
    assert result.exit_code == 2
    assert "greater than or equal to 0" in " ".join(result.stderr.split())


def test_a_wrong_gold_line_is_one_message(app: typer.Typer, tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold.jsonl", [*make_records()[:2], {"id": "x"}])
    result = CliRunner().invoke(app, ["evaluate", str(gold), "--json", str(tmp_path / "r.json")])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {gold}, line 3: 'answerable' is None")
    assert "Traceback" not in result.stderr


def test_a_wrong_floor_is_found_before_anything_runs(app: typer.Typer, tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold.jsonl", make_records())
    floors = tmp_path / "floors.json"
    floors.write_text('{"containmnet": 1}', encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", str(gold), "--floors", str(floors), "--json", str(tmp_path / "r.json")])
    assert result.exit_code == 2
    assert "did you mean 'containment'?" in result.stderr
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (["--json", "."], "."),
        (["--json", "folder"], "folder"),
        (["--json", "file/r.json"], "file/r.json"),
        (["--json", "taken.json"], "taken.rows.jsonl"),
        (["--json", "r.json", "--html", "folder"], "folder"),
        (["--json", "r.json", "--html", "file/r.html"], "file/r.html"),
    ],
)
def test_a_report_that_cannot_be_written_is_found_before_anything_runs(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], path: str
) -> None:
    gold = write_gold(tmp_path / "gold.jsonl", make_records())
    monkeypatch.chdir(tmp_path)
    for folder in ("folder", "taken.rows.jsonl"):
        Path(folder).mkdir()
    Path("file").touch()
    # There is no corpus: had anything run, that would be the complaint.
    result = CliRunner().invoke(app, ["evaluate", str(gold), *arguments])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {path!r} cannot be written")


@pytest.mark.parametrize(
    ("gold", "arguments", "words"),
    [
        ("set/g.jsonl", ["--json", "set/g.jsonl"], "'set/g.jsonl' is to hold the report (--json), but is read in this run"),
        ("set/g.jsonl", ["--json", "link.json"], "'link.json' is to hold the report (--json), but is read in this run"),
        ("set", ["--json", "set/g.jsonl"], "'set/g.jsonl' is to hold the report (--json), but is read in this run"),
        ("set/g.jsonl", ["--html", "set/g.jsonl"], "'set/g.jsonl' is to hold the page (--html), but is read in this run"),
        ("old.rows.jsonl", ["--json", "old.json"], "'old.rows.jsonl' is to hold its rows (beside --json), but is read"),
        ("set", ["--json", "r.json", "--html", "./r.json"], "'r.json' is to hold both the report (--json) and the page (--html)"),
        (
            "set",
            ["--json", "corpus/r.json"],
            "'corpus/r.json' is to hold the report (--json), but 'corpus' is read; name a file out",
        ),
        ("set", ["--json", "r.json", "--html", "corpus/a/r.md"], "'corpus/a/r.md' is to hold the page (--html), but 'corpus' is"),
        ("set", ["--json", "r.json", "--html", "corpus"], "'corpus' is to hold the page (--html), but is read in this run"),
        ("set", ["--json", "set/r.json"], "'set/r.rows.jsonl' is to hold its rows (beside --json), but the next run would read"),
    ],
)
def test_nothing_that_is_read_is_written_over(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gold: str, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("set").mkdir()
    files = [write_gold(Path(name), make_records()) for name in ("set/g.jsonl", "old.rows.jsonl")]
    Path("link.json").symlink_to("set/g.jsonl")
    before = [file.read_bytes() for file in files]
    # There is no corpus: had anything run, that would be the complaint.
    result = CliRunner().invoke(app, ["evaluate", gold, *arguments])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {words}")
    assert [file.read_bytes() for file in files] == before
    assert list(Path("set").iterdir()) == files[:1]


@pytest.mark.parametrize("gold", ["x" * 300 + ".jsonl", "circle", "circle/g.jsonl"])
def test_gold_that_cannot_be_reached_is_one_message(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gold: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("circle").symlink_to("circle")
    result = CliRunner().invoke(app, ["evaluate", gold])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert repr(gold) in result.stderr
    assert result.stderr.rstrip().endswith("give a .jsonl file, or a folder that holds some.")


def test_articles_that_are_not_there_are_not_replaced_by_the_queries(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "x"}\n', encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("1\ta\t1\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", "--beir", str(tmp_path), "--index", str(tmp_path / "index")])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: No corpus.jsonl in {str(tmp_path)!r}")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_no_part_of_a_ranking_is_written_over(app: typer.Typer, tmp_path: Path, name: str) -> None:
    (tmp_path / "qrels").mkdir()
    for part, content in (
        ("corpus.jsonl", '{"_id": "a", "text": "x"}\n'),
        ("queries.jsonl", '{"_id": "1", "text": "x"}\n'),
        ("qrels/test.tsv", "1\ta\t1\n"),
    ):
        (tmp_path / part).write_text(content, encoding="utf-8")
    before = (tmp_path / name).read_bytes()
    result = CliRunner().invoke(app, ["evaluate", "--beir", str(tmp_path), "--json", str(tmp_path / name)])
    assert result.exit_code == 2
    assert "is to hold the report (--json), but is read in this run" in result.stderr
    assert (tmp_path / name).read_bytes() == before


def test_a_ranking_report_that_cannot_be_written_is_found_before_anything_runs(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text('{"_id": "a", "text": "x"}\n', encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "x"}\n', encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("1\ta\t1\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", "--beir", str(tmp_path), "--json", str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {str(tmp_path)!r} cannot be written, it is a folder")


def test_an_evaluation_from_the_command_line(app: typer.Typer, corpus: Path, tmp_path: Path) -> None:
    """The real assistant on six articles: files, tables, floors, and a comparison with itself."""
    gold = write_gold(tmp_path / "gold.jsonl", make_records())
    floors = tmp_path / "floors.json"
    floors.write_text('{"quote_exactness": 1.0, "hits@5": 0.9, "answer_tokens": {"max": 0.5}}', encoding="utf-8")
    report, page = tmp_path / "runs" / "r.json", tmp_path / "pages" / "r.html"
    common = ["evaluate", str(gold), "--corpus", str(corpus), "--index", str(tmp_path / "index"), "--json", str(report)]
    result = CliRunner().invoke(app, [*common, "--baseline", "--html", str(page), "--floors", str(floors)])
    assert result.exit_code == 1, result.stderr
    assert "floor missed: answer_tokens is" in result.stderr
    assert "quote_exactness" not in result.stderr
    assert "Containment" in result.stdout
    assert "tutorial" in result.stdout
    record = json.loads(report.read_text(encoding="utf-8"))
    assert record["aggregates"]["counts"]["questions"] == len(record["rows"]) == 19
    assert record["aggregates"]["measures"]["dangling_markers"]["value"] == 0.0
    assert len(record["baseline"]) == 13
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    again = CliRunner().invoke(app, [*common, "--resume", "--compare", str(report)])
    assert again.exit_code == 0, again.stderr
    assert "0 now right, 0 now wrong" in " ".join(again.stdout.split())
    # Whoever has waited for the answers is told that they aren't lost.
    (tmp_path / "late.html.draft").mkdir()
    late = CliRunner().invoke(app, [*common, "--resume", "--html", str(tmp_path / "late.html")])
    assert late.exit_code == 2
    assert "late.html' cannot be written (Is a directory)" in late.stderr
    assert f"The rows finished are in {tmp_path / 'runs' / 'r.rows.jsonl'}; go on with --resume." in late.stderr


def test_a_beir_folder_from_the_command_line(app: typer.Typer, tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    (folder / "qrels").mkdir(parents=True)
    lines = [json.dumps({"_id": article_id, "title": title, "text": text}) for article_id, title, text in FACTS]
    (folder / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "queries.jsonl").write_text('{"_id": "1", "text": "night trains to Vask"}\n', encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\trailway\t1\n", encoding="utf-8")
    report = tmp_path / "beir.json"
    result = CliRunner().invoke(app, ["evaluate", "--beir", str(folder), "--index", str(tmp_path / "i"), "--json", str(report)])
    assert result.exit_code == 0, result.stderr
    assert "ndcg@10" in result.stdout
    record = json.loads(report.read_text(encoding="utf-8"))
    assert record["articles"] == 6
    assert record["rows"][0]["query"] == "night trains to Vask"
    assert record["aggregates"]["measures"]["queries_per_second"]["value"] > 0


def test_registering_the_command_loads_nothing_heavy() -> None:
    code = (
        "import sys, typer; from assistant.evaluation.command import register; register(typer.Typer());"
        "print([m for m in ('torch', 'chromadb', 'numpy', 'scipy', 'ir_measures', 'tantivy', 'pydantic') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"

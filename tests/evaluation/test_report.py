from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from assistant.errors import GoldFormatError, SettingsError
from assistant.evaluation.aggregate import aggregate
from assistant.evaluation.catalogue import GROUPS, MEASURES
from assistant.evaluation.evaluate import evaluate_system
from assistant.evaluation.html_report import html_page, write_html
from assistant.evaluation.markup import Html, join, tag
from assistant.evaluation.mistakes import kind_of, mistakes
from assistant.evaluation.options import EvaluationOptions, default_json, rows_path
from assistant.evaluation.report import EvaluationReport, describe, number, print_report, write_json
from assistant.evaluation.rows import ROWS_FORMAT
from assistant.evaluation.runner import System
from assistant.settings import load_settings
from assistant.types import Article

from .fakes import (
    FailingSystem,
    InterruptedSystem,
    LyingSystem,
    PerfectSystem,
    RandomSystem,
    WordEmbeddings,
    make_articles,
    make_records,
    write_gold,
)

HOSTILE = "<script>alert('1')</script> & \"quoted\" \x00"
VOID = {"meta"}


class Strict(HTMLParser):
    """Remembers every element and attribute, and refuses elements that are not closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parse(page: str) -> Strict:
    parser = Strict()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


@pytest.fixture
def options(gold_path: Path, tmp_path: Path) -> EvaluationOptions:
    return EvaluationOptions(gold=gold_path, json_out=tmp_path / "out" / "report.json", resamples=100)


def run(system: System, options: EvaluationOptions, articles: dict[str, Article] | None = None) -> EvaluationReport:
    return evaluate_system(system, articles or make_articles(), load_settings(), options, WordEmbeddings())


@pytest.fixture
def full_report(options: EvaluationOptions, perfect: PerfectSystem, articles: dict[str, Article]) -> EvaluationReport:
    """A report with everything a report can have, and with all kinds of mistakes."""
    write_json(run(perfect, options).to_dict(), options.json_out)
    system = FailingSystem(perfect, ["Who opened the harbour?"])
    report = run(system, replace(options, baseline=True, compare=options.json_out))
    dice = run(RandomSystem(articles, 5), options)
    lies = run(LyingSystem(articles), options)
    rows = [*report.rows[:5], *dice.rows[5:10], *lies.rows[10:]]
    return replace(report, rows=rows, aggregates=aggregate(rows, 100))


def test_the_report_says_what_it_was_made_from(options: EvaluationOptions, perfect: PerfectSystem) -> None:
    report = run(perfect, replace(options, split="dev", sample=4, seed=3))
    record = report.to_dict()
    assert (record["split"], record["sample"], record["seed"]) == ("dev", 4, 3)
    assert {row["split"] for row in record["rows"]} == {"dev"}
    assert len(record["rows"]) == 4
    assert len(record["gold_sha256"]) == len(record["corpus_sha256"]) == 64
    assert record["settings"]["chunk_tokens"] == 160
    assert record["versions"].keys() >= {"python", "assistant", "numpy", "ir-measures"}
    assert record["machine"].keys() == {"processor", "cores", "memory_mib", "system"}
    assert record["weights"].keys() >= {"reader/reader.onnx", "all-MiniLM-L6-v2/model.safetensors", "answering/confidence.json"}
    assert {len(digest) for digest in record["weights"].values()} == {64}
    assert record["rows_format"] == ROWS_FORMAT
    assert record["peak_memory_mib"] > 0


def test_a_sample_counts_the_questions_that_were_drawn(options: EvaluationOptions, perfect: PerfectSystem) -> None:
    report = run(perfect, replace(options, sample=1000))
    assert report.to_dict()["sample"] == 19
    assert "a sample of 19 (seed 0): 19 questions" in describe(report)


def test_the_corpus_named_is_the_one_that_was_measured(
    options: EvaluationOptions, perfect: PerfectSystem, articles: dict[str, Article]
) -> None:
    elsewhere = load_settings(corpus="/data/elsewhere", index="/data/index")
    record = evaluate_system(perfect, articles, elsewhere, options, WordEmbeddings()).to_dict()
    assert record["corpus"] == "corpus"
    assert "/data" not in json.dumps(record)


def test_the_json_file_holds_rows_from_which_all_numbers_follow(options: EvaluationOptions, perfect: PerfectSystem) -> None:
    report = run(perfect, options)
    write_json(report.to_dict(), options.json_out)
    record = json.loads(options.json_out.read_text(encoding="utf-8"))
    assert aggregate(record["rows"], 100) == record["aggregates"]
    lines = rows_path(options.json_out).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines[1:]] == record["rows"]


def test_an_interrupted_run_goes_on_where_it_stopped(options: EvaluationOptions, perfect: PerfectSystem) -> None:
    whole = run(perfect, options)
    interrupted = InterruptedSystem(perfect, after=7)
    with pytest.raises(KeyboardInterrupt):
        run(interrupted, options)
    rest = InterruptedSystem(perfect, after=12)
    report = run(rest, replace(options, resume=True))
    assert len(interrupted.asked) + len(rest.asked) == 19
    ids = [row["id"] for row in report.rows]
    assert ids == [row["id"] for row in whole.rows]
    assert report.values() | {"elapsed_ms": 0.0} == pytest.approx(whole.values() | {"elapsed_ms": 0.0})


def test_a_resumed_run_must_have_the_same_gold_corpus_and_settings(
    options: EvaluationOptions, perfect: PerfectSystem, articles: dict[str, Article]
) -> None:
    run(perfect, options)
    again = replace(options, resume=True)
    with pytest.raises(SettingsError, match="settings_fingerprint"):
        evaluate_system(perfect, articles, load_settings(chunk_tokens=100), again, WordEmbeddings())
    evaluate_system(perfect, articles, load_settings(threads=1, port=80), again, WordEmbeddings())
    with pytest.raises(SettingsError, match="corpus_sha256"):
        run(perfect, again, articles | {"new": Article("new", "New", "Something new.")})
    write_gold(options.gold, make_records()[:-1])
    with pytest.raises(SettingsError, match="gold_sha256"):
        run(perfect, again)


def test_a_resumed_run_must_have_the_same_weights(
    options: EvaluationOptions, perfect: PerfectSystem, articles: dict[str, Article], tmp_path: Path
) -> None:
    reader = tmp_path / "reader"
    reader.mkdir()
    for name in (
        "lower.onnx",
        "upper.onnx",
        "follow_ups.onnx",
        "claims.onnx",
        "tokenizer.json",
        "reader.onnx",
        "reader-tokenizer.json",
    ):
        (reader / name).write_text(name, encoding="utf-8")
    settings = load_settings(reader_model=str(reader))
    report = evaluate_system(perfect, articles, settings, options, WordEmbeddings())
    assert report.provenance.weights["reader/reader.onnx"] == hashlib.sha256(b"reader.onnx").hexdigest()
    again = replace(options, resume=True)
    assert evaluate_system(perfect, articles, settings, again, WordEmbeddings()).rows == report.rows
    (reader / "reader.onnx").write_text("trained again", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\(weights of reader/reader\.onnx '\w+', now '\w+'\)"):
        evaluate_system(perfect, articles, settings, again, WordEmbeddings())


def test_rows_of_other_versions_or_of_another_form_are_refused(options: EvaluationOptions, perfect: PerfectSystem) -> None:
    run(perfect, options)
    path = rows_path(options.json_out)
    first, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    other = json.loads(first) | {"version of numpy": "0.1", "rows_format": "0"}
    path.write_text("".join([json.dumps(other) + "\n", *rows]), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\(rows_format '0', now '\d+'; version of numpy '0\.1', now '[\d.]+'\)"):
        run(perfect, replace(options, resume=True))


def test_gold_that_does_not_fit_the_corpus_is_found_before_a_question_is_asked(
    options: EvaluationOptions, perfect: PerfectSystem, articles: dict[str, Article]
) -> None:
    asking = FailingSystem(perfect, [])
    del articles["museum"]
    with pytest.raises(GoldFormatError, match="no article 'museum'"):
        run(asking, options, articles)
    assert asking.asked == []


def test_the_page_is_well_formed_and_needs_nothing_else(full_report: EvaluationReport, articles: dict[str, Article]) -> None:
    page = html_page(full_report, articles)
    parser = parse(page)
    assert not {"script", "link", "img", "iframe", "object"} & {name for name, _ in parser.seen}
    assert not [attributes for _, attributes in parser.seen if {"src", "href", "style"} & attributes.keys()]
    assert "url(" not in page
    assert "http" not in page
    assert "prefers-color-scheme: dark" in page
    assert sum(name == "svg" for name, _ in parser.seen) == 4
    for measure in MEASURES.values():
        assert measure.label in parser.text
        assert measure.definition in parser.text


def test_the_page_shows_every_wrong_answer_with_what_was_expected(
    full_report: EvaluationReport, articles: dict[str, Article]
) -> None:
    text = parse(html_page(full_report, articles)).text
    wrong = [row for row in full_report.rows if row["measures"]["correct"] != 1.0]
    assert len({kind_of(row) for row in wrong}) == 4
    assert f"Wrong answers ({len(wrong)} of 19)" in text
    for row in wrong:
        assert row["question"] in text
        assert row["given"] in text
        assert (row["error"] or "") in text
        for answer in row["expected"]:
            assert answer in text
        for evidence in row["evidence"]:
            assert (evidence["quote"] or "") in text
    assert "not the article's words" in text


def test_nothing_that_was_read_becomes_markup(options: EvaluationOptions, tmp_path: Path) -> None:
    clean = make_articles()
    articles = {key: replace(article, title=HOSTILE, text=article.text + HOSTILE) for key, article in clean.items()}
    records = [record | {"question": f"{record['question']} {HOSTILE}", "tags": [HOSTILE]} for record in make_records()]
    write_gold(options.gold, records)
    path = tmp_path / "page.html"
    write_html(run(LyingSystem(articles), options, articles), articles, path)
    parser = parse(path.read_text(encoding="utf-8"))
    assert "script" not in {name for name, _ in parser.seen}
    assert "<script>alert('1')</script> & \"quoted\"" in parser.text


def test_half_a_surrogate_pair_does_not_stop_the_report(
    options: EvaluationOptions, perfect: PerfectSystem, articles: dict[str, Article], tmp_path: Path
) -> None:
    question = "Who opened the harbour?"
    report = run(FailingSystem(perfect, [question], message="\ud83d"), options)
    write_json(report.to_dict(), options.json_out)
    assert json.loads(options.json_out.read_text(encoding="utf-8"))["rows"][1]["error"] == "GenerationTimeout: \ud83d"
    write_html(report, articles, tmp_path / "page.html")
    assert "GenerationTimeout: ?" in parse((tmp_path / "page.html").read_text(encoding="utf-8")).text


@given(st.text(), st.text(alphabet="abc\"'<>&"))
def test_markup_escapes_whatever_is_not_markup(text: str, attribute: str) -> None:
    made = tag("p", text, Html("<b>bold</b>"), None, class_=attribute, id=None)
    assert made.count("<") == 4
    parser = parse(made)
    assert parser.seen[0] == ("p", {"class": attribute})
    assert join("<", 3, None, Html("<br>")) == "&lt;3<br>"


def test_attributes_are_named_as_in_html() -> None:
    assert tag("line", stroke_width=1.25, x=3, y=0.3333) == '<line stroke-width="1.25" x="3" y="0.33"></line>'


def test_without_mistakes_the_page_says_so(
    options: EvaluationOptions, perfect: PerfectSystem, articles: dict[str, Article]
) -> None:
    assert "Wrong answers (0 of 19)" in parse(mistakes(run(perfect, options).rows, articles)).text


def test_the_tables_fit_a_terminal(full_report: EvaluationReport) -> None:
    console = Console(file=StringIO(), width=80)
    print_report(full_report, console)
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    for measures in GROUPS.values():
        for measure in measures:
            assert measure.label in shown
    words = " ".join(shown.split())
    for word in ("multi-article", "unanswerable-near", "hits@4", "LangChain", "no clear change", "now right", "peak memory"):
        assert word in words
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "…" not in shown


def test_numbers_are_short() -> None:
    assert [number(value) for value in (None, 0.12345, 1.0, 12.34, 1234.5, -0.5)] == [
        "–",
        "0.123",
        "1.000",
        "12.3",
        "1,234",
        "-0.500",
    ]


def test_the_default_report_is_named_after_gold_and_split() -> None:
    assert default_json(Path("/x/squad/gold.jsonl"), "dev") == Path("runs/squad-gold-dev.json")
    assert re.fullmatch(r"runs/tests-gold-all\.json", str(default_json(Path("/x/tests/gold"), "all")))


@pytest.mark.parametrize(
    ("report", "rows"),
    [
        ("runs/r.json", "runs/r.rows.jsonl"),
        ("runs/reader-0.6", "runs/reader-0.6.rows.jsonl"),
        ("runs/reader-0.7", "runs/reader-0.7.rows.jsonl"),
        ("runs/reader-0.7.json", "runs/reader-0.7.rows.jsonl"),
    ],
)
def test_the_rows_lie_beside_the_report_under_its_whole_name(report: str, rows: str) -> None:
    assert rows_path(Path(report)) == Path(rows)

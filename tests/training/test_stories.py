from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import GoldFormatError
from assistant.evaluation.claims import load_claims
from assistant.evaluation.gold import check_evidence, load_gold
from assistant.ingestion.loading import load_articles
from assistant.training.stories import STORIES_FILE, read_stories, write_collection

FILLER = (
    "The council of the town met in the afternoon and spoke about the harbour, its boats and the weather for a long time. " * 7
)


def story(cluster: str, town: str, **changed: Any) -> dict[str, Any]:
    text = f"Rain fell in {town} on 5 March. The mayor of {town}, Ann Lee, closed the schools.\n\n{FILLER}\n\nThen the sun came."
    return {
        "cluster": cluster,
        "title": f"Weather in {town}",
        "published": "2024-03-07",
        "text": text,
        "questions": [
            {"question": f"Who shut the classrooms of {town}?", "answer": "Ann Lee", "kind": "paraphrase"},
            {"question": "Where did it rain?", "answer": town, "in": f"fell in {town} on", "kind": "plain"},
            {"question": "Who opened the schools?", "answer": None, "kind": "premise"},
        ],
        "claims": [
            {"claim": "Rain reached the town in early March.", "supported": True, "kind": "reworded"},
            {"claim": "The schools stayed open.", "supported": False, "kind": "negation"},
        ],
    } | changed


def write(path: Path, *stories: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in stories), encoding="utf-8")
    return path


def test_a_question_comes_with_a_chunk_that_answers_it_and_chunks_that_dont(tmp_path: Path) -> None:
    stories = read_stories(write(tmp_path / "stories.jsonl", story("weather", "Leeds"), story("weather", "York")))
    who, where, nobody = (q for q in stories.questions if q.question_id.startswith("stories-1-"))
    assert [who.passage[a:b] for a, b in who.answers] == ["Ann Lee"]
    assert [where.passage[a - 8 : b + 3] for a, b in where.answers] == ["fell in Leeds on"]
    assert nobody.answers == ()
    assert "Ann Lee" in nobody.passage  # the chunk that shares most words with it
    for question in (who, where):
        silent = stories.negatives[question.question_id]
        answer = question.passage[slice(*question.answers[0])]
        assert silent
        assert all(answer not in passage for passage in silent)
    assert any("York" in passage for passage in stories.negatives[where.question_id])
    assert stories.titles[who.passage] == "Weather in Leeds"
    assert all(stories.titles[passage] == "Weather in York" for passage in stories.titles if "Rain fell in York" in passage)


def test_a_follow_up_begins_with_what_was_asked_before(tmp_path: Path) -> None:
    asked = {"after": ["Where did it rain in March?", "and the mayor?"], "question": "her name", "answer": "Ann Lee", "kind": "f"}
    file = write(tmp_path / "stories.jsonl", story("weather", "Leeds", questions=[asked]))
    (question,) = read_stories(file).questions
    assert question.text == "Where did it rain in March? and the mayor? her name"
    assert [question.passage[a:b] for a, b in question.answers] == ["Ann Lee"]
    assert question.is_follow_up


def test_a_claim_comes_with_the_sentences_around_its_own(tmp_path: Path) -> None:
    stories = read_stories(write(tmp_path / "stories.jsonl", story("weather", "Leeds")))
    true, false = stories.claims
    assert (true.supported, true.kind, false.supported, false.kind) == (True, "reworded", False, "negation")
    assert true.passage.startswith("Weather in Leeds\nRain fell in Leeds on 5 March. The mayor")
    assert "closed the schools" in false.passage


def test_every_story_that_ships_is_one(tmp_path: Path) -> None:
    stories, questions, claims = write_collection(tmp_path)
    assert stories > 4000
    assert questions > 1000
    assert claims > 1000


def test_whole_clusters_are_held_out_and_nothing_is_on_both_sides(tmp_path: Path) -> None:
    # Every sixth cluster: cutting all into chunks takes a minute.
    shipped = [json.loads(line) for line in STORIES_FILE.read_text(encoding="utf-8").splitlines()]
    some = set(list(dict.fromkeys(each["cluster"] for each in shipped))[::6])
    file = write(tmp_path / "some.jsonl", *(each for each in shipped if each["cluster"] in some))
    training, held_out = read_stories(file), read_stories(file, held_out=True)
    assert {q.subject for q in training.questions}.isdisjoint(q.subject for q in held_out.questions)
    assert {q.passage for q in training.questions}.isdisjoint(q.passage for q in held_out.questions)
    assert len(held_out.questions) > 1000
    assert len(training.questions) > 10 * len(held_out.questions)
    assert len({q.question_id for q in training.questions}) == len(training.questions)
    for question in (*training.questions, *held_out.questions):
        assert all(0 <= a < b <= len(question.passage) for a, b in question.answers)
    supported = sum(claim.supported for claim in training.claims)
    assert 2 * supported == len(training.claims)


def test_the_collection_holds_all_stories_and_asks_about_those_held_out(tmp_path: Path) -> None:
    clusters = [f"weather {number}" for number in range(60)]
    file = write(tmp_path / "stories.jsonl", *(story(cluster, "Leeds") for cluster in clusters))
    stories, questions, claims = write_collection(tmp_path / "out", file)
    assert (stories, len(load_articles(tmp_path / "out" / "corpus.jsonl"))) == (60, 60)
    articles = {article.article_id: article for article in load_articles(tmp_path / "out" / "corpus.jsonl")}
    gold = load_gold(tmp_path / "out" / "gold.jsonl")
    check_evidence(gold, articles)
    held_out = len(read_stories(file, held_out=True).questions)
    assert len(gold) == questions == held_out > 0
    assert [example.answerable for example in gold[:3]] == [True, True, False]
    found = load_claims(tmp_path / "out" / "claims.jsonl", {})
    assert (len(found), found[0].is_true, found[1].group) == (claims, True, "relation")
    assert found[0].passage.published == date(2024, 3, 7)


@pytest.mark.parametrize(
    "changed",
    [
        {"questions": [{"question": "Who?", "answer": "Nobody", "kind": "plain"}]},
        {"questions": [{"question": "Where?", "answer": "Leeds", "kind": "plain"}]},  # it stands twice
        {"questions": [{"question": "Who?", "kind": "plain"}]},
        {"questions": None},
    ],
)
def test_a_story_that_is_none_is_refused_with_its_line(tmp_path: Path, changed: dict[str, Any]) -> None:
    file = write(tmp_path / "stories.jsonl", story("weather", "York"), story("weather", "Leeds", **changed))
    with pytest.raises(GoldFormatError, match=r"line 2: .*; mend the line"):
        read_stories(file)

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.index.lexical import LexicalIndex
from assistant.language.terms import focus_words, missing_ordinals, missing_terms, question_terms

Stem = Callable[[str], str]


@pytest.fixture(scope="module")
def stem(tmp_path_factory: pytest.TempPathFactory) -> Stem:
    return LexicalIndex(tmp_path_factory.mktemp("lexical")).stem


@pytest.mark.parametrize(
    ("question", "names", "others"),
    [
        ("", set(), set()),
        ("When was it?", set(), set()),
        ("When was India moved to STA Tier-1?", {"india", "sta", "1"}, {"moved"}),
        ("what is the 2+2 dialogue?", {"2"}, {"dialogue"}),
        ("Who is the US Secretary of Defence?", {"us", "secretary", "defence"}, set()),
        ("who is us?", set(), set()),
        ("What did Singh's post say?", {"singh"}, {"post"}),
        ("Pakistan joined when?", set(), {"pakistan", "joined"}),
        ("Did Pakistan or pakistan join?", {"pakistan"}, {"join"}),
        ("rain rain RAIN", {"rain"}, set()),
    ],
)
def test_question_terms(question: str, names: set[str], others: set[str]) -> None:
    terms = question_terms(question)
    assert {term.word for term in terms if term.is_name} >= names
    assert {term.word for term in terms} >= names | others
    assert len({term.word for term in terms}) == len(terms)


@pytest.mark.parametrize("question", ["When did it happen?", "what was that about", "Who are they and why?", "Tell me more"])
def test_words_that_no_article_needs_to_repeat_are_no_terms(question: str) -> None:
    assert {term.word for term in question_terms(question)} <= {"tell"}


ARTICLE = (
    "On 30 July 2018, India was moved into the Tier-1 of the US Department of Commerce's Strategic Trade Authorization "
    "license exception. Agreements: Basic Exchange and Cooperation Agreement (2020) and the COMCASA pact. The renewed "
    "framework names Pete Hegseth, the café in Leeds and defense cooperation."
)


@pytest.mark.parametrize(
    "question",
    [
        "When was India moved to STA Tier-1?",
        "when was india moved to sta tier-1",
        "What happened on 30 July 2018?",
        "Which agreement is BECA?",
        "What is the Basic Exchange and Cooperation Agreement?",
        "Has the framework been renewing?",
        "What is Pete Hegseth's name?",
        "Is there an execption?",
        "Who is Hegseht?",
        "What about defence cooperation?",
        "Which cafe in Leeds?",
        "What did the department's exception licence?",
        "",
    ],
)
def test_what_the_passage_speaks_of(question: str, stem: Stem) -> None:
    assert missing_terms(question, ARTICLE, stem) == []


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("When was Pakistan moved to STA Tier-1?", ["pakistan"]),
        ("When was India moved to STA Tier-2?", ["2"]),
        ("What happened on 30 July 2019?", ["2019"]),
        ("Which agreement is LEMOA?", ["lemoa"]),
        ("Who is Pete Buttigieg?", ["buttigieg"]),
        ("Did India sign the treaty?", ["sign", "treaty"]),
        ("Iran?", ["iran"]),
        ("How many C-18s did it buy?", ["18", "buy"]),
        ("Which state was it, and what did America say?", ["state"]),
    ],
)
def test_what_it_does_not_speak_of(question: str, missing: list[str], stem: Stem) -> None:
    assert [term.word for term in missing_terms(question, ARTICLE, stem)] == missing


@pytest.mark.parametrize("question", ["Were the C-17s new?", "Do MQ-9Bs fly?", "Did F404 engines fly in the 1990s?"])
def test_the_plural_of_a_designation_is_the_designation(question: str, stem: Stem) -> None:
    assert missing_terms(question, "In 1990 the new C-17 and an MQ-9B with an F404 engine fly.", stem) == []


def test_a_written_out_name_is_found_by_its_acronym(stem: Stem) -> None:
    question = "When was the Communications Compatibility and Security Agreement signed?"
    assert missing_terms(question, "The CCASA was signed in 2018.", stem) == []


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What happened on 30th July 2018?", []),
        ("What happened on the 30th of July?", []),
        ("What happened on the thirtieth of July 2018?", []),
        ("What happened on 29th July 2018?", ["29th"]),
        ("What happened on 30th July 2017?", ["2017"]),
        ("What happened at the 30th meeting?", ["30th", "meeting"]),
    ],
)
def test_a_day_may_be_written_as_an_ordinal(question: str, missing: list[str], stem: Stem) -> None:
    assert [term.word for term in missing_terms(question, ARTICLE, stem)] == missing


@pytest.mark.parametrize(("passage", "missing"), [("", ["rain"]), ("Rain!", []), ("It rained.", []), ("Train", ["rain"])])
def test_short_passages(passage: str, missing: list[str], stem: Stem) -> None:
    assert [term.word for term in missing_terms("any rain?", passage, stem)] == missing


@pytest.mark.parametrize(
    ("question", "passage", "missing"),
    [
        ("When was the sixth dialogue?", "The fifth dialogue was in 2023.", ["sixth"]),
        ("When was the fifth dialogue?", "The fifth dialogue was in 2023.", []),
        ("When was the Fifth dialogue?", "It was the fifth.", []),
        ("When was the Fifth dialogue?", "It was the sixth.", ["fifth"]),
        ("When was the fifth dialogue?", "THE FIFTH DIALOGUE", []),
        ("Who hosted the 18th summit?", "Japan hosted the 8th summit.", ["18th"]),
        ("Who hosted the 8th summit?", "Japan hosted the 18th summit.", ["8th"]),
        ("Who hosted the 18th summit?", "Japan hosted the 18TH summit.", []),
        ("What came between the first and the third?", "The second came, then the third.", ["first"]),
        ("When was the 5th dialogue?", "The fifth dialogue was in 2023.", []),
        ("When was the fifth dialogue?", "The 5th dialogue was in 2023.", []),
        ("Who came second?", "It took a few seconds.", ["second"]),
        ("How many came on 18 May?", "Nobody came.", []),
        ("How many came on the 18th of May?", "On 18 May 40 came.", []),
        ("Who spoke on 18th May?", "Lee spoke on 18 May.", []),
        ("Who spoke on the fifth of May?", "Lee spoke on 5 May.", []),
        ("", "", []),
    ],
)
def test_missing_ordinals(question: str, passage: str, missing: list[str]) -> None:
    assert missing_ordinals(question, passage) == missing


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("How many soldiers were injured?", {"soldiers"}),
        ("how many SOLDIERS were injured?", {"soldiers"}),
        ("How many Apache helicopters did India order?", {"apache", "helicopters"}),
        ("Which warships took part?", {"warships"}),
        ("Which two warships joined the exercise?", {"two", "warships"}),
        ("How much money has been spent?", {"money"}),
        ("Whose idea was it?", {"idea"}),
        ("In which year was it signed?", set()),
        ("What is the number of aircraft?", set()),
        ("When were soldiers injured?", set()),
        ("", set()),
    ],
)
def test_the_focus_is_what_is_counted_or_chosen(question: str, focus: set[str]) -> None:
    assert focus_words(question) == focus


@pytest.mark.parametrize(
    ("question", "passage", "missing"),
    [
        ("When did Austria join the Quad?", "Australia joined the Quad in 2007.", ["austria"]),
        ("Did US troops leave?", "Witnesses told us the troops leave.", ["us"]),
        ("Did American troops leave?", "All member states agreed that troops leave.", ["american"]),
        ("Did American troops leave?", "US troops leave.", []),
        ("DID THE TROOPS LEAVE AT ONCE?", "The troops leave.", ["once"]),
    ],
)
def test_a_name_that_is_only_like_another_is_missing(question: str, passage: str, missing: list[str], stem: Stem) -> None:
    assert [term.word for term in missing_terms(question, passage, stem)] == missing


def test_capitals_of_a_whole_sentence_make_no_names() -> None:
    assert not any(term.is_name for term in question_terms("WHEN WAS THE AGREEMENT ON RAIN SIGNED?"))
    assert all(term.is_name for term in question_terms("BECA?"))

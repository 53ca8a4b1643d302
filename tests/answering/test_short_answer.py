from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.short_answer import Kind, expected_kind, short_answer, the_one_counted


def answer(question: str, sentence: str) -> str | None:
    span = short_answer(question, sentence)
    return sentence[span[0] : span[1]] if span else None


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was India moved to STA Tier-1?", "date"),
        ("In which year was the framework renewed?", "date"),
        ("On what date did it happen?", "date"),
        ("How many ministers met?", "number"),
        ("How much did it cost?", "number"),
        ("What would a single one cost India?", "number"),
        ("How heavy a load can it haul?", "number"),
        ("What is the number of aircraft?", "number"),
        ("Who is the US Secretary of Defence?", "person"),
        ("Which minister signed it?", "person"),
        ("Where did they meet?", "place"),
        ("In which city was it signed?", "place"),
        ("What is the MDP?", None),
        ("Why did they call?", None),
        ("How does it work?", None),
        ("", None),
    ],
)
def test_expected_kind(question: str, kind: Kind | None) -> None:
    assert expected_kind(question) == kind


STA = (
    "On 30 July 2018, India was moved into the Tier-1 of the US Department of Commerce's Strategic Trade Authorization "
    "license exception, according to the Ministry of External Affairs."
)
CALL = (
    "US Secretary of Defence Pete Hegseth and Defence Minister Rajnath Singh held an introductory call on Thursday to "
    "reaffirm their commitment to the US-India Major Defence Partnership."
)
DIALOGUE = "The fifth 2+2 Ministerial Dialogue took place in November 2023 in New Delhi."
AGREEMENTS = (
    "Important defence agreements which provide the framework for interaction and cooperation are: Logistics Exchange "
    "Memorandum of Agreement (2016); Communications Compatibility and Security Agreement (2018); Industrial Security "
    "Agreement (2019); and Basic Exchange and Cooperation Agreement (2020) andMemorandum of Intent for Defense Innovation "
    "Cooperation (2018)."
)
CHAIRS = (
    "At the apex of dialogue mechanisms is the 2+2 Ministerial Dialogue co-chaired by the Minister of External Affairs and "
    "Minister of Defence and the US Secretary of State and Secretary of Defense."
)


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        # dates
        ("when was India moved to STA Tier-1?", STA, "30 July 2018"),
        ("When was the fifth 2+2 dialogue?", DIALOGUE, "November 2023"),
        ("When was the framework renewed?", "The framework was renewed for 10 years in 2015.", "2015"),
        ("What year did the pact expire?", "The deal of 1995 was short, and the pact of the two was to expire in 2005.", "2005"),
        ("When was it signed?", "It was signed on September 6, 2018 in Delhi.", "September 6, 2018"),
        ("When was it signed?", "It was signed on 2018-09-06.", "2018-09-06"),
        ("When was it signed?", "It was signed on the 3rd of March 2019.", "3rd of March 2019"),
        ("In what year was the Logistics Exchange Memorandum of Agreement signed?", AGREEMENTS, "2016"),
        ("When was the Communications Compatibility and Security Agreement concluded?", AGREEMENTS, "2018"),
        ("When was the Industrial Security Agreement signed?", AGREEMENTS, "2019"),
        ("When was the Basic Exchange and Cooperation Agreement signed?", AGREEMENTS, "2020"),
        ("What year did it end?", "The pact, signed in 1995, ended in 2005.", "2005"),
        ("When did Hegseth and Singh talk?", CALL, "Thursday"),
        ("When did the talks begin?", "The talks began in May.", "May"),
        ("What happened in 2016, and when?", "In 2016 it was designated.", None),
        ("When was it signed?", "It was signed in the capital.", None),
        # numbers
        ("For how long was the framework renewed?", "It was renewed for 10 years in 2015.", "10 years"),
        ("How long is it?", "The framework was renewed for 10 years in 2015.", "10 years"),
        ("How many drones were bought?", "In October 2024 India bought 31 drones.", "31"),
        ("How many Apache helicopters did India order?", "India ordered six Apache AH-64E helicopters.", "six"),
        ("How much did the drones cost?", "The drones cost $3.5 billion in all.", "$3.5 billion"),
        ("How many aircraft fly?", "Twenty-four aircraft fly there.", "Twenty-four"),
        ("What percentage was spent?", "Some 12.5% was spent on rail.", "12.5%"),
        ("How old is he?", "He is 44 years old.", "44 years"),
        ("How much?", "It cost Rs. 3,500 crore.", "Rs. 3,500 crore"),
        ("How many years did it last?", "It lasted ten years.", "ten years"),
        ("How many came?", "They came on 3 May 2020.", None),
        # people
        ("Who held a call with Rajnath Singh?", CALL, "Pete Hegseth"),
        ("Who is the US Secretary of Defence?", CALL, "Pete Hegseth"),
        ("Who is the Indian defence minister?", "Defence Minister Rajnath Singh spoke.", "Rajnath Singh"),
        ("Who met Donald Trump?", "Prime Minister Narendra Modi met President Donald Trump on Monday.", "Narendra Modi"),
        ("Who signed it?", "Admiral Karambir Singh signed it.", "Karambir Singh"),
        ("Who met Donald Trump?", "President Donald Trump met Prime Minister Narendra Modi.", "Narendra Modi"),
        ("Who met Donald Trump?", "Prime Minister Narendra Modi met President Donald Trump.", "Narendra Modi"),
        ("Who opposed it?", "Nobody opposed it.", None),
        ("Who co-chairs the 2+2?", CHAIRS, None),
        # places
        ("Where was the jet built?", "The jet was built in the United States and flown to Kochi.", "United States"),
        ("Where did the fifth 2+2 dialogue take place?", DIALOGUE, "New Delhi"),
        ("Where is the base?", "The base lies near Kochi, Kerala.", "Kochi, Kerala"),
        ("Which country hosted it?", "Japan hosted it.", "Japan"),
        ("In which city did they meet?", "They met in Tokyo on Monday.", "Tokyo"),
        ("Where was it?", "It was held at home.", None),
        # anything else has no short answer
        ("What is the apex of dialogue mechanisms?", DIALOGUE, None),
        ("When?", "", None),
    ],
)
def test_short_answers(question: str, sentence: str, expected: str | None) -> None:
    assert answer(question, sentence) == expected


QUESTIONS = ["When was it?", "How many were there?", "Who was it?", "Where was it?", "What was it?"]
WORDS = [
    "On 30 July 2018, ",
    "in New Delhi ",
    "Pete Hegseth ",
    "31 ",
    "$3 billion ",
    "Thursday",
    "é👍🏽 ",
    "e\u0301",
    "\n",
    "(2020)",
    "’s ",
]


@given(st.sampled_from(QUESTIONS), st.lists(st.sampled_from(WORDS) | st.text(max_size=6)).map("".join))
def test_a_short_answer_is_words_of_the_sentence_without_space_around_them(question: str, sentence: str) -> None:
    span = short_answer(question, sentence)
    if span:
        start, end = span
        assert 0 <= start < end <= len(sentence)
        assert sentence[start:end] == sentence[start:end].strip()
        assert sentence[start:end].lower() not in question.lower()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who was prime minister when LEMOA was signed?", "person"),
        ("How many people died when the bridge collapsed?", "number"),
        ("How did markets react when the Fed cut rates?", None),
        ("What did the WHO recommend?", None),
        ("WHO SIGNED BECA?", "person"),
        ("Why did the man who led the talks resign?", None),
        ("When he was in Delhi, who met him?", "person"),
        ("drone deal when signed", "date"),
        ("BECA signing date", "date"),
        ("What was it worth, how much?", "number"),
        ("What was the death toll?", "number"),
        ("What is Drevia's inflation rate?", "number"),
        ("What magnitude was the quake?", "number"),
        ("What was the fine for?", None),
        ("What caused the inflation?", None),
    ],
)
def test_the_word_that_asks_decides_and_no_word_of_a_clause(question: str, kind: Kind | None) -> None:
    assert expected_kind(question) == kind


def test_a_relative_date_answers_when_and_counts_when_asked_how_many() -> None:
    told = "The intruders got in on the Monday, and the firm told the regulator three days later."
    assert answer("When did the firm tell the regulator?", told) == "Monday"
    assert answer("When did the firm tell it?", "The firm told the regulator three days later.") == "three days later"
    assert answer("How many days later did the firm tell it?", "The firm told the regulator three days later.") == "three days"


ORDER = "The order was made up of 22 AH-64E Apache attack helicopters and 15 CH-47F Chinook heavy-lift helicopters."


@pytest.mark.parametrize(
    ("question", "span", "one"),
    [
        ("How many Chinooks did India buy?", "22 AH-64E Apache attack helicopters and 15", "15"),
        ("How many Apaches did India buy?", "22 AH-64E Apache attack helicopters and 15 CH-47F Chinook", "22"),
        ("How many Chinooks did India buy?", "22 AH-64E Apache", "22 AH-64E Apache"),  # one number: the reader's choice
        ("How many helicopters did India buy?", "22 AH-64E Apache attack helicopters and 15", None),  # both are
        ("How many tanks did India buy?", "22 AH-64E Apache attack helicopters and 15", None),  # neither is
    ],
)
def test_of_two_numbers_the_one_that_counts_what_is_asked_for(question: str, span: str, one: str | None) -> None:
    start = ORDER.index(span)
    found = the_one_counted(question, ORDER, (start, start + len(span)))
    assert ORDER[slice(*found)] == (one or span)

"""Follow-ups about all sorts of news, each with the question and the answer before it and the reading that is tried first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.conversation import condense_question
from assistant.types import Turn

ECONOMY = [
    ("What was inflation in Drevia in February?", "", "and in April?", "What was inflation in Drevia in April?"),
    ("Inflation in Drevia in February?", "", "and in April?", "Inflation in Drevia in April?"),
    ("What was inflation in Drevia in February?", "", "and in Norland?", "What was inflation in Norland in February?"),
    ("What was inflation in Drevia in February 2023?", "", "and in April?", "What was inflation in Drevia in April 2023?"),
    ("What was inflation in Drevia in February?", "", "and unemployment?", "What was unemployment in Drevia in February?"),
    ("what was inflation in drevia in february?", "", "and in norland?", "what was inflation in norland in february?"),
    ("When did the Fed cut rates?", "", "And the ECB?", "When did the ECB cut rates?"),
    (
        "When did the ECB raise interest rates?",
        "",
        "And the Bank of Norland?",
        "When did the Bank of Norland raise interest rates?",
    ),
    (
        "How much did exports fall in the first quarter of 2022?",
        "",
        "and in the second quarter?",
        "How much did exports fall in the second quarter of 2022?",
    ),
    ("How many homes were sold in Leeds last year?", "", "and this year?", "How many homes were sold in Leeds this year?"),
    ("How high was unemployment in Drevia in May?", "", "and June?", "How high was unemployment in Drevia in June?"),
    (
        "How many jobs did the crisis cost in the north in 2020?",
        "",
        "and in the south?",
        "How many jobs did the crisis cost in the south in 2020?",
    ),
    ("What was the price of wheat on Monday?", "", "and on Friday?", "What was the price of wheat on Friday?"),
    ("What was the price of wheat on Monday?", "", "and yesterday?", "What was the price of wheat yesterday?"),
    ("How much did wages rise in Drevia?", "", "and pensions?", "How much did pensions rise in Drevia?"),
    ("Which rates did the central bank raise?", "", "and when?", "When did the central bank raise the rates?"),
]
COMPANIES = [
    ("When did Petra Lang join Norvik?", "In 2015.", "and Halden?", "When did Petra Lang join Halden?"),
    ("How many M777 howitzers were sold?", "145.", "Range?", "What is the range of M777 howitzers?"),
    ("What was the profit of Norvik?", "", "And its revenue?", "What was Norvik's revenue?"),
    ("What was Norvik's profit?", "", "And its revenue?", "What was Norvik's revenue?"),
    ("How much profit did Norvik make in 2023?", "", "And its revenue?", "How much revenue did Norvik make in 2023?"),
    ("Norvik profit in 2023?", "", "And its revenue?", "Norvik's revenue in 2023?"),
    ("When did Tim Cook join Apple?", "Tim Cook joined Apple in 1998.", "where did he study?", "where did Tim Cook study?"),
    ("Who runs Norvik?", "Norvik is run by Petra Lang.", "where did she study?", "where did Petra Lang study?"),
    ("When did Norvik lay off 500 workers?", "", "And Halden?", "When did Halden lay off 500 workers?"),
    ("Who owns Norvik?", "", "where is it based?", "where is Norvik based?"),
    ("When did Petra Lang join Norvik?", "In 2015.", "how big is it?", "how big is Norvik?"),
    ("How many people does Norvik employ?", "", "and Halden Motors?", "How many people does Halden Motors employ?"),
    ("When did Norvik and Halden sign the merger deal?", "", "was it approved?", "was the merger deal approved?"),
    ("What was Halden's profit in 2020?", "", "and Norvik's?", "What was Norvik's profit in 2020?"),
    ("When did Norvik open its plant in Leeds?", "", "and Halden, when did it open one?", "when did Halden open one?"),
    ("What was the profit of Norvik?", "", "revenue?", "What was Norvik's revenue?"),
    ("How many lorries did Norvik order?", "", "who makes them?", "who makes lorries?"),
]
TRANSPORT = [
    ("How much is the toll for cars?", "", "and motorcycles?", "How much is the toll for motorcycles?"),
    ("How much is the toll for cars on the bridge?", "", "and for lorries?", "How much is the toll for lorries on the bridge?"),
    ("What does a ticket cost for adults?", "", "and children?", "What does a ticket cost for children?"),
]
STRIKES = [
    ("what did the tram drivers want?", "", "did they get it?", "did the tram drivers get it?"),
    ("When did the tram drivers strike?", "", "and the nurses?", "When did the nurses strike?"),
    ("How long did the tram strike last?", "", "why did it start?", "why did the tram strike start?"),
    ("Did the tram drivers want more pay?", "", "when did they strike?", "when did the tram drivers strike?"),
]
PEOPLE = [
    (
        "who did Lucia Marchetti marry?",
        "Lucia Marchetti married Paolo Conti in 1931.",
        "when did he die?",
        "when did Paolo Conti die?",
    ),
    ("Who is the mayor of Brackley?", "Anna Reyes is the mayor of Brackley.", "how old is she?", "how old is Anna Reyes?"),
    ("Who is the mayor of Brackley?", "Anna Reyes is the mayor of Brackley.", "what is her job?", "what is Anna Reyes's job?"),
    ("Who is the mayor of Brackley?", "Anna Reyes is the mayor of Brackley.", "and her husband?", "Who is Anna Reyes's husband?"),
    ("Who is the mayor of Brackley?", "Anna Reyes is the mayor of Brackley.", "who succeeded her?", "who succeeded Anna Reyes?"),
    (
        "Who is the mayor of Brackley?",
        "Anna Reyes is the mayor of Brackley.",
        "what is its population?",
        "what is Brackley's population?",
    ),
    ("Who is the mayor of Brackley?", "The council has not chosen one.", "how old is she?", "how old is the mayor of Brackley?"),
    ("What did Gerald Haldane say?", "Gerald Haldane said no.", "What did she tell him?", "What did Gerald Haldane tell him?"),
    (
        "What did Gerald Haldane say to Ann Lee?",
        "Gerald Haldane refused.",
        "why did he say that?",
        "why did Gerald Haldane say that?",
    ),
    (
        "Who sued Gerald Haldane?",
        "Ann Lee sued Gerald Haldane in May.",
        "what did she want from him?",
        "what did Ann Lee want from Gerald Haldane?",
    ),
    ("When was Maria Keller born?", "", "who gave her the prize?", "who gave Maria Keller the prize?"),
    ("When was Maria Keller born?", "", "did her own party back her?", "did Maria Keller's own party back Maria Keller?"),
    ("When was the pact signed?", "Ann Lee signed it on Friday.", "how old is she?", "how old is Ann Lee?"),
]
COURTS = [
    ("When was the trial of Gerald Haldane?", "", "who was his lawyer?", "who was Gerald Haldane's lawyer?"),
    (
        "How long did the court jail Gerald Haldane for?",
        "",
        "and his brother?",
        "How long did the court jail Gerald Haldane's brother for?",
    ),
    (
        "Which judge sentenced Gerald Haldane?",
        "Judge Ruth Okafor sentenced Gerald Haldane to six years.",
        "how old is she?",
        "how old is Ruth Okafor?",
    ),
    ("When did the jury convict Marco Bell?", "", "and Dana Bell?", "When did the jury convict Dana Bell?"),
    (
        "What was the sentence of Marco Bell in the Leeds trial?",
        "",
        "and in the York trial?",
        "What was the sentence of Marco Bell in the York trial?",
    ),
    ("Did the jury convict Marco Bell?", "", "why not?", "Why did the jury not convict Marco Bell?"),
    (
        "Who defended Marco Bell?",
        "Ines Roth defended Marco Bell.",
        "what did she ask the judge?",
        "what did Ines Roth ask the judge?",
    ),
    (
        "Who defended Marco Bell?",
        "Ines Roth defended Marco Bell.",
        "and before her?",
        "Who defended Marco Bell before Ines Roth?",
    ),
]
DISASTERS = [
    ("Where was the memorial service held?", "", "who spoke there?", "who spoke at the memorial service?"),
    ("Where was the memorial service held?", "", "did they film it?", "did they film the memorial service?"),
    ("When did the dam burst?", "", "why did that happen?", "Why did the dam burst?"),
    ("When did the dam burst?", "", "does that mean the town is lost?", "does the dam burst mean the town is lost?"),
    ("Who found the captain?", "Rosa Lind found him.", "she still works there?", "Rosa Lind still works there?"),
    ("how many people were on the plane that crashed?", "", "who was the pilot?", "who was the pilot (the plane that crashed)?"),
    (
        "Who was on the plane that crashed in Lima?",
        "",
        "when did it take off?",
        "when did the plane that crashed in Lima take off?",
    ),
    ("When did the ferry capsize?", "", "how many passengers did it carry?", "how many passengers did the ferry carry?"),
    ("How many people died in the Halden fire?", "", "what caused it?", "what caused the Halden fire?"),
    ("How many people did the storm kill in Norland?", "", "and in Drevia?", "How many people did the storm kill in Drevia?"),
    ("When did the dam burst?", "", "who built it?", "who built the dam?"),
    ("When was the bridge built?", "", "and the tunnel?", "When was the tunnel built?"),
    (
        "How many houses did the earthquake destroy on Monday?",
        "",
        "and on Tuesday?",
        "How many houses did the earthquake destroy on Tuesday?",
    ),
    ("What was found on the ship that sank off Halden?", "", "who owned it?", "who owned the ship that sank off Halden?"),
    ("How many passengers were lost on the Sina Malua?", "", "when did it sink?", "when did the Sina Malua sink?"),
    ("Who will pay for the new dam?", "", "how high will it be?", "how high will the new dam be?"),
]
SPORT = [
    ("Who won the men's final in Paris?", "", "and the women's final?", "Who won the women's final in Paris?"),
    ("How many goals did Haldane score for Leeds?", "", "and for Chelsea?", "How many goals did Haldane score for Chelsea?"),
    ("When did Leeds beat Arsenal?", "", "and Chelsea?", "When did Chelsea beat Arsenal?"),
    ("Who coaches Leeds?", "Leeds are coached by Piet Mulder.", "when did he sign?", "when did Piet Mulder sign?"),
    ("Who won the 100 metres at the games in Oslo?", "", "and in Rome?", "Who won the 100 metres at the games in Rome?"),
    ("How many medals did Kenya win in Oslo in 2019?", "", "and in Rome?", "How many medals did Kenya win in Rome in 2019?"),
    (
        "Who took over from Piet Mulder at Leeds?",
        "Jon Aske took over from Piet Mulder.",
        "how old is he?",
        "how old is Jon Aske?",
    ),
    ("Where was the first final held?", "", "and the second one, when was that?", "When was the second final held?"),
]
ELECTIONS = [
    (
        "Who won the election in Drevia?",
        "Olga Brandt won the election in Drevia.",
        "what did she promise?",
        "what did Olga Brandt promise?",
    ),
    ("How many seats did the Greens get in Norland?", "", "and the Liberals?", "How many seats did the Liberals get in Norland?"),
    (
        "How many votes did Olga Brandt get in the north?",
        "",
        "and in the south?",
        "How many votes did Olga Brandt get in the south?",
    ),
    ("Did the Greens win the election?", "", "when?", "When did the Greens win the election?"),
    ("Has Norland joined the union?", "", "why not?", "Why has Norland not joined the union?"),
    (
        "Who was sworn in as prime minister of Norland?",
        "Olga Brandt was sworn in on Friday.",
        "is she married?",
        "is Olga Brandt married?",
    ),
    ("When did the senators vote on the budget?", "", "did they pass it?", "did the senators pass it?"),
]
SCIENCE = [
    ("When did the probe land on Mars?", "", "who built it?", "who built the probe?"),
    (
        "Who discovered the comet?",
        "Ines Duarte discovered the comet in March.",
        "where does she work?",
        "where does Ines Duarte work?",
    ),
    ("How far is the comet from Earth?", "", "and from Mars?", "How far is the comet from Mars?"),
    (
        "How many patients took part in the trial in Oslo?",
        "",
        "and in Rome?",
        "How many patients took part in the trial in Rome?",
    ),
    ("When was the vaccine approved for adults?", "", "and for children?", "When was the vaccine approved for children?"),
    ("When did Ines Duarte discover the comet?", "", "and when did she die?", "when did Ines Duarte die?"),
]


@pytest.mark.parametrize(
    ("before", "said", "follow_up", "meant"),
    [*ECONOMY, *COMPANIES, *TRANSPORT, *STRIKES, *PEOPLE, *COURTS, *DISASTERS, *SPORT, *ELECTIONS, *SCIENCE],
)
def test_the_first_reading_is_what_is_meant(before: str, said: str, follow_up: str, meant: str) -> None:
    assert condense_question(follow_up, [Turn("user", before), Turn("assistant", said)])[0] == meant


STAY = [
    ("When did the Fed cut rates?", "", "Who is the mayor of Brackley?"),
    ("What was inflation in Drevia in February?", "", "How many people died in the Halden fire?"),
    ("Who is the mayor of Brackley?", "Anna Reyes.", "When did the pilot say that he would land the plane?"),
    ("How much is the toll for cars?", "", "When did Gerald Haldane sue his lawyer?"),
    ("When did the ferry capsize?", "", "Which minister said that she would resign over Norvik?"),
    ("Who won the election in Drevia?", "", "What does Norvik pay its workers in Leeds?"),
    ("When did the probe land on Mars?", "", "thanks a lot!"),
    ("When did the ferry capsize?", "", "When did the drivers say that they would strike?"),
    ("Who won the election in Drevia?", "Olga Brandt.", "Where did Ines Duarte study before she discovered the comet?"),
    ("Who is the mayor of Brackley?", "Anna Reyes.", "How many goals did Haldane score for his club in 2019?"),
    ("Who is the mayor of Brackley?", "Anna Reyes.", "Who gave Maria Keller her first prize in 1990?"),
    ("How many people died in the Halden fire?", "Nine.", "What was inflation in Norland in March 2023?"),
    ("Who owns Norvik?", "Halden.", "ok, great"),
]


@pytest.mark.parametrize(("before", "said", "question"), STAY)
def test_what_stands_by_itself_stays_as_it_is(before: str, said: str, question: str) -> None:
    assert condense_question(question, [Turn("user", before), Turn("assistant", said)]) == (question,)


def test_he_stays_who_he_was_whoever_the_answer_names() -> None:
    turns = [Turn("user", "When was Marco Bell born?"), Turn("assistant", "In 1960.")]
    turns += [Turn("user", "whom did he marry?"), Turn("assistant", "Marco Bell married Ann Lee.")]
    assert condense_question("and his job?", turns)[0] == "What is Marco Bell's job?"
    assert condense_question("when was she born?", turns)[0] == "when was Ann Lee born?"


@pytest.mark.parametrize(
    "follow_up", ["I wonder what the staff of Halden Motors earned when it closed", "no, I meant the one before it"]
)
def test_what_names_its_own_subject_or_corrects_the_question_is_not_filled_in(follow_up: str) -> None:
    readings = condense_question(follow_up, [Turn("user", "When was the bridge built?"), Turn("assistant", "In 1960.")])
    assert readings == (follow_up, f"When was the bridge built? {follow_up}")


def test_a_remark_that_names_nothing_leaves_the_question_before_it_standing() -> None:
    turns = [Turn("user", "When was the bridge built?"), Turn("assistant", "In 1960.")]
    turns += [Turn("user", "no, I meant the old one"), Turn("assistant", "In 1960.")]
    assert condense_question("who built it?", turns)[0] == "who built the bridge?"


WORDS = """and what about how many which who did was its her him he it they those one ones that in April last year the first
Norvik Ann Lee tolls ? , 's of for sold sign not""".split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@given(TEXTS, TEXTS, TEXTS)
def test_no_words_are_too_odd_to_be_read(before: str, said: str, follow_up: str) -> None:
    readings = condense_question(follow_up, [Turn("user", before), Turn("assistant", said)])
    assert readings
    assert len(set(readings)) == len(readings)


def test_they_are_the_things_that_were_counted_in_every_reading() -> None:
    turns = [Turn("user", "How many MQ-9B drones did India order?"), Turn("assistant", "31")]
    readings = condense_question("what did they cost?", turns)
    assert readings == (
        "what did MQ-9B drones cost?",
        "what did they cost (MQ-9B drones)?",
        "How many MQ-9B drones did India order? what did they cost?",
    )

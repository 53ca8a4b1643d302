from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date

import pytest
from fake_reader import WordReader
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.models.reading import Reading
from assistant.types import Article
from assistant.verification.analysis import analyse
from assistant.verification.check import Finding, check_sentence, verify_claim, verify_each
from assistant.verification.nearest import compare_closely
from assistant.verification.passages import Passage

FERRY = Article(
    "ferry",
    "Ferry sinks off Calapan",
    "The coast guard said on Friday that 23 people had drowned and 41 had been rescued. The Red Cross put the number of dead at "
    "27. The ferry, the Santa Lucia, left Calapan at about five in the morning and was overturned by high waves. Captain "
    "Rodrigo Reyes survived and was questioned by police. President Ferdinand Marcos ordered an inquiry.",
    source="The Post",
    published=date(2024, 5, 11),
)
DEAL = Article(
    "deal",
    "Norvik to buy Ellebaek",
    "Norvik Foods agreed on Tuesday to buy the Danish dairy group Ellebaek for 3.2 billion kroner. The chief executive, Hanne "
    "Lund, said the company would save 300 million kroner a year by 2027. The workers' union rejected the deal. Competition "
    "authorities have yet to approve the purchase.",
    published=date(2024, 5, 11),
)


def verify(claim: str, *passages: Passage | Article | str) -> Finding:
    return verify_claim(claim, passages or (FERRY, DEAL))  # by the packaged reader


def verify_by_words(claim: str, *passages: Passage | Article | str) -> Finding:
    return verify_claim(claim, passages or (FERRY, DEAL), reader=WordReader())


@pytest.mark.parametrize("claim", ["…", "?!", "word word word word", "They did it.", "Rescued.", "He was questioned."])
def test_what_says_too_little_to_be_borne_out_is_not_found(claim: str) -> None:
    finding = verify(claim, FERRY, "They did it, word for word.")
    assert (finding.verdict, finding.citations) == ("not found", ())


PACT = Article(
    "pact",
    "Encrypted radios for Indian aircraft",
    "The Communications Compatibility and Security Agreement (COMCASA), concluded in New Delhi last Thursday during the first "
    "dialogue, allows the United States to fit Indian platforms with its own encrypted equipment. Its text is confidential.",
    published=date(2018, 9, 10),
)


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("in September 2018", "supported"),
        ("on 6 September 2018", "supported"),
        ("on 13 September 2018", "contradicted"),
        ("in August 2017", "contradicted"),
    ],
)
def test_a_date_that_the_article_says_by_its_day_of_publication_bears_out_a_claim_in_other_words(day: str, verdict: str) -> None:
    assert verify(f"COMCASA was signed {day}.", PACT).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (
            "The leaders met in Leeds on 24 March 2021.",
            "The first talks were in 2021. The leaders met in Leeds on 24 March of that year.",
        ),
        (
            "The head of the Leeds Navy opened the dock.",
            "The dock of the Leeds Navy was opened by Admiral R. Hari Kumar, its head.",
        ),
        ("The EU paid two thirds of the cost.", "Two thirds of the cost was paid by the European Union."),
        ("The series was revived at two bases.", "The series was revived in 2018 at the bases of Kalaikunda and Panagarh."),
        ("Boeing delivered the last of the 24 helicopters.", "Boeing handed over the last of the 24 helicopters."),
    ],
)
def test_what_follows_by_counting_or_is_told_otherwise_is_supported(claim: str, passage: str) -> None:
    assert verify(claim, passage).verdict == "supported"


def test_a_language_models_number_must_stand_in_the_passage() -> None:
    passage = "The series was revived in 2018 at the bases of Kalaikunda and Panagarh."
    assert verify_claim("The series was revived at two bases.", [passage], every_value=True).verdict != "supported"


def test_what_is_counted_wrongly_is_not_supported() -> None:
    passage = "The series was revived in 2018 at the bases of Kalaikunda and Panagarh."
    assert verify("The series was revived at three bases.", passage).verdict != "supported"


@pytest.mark.parametrize(("years", "follows"), [("seven", True), ("nine", False)])
def test_the_years_between_two_dates_follow_from_them(years: str, follows: bool) -> None:
    claim = f"Ann Lee spoke again in June 2023, {years} years after her first speech."
    passage = "In June 2023 Ann Lee spoke again; her first speech was in June 2016."
    assert [not found.absent for found in compare_closely(analyse(claim), [passage], WordReader())] == [follows]


def test_a_model_number_is_not_what_stands_in_a_country_s_place() -> None:
    fleet = "The C-17 Globemaster III carries seventy tonnes. India ordered ten in 2011."
    found = [difference.found for difference in verify("India ordered ten from Peru.", fleet).differs]
    assert not [name for name in found if "C-17" in name]


@pytest.mark.parametrize(
    "claim",
    [
        "President Marcos ordered an inquiry.",
        "An inquiry was ordered by President Marcos.",
        "On 10 May 2024 the coast guard said that 23 people had drowned.",
        "Captain Reyes was questioned by police.",
        "Norvik Foods agreed to buy Ellebaek for 3,200 million kroner.",
        "Competition authorities have not approved the purchase.",
        "The workers' union rejected the deal.",
        "The coast guard said on 10/05/2024 that 23 people had drowned.",
    ],
)
def test_what_the_articles_say_in_other_words_is_supported(claim: str) -> None:
    finding = verify(claim)
    assert finding.verdict == "supported"
    assert finding.citations
    assert finding.differs == ()


@pytest.mark.parametrize(
    ("claim", "claimed", "found"),
    [
        ("The Red Cross put the number of dead at 29.", "29", "27"),
        ("The Red Cross put the number of dead at 23.", "23", "27"),
        ("Norvik Foods agreed to buy Ellebaek for 2.3 billion kroner.", "2.3 billion kroner", "3.2 billion kroner"),
        ("The company would save 300 million kroner a year by 2029.", "2029", "2027"),
        ("The ferry left Batangas at about five in the morning.", "Batangas", "Calapan"),
    ],
)
def test_a_wrong_value_is_shown_beside_the_articles(claim: str, claimed: str, found: str) -> None:
    finding = verify(claim)
    assert finding.verdict == "contradicted"
    difference = next(difference for difference in finding.differs if difference.claimed == claimed)
    assert claim[difference.claim_start : difference.claim_end] == claimed
    article = {"ferry": FERRY, "deal": DEAL}[difference.article_id]
    assert article.text[difference.start : difference.end] == difference.found == found


@pytest.mark.parametrize(
    "claim",
    [
        "President Marcos did not order an inquiry.",
        "The workers' union accepted the deal.",
        "Captain Reyes questioned the police.",
        "Ellebaek agreed to buy Norvik Foods.",
        "Competition authorities have approved the purchase.",
        "The Red Cross said that 23 people had drowned.",
        "Captain Rodrigo Santos survived.",
        "The prime minister of Norway resigned in March.",
        "Hanne Lund ordered an inquiry.",
    ],
)
def test_what_they_do_not_say_is_not_supported(claim: str) -> None:
    assert verify(claim).verdict != "supported"


def test_a_date_counts_from_the_one_in_the_sentence_before() -> None:
    passage = "The strike began on 30 April 2019. The following day the port closed."
    assert verify("The port closed on 1 May 2019.", passage).verdict == "supported"
    assert verify("The port closed on 2 May 2019.", passage).verdict == "contradicted"


def test_an_invented_event_is_not_found() -> None:
    finding = verify("Seven whales swam up the river in Bremen.")
    assert finding.verdict == "not found"
    assert finding.citations == ()


def test_quotes_are_the_articles_words_at_their_offsets() -> None:
    [citation] = verify("An inquiry was ordered by President Marcos.").citations
    assert FERRY.text[citation.start : citation.end] == citation.quote == "President Ferdinand Marcos ordered an inquiry."
    assert (citation.marker, citation.article_id, citation.title, citation.source) == (1, "ferry", FERRY.title, "The Post")
    assert 0.5 <= citation.support <= 1


class Believing(WordReader):
    """Sure of every claim."""

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        return [dataclasses.replace(reading, entailed=5.0) for reading in super().read(pairs)]


@pytest.mark.parametrize(
    ("claim", "follows"),
    [
        ("A third of the passengers drowned off Calapan.", True),
        ("33 percent of the passengers drowned off Calapan.", False),
        ('The coast guard spoke of "a black day" off Calapan.', False),
    ],
)
def test_a_value_in_words_may_follow_and_a_figure_or_a_quotation_may_not(claim: str, follows: bool) -> None:
    [all_there] = {not found.absent for found in compare_closely(analyse(claim), [FERRY], Believing())}
    assert all_there == follows
    assert verify_claim(claim, [FERRY], reader=Believing(), every_value=True).verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Andrew Miller resigned on Monday.", "David Miller, a minister, resigned on Monday."),
        ("Ursula Miller resigned on Monday.", "David Miller, a U.S. minister, resigned on Monday."),
        ("Andrew Miller resigned on Monday.", "David Miller resigned on Monday. Andrew Jones applauded."),
        ("A. Miller resigned on Monday.", "David Miller resigned on Monday."),
        ("M. Miller resigned on Monday.", "David Miller resigned on Monday."),
        ("Arnold Schwarzenegger opened the museum.", "The mayor opened the museum as a crowd cheered."),
        ("Passengers left from Terminal B.", "Passengers left from Terminal C before noon."),
        ("Hepatitis B spread.", "Hepatitis C spread because of a bug."),
        ("It was hepatitis A.", "It was hepatitis C, a disease."),
    ],
)
def test_a_name_is_absent_where_its_letters_or_its_words_stand_in_others(claim: str, passage: str) -> None:
    assert all(found.absent for found in compare_closely(analyse(claim), [passage], WordReader()))
    assert verify_by_words(claim, passage).verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Singh spoke.", "Rajnath Singh spoke."),
        ("R. Singh spoke.", "Rajnath Singh spoke."),
        ("Rajnath Singh spoke.", "R. Singh spoke."),
        ("Mr Austin left.", "Lloyd Austin left."),
        ("Minister Rajnath Singh spoke.", "Defence Minister Rajnath Singh spoke."),
        ("Premier Imran Khan spoke.", "The premier, Imran Khan, spoke."),
        ("Narendra spoke.", "Narendra Modi spoke."),
        ("S. B. Chavan signed.", "S.B. Chavan signed."),
        ("John F. Kennedy won.", "John Kennedy won."),
        ("Wilbur Wright flew.", "Wilbur and Orville Wright flew."),
        ("New York Mayor Eric Adams spoke.", "Eric Adams, mayor of New York, spoke."),
        ("Liverpool's Salah scored.", "Mohamed Salah scored for Liverpool."),
        ("The Defence Ministry said so.", "The Ministry of Defence said so."),
        ("United Nations troops left.", "U.N. troops left. The United Nations said so."),
        ("Passengers left from Terminal B.", "Passengers left from Terminal B before noon."),
    ],
)
def test_a_name_is_there_where_it_is_written_otherwise(claim: str, passage: str) -> None:
    assert not any(found.absent for found in compare_closely(analyse(claim), [passage], WordReader()))


def test_another_given_name_is_shown_beside_the_articles() -> None:
    [difference] = verify_by_words("Andrew Miller resigned on Monday.", "David Miller resigned on Monday.").differs
    assert (difference.claimed, difference.found) == ("Andrew Miller", "David Miller")


def test_a_quotation_must_be_word_for_word() -> None:
    passage = "The mayor called the plan “a gift to the rich”."
    assert verify('The mayor called the plan "a gift to the rich".', passage).verdict == "supported"
    assert verify('The mayor called the plan "a gift to the wealthy".', passage).verdict != "supported"


def test_only_the_passage_given_counts() -> None:
    start = FERRY.text.index("The ferry, the")
    assert verify("The Red Cross put the number of dead at 27.", Passage(FERRY, start, len(FERRY.text))).verdict != "supported"
    assert verify("The Red Cross put the number of dead at 27.", Passage(FERRY, 0, start)).verdict == "supported"


def test_a_number_may_be_written_in_words() -> None:
    assert verify_by_words("The Red Cross put the number of dead at twenty-seven.").verdict == "supported"


def test_a_number_in_a_name_may_be_written_with_a_hyphen() -> None:
    article = "On 30 July 2018 India was moved into the Tier-1 of the licence exception."
    claim = "India was moved into Tier {} of the licence exception on 30 July 2018."
    assert verify(claim.format(1), article).verdict == "supported"
    assert verify(claim.format(2), article).verdict != "supported"


def test_offsets_count_from_the_article_and_not_from_the_passage() -> None:
    start = FERRY.text.index("Captain")
    [citation] = verify("Captain Reyes survived.", Passage(FERRY, start, len(FERRY.text))).citations
    assert FERRY.text[citation.start : citation.end] == citation.quote
    assert citation.start == start


def test_plain_strings_are_passages() -> None:
    finding = verify("Rain fell in Leeds.", "Snow fell in York.", "Rain fell in Leeds on Monday.")
    assert finding.verdict == "supported"
    assert finding.citations[0].article_id == "passage 2"


def test_nothing_to_read_finds_nothing() -> None:
    assert verify_claim("Rain fell.", []) == Finding("not found", 0.0)


def test_a_sentence_of_two_statements_may_rest_on_two_articles() -> None:
    claim = "The Red Cross put the number of dead at 27, and Norvik Foods agreed to buy Ellebaek."
    finding = verify(claim)
    assert finding.verdict == "supported"
    assert {citation.article_id for citation in finding.citations} == {"ferry", "deal"}
    assert verify(claim.replace("27", "28")).verdict != "supported"


def test_a_text_is_checked_sentence_by_sentence() -> None:
    text = "President Marcos ordered an inquiry. The Red Cross put the number of dead at 29. Whales swam in Bremen."
    total, each = verify_each(text, lambda _: [FERRY, DEAL], reader=WordReader())
    sentences = tuple(each)
    assert len(sentences) == total
    assert [sentence.verdict for sentence in sentences] == ["supported", "contradicted", "not found"]
    assert " ".join(sentence.text for sentence in sentences) == text
    assert [citation.marker for sentence in sentences for citation in sentence.citations] == [1, 2]
    [difference] = sentences[1].differs
    assert sentences[1].text[difference.claim_start : difference.claim_end] == "29"


def test_a_sentence_is_corrected_where_another_passage_than_the_cited_one_supports_it() -> None:
    claim = "President Marcos ordered an inquiry."
    ferry, deal = (Passage(article, 0, len(article.text)) for article in (FERRY, DEAL))
    assert check_sentence(claim, [ferry], [ferry, deal], reader=WordReader())[0] == "supported"
    verdict, [citation] = check_sentence(claim, [deal], [ferry, deal], reader=WordReader())
    assert (verdict, citation.article_id) == ("corrected", "ferry")
    assert check_sentence("A queen swallowed the bicycle.", [deal], [ferry, deal], reader=WordReader()) == ("unsupported", ())
    assert check_sentence(claim, [], [], reader=WordReader()) == ("unsupported", ())


def test_a_word_of_another_event_is_not_supported() -> None:
    assert verify_by_words("The Red Cross put the number of dead at 27 to improve cricket.").verdict == "not found"
    assert verify_by_words("The workers' union rejected the cheese.").verdict == "not found"


def test_a_language_models_sentence_is_judged_more_severely_than_a_claim() -> None:
    claim = "President Ferdinand Marcos ordered an inquiry by letter."
    assert verify(claim).verdict == "supported", "the word is not foreign enough"
    assert check_sentence(claim, [FERRY], [FERRY, DEAL]) == ("unsupported", ())


def test_a_reader_who_finds_another_value_overrules() -> None:
    claim = "The Red Cross put the number of dead at 27."
    assert verify_claim(claim, [FERRY], reader=WordReader("27")).verdict == "supported"
    assert verify_claim(claim, [FERRY], reader=WordReader("41")).verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The toll rose to 213.", "The toll fell to 213."),
        ("The minister pleaded guilty.", "The minister pleaded not guilty."),
        ("The court upheld the ruling.", "The court overturned the ruling."),
        ("Shares in Kestrel jumped 9%.", "Shares in Kestrel slumped 9%."),
        ("Jones was convicted of fraud.", "Jones was acquitted of fraud."),
        ("The bank tightened its rules.", "The bank loosened its rules."),
    ],
)
def test_the_opposite_and_what_is_denied_are_not_supported(claim: str, passage: str) -> None:
    assert verify(claim, passage).verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The river rose by two metres and fell again by night.", "The river rose by two metres before it fell again at night."),
        ("The deal was refused by the union.", "The union rejected the deal."),
        ("Kim Novak lost the election to Peter Lund.", "Peter Lund won the election, beating Kim Novak."),
        ("Fifty people died in the flood.", "The flood killed 50 people and injured 200."),
    ],
)
def test_a_word_is_no_opposite_where_the_sentence_says_both(claim: str, passage: str) -> None:
    assert verify(claim, passage).verdict == "supported"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The tram strike in Oslo lasted more than two weeks.", "The tram strike in Oslo lasted 17 days."),
        ("The judge jailed Smith for two and a half years.", "The judge jailed Smith for 30 months."),
        ("12.5% of the pupils were absent.", "One in eight pupils was absent."),
        ("Turnout was about two thirds.", "Turnout was 66%."),
        ("The mission will not launch before June.", "The mission will launch in June at the earliest."),
        ("Profit rose from $5 million to $10 million.", "Profit was $10 million, up from $5 million a year earlier."),
        ("Mali sent 4,900 people and Senegal 3,750.", "Most came from Mali (4,900) and Senegal (3,750)."),
    ],
)
def test_a_value_in_another_unit_or_place_is_supported(claim: str, passage: str) -> None:
    assert verify(claim, passage).verdict == "supported"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The tram strike in Oslo lasted 17 weeks.", "The tram strike in Oslo lasted 17 days."),
        ("The bank raised its rate by 50 percent.", "The bank raised its rate by half a percentage point."),
        ("Profit fell from $5 million to $10 million.", "Profit was $5 million, down from $10 million a year earlier."),
        ("Mali sent 3,750 people and Senegal 4,900.", "Most came from Mali (4,900) and Senegal (3,750)."),
        (
            "Germany pledged 30 million and Norway 45 million.",
            "Germany pledged 45 million dollars to the fund. Norway pledged 30 million dollars.",
        ),
    ],
)
def test_a_value_of_another_unit_or_name_is_contradicted(claim: str, passage: str) -> None:
    assert verify(claim, passage).verdict == "contradicted"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Kestrel will cut 1,510 jobs.", "Kestrel keeps a sales office of 40 people, and will cut jobs."),
        ("The school has 40 teachers.", "The school has 600 pupils."),
        ("The factory employs more than 500 people.", "The factory employs 5,400 people."),
        ("China did not sign the seed treaty, sending only an observer.", "China sent an observer."),
    ],
)
def test_a_value_or_a_denial_of_something_else_contradicts_nothing(claim: str, passage: str) -> None:
    assert verify(claim, passage).verdict == "not found"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (
            "Metrolink's managing director described the strike as reckless.",
            "Metrolink's managing director, Simon Hale, called the strike reckless.",
        ),
    ],
)
def test_a_speaker_may_be_named_by_what_he_is(claim: str, passage: str) -> None:
    assert verify(claim, passage).verdict == "supported"
    assert verify(claim.replace("managing director", "chairman"), passage).verdict != "supported"


texts = st.text(st.characters(categories=("L", "N", "P", "Zs"), max_codepoint=0x2FFF), max_size=80)
pieces = st.lists(st.sampled_from([*FERRY.text.split(), *DEAL.text.split(), "not", "2019", "$3 million"]), max_size=25).map(
    " ".join
)


@given(texts | pieces, texts | pieces)
@example(":A", "./")  # a sentence without a word
def test_whatever_is_asked_the_offsets_are_exact(claim: str, passage: str) -> None:
    finding = verify_claim(claim, [passage], reader=WordReader())
    assert 0 <= finding.support <= 1
    for citation in finding.citations:
        assert passage[citation.start : citation.end] == citation.quote != ""
    for difference in finding.differs:
        assert claim[difference.claim_start : difference.claim_end] == difference.claimed != ""
        assert passage[difference.start : difference.end] == difference.found != ""
    assert finding == verify_by_words(claim, passage)


@pytest.mark.parametrize("claim", [".", "...", "- - -", "?", "“”"])
def test_what_says_nothing_is_not_found(claim: str) -> None:
    assert verify_claim(claim, [FERRY], reader=WordReader()).verdict == "not found"

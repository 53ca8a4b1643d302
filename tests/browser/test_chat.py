"""The chat as a reader uses it, in a real browser."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from clipboard import copied
from playwright.sync_api import Locator, Page, expect

from assistant import Assistant

STA = "when was India moved to STA Tier-1?"
SUGGEST = "What do the articles answer on this?"
CHECKED = (
    "The fifth 2+2 Ministerial Dialogue took place in November 2023 in New Delhi. "
    "The fifth 2+2 Ministerial Dialogue took place in November 2023 in Paris. "
    "It rained on Tuesday."
)


def in_view(page: Page, mark: Locator) -> bool:
    """Whether the middle of an element is what one sees at that point of the screen."""
    return mark.evaluate(
        """element => {
            const box = element.getClientRects()[0];
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            return x > 0 && y > 0 && x < innerWidth && y < innerHeight && element.contains(document.elementFromPoint(x, y));
        }"""
    )


def test_the_answer_is_quoted_and_the_quotes_are_marked_on_screen(open_page, ask, shipped: Assistant):
    page = open_page()
    answer = ask(page, STA)
    expect(answer).to_contain_text("30 July 2018")

    citations = shipped.ask(STA).citations
    marks = page.locator("#evidence mark")
    assert sorted(marks.all_text_contents()) == sorted(citation.quote for citation in citations)
    assert in_view(page, marks.first)
    # The whole article stands around the words.
    article = shipped.article(citations[0].article_id)
    assert page.locator("#evidence .card .body").first.text_content() == article.text.replace("\n", "")


def test_an_example_is_asked_with_one_click_and_each_visit_brings_others(open_page):
    page = open_page()
    examples = page.get_by_role("button", name="Select example")
    expect(examples).to_have_count(4)
    question = examples.first.text_content().strip()
    examples.first.click()
    expect(page.locator("#chat .user-row")).to_have_text([question])
    expect(page.locator("#evidence mark").first).to_be_visible()

    other = open_page()
    expect(other.get_by_role("button", name="Select example")).to_have_count(4)
    assert question not in other.get_by_role("button", name="Select example").all_text_contents()


def test_following_a_marker_brings_its_words_into_view(open_page, ask, shipped: Assistant):
    page = open_page()
    question = "What did Hegseth and Rajnath Singh agree to pursue?"
    answer = ask(page, question)
    citations = shipped.ask(question).citations
    assert len(citations) > 1
    for citation in citations:
        answer.get_by_role("link", name=f"[{citation.marker}]", exact=True).click()
        mark = page.locator(f'#evidence mark[data-marker~="{citation.marker}"]')
        expect(mark).to_have_class("flash")
        assert mark.text_content() == citation.quote
        expect(mark).to_be_in_viewport()


def test_a_marker_of_an_earlier_answer_opens_that_evidence_again(open_page, ask, shipped: Assistant):
    page = open_page()
    first = ask(page, STA)
    ask(page, "When was the logistics agreement signed?")
    expect(page.locator("#evidence .evidence")).to_have_attribute("data-turn", "1")
    heading = page.get_by_role("heading", name="Evidence for")
    expect(heading).to_have_text("Evidence for “When was the logistics agreement signed?”")
    first.get_by_role("link", name="[1]").first.click()
    expect(page.locator("#evidence .evidence")).to_have_attribute("data-turn", "0")
    expect(heading).to_have_text(f"Evidence for “{STA}”")
    expect(heading).to_be_in_viewport()
    mark = page.locator("#evidence mark").first
    expect(mark).to_have_text(shipped.ask(STA).citations[0].quote)
    expect(mark).to_be_in_viewport()


def test_an_abstention_says_so_and_offers_the_nearest_passage(open_page, ask):
    page = open_page()
    expect(ask(page, "What is the price of gold?")).to_contain_text("The articles don't say")
    expect(page.locator("#evidence")).to_contain_text("Nearest passage")
    expect(page.locator("#evidence mark.near").first).to_be_in_viewport()


def test_after_an_abstention_questions_are_offered_that_are_answered(open_page, ask):
    page = open_page()
    expect(page.get_by_role("button", name=SUGGEST)).to_be_hidden()
    ask(page, "Which songs did Beyonce sing when the logistics agreement was signed?")
    page.get_by_role("button", name=SUGGEST).click()
    offered = page.locator("#offered button")
    expect(offered.first).to_be_visible()
    question = offered.first.text_content().strip()
    assert question.endswith("?")
    offered.first.click()
    expect(page.locator("#chat .user-row").nth(1)).to_have_text(question)
    expect(page.locator("#chat .bot-row").nth(1)).to_contain_text("word for word")
    expect(page.locator("#evidence mark").first).to_be_in_viewport()
    expect(offered.first).to_be_hidden()
    expect(page.get_by_role("button", name=SUGGEST)).to_be_hidden()


def test_a_card_says_how_many_outlets_carried_the_article(open_page, ask):
    page = open_page()
    ask(page, "Who presided over the ceremony for the first squadron of Seahawk helicopters?")
    expect(page.locator("#evidence .card").first).to_contain_text("Carried by 2 outlets")


def test_the_pane_follows_to_an_article_that_stands_where_another_stood(open_page, ask):
    page = open_page()
    for question in (STA, "Who signed the Security of Supply Arrangement for the United States?", STA):
        ask(page, question)
        expect(page.locator("#evidence mark").first).to_be_in_viewport()


def test_a_text_is_checked_sentence_by_sentence(open_page, ask, shipped: Assistant):
    page = open_page()
    ask(page, STA)
    page.get_by_role("tab", name="Check a text").click()
    expect(page.locator("#evidence")).to_be_hidden()
    page.get_by_label("Text to check").fill(CHECKED)
    page.get_by_role("button", name="Check", exact=True).click()
    verdicts = page.locator(".verdicts li")
    expect(verdicts).to_have_count(3)
    expect(page.locator(".verdicts .verdict")).to_have_text(["✓ Supported", "✗ Contradicted", "? Not found"])
    # What differs is marked here and in the article, which has the words at that place.
    expect(verdicts.nth(1).locator("mark.differs")).to_have_text("Paris")
    verdicts.nth(1).get_by_role("link", name="[").first.click()
    mark = page.locator("#check-evidence mark.differs").first
    expect(mark).to_have_text("New Delhi")
    # The whole quote is pointed out, not only what stands before the value that differs.
    quote = shipped.verify(CHECKED)[1].citations[0].quote
    expect(page.locator("#check-evidence mark.flash").first).to_be_visible()
    assert "".join(page.locator("#check-evidence mark.flash").all_text_contents()) == quote
    expect(mark).to_be_in_viewport()
    assert shipped.article("india-us-defence-call").text.count("took place in November 2023 in New Delhi.") == 1
    # The conversation and its evidence are as they were.
    page.get_by_role("tab", name="Ask").click()
    expect(page.locator("#check-evidence")).to_be_hidden()
    expect(page.locator("#evidence mark").first).to_be_visible()


def test_what_cannot_be_checked_is_said(open_page):
    page = open_page()
    page.get_by_role("tab", name="Check a text").click()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("paste a text")
    box = page.get_by_label("Text to check")
    # Whoever pastes too much is told, however much it is: nobody reads a verdict on a part as that on the whole.
    for pasted, taken in ((9_000, "9,000"), (400_000, "100,000")):
        box.fill("—" * pasted)
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text(f"The text has {taken} characters")


def test_a_long_check_shows_its_verdicts_as_they_come_and_can_be_stopped(open_page):
    page = open_page()
    page.get_by_role("tab", name="Check a text").click()
    expect(page.get_by_text("At most 8,000 characters.")).to_be_visible()
    box, check = page.get_by_label("Text to check"), page.get_by_role("button", name="Check", exact=True)
    box.fill(CHECKED)
    check.click()
    expect(page.locator(".verdicts .total")).to_have_text("1 supported, 1 contradicted, 1 not found")
    expect(page.locator("#check-evidence mark").first).to_be_visible()
    box.fill(CHECKED * 30)
    check.click()
    # Of the text before nothing stays.
    expect(page.locator(".verdicts")).to_contain_text("of 90…")
    expect(page.locator("#check-evidence mark")).to_have_count(0)
    expect(check).to_be_hidden()
    expect(page.locator(".verdicts .verdict").first).to_have_text("✓ Supported")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".verdicts .total")).to_contain_text("Stopped. ")
    expect(check).to_be_visible()
    assert 1 <= page.locator(".verdicts .verdict").count() < 90
    expect(page.locator("#check-evidence mark").first).to_be_visible()
    # What isn't checked leaves no evidence of what was.
    box.fill("")
    check.click()
    expect(page.get_by_role("alert")).to_contain_text("paste a text")
    expect(page.locator("#check-evidence mark")).to_have_count(0)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_a_new_chat_starts_empty(open_page, ask):
    page = open_page()
    ask(page, STA)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#chat .bot-row")).to_have_count(0)
    expect(page.locator("#evidence mark")).to_have_count(0)


def test_on_a_phone_the_evidence_is_a_drawer(open_page, ask):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    answer = ask(page, STA)
    mark = page.locator("#evidence mark").first
    expect(mark).to_be_hidden()
    answer.get_by_role("link", name="[1]").click()
    expect(mark).to_be_in_viewport()
    page.get_by_role("button", name="Close").click()
    expect(mark).to_be_hidden()
    page.get_by_role("button", name="Evidence").click()
    expect(mark).to_be_visible()
    page.keyboard.press("Escape")
    expect(mark).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_light_and_dark_follow_the_system_until_the_reader_chooses(open_page):
    page = open_page(color_scheme="dark")
    expect(page.locator("body")).to_have_class("dark")
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("body")).not_to_have_class("dark")
    page.reload()
    expect(page.get_by_role("button", name="Light or dark")).to_have_text("Dark")
    expect(page.locator("body")).not_to_have_class("dark")


def test_the_keyboard_alone_is_enough(open_page):
    page = open_page()
    page.keyboard.type(STA)  # the question box has the focus from the start
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="[1]")
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#evidence mark").first).to_have_class("flash")


def test_a_question_that_looks_like_markup_is_shown_as_typed(open_page, ask):
    page = open_page()
    typed = '<img src=x onerror="window.pwned=1"> **bold** [a](javascript:alert(1)) https://example.org &lt;'
    ask(page, typed)
    assert page.locator("#chat .user-row .message-content").inner_text().strip() == typed
    assert page.locator("#chat .user-row .message-content :is(img, a, strong)").count() == 0
    assert page.evaluate("window.pwned") is None


def test_a_follow_up_is_completed_and_can_be_edited(open_page, ask):
    page = open_page()
    ask(page, "When was the logistics agreement signed?")
    answer = ask(page, "and COMCASA?")
    searched = answer.get_by_role("link", name="Searched for:")
    expect(searched).to_contain_text("When was COMCASA signed?")
    box = page.get_by_label("Your question")
    box.fill("a draft")
    searched.click()
    expect(box).to_have_value("When was COMCASA signed?")
    expect(box).to_be_focused()
    page.keyboard.press("Control+z")
    expect(box).to_have_value("a draft")
    page.keyboard.press("Control+y")
    expect(box).to_have_value("When was COMCASA signed?")
    page.keyboard.press("Enter")
    # It is taken as it stands, and finds the same.
    expect(page.locator("#chat .bot-row").nth(2)).to_contain_text("6 September 2018")
    expect(page.locator("#chat .bot-row").nth(2).get_by_role("link", name="Searched for:")).to_have_count(0)


def test_a_filter_shapes_the_answer_and_stands_above_it(open_page, ask, shipped: Assistant):
    page = open_page()
    page.get_by_role("button", name="Search in all articles").click()
    page.get_by_label("To", exact=True).fill("2017-12-31")
    page.get_by_label("To", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Search only to 31 December 2017")).to_be_visible()
    answer = ask(page, "When was the logistics agreement signed?")
    expect(answer.locator("code")).to_have_text(["to 31 December 2017"])
    dates = page.locator("#evidence time").evaluate_all("elements => elements.map(e => e.dateTime)")
    assert dates
    assert all(day <= "2017-12-31" for day in dates)


def test_newest_first_is_a_chip_on_the_answer(open_page, ask):
    page = open_page()
    page.get_by_role("button", name="Search in all articles").click()
    page.get_by_label("Newest first").check()
    expect(page.get_by_role("button", name="Search in all articles, newest first")).to_be_visible()
    expect(ask(page, STA).locator("code")).to_have_text(["newest first"])


def test_a_question_typed_while_another_is_answered_stays_in_the_box(open_page):
    page = open_page()
    box = page.get_by_label("Your question")
    box.fill(STA)
    box.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    box.fill("Who else?")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(box).to_have_value("Who else?")


def test_what_cannot_be_searched_is_said_and_the_question_stays(open_page):
    page = open_page()
    page.get_by_role("button", name="Search in all articles").click()
    page.get_by_label("From", exact=True).fill("2024-01-01")
    page.get_by_label("From", exact=True).press("Enter")
    page.get_by_label("To", exact=True).fill("2020-01-01")
    page.get_by_label("To", exact=True).press("Enter")
    expect(page.get_by_role("button", name="swap them")).to_be_visible()
    box = page.get_by_label("Your question")
    box.fill(STA)
    box.press("Enter")
    expect(page.locator("#chat .bot-row")).to_contain_text("swap them")
    expect(box).to_have_value(STA)


def test_a_question_that_is_too_long_is_refused_whole(open_page):
    page = open_page()
    box = page.get_by_label("Your question")
    box.fill(STA + "x" * 3_000)
    box.press("Enter")
    expect(page.locator("#chat .bot-row")).to_contain_text("more than the 2,000")
    assert box.input_value() == STA + "x" * 3_000


def test_a_thumb_and_its_taking_back_are_kept(open_page, ask):
    page = open_page()
    answer = ask(page, STA)
    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.get_by_role("button", name="Liked")).to_be_visible()
    page.reload()
    expect(answer).to_contain_text("30 July 2018")
    expect(page.get_by_role("button", name="Liked")).to_be_visible()


def test_the_answer_is_copied(open_page, ask):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, STA)
    for form, words in (
        ("Text", "[1] “US Secretary of Defence"),
        ("Markdown", "> On 30 July 2018, India was moved"),
        ("BibTeX", "@misc{india-us-defence-call,"),
    ):
        page.get_by_role("button", name=form, exact=True).click()
        copied(page, words)


def test_the_answer_is_copied_whose_evidence_is_shown(open_page, ask):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    first = ask(page, STA)
    ask(page, "Who co-chairs the 2+2 Ministerial Dialogue?")
    page.get_by_role("button", name="Markdown", exact=True).click()
    copied(page, "## Who co-chairs")
    first.get_by_role("link", name="[1]").first.click()
    expect(page.locator("#evidence .evidence")).to_have_attribute("data-turn", "0")
    page.get_by_role("button", name="Markdown", exact=True).click()
    copied(page, f"## {STA}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page, ask, scheme):
    page = open_page(color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    ask(page, STA)
    page.get_by_role("button", name="Search in all articles").click()
    expect(page.get_by_label("Outlets")).to_be_visible()
    found += Axe().run(page).response["violations"]
    page.get_by_role("tab", name="Check a text").click()
    page.get_by_label("Text to check").fill(CHECKED)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".verdicts li")).to_have_count(3)
    found += Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in {"serious", "critical"}] == []


def test_the_first_page_comes_quickly(open_page):
    page = open_page()
    expect(page.get_by_role("heading", name="Ask the articles")).to_be_visible()
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert 0 < painted < 5000  # milliseconds; on an idle machine it is below 1,000


def test_a_question_asked_again_takes_the_place_of_the_one_before_and_leaves_what_is_typed(open_page, ask):
    page = open_page()
    ask(page, "When was the logistics agreement signed?")
    searched = ask(page, "and COMCASA?").get_by_role("link", name="Searched for:").text_content()
    page.get_by_role("button", name="Like", exact=True).last.click()
    expect(page.get_by_role("button", name="Liked")).to_have_count(1)
    box = page.get_by_label("Your question")
    box.fill("a draft")
    page.get_by_role("button", name="Retry").click()
    # The thumb was of the answer that has gone.
    expect(page.get_by_role("button", name="Liked")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("#chat .user-row")).to_have_text(["When was the logistics agreement signed?", "and COMCASA?"])
    expect(page.locator("#chat .bot-row").nth(1)).to_contain_text(searched)
    expect(box).to_have_value("a draft")
    page.reload()
    expect(page.locator("#chat .user-row")).to_have_text(["When was the logistics agreement signed?", "and COMCASA?"])


def test_nothing_is_asked_with_nothing_in_the_box(open_page, ask):
    page = open_page()
    box = page.get_by_label("Your question")
    expect(page.get_by_role("button", name="Select example")).to_have_count(4)  # nothing is on its way any more
    for nothing in ("", "   "):
        box.fill(nothing)
        with page.expect_response("**/run/predict"):  # the box takes the next question
            box.press("Enter")
    expect(page.locator("#chat .bot-row")).to_have_count(0)
    expect(page.get_by_role("heading", name="Ask the articles")).to_be_visible()
    ask(page, STA)
    expect(page.locator("#chat .user-row")).to_have_text([STA])


def test_a_screen_reader_is_given_the_words_of_a_message_and_no_markup(open_page, ask):
    page = open_page()
    ask(page, STA)
    expect(page.locator("#chat [data-testid='user']")).to_have_attribute("aria-label", f"Question: {STA}")
    answer = page.locator("#chat [data-testid='bot']")
    expect(answer).to_have_attribute("aria-label", re.compile("^Answer: Searched for: .* 30 July 2018 On 30 July 2018, India"))
    expect(answer).not_to_have_attribute("aria-label", re.compile(r"&#|#cite|\*\*"))

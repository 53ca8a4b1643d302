"""Nothing that an article, a file name or a question holds runs in the reader's browser, and nothing leaves the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

RUN = "window.pwned=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:parent.{RUN}></iframe>",
    f"<a href=javascript:{RUN}>click</a>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<input autofocus onfocus={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<math><mtext><style><img src=x onerror={RUN}></style></mtext></math>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<form><button formaction=javascript:{RUN}>go</button></form>",
    f"<base href=javascript:{RUN}//>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<link rel=stylesheet href=javascript:{RUN}>",
    f"<template><img src=x onerror={RUN}></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"</mark></p></article></section><img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f'" onmouseover="{RUN}" x="',
    f"' autofocus onfocus='{RUN}' x='",
    f"javascript:{RUN}",
    f"[click](javascript:{RUN})",
    f'![x](x "onerror={RUN}")',
    "![x](https://evil.example/leak.png)",
    f"[x]: javascript:{RUN}",
    f"<javascript:{RUN}>",
    f"`<img src=x onerror={RUN}>`",
    f"$$\\href{{javascript:{RUN}}}{{x}}$$",
    f"${{{RUN}}}",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    "{{#with this}}{{lookup . 'constructor'}}{{/with}}",
    f"&lt;img src=x onerror={RUN}&gt;",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[<img src=x onerror={RUN}>]]>",
)
LOOK = """() => [
    window.pwned,
    document.querySelectorAll("#chat .prose :is(img, svg, iframe, script, form, object, embed, details)").length,
    document.querySelectorAll("#evidence :is(img, svg, iframe, script, form, object, embed, video, marquee)").length,
]"""
NOTHING = [None, 0, 0]


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, serve) -> Iterator[str]:
    """A corpus in which every field of every article is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    corpus = folder / "corpus"
    corpus.mkdir()
    lines = []
    for n, payload in enumerate(PAYLOADS):
        text = f"The number of the harbour Port{n:02} is {1000 + n} and it is {payload} there.\n\nMore {payload} follows."
        row = {
            "_id": f"{n}{payload}",
            "title": f"Port{n:02} {payload}",
            "text": text,
            "source": payload,
            "author": payload,
            "url": payload,
        }
        lines.append(json.dumps(row))
    (corpus / "<img src=x onerror=window.pwned=1>.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with serve(folder) as running:
        yield running.url


def test_no_payload_runs_from_an_article(open_page, ask, hostile_site: str):
    page = open_page(at=hostile_site)
    for n in range(0, len(PAYLOADS), 4):  # each pane shows several articles: all of them are seen
        ask(page, f"What is the number of the harbour Port{n:02}?")
        expect(page.locator("#evidence .card").first).to_contain_text("Port")
        page.locator("#evidence details summary").evaluate_all("all => all.forEach(s => s.click())")
        assert page.evaluate(LOOK) == NOTHING
    page.locator("#evidence .card").first.hover()
    links = page.locator("#evidence a, #chat .prose a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert all(link.startswith(("#cite-", "http://", "https://")) for link in links)
    assert page.evaluate(LOOK) == NOTHING


def test_no_payload_runs_from_a_question_or_from_its_conversation_brought_back(open_page, hostile_site: str):
    page = open_page(at=hostile_site)
    box = page.get_by_label("Your question")
    for n, payload in enumerate(PAYLOADS[::5]):
        box.fill(f"{payload} Port{n:02}?")
        box.press("Enter")
        expect(page.locator("#chat .user-row").nth(n).locator(".message-content")).to_have_text(f"{payload} Port{n:02}?")
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    assert page.evaluate(LOOK) == NOTHING
    page.reload()
    expect(page.locator("#chat .user-row")).to_have_count(len(PAYLOADS[::5]))
    assert page.evaluate(LOOK) == NOTHING


def test_the_served_page_names_no_script_style_or_font_of_another_server(site: str, open_page):
    page = open_page()
    sources = page.evaluate(
        "() => [...document.querySelectorAll('script[src], link[href], img[src], iframe[src]')].map(e => e.src || e.href)"
    )
    assert sources
    assert [source for source in sources if not source.startswith((site, "data:", "blob:"))] == []
    policy = page.request.get(site).headers["content-security-policy"]
    assert "default-src 'self'" in policy


def test_the_reader_is_known_by_a_cookie_that_scripts_cannot_read(open_page):
    page = open_page()
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "news_reader"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert "news_reader" not in page.evaluate("document.cookie")


def test_the_corpus_folder_cannot_be_fetched(site: str, open_page):
    page = open_page()
    for path in ("corpus/india-us-defence-call.txt", str(Path(__file__).resolve()), "/etc/passwd"):
        assert page.request.get(f"{site}/gradio_api/file={path}").status in {403, 404}

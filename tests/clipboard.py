"""What a page put on the clipboard. Playwright's `wait_for_function` takes the promise of an async function for its answer."""

from __future__ import annotations

from playwright.sync_api import Page

_READ = """async words => {
    const until = performance.now() + 30000;
    while (performance.now() < until) {
        const line = (await navigator.clipboard.readText()).split("\\n").find(line => line.includes(words));
        if (line) return line;
        await new Promise(requestAnimationFrame);
    }
    throw new Error(`${words} was not copied; the clipboard has ${await navigator.clipboard.readText()}`);
}"""


def copied(page: Page, words: str) -> str:
    """The line with these words on the clipboard, once it is there.

    Raises:
        playwright.sync_api.Error: it is not within 30 s.
    """
    line: str = page.evaluate(_READ, words)
    return line

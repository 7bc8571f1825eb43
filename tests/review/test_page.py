"""The page in a real browser, by keyboard alone, at desktop and phone width.

Needs Chromium and Playwright; without them it is skipped, with a warning in the summary.
"""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.review_help import flagged, hostile, hostile_answer, pair, pairs_file, serving
from tests.run_tools import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
DESKTOP, PHONE = (1280, 800), (390, 844)
ARGUMENTS = ("pairs.jsonl", "-o", "reviewed.jsonl")
GOOD = "A long header lets a remote attacker run code. Update to the fixed version."
INVENTED = "Bananas were found in version 9.9.9 of it in June."


def skip_aloud(why: str) -> None:
    warnings.warn(pytest.PytestWarning(f"the page is not tested: {why}"), stacklevel=2)
    pytest.skip(why)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        skip_aloud("Playwright is not installed")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    path = found or (MAC if Path(MAC).exists() else None)
    if path is None:
        skip_aloud(f"no browser: none of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@dataclass
class Tab:
    """One tab, and everything that went wrong in it."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def open(self, link: str) -> Tab:
        self.page.goto(link)
        self.page.wait_for_selector("#pair:not([hidden]), #empty:not([hidden])")
        return self

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def shows(self, selector: str, text: str) -> None:
        """Wait until an element that can be seen holds a text."""
        self.page.locator(selector).filter(has_text=text, visible=True).first.wait_for(
            timeout=10000
        )

    def write(self, text: str) -> None:
        """Replace the text of the field that has the focus."""
        self.keys("Control+a")
        self.page.keyboard.type(text)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    width, height = request.param
    return width, height


def new_tab(browser: Browser, size: tuple[int, int], scheme: Any = "light") -> Tab:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    tab = Tab(context.new_page())
    tab.page.on("pageerror", lambda error: tab.troubles.append(f"error: {error}"))
    tab.page.on("dialog", lambda dialog: tab.troubles.append(f"dialog: {dialog.message}"))
    tab.page.on("request", lambda sent: _note_foreign(tab, sent.url))
    tab.page.on("console", lambda said: _note_policy(tab, said.text))
    return tab


def _note_foreign(tab: Tab, url: str) -> None:
    if not url.startswith("http://127.0.0.1:"):
        tab.troubles.append(f"request: {url}")


def _note_policy(tab: Tab, said: str) -> None:
    if "Content Security Policy" in said or "Trusted" in said:
        tab.troubles.append(f"console: {said}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    pairs_file(tmp_path, [pair(1), pair(2), flagged(3), pair(4), hostile(5)])
    return tmp_path


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_whole_review_by_keyboard_alone(
    browser: Browser, root: Path, size: tuple[int, int]
) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        tab = new_tab(browser, size).open(reviewer.link)
        tab.shows("#progress-text", "0 of 5 decided")
        tab.keys("o")  # in the order of the file
        tab.shows("#place", "1 of 5 · 0:1")
        tab.shows("#source mark", "A remote attacker can send a long header to run code as user u1")
        tab.keys("a")
        tab.shows("#place", "0:2")
        tab.keys("e")
        tab.page.wait_for_selector("#edit-response:focus")
        tab.write(INVENTED)
        tab.keys("Control+Enter")
        tab.shows("#failed", "literals are not in the source (literals: 9.9.9)")
        tab.keys("e")
        tab.page.wait_for_selector("#edit-response:focus")
        tab.write(GOOD)
        tab.keys("Control+Enter")
        tab.shows("#flags", "review required")
        tab.keys("r", "2")
        tab.shows("#place", "0:4")
        tab.keys("s")
        tab.shows("#place", "0:5")
        tab.keys("ArrowLeft")
        tab.shows("#place", "0:4")
        tab.keys("e")
        tab.page.wait_for_selector("#edit-response:focus")
        tab.write(INVENTED)
        tab.keys("Control+Enter")
        tab.shows("#failed", "too many words")
        tab.keys("k")
        tab.shows("#place", "0:5")
        tab.keys("r", "9")
        tab.page.wait_for_selector("#own:focus")
        tab.page.keyboard.type("looks like an attack")
        tab.keys("Enter")
        tab.shows("#empty", "Everything is decided")
        tab.keys("u")
        tab.shows("#place", "0:5")
        tab.shows("#state", "open")
        tab.keys("a")
        tab.shows("#empty", "Everything is decided")
        tab.keys("f")
        tab.shows("#empty", "Handed over")
        reviewer.process.wait(timeout=20)
        assert reviewer.process.returncode == 0 and tab.troubles == []
    kept = records(root / "reviewed.jsonl")
    notes = [one["review"]["decision"] for one in kept]
    assert notes == ["accept", "edit", "edit", "accept"]
    assert [one["response"] for one in kept[1:3]] == [GOOD, INVENTED]
    assert "failed_gates" not in kept[1]["review"] and kept[2]["review"]["failed_gates"]
    [removed] = records(root / "reviewed.removed.jsonl")
    assert removed["reason"].endswith("does not answer the question")


def test_hostile_text_is_shown_and_does_nothing(
    browser: Browser, root: Path, size: tuple[int, int]
) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        tab = new_tab(browser, size).open(reviewer.link)
        tab.keys("/")
        tab.page.keyboard.type("0:5")
        tab.shows("#place", "1 of 1 · 0:5")
        tab.keys("Escape")
        shown = tab.page.inner_text("#response")
        visible = hostile_answer(5).replace("\u202e", "U+202E").replace("\u202c", "U+202C")
        assert shown == visible.replace("\x1b", "U+001B").replace("\x07", "U+0007")
        assert tab.page.locator("#main script, #main img, #main b, #main a").count() == 0
        tab.keys("e")
        tab.page.wait_for_selector("#edit-response:focus")
        assert tab.page.input_value("#edit-response") == hostile_answer(5)
        assert tab.troubles == []


def test_filters_and_help_by_keyboard(browser: Browser, root: Path, size: tuple[int, int]) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        tab = new_tab(browser, size, "dark").open(reviewer.link)
        tab.keys("?")
        tab.shows("#help", "undo the last decision")
        tab.keys("Escape", "x", "x")
        tab.shows("#place", "of 2")  # flagged
        tab.keys("a", "x")
        tab.shows("#place", "1 of 1")  # accepted
        tab.shows("#state", "accepted")
        tab.keys("u")
        tab.shows("#notice", "Taken back")
        assert tab.troubles == []


def test_nothing_is_wider_than_the_screen(browser: Browser, root: Path) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        for width in (320, *(size[0] for size in (PHONE, DESKTOP))):
            tab = new_tab(browser, (width, 700)).open(reviewer.link)
            for key in ("s", "r", "Escape", "e"):
                tab.keys(key)
                tab.page.wait_for_timeout(150)
                wide = tab.page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (width, key)
            tab.keys("Escape")
            for button in tab.page.locator("#actions button").all():
                box = button.bounding_box()
                assert box and box["height"] >= 40 and box["x"] + box["width"] <= width


def test_keys_faster_than_the_page_decide_nothing_that_was_not_shown(
    browser: Browser, root: Path
) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        tab = new_tab(browser, DESKTOP).open(reviewer.link)
        tab.keys("o")
        tab.shows("#place", "1 of 5 · 0:1")
        tab.page.evaluate(
            """() => { for (const key of "asaksaa") document.body.dispatchEvent(
                 new KeyboardEvent("keydown", { key, bubbles: true })); }"""
        )
        tab.shows("#progress-text", "1 of 5 decided")
        tab.page.wait_for_timeout(500)
        accepted = [row["id"] for row in reviewer.client.rows("show=accepted")]
        assert accepted == ["0:1"]
        assert tab.page.locator("#notice").is_hidden() and tab.troubles == []
        tab.keys("u")
        tab.shows("#place", "0:1")
        tab.shows("#state", "open")


def test_an_undo_that_comes_too_late_is_told_and_the_pair_at_hand_stays(
    browser: Browser, tmp_path: Path
) -> None:
    pairs_file(tmp_path, list(map(pair, range(1, 67))))
    with serving(tmp_path, *ARGUMENTS) as reviewer:
        tab = new_tab(browser, DESKTOP).open(reviewer.link)
        tab.shows("#place", "1 of 66 · 0:1")  # all are equally doubtful
        tab.keys("a")
        tab.shows("#place", "0:2")
        for row in reviewer.client.rows()[:63]:
            assert reviewer.client.decide(row["id"], row["version"], "accept") == 200
        assert reviewer.client.post("finish")[1]["sealed"] == 1
        tab.keys("x", "x", "x", "x", "x", "x", "x", "x")  # round to the open ones again
        tab.shows("#place", "1 of 2 · 0:65")
        tab.keys("u")
        tab.shows("#notice", "pair 0:1 is not here any more")
        tab.shows("#place", "0:65")


def test_two_tabs_never_overwrite_each_other(browser: Browser, root: Path) -> None:
    with serving(root, *ARGUMENTS, "--reviewer", "anna") as reviewer:
        first = new_tab(browser, DESKTOP).open(reviewer.link)
        second = new_tab(browser, PHONE).open(reviewer.link)
        place = first.page.inner_text("#place")
        assert place == second.page.inner_text("#place")
        pair_id = place.rpartition(" ")[2]
        second.keys("e")
        second.page.wait_for_selector("#edit-response:focus")
        second.write(GOOD)
        first.keys("r", "1")
        first.shows("#progress-text", "1 of 5")
        second.keys("Control+Enter")
        second.shows("#notice", "nothing was overwritten")
        second.shows("#state", "rejected: wrong by anna")
        assert second.page.input_value("#edit-response") == GOOD  # not lost
        assert reviewer.client.get(f"pair?id={pair_id}")[1]["state"] == "reject"
        assert first.troubles == second.troubles == []


def test_what_another_tab_decides_is_seen(browser: Browser, root: Path) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        tab = new_tab(browser, DESKTOP).open(reviewer.link)
        pair_id = tab.page.inner_text("#place").rpartition(" ")[2]
        assert reviewer.client.decide(pair_id, 0, "accept") == 200
        tab.shows("#notice", "Somebody else has just decided")
        tab.shows("#state", "accepted")


def test_a_tab_left_open_over_a_restart_is_told(browser: Browser, root: Path) -> None:
    at = ("--port", str(free_port()))  # the usual one may go to another test meanwhile
    with serving(root, *ARGUMENTS, *at) as first:
        tab = new_tab(browser, DESKTOP).open(first.link)
        first.end(9)
        tab.keys("a")
        tab.shows("#notice", "does not answer: start it again")
    with serving(root, *ARGUMENTS, *at):
        tab.keys("a")
        tab.shows("#notice", "belongs to an earlier start")
        tab.page.reload()
        tab.shows("#notice", "belongs to an earlier start")
        assert tab.troubles == []


def test_a_pair_that_is_gone_is_told(browser: Browser, tmp_path: Path) -> None:
    pairs_file(tmp_path, list(map(pair, range(1, 67))))  # two chunks, the second stays open
    with serving(tmp_path, *ARGUMENTS) as reviewer:
        tab = new_tab(browser, DESKTOP).open(reviewer.link)
        tab.shows("#place", "1 of 66 · 0:1")  # all are equally doubtful
        for row in reviewer.client.rows()[1:64] + reviewer.client.rows()[:1]:
            assert reviewer.client.decide(row["id"], row["version"], "accept") == 200
        assert reviewer.client.post("finish")[1]["sealed"] == 1
        tab.keys("a")
        tab.shows("#notice", "pair 0:1 is not here any more: its chunk was handed over")
        tab.shows("#place", "0:65")

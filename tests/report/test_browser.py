"""The page in a real browser: it opens in silence, works by keyboard, fits, darkens, prints, and asks no network."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe import ABSENT, AXE, faults
from headless import Browser, browser, chromium
from written import account, future, unit

from tthc_rules import Rulebook
from tthc_rules.cli import main
from tthc_rules.report.page import page

EXAMPLE = Path(__file__).parents[2] / "examples" / "one_stop"
WIDTHS = (320, 360, 768, 1280)
SILENCE = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the example, made by the two commands."""
    folder = tmp_path_factory.mktemp("report")
    results, made = folder / "results.csv", folder / "report.html"
    beside = [
        part
        for name in ("units", "posts", "unit-events")
        for part in (f"--{name}", str(EXAMPLE / f"{name.replace('-', '_')}.csv"))
    ]
    for asked in (
        ["rescore", str(EXAMPLE / "events.csv"), "--as-of", "2025-01-10", "-o", str(results)],
        ["account", str(results), "--period", "2024-Q4", "--as-of", "2025-01-10", *beside, "-o", str(made)],
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["tthc-rules", *asked])
            with pytest.raises(SystemExit) as stopped:
                main()
        assert stopped.value.code == 0
    assert made.with_suffix(".json").exists()
    assert made.with_suffix(".csv").exists()
    return made


@pytest.fixture
def chrome() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("không có Chromium trên máy này / no Chromium on this machine: apt-get install chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, browser(program, Path(profile)) as one:
        yield one


def focused(chrome: Browser) -> str:
    return str(chrome.js("document.activeElement.outerHTML.slice(0, 120)"))


def written(folder: Path, data: dict[str, Any]) -> Path:
    target = folder / "page.html"
    target.write_text(page(data), encoding="utf-8")
    return target


def test_it_opens_in_silence_and_asks_nobody(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    asked = [one["request"]["url"] for one in chrome.reported("Network.requestWillBeSent")]
    assert asked == [report.as_uri()]
    assert chrome.reported(*SILENCE) == []
    assert chrome.js("document.title") == "Sổ trách nhiệm quý IV/2024"
    assert chrome.js("document.querySelectorAll('h1').length") == 1
    assert chrome.js("document.documentElement.lang") == "vi"
    assert chrome.js("document.compatMode") == "CSS1Compat"


def test_the_policy_holds_when_something_tries(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    assert chrome.js("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')") == "refused"
    assert any("Content Security Policy" in str(one) for one in chrome.reported("Log.entryAdded"))


def test_the_keyboard_reaches_everything_in_order(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    chrome.press("Tab")
    assert 'class="skip"' in focused(chrome)
    assert chrome.js("document.activeElement.getBoundingClientRect().left >= 0")
    reached = []
    for _ in range(8):
        chrome.press("Tab")
        reached.append(focused(chrome))
    assert [one.split('"')[1] for one in reached[:6]] == [
        *("#tom-tat", "#bon-cach", "#don-vi", "#tung-don-vi", "#can-cu", "#luu-y"),
    ]
    assert "chon-don-vi" in reached[6]
    assert "tieng-anh" in reached[7]
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert chrome.js(outline) == "solid"


def test_enter_opens_what_is_folded(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    chrome.js("document.querySelector('.breaches summary').focus()")
    shown = "document.querySelector('.breaches .ids').checkVisibility({contentVisibilityAuto: true})"
    assert chrome.js(shown) is False
    chrome.press("Enter")
    assert chrome.js("document.querySelector('.breaches details').open") is True
    assert chrome.js(shown) is True
    assert "H56" in chrome.js("document.querySelector('.breaches .ids').innerText")


def test_space_shows_the_english(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    shown = "document.querySelector('h2 .en').checkVisibility()"
    assert chrome.js(shown) is False
    chrome.js("document.getElementById('tieng-anh').focus()")
    chrome.press(" ")
    assert chrome.js(shown) is True


def test_a_table_is_sorted_and_one_unit_is_chosen(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    rows = "[...document.querySelectorAll('#bang-don-vi tbody')[0].querySelectorAll('tr[data-u]')]"
    rates = f"{rows}.map((row) => row.cells[2].textContent.trim().replace('\\u00a0', ' '))"
    for wanted in (["30,00 %", "14,29 %", "6,67 %"], ["6,67 %", "14,29 %", "30,00 %"]):
        chrome.js("document.querySelectorAll('#bang-don-vi thead button')[2].focus()")
        chrome.press("Enter")
        assert chrome.js(rates) == wanted
    chrome.js(
        "const s = document.getElementById('chon-don-vi'); s.value = 'don-vi-1'; s.dispatchEvent(new Event('change'))"
    )
    assert chrome.js("[...document.querySelectorAll('.unit')].map((unit) => unit.hidden)") == [
        *(True, False, True, True, True),
    ]
    assert chrome.js("document.getElementById('den-don-vi').getAttribute('href')") == "#don-vi-1"
    chrome.js("location.hash = '#don-vi-2'; new Promise((done) => setTimeout(done, 50))")
    assert chrome.js("document.getElementById('don-vi-2').hidden") is False
    assert chrome.reported(*SILENCE) == []


@pytest.mark.parametrize("data", [account(), future(), account(units=[])], ids=["whole", "future", "no units"])
def test_it_fits_every_width(chrome: Browser, tmp_path: Path, data: dict[str, Any]) -> None:
    chrome.open(written(tmp_path, data))
    for width in WIDTHS:
        chrome.size(width, 800)
        chrome.js("for (const one of document.querySelectorAll('details')) one.open = true")
        assert chrome.js("document.documentElement.scrollWidth") <= width, width
    assert chrome.reported(*SILENCE) == []


def test_the_example_fits_and_stays_a_table_on_a_phone(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    for width in WIDTHS:
        chrome.size(width, 800)
        assert chrome.js("document.documentElement.scrollWidth") <= width, width
    chrome.size(360, 800)
    chrome.call("Accessibility.enable")
    nodes = chrome.call("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node.get("ignored")]
    for role, tag in (("table", "table"), ("heading", "h1, h2, h3, h4"), ("image", "svg[role=img]")):
        shown = f"[...document.querySelectorAll('{tag}')].filter((one) => !one.closest('details')).length"
        assert roles.count(role) == chrome.js(shown), role
    assert {"row", "rowheader", "columnheader", "cell"} <= set(roles)
    plots = [node for node in nodes if node["role"]["value"] == "image" and not node.get("ignored")]
    assert all(node["name"]["value"] for node in plots)


def test_the_first_sheet_of_paper_holds_the_sentences_and_the_figures(chrome: Browser, report: Path) -> None:
    """A4 with its margins is 186 by 269 millimetres, 703 by 1016 pixels."""
    chrome.open(report)
    chrome.size(703, 1016)
    chrome.call("Emulation.setEmulatedMedia", media="print")
    assert chrome.js("document.querySelector('#tom-tat').getBoundingClientRect().bottom + scrollY") < 1016
    assert chrome.js("getComputedStyle(document.querySelector('#tom-tat')).breakAfter") == "page"
    assert chrome.js("document.querySelectorAll('#tom-tat .opening li').length") >= 3


def test_whatever_scrolls_on_a_phone_is_a_stop_for_the_keyboard(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    chrome.size(390, 844)
    chrome.js("for (const one of document.querySelectorAll('details')) one.open = true")
    scrolls = "[...document.querySelectorAll('.wide')].filter((one) => one.scrollWidth > one.clientWidth)"
    assert chrome.js(f"{scrolls}.length") > 0
    assert chrome.js(f"{scrolls}.filter((one) => one.tabIndex !== 0 || !one.getAttribute('aria-label')).length") == 0


@pytest.mark.parametrize("name", ["account", "timeline"])
def test_axe_finds_nothing(chrome: Browser, report: Path, tmp_path: Path, book: Rulebook, name: str) -> None:
    if AXE is None:
        pytest.skip(ABSENT)
    if name == "timeline":
        events = [
            {"kind": "dossier_accepted", "at": "2026-02-05"},
            {"kind": "supplement_requested", "at": "2026-02-09"},
        ]
        events += [{"kind": "supplement_received", "at": "2026-02-12"}]
        dossier = {"dossier_id": "HS-1", "time_limit": {"amount": 5, "unit": "workday"}, "events": events}
        report = tmp_path / "page.html"
        report.write_text(book.evaluate(dossier, date(2026, 3, 10)).to_html(), encoding="utf-8")
    chrome.open(report)
    assert faults(chrome) == []


def test_dark_is_dark_and_light_is_light(chrome: Browser, report: Path, tmp_path: Path) -> None:
    chrome.open(report)
    paper = "getComputedStyle(document.body).backgroundColor"
    fill = "getComputedStyle(document.querySelector('.late-a')).fill"
    chrome.dark(False)
    light = chrome.js(paper), chrome.js(fill)
    chrome.picture(tmp_path / "light.png")
    chrome.dark(True)
    dark = chrome.js(paper), chrome.js(fill)
    chrome.picture(tmp_path / "dark.png")
    assert light[0] == "rgb(255, 255, 255)"
    assert dark[0] == "rgb(18, 22, 28)"
    assert light[1] != dark[1]
    pictures = [(tmp_path / name).read_bytes() for name in ("light.png", "dark.png")]
    assert all(one.startswith(b"\x89PNG") and len(one) > 50_000 for one in pictures)
    assert pictures[0] != pictures[1]


def test_print_opens_the_folds_and_drops_the_navigation(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    chrome.dark(True)
    chrome.call("Emulation.setEmulatedMedia", media="print")
    assert chrome.js("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert chrome.js("document.querySelector('.breaches .ids').getBoundingClientRect().height") > 0
    assert chrome.js("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    chrome.call("Emulation.setEmulatedMedia", media="")
    made = chrome.pdf()
    assert made.startswith(b"%PDF")
    assert len(made) > 50_000
    assert chrome.js("document.querySelector('.breaches details').open") is False  # closed again afterwards


def test_it_works_without_a_script(chrome: Browser, report: Path) -> None:
    chrome.open(report)
    chrome.call("Emulation.setScriptExecutionDisabled", value=True)
    chrome.events.clear()
    chrome.call("Page.reload")
    chrome.wait("Page.loadEventFired")
    assert chrome.js("document.querySelectorAll('#bang-don-vi button').length") == 0
    assert chrome.js("document.getElementById('chon-don-vi').checkVisibility()") is False
    chrome.js("document.querySelector('.breaches summary').focus()")
    chrome.press("Enter")
    assert chrome.js("document.querySelector('.breaches details').open") is True


def test_hostile_words_run_nothing(chrome: Browser, tmp_path: Path) -> None:
    word = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'><svg onload=alert(1)>"
    data = account(as_of=word)
    for one in data["units"]:
        one |= {"unit": word, "name": word, "formerly": [word]}
        for post in one["posts"]:
            post["person"] = word
    chrome.open(written(tmp_path, data))
    assert chrome.reported(*SILENCE, "Page.javascriptDialogOpening") == []
    assert chrome.js("document.querySelectorAll('main img, main script').length") == 0
    assert word in chrome.js("document.querySelector('.unit h3').textContent")
    chrome.size(360, 800)
    assert chrome.js("document.documentElement.scrollWidth") <= 360


def test_hundreds_of_units_open_quickly(chrome: Browser, tmp_path: Path) -> None:
    chrome.open(written(tmp_path, account(units=[unit(f"u{at}", f"Sở số {at}") for at in range(300)])))
    took = chrome.js("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert took < 10_000
    assert chrome.js("document.querySelectorAll('.unit').length") == 300

"""Slips in a real browser: they open in silence, fit, darken, and print on A4, a sheet each and nothing besides."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from headless import Browser, browser, chromium
from slips import KINDS, apology

from tthc_rules.report.slip import slip_page

SILENCE = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
HOSTILE = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'>" + "A" * 150

pytestmark = pytest.mark.slow


@pytest.fixture
def chrome() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("không có Chromium trên máy này / no Chromium on this machine: apt-get install chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, browser(program, Path(profile)) as one:
        yield one


def written(folder: Path, *slips: dict[str, Any]) -> Path:
    target = folder / "phieu.html"
    target.write_text(slip_page(slips), encoding="utf-8")
    return target


def test_it_opens_in_silence_and_asks_nobody(chrome: Browser, tmp_path: Path) -> None:
    page = written(tmp_path, *KINDS.values())
    chrome.open(page)
    assert [one["request"]["url"] for one in chrome.reported("Network.requestWillBeSent")] == [page.as_uri()]
    assert chrome.reported(*SILENCE) == []
    assert chrome.js("document.documentElement.lang") == "vi"
    assert chrome.js("document.querySelectorAll('h1').length") == 1


def test_it_fits_every_width_whatever_the_words(chrome: Browser, tmp_path: Path) -> None:
    hostile = [{**one, "printed": HOSTILE} if one["printed"] else one for one in apology()["fields"]]
    chrome.open(written(tmp_path, *KINDS.values(), apology(fields=hostile, dossier_id=HOSTILE)))
    for width in (320, 360, 768, 1280):
        chrome.size(width, 800)
        assert chrome.js("document.documentElement.scrollWidth") <= width, width
    assert chrome.reported(*SILENCE, "Page.javascriptDialogOpening") == []
    assert chrome.js("document.querySelectorAll('main img, main script').length") == 0


def test_the_dark_is_dark_and_paper_stays_white(chrome: Browser, tmp_path: Path) -> None:
    chrome.open(written(tmp_path, apology()))
    sheet = "getComputedStyle(document.querySelector('.sheet')).backgroundColor"
    chrome.dark(True)
    assert chrome.js(sheet) == "rgb(18, 22, 28)"
    chrome.call("Emulation.setEmulatedMedia", media="print")
    assert chrome.js(sheet) == "rgb(255, 255, 255)"
    assert chrome.js("getComputedStyle(document.querySelector('.sheet')).color") == "rgb(0, 0, 0)"
    for gone in ("header", ".why", "footer"):
        assert chrome.js(f"getComputedStyle(document.querySelector('{gone}')).display") == "none"
    assert chrome.js("document.querySelector('.draft').checkVisibility()") is True


def test_it_prints_a_sheet_of_a4_for_each(chrome: Browser, tmp_path: Path) -> None:
    slips = [KINDS[kind] for kind in ("apology", "supplement", "refusal", "stop", "closing", "loss")]
    chrome.open(written(tmp_path, *slips))
    made = chrome.pdf()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", made)) == len(slips)
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", made)}
    assert {tuple(round(side / 72 * 25.4) for side in box) for box in boxes} == {(0, 0, 210, 297)}


def test_the_english_is_a_key_away(chrome: Browser, tmp_path: Path) -> None:
    chrome.open(written(tmp_path, apology()))
    shown = "document.querySelector('h3 .en').checkVisibility()"
    assert chrome.js(shown) is False
    chrome.press("Tab")
    assert chrome.js("document.activeElement.className") == "skip"
    chrome.press("Tab")
    chrome.press(" ")
    assert chrome.js(shown) is True


def test_a_blank_is_said_to_who_listens(chrome: Browser, tmp_path: Path) -> None:
    chrome.open(written(tmp_path, apology()))
    chrome.call("Accessibility.enable")
    nodes = chrome.call("Accessibility.getFullAXTree")["nodes"]
    said = " ".join(str(one.get("name", {}).get("value", "")) for one in nodes if not one.get("ignored"))
    for blank in ("lý do", "thời gian hẹn lại", "chức vụ người ký", "số định danh"):
        assert f"(để trống: {blank})" in said
    assert "……" not in said.replace("VT, ……", "")

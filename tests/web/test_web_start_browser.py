"""The start page in a real browser: a dossier is pasted, verdict and timeline are seen; by keyboard, in the dark."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import ABSENT, AXE, faults
from headless import Browser, browser, chromium
from serving import LATE, Site, served

from tthc_rules import Rulebook

SILENCE = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
SHOWN = "!document.getElementById('ket-qua').hidden"
REFUSED = "!document.getElementById('loi').hidden"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(book: Rulebook) -> Iterator[Site]:
    with served(book) as one:
        yield one


@pytest.fixture
def chrome(site: Site) -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("không có Chromium trên máy này / no Chromium on this machine: apt-get install chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, browser(program, Path(profile)) as one:
        one.open(f"http://127.0.0.1:{site.port}/")
        yield one


def text(chrome: Browser, what: str) -> str:
    return str(chrome.js(f"document.querySelector({what!r}).innerText"))


def fill(chrome: Browser, what: str, value: str) -> None:
    chrome.js(f"document.getElementById({what!r}).value = {json.dumps(value)}")


def paste(chrome: Browser, dossier: Any, as_of: str = "20/09/2025") -> None:
    """Paste a dossier where one pastes it, and ask of that day."""
    fill(chrome, "ngay-xet", as_of)
    chrome.js("document.getElementById('ho-so').select()")
    chrome.type(dossier if isinstance(dossier, str) else json.dumps(dossier, ensure_ascii=False))


def press_show(chrome: Browser) -> None:
    chrome.js("document.querySelector('.go').focus()")
    chrome.press("Enter")


def test_a_dossier_is_pasted_and_its_verdict_and_timeline_are_seen(chrome: Browser, site: Site, book: Rulebook) -> None:
    paste(chrome, LATE)
    press_show(chrome)
    chrome.until(SHOWN)
    assert text(chrome, "#h-ket-qua") == "Hồ sơ H56-HS-0001, xét đến hết 20/09/2025: trả trễ hạn 9 ngày làm việc"
    assert "khoản 6 Điều 19 Nghị định số 118/2025/NĐ-CP" in text(chrome, "#vi-sao")
    assert "03/09/2025" in text(chrome, "#tom-luoc .strip")
    assert "trả trễ hạn 9 ngày làm việc" in text(chrome, "#tom-luoc .strip")
    headings = chrome.js("[...document.querySelectorAll('#trang h2')].map((one) => one.innerText)")
    assert headings == ["Nói ngắn gọn", "Lịch của hồ sơ", "Việc đã diễn ra", "Từng ngày", "Việc phải làm với hồ sơ này"]
    assert chrome.js("document.querySelectorAll('#trang .month .d').length") > 15
    assert chrome.js("getComputedStyle(document.querySelector('#trang .d-due')).borderTopWidth") == "3px"
    assert chrome.js("document.activeElement.id") == "ket-qua"
    kept = chrome.js("fetch(document.getElementById('mo-rieng').href).then((one) => one.text(), () => 'refused')")
    assert kept == "refused"  # the policy lets the page itself ask this server only; a person may still open it
    asked = {one["request"]["url"].split("?")[0] for one in chrome.reported("Network.requestWillBeSent")}
    here = f"http://127.0.0.1:{site.port}"
    assert {one for one in asked if not one.startswith(("blob:", "data:"))} == {
        *(f"{here}/", f"{here}/v1/timeline", f"{here}/v1/explanation")
    }


def test_it_opens_in_silence(chrome: Browser) -> None:
    assert chrome.reported(*SILENCE) == []
    asked = [one["request"]["url"] for one in chrome.reported("Network.requestWillBeSent")]
    assert [one for one in asked[1:] if not one.startswith("data:")] == []
    assert chrome.js("document.title") == "Thời hạn của một hồ sơ"
    assert chrome.js("document.documentElement.lang") == "vi"
    assert chrome.js("document.querySelectorAll('h1').length") == 1
    assert re.fullmatch(r"\d\d/\d\d/20\d\d", chrome.js("document.getElementById('ngay-xet').value"))


def test_every_field_has_its_name(chrome: Browser) -> None:
    chrome.call("Accessibility.enable")
    nodes = [one for one in chrome.call("Accessibility.getFullAXTree")["nodes"] if not one.get("ignored")]
    fields = [one for one in nodes if one["role"]["value"] in ("textbox", "combobox", "checkbox", "button")]
    names = [one["name"]["value"] for one in fields]
    for wanted in ("Hồ sơ (JSON)", "Xét đến hết ngày", "Lịch biết đến ngày", "Ngôn ngữ", "Giả định", "Từ chối", "Xem"):
        assert [name for name in names if name.startswith(wanted)], (wanted, names)
    assert all(names)


def test_all_of_it_goes_by_keyboard(chrome: Browser) -> None:
    chrome.press("Tab")
    assert chrome.js("document.activeElement.className") == "skip"
    chrome.press("Tab")
    assert chrome.js("document.activeElement.id") == "ho-so"
    chrome.press("Tab")
    assert chrome.js("document.activeElement.id") == "vi-du"
    assert chrome.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    chrome.press("Enter")
    assert chrome.js("document.activeElement.id") == "ho-so"
    chrome.press("Enter", control=True)
    chrome.until(SHOWN)
    assert text(chrome, "#h-ket-qua").startswith("Hồ sơ HS-MAU-0001, xét đến hết 10/09/2026: trả trễ hạn")


def test_what_is_wrong_is_said_where_it_is_heard(chrome: Browser) -> None:
    paste(chrome, {**LATE, "channel": "onlin"})
    press_show(chrome)
    chrome.until(REFUSED)
    said = text(chrome, "#loi")
    assert "TR-input-choice" in said
    assert "H56-HS-0001: channel" in said
    assert "có phải «online»" in said.lower()
    assert chrome.js("document.activeElement.id") == "loi"
    assert chrome.js("document.getElementById('loi').getAttribute('role')") == "alert"
    assert chrome.js("document.getElementById('ho-so').getAttribute('aria-invalid')") == "true"
    paste(chrome, '{"dossier_id": "A",}')
    press_show(chrome)
    chrome.until("document.getElementById('loi').innerText.includes('TR-input-json')")
    for day, wrong in (("", "as_of: «» không phải ngày"), ("31/09/2025", "không có ngày 31/09/2025")):
        paste(chrome, LATE, as_of=day)
        press_show(chrome)
        chrome.until(f"document.getElementById('loi').innerText.includes('{wrong}')")
    assert chrome.js("document.getElementById('ngay-xet').getAttribute('aria-invalid')") == "true"
    paste(chrome, LATE)
    press_show(chrome)
    chrome.until(SHOWN)
    assert chrome.js("document.getElementById('loi').hidden") is True


def test_what_is_supposed_is_said_to_be_so(chrome: Browser) -> None:
    paste(chrome, {**LATE, "events": LATE["events"][:1]}, as_of="28/8/2025")
    fill(chrome, "gia-dinh", "\nresult_issued 2025-09-01T09:00\n")
    press_show(chrome)
    chrome.until(SHOWN)
    assert text(chrome, "#tom-luoc .warn").startswith("GIẢ ĐỊNH")


def test_the_words_of_a_dossier_stay_words(chrome: Browser) -> None:
    word = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    paste(chrome, {**LATE, "dossier_id": word})
    press_show(chrome)
    chrome.until(SHOWN)
    assert word in text(chrome, "#h-ket-qua")
    assert chrome.js("document.querySelectorAll('main img, main script').length") == 0
    assert chrome.reported("Page.javascriptDialogOpening") == []


def test_it_speaks_english_when_asked(chrome: Browser) -> None:
    paste(chrome, LATE)
    fill(chrome, "ngon-ngu", "en")
    press_show(chrome)
    chrome.until(SHOWN)
    assert text(chrome, "#h-ket-qua").startswith("Dossier H56-HS-0001, as of the end of 20/09/2025: returned late")
    assert chrome.js("document.getElementById('ket-qua').lang") == "en"


def test_it_fits_every_width_and_darkens(chrome: Browser) -> None:
    paste(chrome, {**LATE, "dossier_id": "H" * 150})
    press_show(chrome)
    chrome.until(SHOWN)
    for width in (320, 360, 768, 1280):
        chrome.size(width, 800)
        assert chrome.js("document.documentElement.scrollWidth") <= width, width
    chrome.dark(True)
    assert chrome.js("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
    assert chrome.js("getComputedStyle(document.getElementById('ho-so')).backgroundColor") == "rgb(18, 22, 28)"
    chrome.dark(False)
    assert chrome.js("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_axe_finds_nothing(chrome: Browser) -> None:
    if AXE is None:
        pytest.skip(ABSENT)
    assert faults(chrome) == []
    paste(chrome, {**LATE, "channel": "onlin"})
    press_show(chrome)
    chrome.until(REFUSED)
    assert faults(chrome) == []
    paste(chrome, LATE)
    press_show(chrome)
    chrome.until(SHOWN)
    assert faults(chrome) == []

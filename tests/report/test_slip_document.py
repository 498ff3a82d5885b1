"""Slips as a Word document: A4, blank where a person must speak, whatever the words are; the same bytes every day."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from slips import APOLOGY, KINDS, apology

from tthc_rules import TthcError
from tthc_rules.report.worddocument import slip_document

ABSENT = "chưa cài python-docx / it is not installed: pip install tthc-rules[documents]"
docx = pytest.importorskip("docx", reason=ABSENT)


def opened(*slips: dict[str, Any]) -> Any:
    return docx.Document(BytesIO(slip_document(slips)))


def words_of(document: Any) -> str:
    """All words of the document: paragraphs, cells, the header."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    header = [one.text for one in document.sections[0].header.paragraphs]
    return "\n".join([*header, *(one.text for one in document.paragraphs), *cells])


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_a_document(kind: str) -> None:
    document = opened(KINDS[kind])
    said = words_of(document)
    assert "DỰ THẢO" in said
    assert "chưa xác nhận" in said
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert [one.style.name for one in document.paragraphs if one.style.name.startswith("Heading")] == [
        *("Heading 1", "Heading 2"),
    ]


def test_it_is_a_page_of_a4_in_the_face_of_the_decree() -> None:
    document = opened(apology())
    section = document.sections[0]
    sizes = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 30, 15]
    styles = [document.styles[name].font for name in ("Normal", "Heading 1", "Heading 2")]
    assert {(font.name, str(font.color.rgb)) for font in styles} == {("Times New Roman", "000000")}
    assert "asciiTheme" not in "".join(font.element.xml for font in styles)
    assert document.core_properties.language == "vi-VN"
    assert document.core_properties.author == ""
    assert 'w:lang w:val="vi-VN"' in document.styles.element.xml


def test_what_is_known_stands_in_it_and_the_rest_is_dots() -> None:
    document = opened(apology())
    texts = [one.text for one in document.paragraphs]
    assert "Lý do: \t" in texts  # a dotted tab to the margin, and one more line of it
    assert texts[texts.index("Lý do: \t") + 1] == "\t"
    assert any("vào ngày …… tháng …… năm ………" in text for text in texts)
    assert "Mã số hồ sơ: H56.14-261116-0001" in texts
    assert "Mẫu số 04, Thông tư số 03/2025/TT-VPCP" in texts
    sources = document.tables[-1]
    assert len(sources.rows) == 1 + len(APOLOGY["fields"])
    assert [cell.text for cell in sources.rows[11].cells] == ["Lý do", "để trống", "nguồn của reason"]


def test_dotted_lines_reach_the_margin() -> None:
    (reason,) = [one for one in opened(apology()).paragraphs if one.text == "Lý do: \t"]
    (stop,) = reason.paragraph_format.tab_stops
    assert (round(stop.position.mm), stop.leader.name, stop.alignment.name) == (165, "DOTS", "RIGHT")


def test_hostile_words_stay_words() -> None:
    hostile = "</w:t><w:br/>&<script>\x00\x1b\u202e\ud800"
    fields = [{**one, "printed": hostile} if one["printed"] else one for one in APOLOGY["fields"]]
    said = words_of(opened(apology(fields=fields, dossier_id=hostile, title={"vi": hostile, "en": hostile})))
    assert "</w:t><w:br/>&<script>" in said
    assert r"\u{0}\u{1b}\u{202e}\u{d800}" in said


def test_several_slips_are_pages_of_their_own() -> None:
    document = opened(*KINDS.values())
    breaks = document.element.xml.count('w:br w:type="page"')
    assert breaks == 2 * len(KINDS) - 1


def test_no_clock_is_asked() -> None:
    made = slip_document([apology()])
    with ZipFile(BytesIO(made)) as parts:
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    said = docx.Document(BytesIO(made)).core_properties
    assert {str(said.created.date()), str(said.modified.date())} == {"2026-11-25"}
    assert made == slip_document([apology()])


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(TthcError) as refused:
        slip_document([apology()], "phieu.docx")
    assert (refused.value.code, refused.value.place) == ("TR-file-docx-extra", "phieu.docx")
    assert 'pip install "tthc-rules[documents]"' in str(refused.value)

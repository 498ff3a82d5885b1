"""Slips as a Word document, which a person completes, signs and sends; needs python-docx (extra `documents`).

Each slip is a page of A4; the page after it says where each field comes from, and is not sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tthc_rules.errors import InputFileError, Problem, visible
from tthc_rules.law.text import nfc
from tthc_rules.report.letter import (
    DRAFT,
    LAYOUT,
    MOTTO,
    SIGN,
    STATE,
    UNSIGNED,
    Entry,
    Gap,
    Run,
    SlipLetter,
    letter,
    standing,
    times,
)
from tthc_rules.report.markup import day
from tthc_rules.result import words
from tthc_rules.result.slip import words as slip_words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_FONT: Final = "Times New Roman"
_BODY, _SMALL, _TITLE = 13, 11, 14
_PAGE: Final = (210, 297)
_MARGINS: Final = {"top": 20, "bottom": 20, "left": 30, "right": 15}
_WIDTH: Final = _PAGE[0] - _MARGINS["left"] - _MARGINS["right"]
_RULE: Final = "________"
_FIRST: Final = (1980, 1, 1, 0, 0, 0)
"""The day that every part of the file bears: the machine's clock is asked by nobody."""


def slip_document(slips: Sequence[Entry], place: str = "") -> bytes:
    """Slips, as their JSON has them, as the bytes of a .docx file; raises `InputFileError` without python-docx."""
    try:
        import docx
    except ImportError:
        raise InputFileError(documents_missing(place)) from None
    document = docx.Document()
    _set_page(document)
    for at, slip in enumerate(slips):
        one = letter(slip)
        if at:
            document.add_page_break()
        _sheet(document, one)
        document.add_page_break()
        _sources(document, one)
    _set_properties(document, slips)
    made = BytesIO()
    document.save(made)
    return _undated(made.getvalue())


def documents_missing(place: str) -> Problem:
    """A document was to be written without the package for it."""
    return Problem(
        "TR-file-docx-extra",
        place,
        'ghi tệp .docx cần thêm gói: cài bằng  pip install "tthc-rules[documents]"',
        'writing .docx needs one more package: install it with  pip install "tthc-rules[documents]"',
    )


def _undated(content: bytes) -> bytes:
    """The same file with one day for all its parts."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(ZipInfo(part.filename, _FIRST), old.read(part), ZIP_DEFLATED)
    return made.getvalue()


# -- the page ----------------------------------------------------------------------------------------------------------


def _set_page(document: Document) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = (Mm(size) for size in _PAGE)
    for side, size in _MARGINS.items():
        setattr(section, f"{side}_margin", Mm(size))
    for name, size in (("Normal", _BODY), ("Heading 1", _TITLE), ("Heading 2", _BODY)):
        _set_font(document, name, size)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    above = section.header.paragraphs[0]
    _align(above, "CENTER")
    _write(above, f"{DRAFT} – {UNSIGNED}; {LAYOUT}", size=_SMALL, bold=True)


def _set_font(document: Document, style: str, size: int) -> None:
    """One family for every kind of letter; a theme of the template would else win over it."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    font = document.styles[style].font
    font.name, font.size, font.color.rgb = _FONT, Pt(size), RGBColor(0, 0, 0)
    names = font.element.rPr.rFonts
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        names.set(qn(f"w:{kind}"), _FONT)
        names.attrib.pop(qn(f"w:{kind}Theme"), None)
    names.attrib.pop(qn("w:cstheme"), None)


def _set_properties(document: Document, slips: Sequence[Entry]) -> None:
    from docx.oxml.ns import qn

    for said in document.styles.element.iter(qn("w:lang")):
        said.set(qn("w:val"), "vi-VN")
    about = document.core_properties
    first = slips[0] if slips else {}
    about.title = _clean(f"Dự thảo phiếu – hồ sơ {first.get('dossier_id', '')}")[:255]
    about.author = about.last_modified_by = about.comments = ""
    about.language = "vi-VN"
    about.created = about.modified = datetime.fromisoformat(str(first.get("as_of") or "1980-01-01"))


# -- the sheet ---------------------------------------------------------------------------------------------------------


def _sheet(document: Document, one: SlipLetter) -> None:
    from docx.shared import Pt

    _align(_write(document.add_paragraph(), one.form, italic=True), "RIGHT")
    left, right = _two(document)
    _centred(left, [(one.parent, {}), (one.issuer, {"bold": True}), (_RULE, {"size": 7}), ("Số: ", {})])
    _fill(left.paragraphs[-1], one.number)
    _centred(right, [(STATE, {"bold": True, "size": 12}), (MOTTO, {"bold": True}), (_RULE * 2, {"size": 7})])
    _centred(right, [("………, ngày …… tháng …… năm ………", {"italic": True})])
    title = document.add_heading(_clean(one.title), 1)
    _align(title, "CENTER")
    title.paragraph_format.space_after = Pt(10)
    for runs in one.paragraphs:
        _paragraph(document, runs)
    _foot(document, one)


def _paragraph(document: Document, runs: Sequence[Run]) -> None:
    made = document.add_paragraph()
    _align(made, "JUSTIFY")
    for one in runs:
        if isinstance(one, Gap):
            _fill(made, one)
        else:
            _write(made, one)
    last = runs[-1] if runs else ""
    if isinstance(last, Gap) and last.lines:
        _align(made, "LEFT")
        _ruled(made)
        for _ in range(last.lines - 1):
            more = document.add_paragraph()
            _write(more, "\t")
            _ruled(more)


def _fill(made: Paragraph, gap: Gap) -> None:
    _write(made, gap.text or ("\t" if gap.lines else gap.dots))


def _ruled(made: Paragraph) -> None:
    """A tab of this paragraph is a dotted line to the margin."""
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm

    made.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _foot(document: Document, one: SlipLetter) -> None:
    document.add_paragraph()
    left, right = _two(document)
    if len(one.signed_by) > 1:
        for cell, name in zip((left, right), one.signed_by, strict=False):
            _sign(cell, name)
        return
    if one.recipients:
        _write(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=_SMALL)
    for runs in one.recipients:
        line = left.add_paragraph()
        for run in runs:
            _write(line, run if isinstance(run, str) else run.text or run.dots, size=_SMALL)
    _sign(right, one.signed_by[0] if one.signed_by else "")


def _sign(cell: _Cell, name: str) -> None:
    _centred(
        cell, [(name or "……………………………", {"bold": bool(name)}), (SIGN, {"italic": True}), ("", {}), ("", {}), ("", {})]
    )


def _two(document: Document) -> tuple[_Cell, _Cell]:
    """Two columns side by side, without lines."""
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    widths = _WIDTH * 2 // 5, _WIDTH - _WIDTH * 2 // 5
    for column, cell, width in zip(table.columns, (left, right), widths, strict=True):
        column.width = cell.width = Mm(width)  # programs differ in which of the two they read
    return left, right


def _centred(cell: _Cell, lines: Iterable[tuple[str | Gap, dict[str, Any]]]) -> None:
    from docx.shared import Pt

    for said, how in lines:
        is_first = len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs
        made = cell.paragraphs[0] if is_first else cell.add_paragraph()
        _align(made, "CENTER")
        made.paragraph_format.space_after = Pt(0)
        text = (said.text.upper() or said.dots) if isinstance(said, Gap) else said
        _write(made, text, **how)


# -- the page that is not sent -----------------------------------------------------------------------------------------


def _sources(document: Document, one: SlipLetter) -> None:
    slip = one.slip
    document.add_heading("Trang này không gửi đi: từng ô của phiếu lấy từ đâu", 2)
    for said in _told(slip):
        _write(document.add_paragraph(style="List Bullet"), said, size=_SMALL)
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    _row(table, ("Ô", "Ghi", "Lấy từ đâu, hoặc ai phải ghi"), is_head=True)
    for field in slip.get("fields") or []:
        label, origin = ((field.get(name) or {}).get("vi", "") for name in ("label", "origin"))
        source = f" ({field['source']})" if field.get("source") else ""
        _row(table, (label, field.get("printed") or "để trống", f"{origin}{source}"))


def _told(slip: Entry) -> Iterator[str]:
    """Why there is this slip, what must be known of it, and its clauses."""
    yield standing(slip)
    yield from times(slip)
    for warning in slip.get("warnings") or []:
        outcome = words.say(words.OUTCOMES, str(warning.get("outcome")), "vi")
        name = ((warning.get("duty") or {}).get("label") or {}).get("vi") or warning.get("id")
        yield f"Gửi vào ngày {day(slip.get('as_of'))} thì: {outcome} – {name}"
    for remark in slip.get("remarks") or []:
        yield words.say(slip_words.REMARKS, str(remark), "vi")
    note = (slip.get("form") or {}).get("note") or {}
    if note.get("vi"):
        yield str(note["vi"])
    for clause in (*(slip.get("citations") or []), *((slip.get("form") or {}).get("citations") or [])):
        quote = f" «{clause['quote']}»" if clause.get("quote") else ""
        status = words.say(words.STATUSES, str(clause.get("status")), "vi")
        yield f"Căn cứ: {clause.get('vi')}{quote} ({status})"


def _row(table: Table, texts: Sequence[str], *, is_head: bool = False) -> None:
    from docx.oxml import OxmlElement

    row = table.rows[0] if is_head else table.add_row()
    for cell, text in zip(row.cells, texts, strict=True):
        _write(cell.paragraphs[0], text, size=_SMALL, bold=is_head)
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _write(
    made: Paragraph, text: str, *, bold: bool = False, italic: bool = False, size: int | None = None
) -> Paragraph:
    """Words at the end of a paragraph; of others' words nothing is left that a program would act on."""
    from docx.shared import Pt

    run = made.add_run(text if text == "\t" else _clean(text))
    run.bold, run.italic = bold or None, italic or None
    if size is not None:
        run.font.size = Pt(size)
    return made


def _align(made: Paragraph, how: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    made.alignment = WD_ALIGN_PARAGRAPH[how]


def _clean(text: object) -> str:
    return visible(nfc(str(text)))

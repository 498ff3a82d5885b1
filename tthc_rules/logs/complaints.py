"""What is told of a log, a row or a mapping that cannot be read: one constructor a code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tthc_rules.errors import Problem, nearest_of, shown


def delimiter_unusable(place: str, written: str) -> Problem:
    """A delimiter that cannot separate cells."""
    return Problem(
        "TR-file-delimiter",
        place,
        f"dấu phân cách phải là một ký tự, không phải dấu ngoặc kép hay xuống dòng: {written!r}",
        f"the delimiter must be one character, neither a quote nor a line end: {written!r}",
    )


def folder_in_folder(code: str, place: str, name: str) -> Problem:
    """A folder inside of the one that is read, with files as they are read there."""
    return Problem(
        code,
        place,
        f"các tệp trong thư mục con này (như «{shown(name)}») sẽ không được đọc; chuyển các tệp ra cùng một thư mục, "
        "hoặc nêu thư mục con",
        f"what lies in this folder inside (such as “{shown(name)}”) would not be read; put the files into one folder, "
        "or name that one",
    )


def column_header_unusable(place: str, number: int, name: str) -> Problem:
    """A column of the header has no name, or the name of another column."""
    if not name:
        return Problem(
            "TR-file-header",
            place,
            f"cột thứ {number} không có tên; đặt tên hoặc xóa cột",
            f"column {number} has no name; name it or remove it",
        )
    return Problem(
        "TR-file-header",
        place,
        f"tên cột «{shown(name)}» bị lặp ở cột thứ {number}; đổi tên một cột",
        f"the column name “{shown(name)}” is repeated at column {number}; rename one of them",
    )


def column_unknown(place: str, name: str, known: Sequence[str], hint: tuple[str, str] = ("", "")) -> Problem:
    """A column of a file of records that no record has: one complaint, not one for each row."""
    return Problem(
        "TR-input-unknown-field",
        place,
        f"không có cột «{shown(name)}» ở đây{hint[0]}",
        f"there is no column “{shown(name)}” here{hint[1]}",
        known=tuple(known),
        nearest=nearest_of(name, known),
    )


def row_width(place: str, found: int, expected: int) -> Problem:
    """A row with more or fewer cells than the header."""
    return Problem(
        "TR-row-width",
        place,
        f"dòng có {found} ô, tiêu đề có {expected} cột; kiểm tra dấu phân cách và dấu ngoặc kép",
        f"the row has {found} cells, the header {expected} columns; check delimiters and quotes",
    )


_CSV_WORDS: Final = (
    ("quote not closed", "dấu ngoặc kép chưa đóng"),
    ("unexpected end of data", "dấu ngoặc kép chưa đóng khi tệp đã hết"),
    ("field larger than", "ô dài quá mức"),
    ("line contains NUL", "có ký tự NUL"),
    ("new-line character", "xuống dòng ở ngoài dấu ngoặc kép"),
)
"""How a reader of CSV begins what it says -> our words."""


def row_broken(place: str, why: str) -> Problem:
    """A row that is not CSV: a quote never closed, a cell too large."""
    vi = next((f"{said} [{shown(why, 120)}]" for start, said in _CSV_WORDS if why.startswith(start)), shown(why, 120))
    return Problem(
        "TR-row-csv",
        place,
        f"dòng CSV hỏng ({vi}); kiểm tra dấu ngoặc kép",
        f"broken CSV row ({shown(why, 120)}); check the quotes",
    )


def dossier_id_missing(place: str) -> Problem:
    """A row, line or trace that does not say which dossier it belongs to."""
    return Problem(
        "TR-row-dossier-id",
        place,
        "không có mã hồ sơ; mỗi dòng phải nêu hồ sơ của nó",
        "there is no dossier id; every row must say which dossier it belongs to",
    )


def attribute_conflict(place: str, column: str, first: object, other: object) -> Problem:
    """An attribute that must be constant within a dossier has two values."""
    return Problem(
        "TR-row-conflict",
        place,
        f"«{shown(column)}» phải không đổi trong một hồ sơ, nhưng có hai giá trị: {shown(first)} và {shown(other)}",
        f"“{shown(column)}” must be constant within a dossier but has two values: {shown(first)} and {shown(other)}",
    )


def event_incomplete(place: str, field: str) -> Problem:
    """A row of the log that has no kind of event, or no time."""
    return Problem(
        "TR-row-event",
        place,
        f"sự kiện thiếu «{field}»; điền vào, hoặc bỏ trống cả sự kiện nếu dòng chỉ nêu thuộc tính của hồ sơ",
        f"the event lacks “{field}”; fill it in, or leave all of the event empty if the row only describes the dossier",
    )


def record_unsuitable(place: str, vi: str, en: str) -> Problem:
    """A JSON value or an XES element that is well formed but cannot be a dossier or an event there."""
    return Problem("TR-row-record", place, vi, en)


def xml_broken(place: str, why: str) -> Problem:
    """The text is not well-formed XML, or not XES."""
    return Problem(
        "TR-file-xml",
        place,
        f"XML hỏng hoặc không phải XES: {shown(why, 120)}; xuất lại tệp (các hồ sơ sau chỗ này không đọc được)",
        f"broken XML, or not XES: {shown(why, 120)}; export the file again (dossiers after this place are unread)",
    )


def xml_encoding(place: str, why: str) -> Problem:
    """The XML declares an encoding that is not known, or not one for XML."""
    return Problem(
        "TR-file-encoding",
        place,
        f"tệp XML khai báo một mã hóa không đọc được ({shown(why, 120)}); lưu lại tệp với UTF-8",
        f"the XML declares an encoding that is not read ({shown(why, 120)}); save the file again as UTF-8",
    )


def xml_forbidden(place: str) -> Problem:
    """A document type declaration: entities are never expanded or fetched."""
    return Problem(
        "TR-file-doctype",
        place,
        "tệp có khai báo DOCTYPE hoặc thực thể, không được nhận vì an toàn; xóa khai báo đó",
        "the file has a DOCTYPE or entity declaration, which is refused for safety; remove it",
    )


def record_too_large(place: str, limit: str) -> Problem:
    """One line, cell, trace or token larger than any real dossier."""
    return Problem(
        "TR-file-size",
        place,
        f"quá lớn (giới hạn {limit}); một hồ sơ thật không lớn như vậy, kiểm tra tệp",
        f"too large (the limit is {limit}); no real dossier is, check the file",
    )


def value_not_of_type(place: str, name: str, value: object, wanted: str) -> Problem:
    """A value that cannot be read as the type or date format it is said to have."""
    return Problem(
        "TR-row-type",
        place,
        f"«{shown(name)}»: không đọc được {shown(value)} theo kiểu {shown(wanted)}",
        f"“{shown(name)}”: {shown(value)} cannot be read as {shown(wanted)}",
    )


def day_absent(place: str, name: str, value: object, said: tuple[str, str]) -> Problem:
    """A value that is written as a date is, and is none; `said` is why, in both languages."""
    return Problem(
        "TR-row-type",
        place,
        f"«{shown(name)}»: {said[0]} (ghi là {shown(value)})",
        f"“{shown(name)}”: {said[1]} (written {shown(value)})",
    )


def zone_unknown_here(place: str, name: str, zone: str) -> Problem:
    """The wall clock of a source is to be kept, and this machine has no rules of its zone."""
    return Problem(
        "TR-row-zone",
        place,
        f"«{shown(name)}»: máy này không biết múi giờ {shown(zone)}, nên không biết đồng hồ ở nguồn chỉ mấy giờ; "
        f"ghi timezone trong tệp ánh xạ (trên Windows: pip install tzdata)",
        f"“{shown(name)}”: this machine does not know the zone {shown(zone)}, and so not what the clock of the source "
        f"showed; write timezone in the mapping (on Windows: pip install tzdata)",
    )


def day_of_two(place: str, name: str, day: object, zone: str | None) -> Problem:
    """A day without an hour, in a zone where it is shared by two Vietnam days."""
    return Problem(
        "TR-row-zone",
        place,
        f"«{shown(name)}»: {shown(day)} không có giờ, mà một ngày ở {zone} nằm trên hai ngày của Việt Nam; "
        "giữ đồng hồ của nguồn bằng keep_wall_clock: true, hoặc lấy cột có giờ",
        f"“{shown(name)}”: {shown(day)} has no hour, and a day of {zone} lies on two Vietnam days; "
        "keep the clock of the source with keep_wall_clock: true, or take a column with hours",
    )


def hour_of_two(place: str, name: str, moment: object, zone: str | None) -> Problem:
    """An hour that a zone had twice, or not at all, when it changed its clocks."""
    return Problem(
        "TR-row-zone",
        place,
        f"«{shown(name)}»: {shown(moment)} ở {zone} có hai lần hoặc không có (đổi giờ); cần giờ có độ lệch (+01:00), "
        "hoặc keep_wall_clock: true",
        f"“{shown(name)}”: {shown(moment)} came twice in {zone}, or never (clocks were changed); hours with an offset "
        "(+01:00) are needed, or keep_wall_clock: true",
    )


def part_missing(place: str, name: str, column: str) -> Problem:
    """A value that is put together of several columns lacks one of them."""
    return Problem(
        "TR-row-part",
        place,
        f"«{shown(name)}» ghép từ nhiều cột, mà ô «{shown(column)}» trống hoặc không phải chữ, số nguyên",
        f"“{shown(name)}” is put together of several columns, and the cell “{shown(column)}” is empty or neither text "
        "nor a whole number",
    )


def part_has_join(place: str, name: str, column: str, join: str) -> Problem:
    """A part of a value holds the sign that the parts are joined by: two different values could come out as one."""
    return Problem(
        "TR-row-part",
        place,
        f"«{shown(name)}»: ô «{shown(column)}» chứa dấu nối {join!r}, nên hai mã khác nhau có thể thành một; "
        "chọn join khác trong tệp ánh xạ",
        f"“{shown(name)}”: the cell “{shown(column)}” holds the sign {join!r} that joins, so two values could become "
        "one; choose another join in the mapping",
    )


def value_not_mapped(place: str, name: str, value: object, known: Sequence[str]) -> Problem:
    """A cell whose value is not in the mapping's `values`, where the mapping says `other: error`."""
    return Problem(
        "TR-row-value",
        place,
        f"«{shown(name)}»: tệp ánh xạ không có giá trị {shown(value)}; thêm vào values, hoặc đổi other",
        f"“{shown(name)}”: the mapping has no value {shown(value)}; add it to values, or change other",
        known=tuple(shown(word) for word in known[:24]),
        nearest=nearest_of(str(value), known),
    )


def dossier_repeated(place: str, dossier_id: str, first: str) -> Problem:
    """The same dossier a second time, where a dossier must be in one piece."""
    return Problem(
        "TR-row-repeated",
        place,
        f"hồ sơ «{shown(dossier_id)}» đã có ở {first}; gộp lại, hoặc bỏ tùy chọn grouped nếu tệp không xếp theo hồ sơ",
        f"dossier “{shown(dossier_id)}” was already at {first}; join them, or drop the option grouped",
    )


def dossier_not_in_log(place: str, dossier_id: str) -> Problem:
    """The file of attributes describes a dossier that the log does not have."""
    return Problem(
        "TR-row-not-in-log",
        place,
        f"có thuộc tính cho hồ sơ «{shown(dossier_id)}» nhưng hồ sơ này không có trong nhật ký sự kiện",
        f"there are attributes for dossier “{shown(dossier_id)}”, which is not in the event log",
    )


def mapping_meaning(place: str, vi: str, en: str) -> Problem:
    """A mapping file that says something it cannot mean."""
    return Problem("TR-mapping-meaning", place, vi, en)


def cell_in_error(place: str, name: str, said: str) -> Problem:
    """A cell of a spreadsheet that shows an error, or a formula whose value was never stored."""
    if not said:
        return Problem(
            "TR-row-cell",
            place,
            f"«{shown(name)}»: ô là công thức chưa có giá trị lưu trong tệp; mở bằng Excel, lưu lại, rồi chạy lại",
            f"“{shown(name)}”: the cell is a formula without a stored value; open it in Excel, save it, run again",
        )
    return Problem(
        "TR-row-cell",
        place,
        f"«{shown(name)}»: ô báo lỗi {shown(said)}; sửa công thức trong bảng tính",
        f"“{shown(name)}”: the cell shows the error {shown(said)}; mend the formula in the spreadsheet",
    )


def cells_joined(place: str) -> Problem:
    """Cells of several columns that were merged into one: what stood under it is lost."""
    return Problem(
        "TR-row-cell",
        place,
        "các ô của nhiều cột bị gộp, chỉ còn giá trị của ô đầu; bỏ gộp ô và điền lại",
        "cells of several columns were merged, and only the first value is left; unmerge them and fill them in",
    )


def number_rounded(place: str, name: str) -> Problem:
    """A number of more digits than a spreadsheet keeps: a code that should have been text."""
    return Problem(
        "TR-row-cell",
        place,
        f"«{shown(name)}»: số có trên 15 chữ số, bảng tính đã làm tròn; định dạng cột là Text rồi nhập lại",
        f"“{shown(name)}”: a number of more than 15 digits, which the spreadsheet has rounded; make the column Text "
        "and enter it again",
    )


def header_joined(place: str, name: str) -> Problem:
    """A name that stands over several columns: which of them it is the name of is not known."""
    return Problem(
        "TR-file-header",
        place,
        f"tên cột «{shown(name)}» gộp nhiều cột; ghi header_row là dòng có tên của từng cột, hoặc bỏ gộp ô",
        f"the name “{shown(name)}” is merged over several columns; let header_row be the row in which each column has "
        "its name, or unmerge the cells",
    )


def header_empty(place: str) -> Problem:
    """The row that should hold the names of the columns holds nothing."""
    return Problem(
        "TR-file-header",
        place,
        "dòng này không có tên cột nào; ghi header_row trong tệp ánh xạ (mục xlsx) nếu tên cột ở dòng khác",
        "no names of columns are in this row; write header_row in the mapping (under xlsx) if they stand elsewhere",
    )


def sheet_of_no_workbook(place: str, sheet: str) -> Problem:
    """A sheet was named of a file that has none."""
    return Problem(
        "TR-file-sheet",
        place,
        f"chỉ tệp Excel (.xlsx) có trang tính; bỏ --sheet {shown(sheet)} (sheet)",
        f"only an Excel file (.xlsx) has sheets; leave out --sheet {shown(sheet)} (sheet)",
    )


def xlsx_missing(place: str) -> Problem:
    """A workbook was to be read or written without the packages for it."""
    return Problem(
        "TR-file-xlsx-extra",
        place,
        'đọc, ghi Excel cần thêm gói: cài bằng  pip install "tthc-rules[xlsx]"',
        'Excel needs more packages: install them with  pip install "tthc-rules[xlsx]"',
    )


def regime_unsaid() -> Problem:
    """A mapping of a source with another clock than Vietnam's that does not say which rules its dossiers fall under."""
    return Problem(
        "TR-mapping-regime",
        "",
        "nhật ký theo đồng hồ khác của Việt Nam thì phải nói hồ sơ thuộc dòng quy tắc nào; thêm  regime: tên  (của tệp "
        "clock trong --rules), hoặc  regime: one_stop  nếu đúng là hồ sơ một cửa",
        "a log by another clock than Vietnam's must say which family of rules its dossiers fall under; add  "
        "regime: name  (of a clock file in --rules), or  regime: one_stop  if they are one-stop dossiers",
    )


def observes_unsaid(place: str, kinds: Sequence[str]) -> Problem:
    """A mapping that lets only some kinds of event through and does not say which kinds its source can show."""
    return Problem(
        "TR-mapping-observes",
        place,
        "tệp ánh xạ chỉ nhận một số loại sự kiện mà không nêu nguồn ghi được loại nào: việc không có trong nguồn sẽ bị "
        "coi là chưa làm; thêm  observes: [loại, …]",
        "the mapping lets only some kinds of event through and does not say which its source can show: what is not in "
        "the source counts as not done; add  observes: [kind, …]",
        known=tuple(kinds),
    )

"""What the library says when it cannot go on: a stable code, the place, what is known there, what to do.

Every error is one `TthcError` carrying one or more `Problem`s; the wording lives in the named constructors below, so
that a code is never written twice. Nothing of ours is imported here.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final
from unicodedata import category, normalize
from unicodedata import name as name_of

__all__ = [
    "AccountError",
    "CaseError",
    "DossierError",
    "EngineError",
    "InputFileError",
    "OptionError",
    "Problem",
    "RuleFileError",
    "TthcError",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in words for the person who has to mend it.

    `place` is `file:line:column` for text and a JSON path (`events[2].at`) for data; `excerpt` is the offending line
    with a caret under the column; `known` is what would have been accepted there.
    """

    code: str
    place: str
    vi: str
    en: str
    excerpt: str = ""
    known: tuple[str, ...] = ()
    nearest: str = ""

    def at(self, place: str, excerpt: str = "") -> Problem:
        """The same problem, with the place filled in by the reader that knows it."""
        return replace(self, place=place, excerpt=excerpt or self.excerpt)

    def render(self, lang: str = "vi") -> str:
        """The problem as text, Vietnamese (`vi`) with English under it, or English alone (`en`)."""
        lines = [f"{self.code} {self.place}".rstrip() + f": {self.vi if lang == 'vi' else self.en}"]
        if lang == "vi":
            lines.append(f"  ({self.en})")
        lines += [f"  | {line}" for line in self.excerpt.splitlines()]
        if self.nearest:
            lines.append(f"  có phải bạn muốn viết «{self.nearest}»? / did you mean “{self.nearest}”?")
        if self.known:
            lines.append("  ở đây nhận / known here: " + ", ".join(self.known))
        return "\n".join(map(visible, lines))


class TthcError(Exception):
    """The base of every error this library raises; `code` and `place` are those of the first problem."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    @property
    def code(self) -> str:
        return self.problems[0].code

    @property
    def place(self) -> str:
        return self.problems[0].place

    def render(self, lang: str = "vi") -> str:
        """All problems as text, one under the other."""
        return "\n".join(problem.render(lang) for problem in self.problems)

    def __str__(self) -> str:
        return self.render()


class RuleFileError(TthcError):
    """A rule, calendar or catalogue file cannot be used as law."""


class DossierError(TthcError, ValueError):
    """A dossier cannot be judged: the input itself is malformed."""


class OptionError(TthcError, ValueError):
    """What is asked cannot be asked so: an option of the call, a fault of the caller and not of any dossier."""


class AccountError(TthcError, ValueError):
    """An account cannot be made: the question, or a record handed over beside the dossiers, is malformed."""


class CaseError(TthcError):
    """A case file is malformed; a case that merely fails is not an error."""


class EngineError(TthcError):
    """An engine other than the reference cannot be used, or gave no whole answer; never the fault of a dossier."""


class InputFileError(TthcError):
    """A file of dossiers or a mapping cannot be read at all."""


def nearest_of(word: object, known: Iterable[str]) -> str:
    """The known word closest to what was written, or nothing; what is no short text is close to none."""
    if not isinstance(word, str) or len(word) > 100:
        return ""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def visible(line: str) -> str:
    """One line as a terminal or a page may show it: what controls, hides or turns text is said as «\\u{1b}»."""
    if line.isprintable():
        return line
    return "".join(f"\\u{{{ord(sign):x}}}" if category(sign) in _UNSEEN else sign for sign in line)


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, of invisible and direction marks, of half characters, of line ends."""


def shown(value: object, limit: int = 60) -> str:
    """A value as it may stand in a message: short, and nothing in it that cannot be seen."""
    text = value if isinstance(value, str) else _written(value)
    return visible(text[:limit]) + ("…" if len(text) > limit else "")


def _written(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # a number of more digits than Python writes, a list in itself, foreign classes
        return f"<{type(value).__name__}>"


# -- reasons of the machine --------------------------------------------------------------------------------------------

_REASONS: Final[Mapping[int, tuple[str, str]]] = {
    errno.ENOENT: ("không có tệp hay thư mục này", "there is no such file or folder"),
    errno.EACCES: ("không có quyền đọc hoặc ghi ở đây", "permission denied"),
    errno.EPERM: ("không có quyền làm việc này", "this is not permitted"),
    errno.EISDIR: ("đây là thư mục, không phải tệp", "this is a folder, not a file"),
    errno.ENOTDIR: ("một phần của đường dẫn không phải thư mục", "a part of the path is not a folder"),
    errno.EEXIST: ("đã có tệp hay thư mục tên này", "there is a file or folder of that name already"),
    errno.ENOTEMPTY: ("thư mục không rỗng", "the folder is not empty"),
    errno.ENOSPC: ("đĩa đã đầy", "the disk is full"),
    errno.EROFS: ("ổ đĩa chỉ cho đọc", "the disk is read-only"),
    errno.EFBIG: ("tệp quá lớn", "the file is too large"),
    errno.ENAMETOOLONG: ("tên tệp quá dài", "the name of the file is too long"),
    errno.ELOOP: ("các liên kết trỏ vòng quanh nhau", "links point to each other in a circle"),
    errno.EMFILE: ("mở quá nhiều tệp cùng lúc", "too many files are open"),
    errno.ENFILE: ("mở quá nhiều tệp cùng lúc", "too many files are open"),
    errno.EBUSY: ("tệp đang được chương trình khác dùng", "the file is in use"),
    errno.EINVAL: ("tên hoặc đường dẫn không hợp lệ", "the name or path is not valid"),
    errno.EIO: ("ổ đĩa đọc, ghi bị lỗi", "the disk fails to read or write"),
    errno.ENXIO: ("thiết bị hoặc ống dẫn không mở được", "the device or pipe cannot be opened"),
    errno.EPIPE: ("đầu nhận đã đóng", "the receiving end is closed"),
}
_BY_TEXT: Final = {os.strerror(number): said for number, said in _REASONS.items()}
_ERRNO: Final = re.compile(r"\[(?:Errno|WinError) \d+\] (?P<why>[^:]*)")


def reason_of(why: object) -> tuple[str, str]:
    """Why the machine refused, in both languages: an `OSError`, its text, or another exception as it says itself."""
    if isinstance(why, OSError) and why.errno is not None and why.errno in _REASONS:
        return _REASONS[why.errno]
    if isinstance(why, UnicodeDecodeError):
        return f"không phải UTF-8 (byte thứ {why.start + 1})", f"not UTF-8 (byte {why.start + 1})"
    text = str(why)
    found = _ERRNO.match(text)
    known = _BY_TEXT.get(found["why"].strip() if found else text)
    return known if known is not None else (shown(text, 200), shown(text, 200))


# -- words that are not known ------------------------------------------------------------------------------------------


def lookalikes(written: object) -> tuple[str, str]:
    """Letters of other alphabets in a word, which look like ours and are not: said in both languages, or nothing."""
    if not isinstance(written, str) or written.isascii():
        return "", ""
    strange = [
        f"«{letter}» = U+{ord(letter):04X} {name_of(letter, '')}".rstrip()
        for letter in dict.fromkeys(written[:100])
        if letter.isalpha() and letter not in "đĐ" and not normalize("NFD", letter)[0].isascii()
    ][:3]
    if not strange:
        return "", ""
    return f"; có chữ cái lạ: {', '.join(strange)}", f"; it has look-alike letters: {', '.join(strange)}"


def misspelt(place: str, written: str, meant: str) -> Problem:
    """A name that was meant to be a known one: what it names would else be taken not to have happened."""
    vi, en = lookalikes(written)
    return Problem(
        "TR-input-misspelt",
        place,
        f"«{shown(written)}» là tên viết sai của «{meant}»{vi}: hãy sửa lại; nếu là tên khác hẳn thì đặt tên khác",
        f"“{shown(written)}” misspells “{meant}”{en}: mend it, or give what is something else another name",
        nearest=meant,
    )


def not_text(place: str) -> Problem:
    """An option that should be a name and is something else."""
    return Problem("TR-option-type", place, "phải là văn bản", "must be text")


def not_dossiers(place: str) -> Problem:
    """An option that should be a list of dossiers and is something else, such as one dossier."""
    return Problem("TR-option-type", place, "phải là danh sách hồ sơ", "must be a list of dossiers")


def unknown_word(place: str, what_vi: str, what_en: str, word: str, known: Sequence[str], code: str) -> Problem:
    """A name that is not among those known in that place, with the nearest one."""
    listed = tuple(sorted(known))
    nearest = nearest_of(word, known)
    vi, en = lookalikes(word) if nearest else ("", "")
    return Problem(
        code,
        place,
        f"không có {what_vi} «{shown(word)}»{vi}",
        f"there is no {what_en} “{shown(word)}”{en}",
        known=listed if len(listed) <= 24 else (*listed[:24], "…"),
        nearest=nearest,
    )


def retired_word(place: str, word: str, successor: str, because: tuple[str, str]) -> Problem:
    """An id that is used no more, with the one that stands in its place."""
    instead = (f"; nay là «{successor}»", f"; it is now “{successor}”") if successor else ("", "")
    return Problem(
        "TR-name-retired",
        place,
        f"mã «{shown(word)}» không còn dùng: {because[0]}{instead[0]}",
        f"the id “{shown(word)}” is used no more: {because[1]}{instead[1]}",
        nearest=successor,
    )


# -- files of dossiers -------------------------------------------------------------------------------------------------


def file_name_not_text(path: str) -> Problem | None:
    """A name that is no UTF-8 text cannot be written into a result or an error; nothing for any other."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        pass
    else:
        if "\0" not in path:
            return None
    return Problem(
        "TR-file-name",
        shown(path.encode("utf-8", "backslashreplace").decode(), 400),
        "tên tệp không phải văn bản UTF-8; đổi tên tệp",
        "the name of the file is no UTF-8 text; rename it",
    )


def file_not_readable(place: str, why: object) -> Problem:
    """The file cannot be opened, unpacked or read to its end."""
    vi, en = reason_of(why)
    return Problem(
        "TR-file-unreadable",
        place,
        f"không đọc được tệp: {vi}; kiểm tra đường dẫn, quyền đọc, hoặc tải lại tệp",
        f"the file cannot be read: {en}; check the path and permissions, or fetch the file again",
    )


def file_format_unknown(place: str, written: str, known: Sequence[str]) -> Problem:
    """Neither the extension nor the option `format` names a format that is read, or written, here."""
    if written.lower() in SPREADSHEETS:
        return spreadsheet(place, written, known)
    return Problem(
        "TR-file-format",
        place,
        f"không biết định dạng «{shown(written)}»; đổi phần mở rộng của tệp, hoặc nêu định dạng bằng tùy chọn format",
        f"the format “{shown(written)}” is not known; rename the file, or name the format by the option format",
        known=tuple(known),
        nearest=nearest_of(written, known),
    )


SPREADSHEETS: Final = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", "xlsx", "xls", "xlsm", "xlsb", "ods"})


def spreadsheet(place: str, written: str, known: Sequence[str]) -> Problem:
    """A workbook: how its sheet becomes a file that is read here, and how a result is opened in it."""
    return Problem(
        "TR-file-format",
        place,
        f"«{shown(written)}» là bảng tính, không đọc hay ghi thẳng được. Đưa vào: mở bảng tính, chọn Tệp → Lưu thành "
        "(File → Save As), kiểu «CSV UTF-8», rồi dùng tệp .csv đó. Lấy ra: ghi .csv rồi mở bằng Excel",
        f"“{shown(written)}” is a spreadsheet, which is neither read nor written as it is. In: open it, "
        "File → Save As, type “CSV UTF-8”, and use that .csv. Out: write .csv and open it in the spreadsheet",
        known=tuple(known),
    )


def delimiter_unusable(place: str, written: str) -> Problem:
    """A delimiter that cannot separate cells."""
    return Problem(
        "TR-file-delimiter",
        place,
        f"dấu phân cách phải là một ký tự, không phải dấu ngoặc kép hay xuống dòng: {written!r}",
        f"the delimiter must be one character, neither a quote nor a line end: {written!r}",
    )


def text_not_utf8(place: str, column: int) -> Problem:
    """A line of the file is not UTF-8; `column` is the first bad byte."""
    return Problem(
        "TR-file-encoding",
        f"{place}:{column}",
        "không phải UTF-8; lưu lại tệp với mã hóa UTF-8 (bảng mã cũ như TCVN3, VNI, windows-1258 không được đoán)",
        "this is not UTF-8; save the file again as UTF-8 (older encodings are not guessed)",
    )


def columns_missing(
    place: str, missing: Sequence[str], known: Sequence[str], hint: tuple[str, str] = ("", "")
) -> Problem:
    """The log lacks columns that it must have, or that the mapping names."""
    names = ", ".join(shown(name) for name in missing)
    return Problem(
        "TR-file-columns",
        place,
        f"thiếu cột {names}; thêm cột, hoặc viết tệp ánh xạ (mapping) nêu cột nào là gì{hint[0]}",
        f"missing columns: {names}; add them, or write a mapping file that says which column is what{hint[1]}",
        known=tuple(shown(name) for name in known[:40]),
        nearest=nearest_of(missing[0], known) if missing else "",
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


def json_broken(place: str, why: str) -> Problem:
    """A text that is not JSON as RFC 8259 has it, or says the same key twice."""
    vi = next((said for start, said in _JSON_WORDS if why.startswith(start)), "")
    vi = f"{vi} [{shown(why, 120)}]" if vi else shown(why, 120)
    return Problem(
        "TR-row-json",
        place,
        f"JSON hỏng: {vi}; sửa hoặc xuất lại",
        f"broken JSON: {shown(why, 120)}; mend or export it again",
    )


_JSON_WORDS: Final = (
    ("Expecting property name", "thiếu tên trường trong ngoặc kép"),
    ("Expecting ',' delimiter", "thiếu dấu phẩy"),
    ("Expecting ':' delimiter", "thiếu dấu hai chấm"),
    ("Expecting value", "thiếu giá trị"),
    ("Extra data", "còn chữ sau khi JSON đã hết"),
    ("Unterminated string", "chuỗi chưa đóng ngoặc kép"),
    ("Invalid control character", "có ký tự điều khiển trong chuỗi"),
    ("Invalid", "dấu «\\» dùng sai"),
    ("Illegal trailing comma", "thừa dấu phẩy cuối"),
    ("nested too deep", "lồng quá sâu"),
    ("half a character", "có nửa ký tự"),
    ("key repeated", "một trường có hai lần"),
)
"""How a reader of JSON begins what it says -> our words; the first that fits."""


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


def no_kind_known(place: str, kinds: Sequence[str]) -> Problem:
    """A log in which no event is of a kind that is known: it would be judged as if nothing had happened."""
    listed = ", ".join(f"«{shown(kind)}»" for kind in kinds)
    return Problem(
        "TR-file-kinds",
        place,
        f"tệp không có loại sự kiện nào đã biết ({listed}); viết tệp ánh xạ nói loại nào là gì: --mapping",
        f"no kind of event in the file is known ({listed}): write a mapping that says which is what (--mapping)",
    )


def mapping_meaning(place: str, vi: str, en: str) -> Problem:
    """A mapping file that says something it cannot mean."""
    return Problem("TR-mapping-meaning", place, vi, en)


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


# -- text that is not a rule file ---


def engines_differ(dossier_id: str) -> Problem:
    """Two readings of the same rules that ought to agree."""
    return Problem(
        "TR-engine-differs",
        dossier_id,
        "hai cách đọc của cùng các quy tắc cho hai kết luận khác nhau; đây là lỗi của thư viện, xin báo lại",
        "two readings of the same rules disagree; this is a fault of the library, please report it",
    )


def bulk_missing(package: str) -> Problem:
    """The fast core was asked for without its packages."""
    return Problem(
        "TR-engine-bulk",
        package,
        'bộ máy chấm hàng loạt cần thêm gói: cài bằng  pip install "tthc-rules[bulk]"',
        'the fast core needs more packages: install them with  pip install "tthc-rules[bulk]"',
    )


def yaml_size(size: int, limit: int, scalar: bool = False) -> Problem:
    """A whole file, or one scalar in it, is longer than allowed."""
    vi, en = ("giá trị dài", "the value has") if scalar else ("tệp dài", "the file has")
    unit_vi, unit_en = ("ký tự", "characters") if scalar else ("byte", "bytes")
    return Problem(
        "TR-yaml-size",
        "",
        f"{vi} {size} {unit_vi}, vượt giới hạn {limit}: hãy rút ngắn hoặc tách ra",
        f"{en} {size} {unit_en}, the limit is {limit}: shorten it or split it",
    )


def yaml_encoding(character: str = "", escape: bool = False) -> Problem:
    """The bytes are not UTF-8, a character in the text cannot be seen, or an escape stands for no character."""
    if escape:
        vi = "mã «\\u…» này không phải là một ký tự: gõ thẳng ký tự đó vào"
        en = "this “\\u…” stands for no character: type the character itself"
    elif character:
        vi = f"có ký tự ẩn hoặc ký tự điều khiển U+{ord(character):04X}: hãy xóa nó, hoặc lưu lại tệp bằng UTF-8"
        en = f"there is an invisible or control character U+{ord(character):04X}: delete it, or save the file as UTF-8"
    else:
        vi = "tệp không phải UTF-8 (có thể là UTF-16, TCVN3, Windows-1258): mở lại và lưu bằng UTF-8"
        en = "the file is not UTF-8 (it may be UTF-16, TCVN3, Windows-1258): open it again and save it as UTF-8"
    return Problem("TR-yaml-encoding", "", vi, en)


def yaml_nfc() -> Problem:
    """Letters are written with separate marks, so that equal-looking words differ."""
    return Problem(
        "TR-yaml-nfc",
        "",
        "chữ viết bằng Unicode tổ hợp (chữ và dấu tách rời): gõ lại bằng Unicode dựng sẵn, "
        "hoặc chuyển cả tệp sang dạng NFC",
        "letters and marks are separate characters here (not NFC): type them again as precomposed letters, "
        "or convert the whole file to NFC",
    )


def yaml_tab() -> Problem:
    """A tab character stands anywhere in the text."""
    return Problem(
        "TR-yaml-tab",
        "",
        "có ký tự tab: thay bằng dấu cách; nếu cần tab trong chữ thì viết \\t trong dấu nháy kép",
        "there is a tab character: use spaces; if the text itself needs a tab, write \\t inside double quotes",
    )


_YAML_HINTS = (
    (
        "mapping values are not allowed",
        "thụt đầu dòng sai, hoặc trong giá trị có «: » mà chưa đặt trong dấu nháy",
        "wrong indentation, or a value with “: ” in it that is not quoted",
    ),
    (
        "sequence entries are not allowed",
        "xuống dòng trước dấu «- », hoặc đặt giá trị trong dấu nháy",
        "start a new line before “- ”, or quote the value",
    ),
    (
        "quoted scalar",
        "thiếu dấu nháy đóng, hoặc dấu «\\» trong nháy kép chưa viết thành «\\\\»",
        "a closing quote is missing, or a “\\” in double quotes is not written “\\\\”",
    ),
    (
        "cannot start any token",
        "giá trị bắt đầu bằng ký tự đặc biệt (@ ` %) phải đặt trong dấu nháy",
        "a value that begins with a special character (@ ` %) must be quoted",
    ),
    ("flow", "thiếu dấu phẩy hoặc dấu ngoặc đóng", "a comma or a closing bracket is missing"),
    ("find expected ':'", "thiếu dấu «:» sau khóa", "there is no “:” after the key"),
    ("", "kiểm tra thụt đầu dòng, dấu hai chấm và dấu nháy", "check indentation, colons and quotes"),
)  # what the parser says -> what to do; the first that fits


def yaml_syntax(parser_says: str) -> Problem:
    """The text is not YAML at all; the hint says what is most likely wrong."""
    said = parser_says.removeprefix(": ")
    _, vi, en = next(hint for hint in _YAML_HINTS if hint[0] in said)
    return Problem("TR-yaml-syntax", "", f"không đọc được YAML: {vi}", f"this is not YAML: {en} [{shown(said, 120)}]")


def yaml_directive() -> Problem:
    """A `%YAML` or `%TAG` line stands before the data."""
    return Problem(
        "TR-yaml-directive",
        "",
        "tệp quy tắc không dùng chỉ thị «%…» ở đầu tệp: xóa dòng này",
        "rule files use no “%…” directives: delete this line",
    )


def yaml_documents() -> Problem:
    """A second document begins in the same file."""
    return Problem(
        "TR-yaml-documents",
        "",
        "mỗi tệp chỉ chứa một tài liệu: bỏ dòng «---» này, hoặc tách phần sau thành tệp riêng",
        "a file holds one document: delete this “---” line, or move what follows to its own file",
    )


def yaml_tag(tag: str) -> Problem:
    """A value carries a tag such as `!!python/object`."""
    return Problem(
        "TR-yaml-tag",
        "",
        f"tệp quy tắc không dùng thẻ kiểu «{shown(tag)}»: bỏ thẻ, chỉ viết giá trị; nếu là chữ thì đặt trong dấu nháy",
        f"rule files use no tags such as “{shown(tag)}”: delete it and keep the value; if it is text, quote it",
    )


def yaml_anchor(name: str) -> Problem:
    """A value is named with `&` to be used again."""
    return Problem(
        "TR-yaml-anchor",
        "",
        f"tệp quy tắc không dùng neo «&{shown(name)}»: bỏ neo và viết đầy đủ ở từng chỗ; "
        "nếu là chữ thì đặt trong dấu nháy",
        f"rule files use no anchors such as “&{shown(name)}”: delete it and write the value out at each place; "
        "if it is text, quote it",
    )


def yaml_alias(name: str) -> Problem:
    """A value stands elsewhere and is only pointed to with `*`."""
    return Problem(
        "TR-yaml-alias",
        "",
        f"tệp quy tắc không dùng tham chiếu «*{shown(name)}»: chép nội dung vào đây; nếu là chữ thì đặt trong dấu nháy",
        f"rule files use no aliases such as “*{shown(name)}”: copy the value here; if it is text, quote it",
    )


def yaml_merge() -> Problem:
    """Keys of another mapping are merged in with `<<`."""
    return Problem(
        "TR-yaml-merge",
        "",
        "tệp quy tắc không dùng khóa gộp «<<»: viết đủ từng khóa ở đây",
        "rule files use no merge key “<<”: write every key out here",
    )


def yaml_duplicate(key: str, first: str) -> Problem:
    """The same key stands twice in one mapping."""
    return Problem(
        "TR-yaml-duplicate",
        "",
        f"khóa «{shown(key)}» đã có ở {first}: chỉ giữ lại một chỗ",
        f"the key “{shown(key)}” is already there at {first}: keep only one of them",
    )


def yaml_key(written: str = "") -> Problem:
    """A key is not text; `written` is a number or literal that quotes would make into text."""
    if written:
        vi, en = f"đặt «{shown(written)}» trong dấu nháy kép", f"put “{shown(written)}” in double quotes"
    else:
        vi, en = "viết một tên khóa, không để trống, không dùng danh sách", "write a name, not nothing or a list"
    return Problem("TR-yaml-key", "", f"khóa phải là chữ: {vi}", f"a key must be text: {en}")


def yaml_empty(file: bool = False) -> Problem:
    """A value, or the whole file, is missing."""
    if file:
        return Problem(
            "TR-yaml-empty",
            "",
            "tệp không có nội dung: viết nội dung vào, hoặc xóa tệp",
            "the file holds no data: write something in it, or delete the file",
        )
    return Problem(
        "TR-yaml-empty",
        "",
        'chưa có giá trị: viết null hoặc giá trị; chuỗi rỗng viết là ""',
        'the value is missing: write null or a value; empty text is written as ""',
    )


def yaml_depth(limit: int) -> Problem:
    """Lists and mappings are nested too deeply."""
    return Problem(
        "TR-yaml-depth",
        "",
        f"lồng nhau quá {limit} tầng: kiểm tra dấu ngoặc và thụt đầu dòng, hoặc viết phẳng hơn",
        f"nested more than {limit} levels: check brackets and indentation, or write it flatter",
    )


def yaml_nodes(limit: int) -> Problem:
    """There are too many keys and values in one file."""
    return Problem(
        "TR-yaml-nodes",
        "",
        f"tệp có quá {limit} khóa và giá trị: tách thành nhiều tệp",
        f"the file has more than {limit} keys and values: split it into several files",
    )


def yaml_more(limit: int) -> Problem:
    """There are more problems than anyone wants to read at once."""
    return Problem(
        "TR-yaml-more",
        "",
        f"đã có {limit} lỗi nên dừng đọc ở đây: sửa các lỗi trên rồi chạy lại",
        f"{limit} problems found, reading stops here: mend those above and run it again",
    )

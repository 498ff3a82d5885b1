"""What the library says when it cannot go on: a stable code, the place, what is known there, what to do.

Every error is one `TthcError` carrying one or more `Problem`s; wording that several rooms share lives in the named
constructors below, that of one room in its `complaints`, so that a code is never written twice. Nothing of ours is
imported here.
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
    errno.EBADF: ("luồng vào, ra này đã đóng", "this stream is closed"),
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


def supposed_no_fact(dossier_id: str) -> Problem:
    """A verdict on what has only been supposed, where facts are wanted."""
    return Problem(
        "TR-option-supposed",
        dossier_id,
        "kết luận này dựa vào sự kiện giả định (what_if), không phải việc đã xảy ra: không ghi vào kết quả hay sổ",
        "this verdict supposes events (what_if) that have not happened: no result and no account takes it",
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
    """Neither the extension nor the option `format` names a format that is read here."""
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


def output_format_unknown(place: str, written: str, known: Sequence[str]) -> Problem:
    """The extension of a result names no format that is written here: an option `format` may be that of the input."""
    if written.lower() in SPREADSHEETS:
        return spreadsheet(place, written, known)
    vi = f"không ghi được định dạng «{shown(written)}»; đặt cho tệp kết quả một trong các đuôi mà ở đây nhận"
    en = f"the format “{shown(written)}” is not written here; give the result one of the extensions that are known here"
    return Problem("TR-file-format", place, vi, en, known=tuple(known), nearest=nearest_of(written, known))


SPREADSHEETS: Final = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", "xlsx", "xls", "xlsm", "xlsb", "ods"})


def spreadsheet(place: str, written: str, known: Sequence[str]) -> Problem:
    """A workbook: how its sheet becomes a file that is read here, and how a result is opened in it."""
    return Problem(
        "TR-file-format",
        place,
        f"«{shown(written)}» là bảng tính, ở đây không đọc hay ghi thẳng được. Đưa vào: mở bảng tính, chọn Tệp → Lưu "
        "thành (File → Save As), kiểu «CSV UTF-8», rồi dùng tệp .csv đó (rescore nhận cả .xlsx). Lấy ra: ghi .csv, "
        "hoặc .xlsx nếu có trong danh sách",
        f"“{shown(written)}” is a spreadsheet, which is neither read nor written here as it is. In: open it, "
        "File → Save As, type “CSV UTF-8”, and use that .csv (rescore also takes .xlsx). Out: write .csv, or .xlsx "
        "if it is listed",
        known=tuple(known),
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


def engines_differ(dossier_id: str) -> Problem:
    """Two readings of the same rules that ought to agree."""
    return Problem(
        "TR-engine-differs",
        dossier_id,
        "hai cách đọc của cùng các quy tắc cho hai kết luận khác nhau; đây là lỗi của thư viện, xin báo lại",
        "two readings of the same rules disagree; this is a fault of the library, please report it",
    )


def not_compiled(name: str, why: str) -> Problem:
    """The fast core cannot make machine code of one of its functions."""
    return Problem(
        "TR-engine-compile",
        name,
        f"không dịch được một hàm của lõi nhanh ra mã máy ({why}); lỗi của thư viện: hãy báo cho người giữ nó",
        f"a function of the fast core cannot be compiled ({why}); a fault of the library: tell its maintainers",
    )


def bulk_missing(package: str) -> Problem:
    """The fast core was asked for without its packages."""
    return Problem(
        "TR-engine-bulk",
        package,
        'bộ máy chấm hàng loạt cần thêm gói: cài bằng  pip install "tthc-rules[bulk]"',
        'the fast core needs more packages: install them with  pip install "tthc-rules[bulk]"',
    )

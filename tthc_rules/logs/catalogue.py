"""Published procedures as the national portal, or a table made of its pages, lists them, a line for a way of filing.

The portal's JSON is `{code, data, message}` around one procedure or a list of them, each with `executionMethods`; a
table has the columns `procedure`, `channel`, `cell`, `description`, `decision`, `known_from` (or their names in
Vietnamese). Nothing is read into the texts here: `described.read_limit` does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from tthc_rules.errors import InputFileError, Problem, file_format_unknown
from tthc_rules.law.civil import written_day
from tthc_rules.law.text import nfc
from tthc_rules.logs.complaints import record_unsuitable, value_not_of_type
from tthc_rules.logs.csv import read_rows
from tthc_rules.logs.json import read_lines, read_whole
from tthc_rules.logs.layout import delimiter_hint

__all__ = ["CHANNELS", "FORMATS", "Published", "read_catalogue"]

FORMATS: Final = (".json", ".ndjson", ".jsonl", ".csv")
CHANNELS: Final = ("in_person", "online", "postal")


@dataclass(frozen=True, slots=True)
class Published:
    """The limit of one procedure for some ways of filing (none named: all), as published; and from when it is known."""

    place: str
    procedure: str
    channels: tuple[str, ...]
    cell: str
    description: str
    decision: str
    known_from: date | None


def read_catalogue(path: Path, delimiter: str = ",", format: str | None = None) -> Iterator[Published | Problem]:
    """What the file publishes, in its order; a record that cannot be used is a problem, broken text stops the file.

    `format` (`json`, `ndjson`, `csv`) overrides the extension.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    match f".{format}" if format else suffixes[-1] if suffixes else "":
        case ".csv":
            yield from _table(path, delimiter)
        case ".json":
            for record in read_whole(path):
                yield from [record.problem] if record.problem else _answer(record.place, record.fields, 0)
        case ".ndjson" | ".jsonl":
            for record in read_lines(path):
                yield from [record.problem] if record.problem else _answer(record.place, record.fields, 0)
        case suffix:
            raise InputFileError(file_format_unknown(str(path), suffix, FORMATS))


# -- the portal's JSON -------------------------------------------------------------------------------------------------

_METHODS: Final = "executionMethods"
_AROUND: Final = ("data", "content", "items", "formalities")
_DEEPEST: Final = 4
_SUBMISSION: Final[Mapping[str, tuple[str, ...]]] = {
    "DIRECT": ("in_person",),
    "ONLINE": ("online",),
    "POSTAL": ("postal",),
    "DIRECT_AND_ONLINE": ("in_person", "online"),
}
_UNITS: Final[Mapping[str, str]] = {
    "WORKING_DAY": "ngày làm việc",
    "DAY": "ngày",
    "HOUR": "giờ",
    "MONTH": "tháng",
    "YEAR": "năm",
}


def _answer(place: str, value: object, depth: int) -> Iterator[Published | Problem]:
    """The procedures in an answer of the portal, or in a list of such answers."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _answer(f"{place}[{index}]", each, depth + 1)
        return
    if not isinstance(value, dict):
        yield record_unsuitable(place, "phải là một thủ tục (JSON object)", "must be a procedure (a JSON object)")
        return
    if _METHODS in value:
        yield from _procedure(place, value)
        return
    around = [name for name in _AROUND if isinstance(value.get(name), dict | list)]
    if around and depth < _DEEPEST:
        yield from _answer(f"{place}.{around[0]}", value[around[0]], depth + 1)
    elif _named(value, "procedure") is not None:
        yield _row(place, value)
    else:
        vi = f"không có «{_METHODS}» (câu trả lời chi tiết của cổng quốc gia) hay cột «procedure»"
        en = f"has neither “{_METHODS}” (the portal's detailed answer) nor a column “procedure”"
        yield record_unsuitable(place, vi, en)


def _procedure(place: str, record: Mapping[str, object]) -> Iterator[Published | Problem]:
    code = _text(record.get("codeNotation")) or _text(record.get("code"))
    methods = record[_METHODS]
    if not code:
        yield _no_code(place)
        return
    if methods is None:
        methods = []
    if not isinstance(methods, list):
        yield value_not_of_type(place, _METHODS, methods, "list")
        return
    known = _day(place, record.get("updatedAt"))
    if isinstance(known, Problem):
        yield known
        return
    decision = _text(record.get("decisionNo"))
    for index, method in enumerate(methods):
        here = f"{place}.{_METHODS}[{index}]"
        if not isinstance(method, dict):
            yield value_not_of_type(here, _METHODS, method, "object")
            continue
        named = _text(method.get("submissionMethod")).upper()
        channels = _SUBMISSION.get(named)
        if channels is None:
            yield value_not_of_type(here, "submissionMethod", method.get("submissionMethod"), " | ".join(_SUBMISSION))
            continue
        description = _text(method.get("description"))
        yield Published(here, code, channels, _cell(method, description), description, decision, known)


def _cell(method: Mapping[str, object], description: str) -> str:
    """The number and the unit as the portal shows them; a 0 beside a text says «see the text»."""
    number = method.get("processingTime")
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    amount = "" if number is None or isinstance(number, bool) else str(number).strip()
    if not amount or (amount == "0" and description):
        return ""
    unit = _text(method.get("processingTimeUnit"))
    return f"{amount} {_UNITS.get(unit.upper(), unit)}".strip()


# -- a table -----------------------------------------------------------------------------------------------------------

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "procedure": ("procedure", "ma_tthc", "ma_thu_tuc", "code"),
    "channel": ("channel", "hinh_thuc_nop", "cach_nop"),
    "cell": ("cell", "thoi_han_giai_quyet", "thoi_han"),
    "description": ("description", "mo_ta"),
    "decision": ("decision", "quyet_dinh", "so_quyet_dinh"),
    "known_from": ("known_from", "ngay_cong_bo", "cap_nhat"),
}
_IN_A_TABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "trực tiếp": ("in_person",),
    "trực tuyến": ("online",),
    "dịch vụ bưu chính": ("postal",),
    "bưu chính": ("postal",),
    "trực tiếp và trực tuyến": ("in_person", "online"),
    **{name: (name,) for name in CHANNELS},
    **{name.lower(): channels for name, channels in _SUBMISSION.items()},
    "": (),
}


def _table(path: Path, delimiter: str) -> Iterator[Published | Problem]:
    header, rows = read_rows(path, delimiter)
    missing = [name for name in ("procedure", "cell") if not set(_COLUMNS[name]) & set(header)]
    if missing:
        vi, en = delimiter_hint(header, delimiter)
        wanted = ", ".join(f"«{' / '.join(_COLUMNS[name])}»" for name in missing)
        raise InputFileError(
            record_unsuitable(f"{path}:1", f"thiếu cột {wanted}{vi}", f"lacks the columns {wanted}{en}")
        )
    for row in rows:
        yield row.problem or _row(row.place, row.cells)


def _row(place: str, cells: Mapping[str, object]) -> Published | Problem:
    code = _text(_named(cells, "procedure"))
    if not code:
        return _no_code(place)
    said = _text(_named(cells, "channel"))
    channels = _IN_A_TABLE.get(said.casefold())
    if channels is None:
        return value_not_of_type(place, "channel", said, "Trực tiếp | Trực tuyến | Dịch vụ bưu chính")
    known = _day(place, _named(cells, "known_from"))
    if isinstance(known, Problem):
        return known
    cell, description, decision = (_text(_named(cells, name)) for name in ("cell", "description", "decision"))
    return Published(place, code, channels, cell, description, decision, known)


def _named(cells: Mapping[str, object], name: str) -> object:
    return next((cells[one] for one in _COLUMNS[name] if one in cells), None)


# -- values ------------------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    return nfc(str(value)).strip()


def _day(place: str, value: object) -> date | Problem | None:
    """A day as the portal has it (milliseconds since 1970, in Vietnam) or as a table writes it."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value, hours=7)).date()
        else:
            day = written_day(str(value).strip()[:10])
    except (ValueError, OverflowError):
        return value_not_of_type(place, "known_from, updatedAt", value, "YYYY-MM-DD")
    return day if 1990 <= day.year <= 2100 else value_not_of_type(place, "known_from, updatedAt", value, "1990–2100")


def _no_code(place: str) -> Problem:
    return record_unsuitable(place, "không ghi mã thủ tục", "does not say the code of the procedure")

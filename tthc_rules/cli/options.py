"""What is typed after a command, and what the library is asked by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from tthc_rules.cli.terminal import show
from tthc_rules.errors import (
    DossierError,
    InputFileError,
    OptionError,
    Problem,
    file_not_readable,
    json_broken,
)

if TYPE_CHECKING:
    from tthc_rules.law.dossier import Dossier
    from tthc_rules.law.workdays import Calendar
    from tthc_rules.library import Rulebook
    from tthc_rules.logs.mapping import Mapping as LogMapping


FOUND: Final = 1
UNUSABLE: Final = 2
INTERRUPTED: Final = 130
"""What a program exits with: a check found something, the input is unusable, a person stopped it."""


class Lang(StrEnum):
    vi = "vi"
    en = "en"


class LatenessChoice(StrEnum):
    by_date = "by_date"
    by_instant = "by_instant"
    promised_by_date = "promised_by_date"
    promised_by_instant = "promised_by_instant"
    qd766 = "qd766"


class EngineName(StrEnum):
    reference = "reference"
    composed = "composed"
    bulk = "bulk"
    durable = "durable"
    all = "all"


Log = Annotated[Path, typer.Argument(help="Nhật ký: csv, xlsx, ndjson, json, xes, parquet; - là stdin / the log.")]


OneDossier = Annotated[str, typer.Argument(help="Mã hồ sơ / the dossier.", metavar="DOSSIER_ID")]


AsOf = Annotated[str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Ngày xét / the day asked about.")]


KnownOn = Annotated[
    str | None,
    typer.Option("--known-on", metavar="YYYY-MM-DD", help="Theo lịch, văn bản biết đến ngày này / what was known."),
]


Rules = Annotated[
    list[Path] | None, typer.Option("--rules", help="Thư mục quy tắc dùng thêm / rule folders to add (repeatable).")
]


Readings = Annotated[
    list[str] | None,
    typer.Option("--reading", metavar="ID=CÁCH_HIỂU", help="Chọn cách hiểu khác / take another reading (repeatable)."),
]


LangOption = Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")]


Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Không hiện tiến độ / no progress bar.")]


FetchedOn = Annotated[
    str | None,
    typer.Option("--fetched-on", metavar="YYYY-MM-DD", help="Ngày lấy thông điệp / the day they were fetched."),
]
Jurisdiction = Annotated[
    str | None, typer.Option("--jurisdiction", help="Địa phương của nguồn, như thanh-hoa / the province.")
]


Unconfirmed = Annotated[
    bool, typer.Option("--unconfirmed", help="Xét cả nghĩa vụ chưa xác nhận, chỉ để biết / unconfirmed duties too.")
]


MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="Tệp ánh xạ cột thành hồ sơ / what the columns mean.")
]
DossierTable = Annotated[
    Path | None, typer.Option("--dossiers", help="Thuộc tính theo hồ sơ, được ưu tiên / attributes by dossier.")
]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="Dấu ngăn cột của CSV / CSV delimiter.")]
FormatOrSender = Annotated[
    str | None, typer.Option("--format", help="Định dạng vào, hoặc nguồn của thông điệp / format, or a sender.")
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", help="Trang tính của tệp Excel, nếu không phải trang đầu / Excel sheet.")
]
Grouped = Annotated[
    bool, typer.Option("--grouped", help="Các dòng của một hồ sơ đứng liền nhau / rows stand together.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Từ chối loại sự kiện, trường không biết / refuse unknown kinds and fields.")
]


LatenessOption = Annotated[LatenessChoice, typer.Option("--lateness", help="Cách tính trễ hạn / lateness policy.")]


CalendarOption = Annotated[str | None, typer.Option("--calendar", help="Tên lịch / calendar id.")]


Plain = Annotated[
    bool, typer.Option("--plain", help="CSV: không thêm dấu nháy trước chữ giống công thức / formulas stay as text is.")
]


HoursOption = Annotated[str | None, typer.Option("--hours", help="Bảng giờ làm việc / office-hours table.")]


_OPTIONS: Final[Mapping[str, str]] = (
    {"interpretations": "--reading", "lang": "--lang", "engine": "--engine"}
    | {
        name: f"--{name.replace('_', '-')}"
        for name in (
            "as_of",
            "known_on",
            "lateness",
            "calendar",
            "hours",
            "period",
            "accepted",
            "procedure",
            "channel",
            "jurisdiction",
            "sender_due",
        )
    }
    | {f"time_limit{field}": "--limit" for field in ("", ".amount", ".unit")}
)
"""What the library calls its options -> what they are called here."""


def on_command_line(problem: Problem) -> Problem:
    """The problem with an option in the words of who typed it."""
    place = problem.place
    if place.startswith("what_if"):
        return problem.at(place.replace("what_if", "--what-if", 1))
    return problem.at(_OPTIONS.get(place, place))


def read_mapping(path: Path | None, lang: Lang) -> LogMapping | None:
    """The mapping file, and once what it leaves unsaid."""
    from tthc_rules.logs.mapping import load_mapping

    if path is None:
        return None
    read = load_mapping(path)
    for problem in read.remarks(str(path)):
        show(problem.render(lang.value), err=True)
    return read


def named_calendar(book: Rulebook, name: str, known_on: date | None, place: str) -> Calendar:
    """The calendar of that name; where there is none, said of the place where it was written."""
    try:
        return book.calendar(name, known_on=known_on)
    except OptionError as error:
        raise OptionError(problem.at(place) for problem in error.problems) from None


def open_book(rules: Iterable[Path] | None, readings: Iterable[str] | None, unconfirmed: bool = False) -> Rulebook:
    from tthc_rules.library import Rulebook

    chosen = {}
    for written in readings or ():
        name, sign, value = written.partition("=")
        if not sign:
            fail_option("--reading", written, ("id=cách_hiểu",))
        chosen[name] = value
    return Rulebook.load(*(rules or ()), interpretations=chosen, unconfirmed=unconfirmed)


def read_date(text: str, option: str) -> date:
    from tthc_rules.law.civil import no_such_day, written_day

    with suppress(ValueError):
        return written_day(text)
    vi, en = no_such_day(text) or (f"«{text}» không phải ngày YYYY-MM-DD", f"“{text}” is not YYYY-MM-DD")
    raise OptionError(Problem("TR-option-date", option, vi, en))


def read_supposed(written: Iterable[str]) -> list[Any]:
    """Events that are supposed: each «kind at», or a JSON file of one event or a list of them."""
    from tthc_rules.law.jsontext import JsonError, read_json

    events: list[Any] = []
    for one in written:
        kind, sign, at = one.strip().partition(" ")
        if sign and kind.isidentifier() and not Path(one).exists():
            events.append({"kind": kind, "at": at.strip()})
            continue
        path = Path(one)
        try:
            found = read_json(read_bytes(path).decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise InputFileError(file_not_readable(one, error)) from None
        except JsonError as error:
            raise InputFileError(json_broken(f"{one}:{error.line}:{error.column}", error.why)) from None
        events += found if isinstance(found, list) else [found]
    return events


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputFileError(file_not_readable(str(path), error)) from None


def in_file(path: Path, read: Callable[[], Dossier]) -> Dossier:
    """What is read from a file; a place in its text is told with its name."""
    try:
        return read()
    except DossierError as error:
        raise DossierError(
            problem.at(f"{path}:{problem.place}") if problem.code == "TR-input-json" else problem
            for problem in error.problems
        ) from None


def refuse(options: Mapping[str, object], vi: str, en: str) -> None:
    """Refuse the options that were given though they mean something only «với …» / "with …"."""
    for name, value in options.items():
        if value not in (None, False, 0):
            raise OptionError(Problem("TR-option-value", name, f"chỉ dùng được {vi}", f"is only of use {en}"))


def fail_option(option: str, written: str, known: Iterable[str]) -> NoReturn:
    vi, en = (f"không nhận «{written}»", f"“{written}” is not known") if written else ("chưa nêu", "is not given")
    raise OptionError(Problem("TR-option-value", option, vi, en, known=tuple(known)))

"""The command that compares: what another rule, reading, calendar or policy would change in the dossiers of a log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, assert_never

import typer

from tthc_rules.cli.options import (
    FOUND,
    Delimiter,
    DossierTable,
    Grouped,
    Lang,
    LangOption,
    LatenessChoice,
    MappingFile,
    Plain,
    Sheet,
    fail_option,
    named_calendar,
    open_book,
    read_date,
    read_mapping,
)
from tthc_rules.cli.progress import progress
from tthc_rules.cli.results import STDIO, result_place
from tthc_rules.cli.stdin import takes_stdin
from tthc_rules.cli.terminal import say, show_toned
from tthc_rules.errors import OptionError, Problem, RuleFileError, nearest_of, unknown_word

if TYPE_CHECKING:
    from tthc_rules.library import Rulebook
    from tthc_rules.logs.assemble import RawDossier
    from tthc_rules.runs.diff.compare import Side
    from tthc_rules.runs.diff.comparison import Comparing, Comparison


class DiffFormat(StrEnum):
    text = "text"
    html = "html"
    csv = "csv"
    json = "json"


SHIPPED: Final = "shipped"
_ON_A_PAGE: Final = 500
"""Dossiers that a page lists unless told otherwise; a table lists all."""
_SETTINGS: Final = ("known_on", "lateness", "calendar", "hours")


@takes_stdin("on", "on_format", "--on-format", "before", "after")
def diff(
    on: Annotated[Path, typer.Option("--on", help="Tệp hồ sơ để so / the dossiers to compare on.")],
    before: Annotated[
        str | None, typer.Argument(help="shipped, hoặc thư mục; thêm ,tùy_chọn=giá_trị / a side.", show_default=False)
    ] = None,
    after: Annotated[
        str | None,
        typer.Argument(help="Phía kia, như shipped,r1_supplement_effect=restart / the other side.", show_default=False),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="YYYY-MM-DD", help="Ngày xét; với --known-on mặc định là ngày sau / the day."),
    ] = None,
    known_on: Annotated[
        tuple[str, str] | None,
        typer.Option("--known-on", metavar="NGÀY NGÀY", help="So điều biết đến ngày trước, ngày sau / two days."),
    ] = None,
    open_only: Annotated[
        bool, typer.Option("--open", help="Chỉ hồ sơ đang giải quyết mà hạn bị dời / only open ones that move.")
    ] = False,
    to: Annotated[
        DiffFormat | None, typer.Option("--format", help="Dạng in ra; với -o thì theo đuôi tệp / the form.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Tệp .txt, .html, .csv, .json; - là stdout / the file.")
    ] = None,
    show: Annotated[
        int | None, typer.Option("--show", min=0, help="Số hồ sơ in ra (màn hình 20, html 500) / dossiers listed.")
    ] = None,
    mapping: MappingFile = None,
    dossiers: DossierTable = None,
    on_format: Annotated[
        str | None, typer.Option("--on-format", help="Định dạng của --on, nếu đuôi tệp không nói / its format.")
    ] = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    grouped: Grouped = False,
    plain: Plain = False,
    lang: LangOption = Lang.vi,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Chỉ in kết quả / the result alone.")] = False,
) -> None:
    """Một thay đổi về quy tắc, cách hiểu, lịch làm đổi kết luận nào. / What a change would change.

    Mỗi phía là "shipped" hoặc một thư mục quy tắc, rồi các tùy chọn: known_on, lateness, calendar, hours, hoặc mã của
    một cách hiểu. / Each side is "shipped" or a rule folder, then options: known_on, lateness, calendar, hours, or the
    id of a reading.

    Lịch có thư mới: tthc-rules diff --known-on 2025-12-24 2025-12-25 --open --on hồ_sơ.csv / What a new calendar
    letter moves.
    """
    from tthc_rules.logs.eventlog import FORMATS, read_dossiers
    from tthc_rules.runs.diff.comparison import Comparing
    from tthc_rules.runs.diff.files import form_of

    sides = _sides(before, after, known_on)
    day = as_of or (known_on[1] if known_on is not None else None)
    if day is None:
        fail_option("--as-of", "", ("--as-of YYYY-MM-DD",))
    named = next((known for known in FORMATS if known == on_format), None)
    if on_format is not None and named is None:
        raise OptionError(unknown_word("--on-format", "định dạng", "format", on_format, FORMATS, "TR-option-value"))
    to_file = output is not None and output != STDIO
    form = to or (DiffFormat(form_of(output)) if output is not None and to_file else DiffFormat.text)
    told = read_mapping(mapping, lang)
    asked = Comparing(sides[0].of_log(told), sides[1].of_log(told), read_date(day, "--as-of"), open_only)
    raws = read_dossiers(on, told, dossiers, format=named, delimiter=delimiter, sheet=sheet, grouped=grouped)
    inputs = (on, mapping, dossiers, *(Path(side.name.split(",")[0]) for side in sides))
    with progress(quiet, lang.value) as tick:
        if form is DiffFormat.text and not to_file:
            found = asked.take(raws, 20 if show is None else show, progress=lambda done: tick(done, None))
        else:
            with result_place(output, inputs) as path:
                found = _write(asked, raws, path, form, lang, plain, show, lambda done: tick(done, None))
    if form is DiffFormat.text and not to_file:
        from tthc_rules.runs.diff.listing import listing

        show_toned(listing(found, lang.value))
    elif not quiet:
        _tell(found, output if to_file else None, lang)
    if found.changed:
        raise typer.Exit(FOUND)


def _write(
    asked: Comparing,
    raws: Iterator[RawDossier],
    path: Path,
    form: DiffFormat,
    lang: Lang,
    plain: bool,
    show: int | None,
    tick: Callable[[int], None],
) -> Comparison:
    """Compare, and write what came of it."""
    from tthc_rules.runs.diff.files import write_table
    from tthc_rules.runs.diff.listing import listing
    from tthc_rules.runs.output import write_text

    match form:
        case DiffFormat.csv:
            return write_table(asked, raws, path, lang.value, plain, tick)
        case DiffFormat.json:
            found = asked.take(raws, show, progress=tick)
            write_text(path, found.model_dump_json(indent=1) + "\n")
        case DiffFormat.html:
            from tthc_rules.report.changes import page

            found = asked.take(raws, _ON_A_PAGE if show is None else show, progress=tick)
            write_text(path, page(found.model_dump(mode="json"), lang.value))
        case DiffFormat.text:
            found = asked.take(raws, show, progress=tick)
            write_text(path, "".join(f"{text}\n" for text, _ in listing(found, lang.value)))
        case _:
            assert_never(form)
    return found


def _tell(found: Comparison, output: Path | None, lang: Lang) -> None:
    from tthc_rules.runs.diff.listing import totals

    show_toned(totals(found, lang.value), err=True)
    if output is not None:
        say(f"→ {output}", err=True)


# -- the sides ---------------------------------------------------------------------------------------------------------


def _sides(before: str | None, after: str | None, known_on: tuple[str, str] | None) -> tuple[Side, Side]:
    """The two sides as they were typed; with two days, one rulebook as known on each."""
    if known_on is None:
        if before is None or after is None:
            fail_option("diff", before or "", ("diff shipped my-rules --on …", "diff --known-on NGÀY NGÀY --on …"))
        return read_side(before), read_side(after)
    if after is not None:
        fail_option("--known-on", after, ("diff [shipped] --known-on NGÀY NGÀY --on …",))
    first, last = (read_date(written, "--known-on") for written in known_on)
    if first >= last:
        raise OptionError(_not_in_order(*known_on))
    one = read_side(before or SHIPPED)
    if one.known_on is not None:
        fail_option("--known-on", one.name, ("known_on=… hoặc / or --known-on",))
    from dataclasses import replace

    return replace(one, known_on=first), replace(one, known_on=last)


def read_side(written: str) -> Side:
    """One side of a comparison, as written: `shipped,known_on=2025-12-24,r1_supplement_effect=restart`."""
    from tthc_rules.runs.diff.compare import Side

    place, *settings = written.split(",")
    if nearest_of(place, (SHIPPED,)) and place != SHIPPED and not Path(place).exists():
        raise OptionError(unknown_word(written, "phía", "side", place, (SHIPPED,), "TR-option-value"))
    options: dict[str, str] = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign or name in options:
            fail_option(written, setting, (*(f"{one}=…" for one in _SETTINGS), "<cách hiểu>=…"))
        options[name] = value
    known_on, lateness = options.pop("known_on", None), options.pop("lateness", LatenessChoice.by_date.value)
    calendar, hours = options.pop("calendar", None), options.pop("hours", None)
    known = tuple(one.value for one in LatenessChoice)
    if lateness not in known:
        raise OptionError(
            unknown_word(written, "cách tính trễ hạn", "lateness policy", lateness, known, "TR-option-lateness")
        )
    book = _book(place, options, written)
    if calendar is not None:
        named_calendar(book, calendar, None, written)
    return Side(written, book, read_date(known_on, written) if known_on else None, lateness, calendar, hours)


def _book(place: str, readings: Mapping[str, str], written: str) -> Rulebook:
    """The rulebook of a side; what is no reading may have been meant to be an option."""
    try:
        return open_book([] if place == SHIPPED else [Path(place)], [f"{k}={v}" for k, v in readings.items()])
    except RuleFileError as error:
        raise RuleFileError(_as_typed(problem, readings, written) for problem in error.problems) from None


def _as_typed(problem: Problem, readings: Mapping[str, str], written: str) -> Problem:
    unknown = [name for name in readings if name not in problem.known]
    if problem.code != "TR-rule-reading" or problem.place != "interpretations" or not unknown:
        return problem
    known = (*_SETTINGS, *problem.known)
    return unknown_word(written, "tùy chọn hay cách hiểu", "option or reading", unknown[0], known, problem.code)


def _not_in_order(first: str, last: str) -> Problem:
    return Problem(
        "TR-option-value",
        "--known-on",
        f"ngày trước ({first}) phải đứng trước ngày sau ({last})",
        f"the first day ({first}) must lie before the other ({last})",
    )

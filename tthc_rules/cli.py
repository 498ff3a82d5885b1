"""The command line: each command is a question to the library; results to stdout, everything else to stderr.

Nothing heavy is imported before a command needs it. Exit codes: 0 fine, 1 the check found something, 2 the input is
unusable, 130 interrupted.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from tthc_rules.errors import (
    CaseError,
    DossierError,
    EngineError,
    InputFileError,
    OptionError,
    Problem,
    TthcError,
    bulk_missing,
    file_name_not_text,
    file_not_readable,
    reason_of,
    visible,
)

if TYPE_CHECKING:
    from tthc_rules.law.corpus import Corpus
    from tthc_rules.law.dossier import Dossier
    from tthc_rules.law.question import Question
    from tthc_rules.law.workdays import Calendar
    from tthc_rules.library import Rulebook
    from tthc_rules.logs.mapping import Mapping as LogMapping
    from tthc_rules.runs.diff import Side
    from tthc_rules.runs.onebyone import Summary

app = typer.Typer(
    name="tthc-rules",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Thời hạn, trễ hạn, xin lỗi, trách nhiệm trong giải quyết thủ tục hành chính, kèm căn cứ từng con số.\n\n"
    "Deadlines, lateness, apologies and responsibility for administrative dossiers, each with its clause.",
)

FOUND: Final = 1
UNUSABLE: Final = 2
INTERRUPTED: Final = 130


class Lang(StrEnum):
    vi = "vi"
    en = "en"


class Lateness(StrEnum):
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
Unconfirmed = Annotated[
    bool, typer.Option("--unconfirmed", help="Xét cả nghĩa vụ chưa xác nhận, chỉ để biết / unconfirmed duties too.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Từ chối loại sự kiện, trường không biết / refuse unknown kinds and fields.")
]
LatenessOption = Annotated[Lateness, typer.Option("--lateness", help="Cách tính trễ hạn / lateness policy.")]
CalendarOption = Annotated[str | None, typer.Option("--calendar", help="Tên lịch / calendar id.")]
Plain = Annotated[
    bool, typer.Option("--plain", help="CSV: không thêm dấu nháy trước chữ giống công thức / formulas stay as text is.")
]
HoursOption = Annotated[str | None, typer.Option("--hours", help="Bảng giờ làm việc / office-hours table.")]


@app.command()
def evaluate(
    dossier: Annotated[Path, typer.Argument(help="Tệp JSON của một hồ sơ, hoặc - / one dossier as JSON, or -.")],
    as_of: AsOf,
    known_on: KnownOn = None,
    lang: Annotated[
        Lang | None, typer.Option("--lang", help="Giải thích bằng lời thay cho JSON / explain in words.")
    ] = None,
    days: Annotated[bool, typer.Option("--days", help="Giải thích đếm từng ngày / list each day.")] = False,
    lateness: LatenessOption = Lateness.by_date,
    calendar: CalendarOption = None,
    hours: HoursOption = None,
    rules: Rules = None,
    reading: Readings = None,
    unconfirmed: Unconfirmed = False,
    strict: Strict = False,
) -> None:
    """Kết luận về một hồ sơ: JSON, hoặc lời giải thích nếu có --lang. / The verdict on one dossier."""
    from tthc_rules.law.dossier import Dossier

    book = _book(rules, reading, unconfirmed)
    text = sys.stdin.buffer.read() if str(dossier) == "-" else _bytes(dossier)
    verdict = book.evaluate(
        _in_file(dossier, lambda: Dossier.model_validate_json(text)),
        _date(as_of, "--as-of"),
        known_on=_date(known_on, "--known-on") if known_on else None,
        lateness=lateness.value,
        calendar=calendar,
        hours=hours,
        strict=strict,
    )
    if lang is None and not days:
        _show_json(verdict.model_dump_json(indent=2))
    else:
        _show(verdict.explain((lang or Lang.vi).value, day_by_day=days))


@app.command()
def rescore(
    events: Annotated[Path, typer.Argument(help="Tệp hồ sơ: parquet, csv, ndjson, json, xes / dossiers or events.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Tệp kết quả: .csv, .ndjson, .parquet / the result.")],
    as_of: AsOf,
    known_on: KnownOn = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Tệp ánh xạ cột thành hồ sơ / what the columns mean.")
    ] = None,
    dossiers: Annotated[
        Path | None, typer.Option("--dossiers", help="Thuộc tính theo hồ sơ, được ưu tiên / attributes by dossier.")
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", help="Định dạng vào, nếu đuôi tệp không nói / format.")
    ] = None,
    delimiter: Annotated[str | None, typer.Option("--delimiter", help="Dấu ngăn cột của CSV / CSV delimiter.")] = None,
    grouped: Annotated[
        bool, typer.Option("--grouped", help="Các dòng của một hồ sơ đứng liền nhau / rows stand together.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Chạy tiếp lần chạy dở (Parquet) / go on with a stopped run.")
    ] = False,
    memory: Annotated[
        str, typer.Option("--memory", help="Bộ nhớ để sắp xếp nhật ký (Parquet) / memory for sorting.")
    ] = "1GB",
    lateness: LatenessOption = Lateness.by_date,
    calendar: CalendarOption = None,
    hours: HoursOption = None,
    rules: Rules = None,
    reading: Readings = None,
    unconfirmed: Unconfirmed = False,
    strict: Strict = False,
    lang: Annotated[
        Lang, typer.Option("--lang", help="Ngôn ngữ của phần tóm tắt / language of the summary.")
    ] = Lang.vi,
    explain: Annotated[
        int, typer.Option("--explain", min=0, help="Giải thích bằng lời N hồ sơ đầu / explain the first N dossiers.")
    ] = 0,
    plain: Plain = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Không hiện tiến độ / no progress bar.")] = False,
) -> None:
    """Chấm lại nhiều hồ sơ, mỗi hồ sơ một dòng kết quả. / Judge a file of dossiers, one row each."""
    from tthc_rules.logs.eventlog import FORMATS
    from tthc_rules.runs.doors import rescore_log

    day = _date(as_of, "--as-of")
    known = _date(known_on, "--known-on") if known_on else None
    book = _book(rules, reading, unconfirmed)
    if format is None and (events.suffix.lower() == ".parquet" or events.is_dir()):
        format = "parquet"
    if format == "parquet" and mapping is None:  # with one, rows are read as those of any other log
        _not_for_parquet({"--delimiter": delimiter, "--explain": explain or None})
        question = book.question(day, known, lateness.value, calendar, hours, strict)
        given = tuple(rules or ())
        _rescore_parquet(book, question, events, dossiers, output, given, grouped, resume, memory, plain, lang, quiet)
        return
    if resume:
        _fail_option("--resume", "", (".parquet", "không có --mapping / without --mapping"))
    named = next((known for known in FORMATS if known == format), None)
    if format is not None and named is None:
        _fail_option("--format", format, FORMATS)
    explained = _mapping(mapping, lang)
    question = book.question(day, known, lateness.value, calendar, hours, strict)
    told: list[str] = []
    with _progress(quiet) as tick:
        summary = rescore_log(
            book,
            question,
            events,
            output,
            mapping=explained,
            dossiers=dossiers,
            format=named,
            delimiter=delimiter,
            grouped=grouped,
            plain=plain,
            explained=explain,
            each=lambda verdict: told.append(verdict.explain(lang.value)),
            progress=lambda done: tick(done, None),
            inputs=[path for path in (mapping, *(rules or ())) if path is not None],
        )
    for text in told:
        _show(text + "\n")
    _tell(summary, output, lang)


@app.command()
def account(
    results: Annotated[Path, typer.Argument(help="Kết quả của rescore: .parquet, .csv, .ndjson / results of rescore.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Sổ: .html, .json hoặc .csv / the account.")],
    period: Annotated[str, typer.Option("--period", help="Kỳ: 2026-07, 2026-Q3, 2026-H2, 2026 / the period.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Ngày xét; mặc định là ngày cuối kỳ / the day.")
    ] = None,
    known_on: KnownOn = None,
    units: Annotated[Path | None, typer.Option("--units", help="Danh mục đơn vị / the register of units.")] = None,
    posts: Annotated[
        Path | None, typer.Option("--posts", help="Ai giữ chức vụ nào, khi nào / who held which post.")
    ] = None,
    unit_events: Annotated[
        Path | None, typer.Option("--unit-events", help="Sự kiện của đơn vị / events of units.")
    ] = None,
    complete: Annotated[
        Path | None, typer.Option("--complete", help="Sổ sự kiện đầy đủ cho loại, khoảng nào / what is complete.")
    ] = None,
    unit_facts: Annotated[
        Path | None, typer.Option("--unit-facts", help="Số liệu mà hồ sơ không có / facts that no dossier tells.")
    ] = None,
    petitions: Annotated[Path | None, typer.Option("--petitions", help="Phản ánh về hồ sơ / petitions.")] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="Cấu hình (JSON) ở chỗ luật không nêu số / settings.")
    ] = None,
    delimiter: Annotated[str, typer.Option("--delimiter", help="Dấu ngăn cột của CSV / CSV delimiter.")] = ",",
    rules: Rules = None,
    reading: Readings = None,
    plain: Plain = False,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")] = Lang.vi,
) -> None:
    """Sổ của đơn vị và người đứng đầu trong một kỳ, từ kết quả của rescore. / The account of units and heads."""
    from tthc_rules.logs import records
    from tthc_rules.runs import accounts as files
    from tthc_rules.runs.output import claimed, write_text

    places = [path for path in files.targets(output) if path is not None]
    beside = {
        "units": units,
        "posts": posts,
        "unit_events": unit_events,
        "complete": complete,
        "unit_facts": unit_facts,
        "petitions": petitions,
    }
    given = [path for path in (results, settings, *beside.values(), *(rules or ())) if path is not None]
    with claimed(places, given) as targets:
        made = _book(rules, reading).account(
            records.read_results(results, delimiter),
            period=period,
            as_of=_date(as_of, "--as-of") if as_of else None,
            known_on=_date(known_on, "--known-on") if known_on else None,
            settings=records.read_settings(settings) if settings else None,
            **{name: records.read_records(path, name, delimiter) for name, path in beside.items() if path is not None},
        )
        as_json, as_table, *as_page = targets
        write_text(as_json.path, made.to_json(1) + "\n")
        write_text(as_table.path, files.as_csv(made, plain))
        for target in as_page:
            from tthc_rules.report.page import page

            write_text(target.path, page(made.data))
    for line in files.problem_lines(made, lang.value):
        _say(line, err=True)
    _say(f"{len(made.data['units'])} đơn vị / units → {', '.join(map(str, places))}", err=True)
    if any(problem["level"] == "error" for problem in made.data["problems"]):
        raise typer.Exit(FOUND)


@app.command()
def test(
    paths: Annotated[list[Path], typer.Argument(help="Tệp *.tthc.yaml hoặc thư mục / case files or folders.")],
    engine: Annotated[EngineName, typer.Option("--engine", help="Bộ máy tính / engine.")] = EngineName.reference,
    match: Annotated[str, typer.Option("-k", help="Chỉ các ca có tên chứa chữ này / only cases named so.")] = "",
    rules: Rules = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")] = Lang.vi,
) -> None:
    """Chạy các ca kiểm thử. / Run case files."""
    from tthc_rules.check.cases import CaseRunner, find_case_files, read_cases

    engines = [one.value for one in EngineName if engine in (one, EngineName.all) and one is not EngineName.all]
    runners = [CaseRunner(tuple(rules or ()), name) for name in engines]
    files = find_case_files(paths)
    broken = [problem for path in paths if not path.exists() for problem in (_no_file(path),)]
    ran, failed = 0, 0
    for path in files:
        try:
            cases = read_cases(path)
        except TthcError as error:
            broken += error.problems
            continue
        for case in cases:
            try:
                runners[0].check(case)
            except CaseError as error:
                broken += error.problems
                continue
            if match.lower() not in case.name.lower():
                continue
            for runner in runners:
                ran += 1
                result = runner.run(case)
                if not result.passed:
                    failed += 1
                    _show((f"[{runner.engine}] " if len(runners) > 1 else "") + result.report(lang.value))
                    _say("")
    _say(f"{ran - failed} ca đạt, {failed} ca sai / {ran - failed} passed, {failed} failed")
    if broken or not ran:
        raise InputFileError(broken or [_no_cases(paths)])
    if failed:
        raise typer.Exit(FOUND)


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Thư mục quy tắc / a rule folder.")],
    pages: Annotated[
        Path | None, typer.Option("--pages", help="Viết mỗi quy tắc một trang vào đây / write a page per rule here.")
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option("--texts", help="Thư mục văn bản để đối chiếu trích dẫn / texts to check the quotes against."),
    ] = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")] = Lang.vi,
) -> None:
    """Kiểm tra quy tắc: nạp, ví dụ, độ phủ, trục thời gian, chỗ chưa xác nhận. / Check rules."""
    from tthc_rules.check.examples import run_examples
    from tthc_rules.check.lint import lint, to_be_confirmed
    from tthc_rules.library import Rulebook

    stands_alone = (folder / "one_stop").is_dir() and (folder / "calendars" / "vn").is_dir()
    book = Rulebook.load(folder, shipped=not stands_alone)

    def is_own(source: str) -> bool:
        """Whether it is said of this folder: of the shipped law, the shipped law is checked."""
        return stands_alone or Path(source).is_relative_to(folder)

    coverage = run_examples(book.corpus, book.calendar("vn"), is_own)
    found = [*coverage.failed, *(problem for problem in lint(book.corpus) if is_own(problem.place))]
    if texts is not None:
        found += [problem for problem in _check_quotes(book.corpus, texts) if is_own(problem.place)]
    for problem in found:
        _show(problem.render(lang.value))
    files = sum(1 for path in folder.rglob("*.yaml") if path.is_file())
    versions = sum(is_own(rule.source) for rule in book.corpus.rule_versions())
    _say(f"{folder}: {files} tệp, {versions} phiên bản, {coverage.ran} ví dụ / files, rule versions, examples")
    if not stands_alone:
        shipped = sum(not is_own(rule.source) for rule in book.corpus.rule_versions())
        _say(
            f"(nạp cùng {shipped} phiên bản đi kèm thư viện, không kiểm ở đây / "
            "loaded beside the shipped rule versions, which are not checked here)"
        )
    missing = coverage.missing
    needed = len(coverage.needed)
    _say(f"độ phủ / coverage (kết quả, đường đi, điều kiện, mốc hiệu lực): {needed - len(missing)}/{needed}")
    for item in missing:
        _say(f"  chưa có ví dụ / no example: {item.version} {item.subject}: {item.what}")
    waiting = [one for one in to_be_confirmed(book.corpus) if is_own(one[0])]
    if waiting:
        _say(f"cần xác nhận với văn bản chính thức / to be confirmed against the official text: {len(waiting)}")
        for source, what, citation in waiting:
            _say(f"  {source}: {what} — {citation.say(lang.value)}")
    if pages is not None:
        _write_pages(book, pages)
    if found or missing:
        raise typer.Exit(FOUND)


def _check_quotes(corpus: Corpus, texts: Path) -> list[Problem]:
    """The quotes that do not stand where they are cited; says how many do, and which instruments are not held."""
    from tthc_rules.check.quotes import check_quotes, read_texts

    checked = check_quotes(corpus, read_texts(texts))
    _say(f"{checked.held} trích dẫn đúng nguyên văn, {len(checked.wrong)} sai / quotes stand word for word, wrong")
    if checked.not_held:
        _say("chưa có văn bản để đối chiếu / not held: " + ", ".join(sorted(checked.not_held)))
    return checked.wrong


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="shipped, hoặc thư mục; thêm ,tùy_chọn=giá_trị / a side.")],
    after: Annotated[str, typer.Argument(help="Phía kia, như shipped,r1_supplement_effect=restart / the other side.")],
    on: Annotated[Path, typer.Option("--on", help="Tệp hồ sơ để so / the dossiers to compare on.")],
    as_of: AsOf,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="Tệp ánh xạ / mapping file.")] = None,
    show: Annotated[int, typer.Option("--show", min=0, help="Số thay đổi in ra / changes printed.")] = 20,
) -> None:
    """Một thay đổi về quy tắc, cách hiểu, lịch làm đổi kết luận nào. / What a change would change.

    Mỗi phía là "shipped" hoặc một thư mục quy tắc, rồi các tùy chọn: known_on, lateness, calendar, hours, hoặc mã của
    một cách hiểu. / Each side is "shipped" or a rule folder, then options: known_on, lateness, calendar, hours, or the
    id of a reading.
    """
    from tthc_rules.logs.eventlog import read_dossiers
    from tthc_rules.runs.diff import Difference, compare

    total = Difference()
    found = read_dossiers(on, _mapping(mapping, Lang.vi))
    changes = compare(_side(before), _side(after), found, _date(as_of, "--as-of"), total)
    for number, change in enumerate(changes):
        if number < show:
            _say(f"{change.dossier_id}  {change.column}: {change.before} → {change.after}")
    _say(f"{total.changed}/{total.dossiers} hồ sơ thay đổi / dossiers change")
    for column, count in total.columns.most_common():
        _say(f"  {count:>8}  {column}")
    if total.changed:
        raise typer.Exit(FOUND)


@app.command()
def calendar(
    name: Annotated[str, typer.Argument(help="Tên lịch (vn), hoặc chữ lint / calendar id, or the word lint.")],
    what: Annotated[str, typer.Argument(help="Năm, hoặc tệp CSV cần kiểm / a year, or the CSV to lint.")],
    known_on: KnownOn = None,
    reference: Annotated[
        str, typer.Option("--reference", help="Lịch đối chiếu khi lint, none = không / reference calendar for lint.")
    ] = "vn",
    rules: Rules = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")] = Lang.vi,
) -> None:
    """In ngày nghỉ, làm bù của một năm; hoặc kiểm bảng ngày nghỉ của cơ quan: calendar lint TỆP. / Print or lint."""
    book = _book(rules, None)
    known = _date(known_on, "--known-on") if known_on else None
    if name == "lint":
        beside = None if reference == "none" else _calendar(book, reference, known, "--reference")
        _lint_calendar(Path(what), beside, lang)
        return
    law = _calendar(book, name, known, "lịch / calendar")
    if not what.isdigit() or len(what) != 4:
        raise OptionError(_not_a_year(what))
    _print_year(law, int(what), lang)


@app.command()
def catalogue(
    published: Annotated[
        Path, typer.Argument(help="Danh mục: JSON của cổng quốc gia, hoặc bảng .csv, .ndjson / published procedures.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Tệp quy tắc .yaml, thường trong procedures/ / the rule file.")
    ],
    rest: Annotated[
        Path | None, typer.Option("--rest", help="Tệp .csv: mọi dòng để lại, và vì sao / what is left out, and why.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help="Ngày công bố, nếu dòng không ghi / day of publication."),
    ] = None,
    regime: Annotated[
        str, typer.Option("--regime", help="Dòng văn bản chạy thời hạn / family of the clock.")
    ] = "one_stop",
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", help="Địa phương công bố / the place whose catalogue this is.")
    ] = None,
    delimiter: Annotated[str, typer.Option("--delimiter", help="Dấu ngăn cột của CSV / CSV delimiter.")] = ",",
    lang: Annotated[
        Lang, typer.Option("--lang", help="Ngôn ngữ của phần tóm tắt / language of the summary.")
    ] = Lang.vi,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Không hiện tiến độ / no progress bar.")] = False,
) -> None:
    """Lập tệp thời hạn từ danh mục thủ tục; chỗ mâu thuẫn, không chắc để lại. / Published limits as a rule file."""
    from tthc_rules.logs.catalogue import read_catalogue
    from tthc_rules.runs.catalogue import catalogue as made

    book = _book(None, None)
    for option, written, known in (
        ("--regime", regime, tuple(book.corpus.clocks)),
        ("--jurisdiction", jurisdiction or "", ("", *book.corpus.jurisdictions)),
    ):
        if written not in known and (option != "--regime" or not _NAME.fullmatch(written)):
            _fail_option(option, written, known)
    with _progress(quiet, "thủ tục") as tick:
        outcome = made(
            read_catalogue(published, delimiter),
            output,
            rest=rest,
            since=_date(since, "--from") if since else None,
            regime=regime,
            jurisdiction=jurisdiction,
            inputs=[published],
            progress=lambda done: tick(done, None),
        )
    for problem in outcome.problems[:20]:
        _show(problem.render(lang.value), err=True)
    for line in outcome.summary(lang.value):
        _say(line, err=True)
    for path in outcome.files:
        _say(f"→ {path}", err=True)
    if outcome.problems or outcome.conflicts:
        raise typer.Exit(FOUND)


_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")  # a family of the reader's own folders


@app.command()
def schema(
    name: Annotated[str, typer.Argument(help="dossier, verdict, rule, case, calendar, time_limits, hours, mapping…")],
) -> None:
    """In JSON Schema (draft-07) của một định dạng. / Print the JSON Schema of a format."""
    from tthc_rules.integrations.jsonschema import json_schema

    _show_json(json.dumps(json_schema(name), ensure_ascii=False, indent=2))


# -- what is said ------------------------------------------------------------------------------------------------------


def _say(line: str, *, err: bool = False) -> None:
    """One line; whatever a user's text holds, it stays one line."""
    typer.echo(_fitted(visible(line), err), err=err)


def _show(text: str, *, err: bool = False) -> None:
    """Several lines of ours, in which words of users are in one line each."""
    typer.echo("\n".join(_fitted(visible(line), err) for line in text.split("\n")), err=err)


def _fitted(line: str, err: bool) -> str:
    """The line as a terminal shows it, broken between words; into a file or another program it goes as it is."""
    if not (sys.stderr if err else sys.stdout).isatty():
        return line
    width = get_terminal_size().columns
    rest = " " * (len(line) - len(line.lstrip()) + 4)
    if len(line) <= width or width < len(rest) + 20:
        return line
    return fill(line, width, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _show_json(text: str) -> None:
    """JSON: what a terminal would act on or hide is written as JSON's own escape, so that the value is the same."""
    typer.echo("".join(sign if sign == "\n" or visible(sign) == sign else _json_escape(sign) for sign in text))


def _json_escape(sign: str) -> str:
    return json.dumps(sign)[1:-1] if ord(sign) > 0x7F else f"\\u{ord(sign):04x}"


_OPTIONS: Final[Mapping[str, str]] = {"interpretations": "--reading", "lang": "--lang", "engine": "--engine"} | {
    name: f"--{name.replace('_', '-')}" for name in ("as_of", "known_on", "lateness", "calendar", "hours", "period")
}
"""What the library calls its options -> what they are called here."""


def _on_command_line(problem: Problem) -> Problem:
    """The problem with an option in the words of who typed it."""
    return problem.at(_OPTIONS.get(problem.place, problem.place))


# -- parts -------------------------------------------------------------------------------------------------------------


def _side(written: str) -> Side:
    """One side of a comparison, as written: `shipped,known_on=2025-12-24,r1_supplement_effect=restart`."""
    from tthc_rules.runs.diff import Side

    place, *settings = written.split(",")
    options: dict[str, str] = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign:
            _fail_option(written, setting, ("known_on=…", "lateness=…", "calendar=…", "hours=…", "<cách hiểu>=…"))
        options[name] = value
    known_on, lateness = options.pop("known_on", None), options.pop("lateness", Lateness.by_date.value)
    calendar, hours = options.pop("calendar", None), options.pop("hours", None)
    book = _book([] if place == "shipped" else [Path(place)], [f"{k}={v}" for k, v in options.items()])
    return Side(written, book, _date(known_on, "known_on") if known_on else None, lateness, calendar, hours)


def _rescore_parquet(
    book: Rulebook,
    question: Question,
    events: Path,
    dossiers: Path | None,
    output: Path,
    rules: Iterable[Path],
    grouped: bool,
    resume: bool,
    memory: str,
    plain: bool,
    lang: Lang,
    quiet: bool,
) -> None:
    """Judge a Parquet log on the fast core; stopped, it says how to go on."""
    try:
        from tthc_rules.runs.parts import rescore_file
        from tthc_rules.runs.writers import result_format
    except ImportError as error:
        raise EngineError(bulk_missing(error.name or "")) from None
    with _progress(quiet) as tick:
        try:
            summary = rescore_file(
                book,
                question,
                events,
                dossiers,
                output,
                grouped=grouped,
                resume=resume,
                memory=memory,
                plain=plain,
                progress=tick,
                inputs=rules,
            )
        except (KeyboardInterrupt, _Terminated) as stop:
            if result_format(output) != "parquet":
                raise
            _say("Đã dừng; thêm --resume để làm tiếp. / Stopped; add --resume to go on.", err=True)
            raise typer.Exit(UNUSABLE if isinstance(stop, _Terminated) else INTERRUPTED) from None
    _tell(summary, output, lang)


def _tell(summary: Summary, output: Path, lang: Lang) -> None:
    for line in summary.lines(lang.value):
        _say(line, err=True)
    _say(f"→ {output}", err=True)
    if summary.errors:
        raise typer.Exit(FOUND)


def _mapping(path: Path | None, lang: Lang) -> LogMapping | None:
    """The mapping file, and once what it leaves unsaid."""
    from tthc_rules.logs.mapping import load_mapping

    if path is None:
        return None
    read = load_mapping(path)
    for problem in read.remarks(str(path)):
        _show(problem.render(lang.value), err=True)
    return read


def _not_for_parquet(options: Mapping[str, object]) -> None:
    for name, value in options.items():
        if value is not None:
            _fail_option(name, str(value), ("csv", "ndjson", "json", "xes"))


def _write_pages(book: Rulebook, folder: Path) -> None:
    """Write the pages of the rules, and remove those that the index of an earlier run lists and that are no more."""
    from tthc_rules.check.pages import INDEX, listed, pages
    from tthc_rules.runs.output import Target, write_text, written

    made = pages(book.corpus)
    index = folder / INDEX
    before = listed(index.read_text(encoding="utf-8", errors="replace")) if index.is_file() else None
    if before is None and any((folder / name).exists() for name in made):
        raise InputFileError(_not_our_pages(folder))
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in (before or set()) - made.keys():
            (folder / name).unlink(missing_ok=True)
        for name, text in made.items():
            write_text(Target.of(folder / name).path, text)
    _say(f"{len(made)} trang / pages → {folder}")


def _lint_calendar(path: Path, reference: Calendar | None, lang: Lang) -> None:
    from tthc_rules.check.calendar_lint import lint_table, read_table

    findings = lint_table(read_table(path), reference)
    for finding in findings:
        _say(f"{finding.date:%d/%m/%Y} {finding.code}: {finding.vi if lang is Lang.vi else finding.en}")
    _say(f"{len(findings)} lỗi / findings", err=True)
    if findings:
        raise typer.Exit(FOUND)


def _calendar(book: Rulebook, name: str, known_on: date | None, place: str) -> Calendar:
    """The calendar of that name; where there is none, said of the place where it was written."""
    try:
        return book.calendar(name, known_on=known_on)
    except OptionError as error:
        raise OptionError(problem.at(place) for problem in error.problems) from None


def _print_year(law: Calendar, year: int, lang: Lang) -> None:
    from datetime import timedelta

    from tthc_rules.law.workdays import year_unknown
    from tthc_rules.result import words

    if not law.first_year <= year <= law.last_year:
        raise InputFileError(year_unknown(law, year))
    if law.is_provisional(year):
        _say(
            f"Năm {year} chưa có thông báo nghỉ lễ, tết: TẠM TÍNH theo luật, chưa có hoán đổi, làm bù."
            if lang is Lang.vi
            else f"{year} has no published calendar: PROVISIONAL, by statute alone, without swaps and make-up days."
        )
    day = date(year, 1, 1)
    total = 0
    while day.year == year:
        info = law.day(day)
        total += info.is_workday
        if info.kind not in ("workday", "weekend"):
            kind = words.say(words.DAYS, info.kind, lang.value)
            weekday = words.WEEKDAYS[day.weekday()][0 if lang is Lang.vi else 1]
            unsure = (
                " (tạm tính)" if info.provisional and lang is Lang.vi else " (provisional)" if info.provisional else ""
            )
            act = f" — {info.instrument}" if info.instrument else ""
            _say(f"{day:%d/%m/%Y} {weekday:<9} {kind}: {info.name[lang.value]}{act}{unsure}")
        day += timedelta(days=1)
    _say(f"{total} ngày làm việc / workdays")


def _book(rules: Iterable[Path] | None, readings: Iterable[str] | None, unconfirmed: bool = False) -> Rulebook:
    from tthc_rules.library import Rulebook

    chosen = {}
    for written in readings or ():
        name, sign, value = written.partition("=")
        if not sign:
            _fail_option("--reading", written, ("id=cách_hiểu",))
        chosen[name] = value
    return Rulebook.load(*(rules or ()), interpretations=chosen, unconfirmed=unconfirmed)


def _date(text: str, option: str) -> date:
    from tthc_rules.law.civil import no_such_day

    with suppress(ValueError):
        if len(text) == 10:
            return date.fromisoformat(text)
    vi, en = no_such_day(text) or (f"«{text}» không phải ngày YYYY-MM-DD", f"“{text}” is not YYYY-MM-DD")
    raise OptionError(Problem("TR-option-date", option, vi, en))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputFileError(file_not_readable(str(path), error)) from None


def _in_file(path: Path, read: Callable[[], Dossier]) -> Dossier:
    """What is read from a file; a place in its text is told with its name."""
    try:
        return read()
    except DossierError as error:
        raise DossierError(
            problem.at(f"{path}:{problem.place}") if problem.code == "TR-input-json" else problem
            for problem in error.problems
        ) from None


def _fail_option(option: str, written: str, known: Iterable[str]) -> NoReturn:
    raise OptionError(
        Problem("TR-option-value", option, f"không nhận «{written}»", f"“{written}” is not known", known=tuple(known))
    )


def _not_our_pages(folder: Path) -> Problem:
    return Problem(
        "TR-output-foreign",
        str(folder),
        "thư mục này có tệp trùng tên trang mà không do lệnh này viết; nêu thư mục khác cho các trang",
        "this folder holds files named like the pages that were not written by this command; name another folder",
    )


def _no_file(path: Path) -> Problem:
    return Problem("TR-case-unreadable", str(path), "không có tệp hay thư mục này", "there is no such file or folder")


def _no_cases(paths: Iterable[Path]) -> Problem:
    where = ", ".join(map(str, paths))
    return Problem("TR-case-none", where, "không có ca kiểm thử nào ở đây", "there is no case here")


def _not_a_year(text: str) -> Problem:
    return Problem("TR-option-value", "năm", f"«{text}» không phải một năm", f"“{text}” is not a year")


@contextmanager
def _progress(quiet: bool, what: str = "hồ sơ") -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr with count, rate and time to go, where stderr is a terminal; otherwise silent."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    count = TextColumn("{task.completed:,.0f} " + what)
    columns = (SpinnerColumn(), count, BarColumn(20), TaskProgressColumn(show_speed=True), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tick(done: int, total: int | None) -> None:
            if total is not None or done % 100 == 0:
                bar.update(task, completed=done, total=total)

        yield tick


class _Terminated(BaseException):
    """The system asks the program to end: what was begun is put away, as for a person who interrupts it."""


@contextmanager
def _terminable() -> Iterator[None]:
    """Within, being asked to end (SIGTERM, and Ctrl-Break on Windows) lets whoever holds something put it away."""

    def end(number: int, frame: object) -> NoReturn:
        raise _Terminated

    names = ("SIGTERM", "SIGBREAK", "SIGHUP")
    before = {}
    with suppress(ValueError):  # only the main thread may ask for signals
        for name in names:
            if (number := getattr(signal, name, None)) is not None and signal.getsignal(number) == signal.SIG_DFL:
                before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run() -> object:
    """The command, its words looked at first and its last words written."""
    if unusable := [problem for word in sys.argv[1:] if (problem := file_name_not_text(word)) is not None]:
        raise InputFileError(unusable)
    with _terminable():
        code = app(standalone_mode=False)
        sys.stdout.flush()
    return code


def main() -> None:
    """The program: our errors on stderr without a traceback, with the exit code that scripts expect."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _run()
    except TthcError as error:
        _show("\n".join(_on_command_line(problem).render() for problem in error.problems), err=True)
        sys.exit(UNUSABLE)
    except _Terminated:
        _show(_STOPPED.render(), err=True)
        sys.exit(UNUSABLE)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("Đã dừng; không ghi kết quả nào. / Stopped; nothing was written.\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        _show(_stream_full(error).render(), err=True)
        with suppress(OSError, ValueError):  # what is left in the stream has nowhere to go
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNUSABLE)
    except Exception as error:
        shown = getattr(error, "format_message", None)
        if shown is None:
            raise
        _show(f"TR-usage: {shown()}\n  tthc-rules --help", err=True)
        sys.exit(UNUSABLE)
    sys.exit(code if isinstance(code, int) else 0)


_STOPPED: Final = Problem(
    "TR-run-stopped",
    "",
    "hệ thống yêu cầu dừng; không ghi kết quả nào",
    "the system asked it to stop; nothing was written",
)


def _stream_full(error: OSError) -> Problem:
    vi, en = reason_of(error)
    place = str(error.filename or "stdout")
    return Problem("TR-result-unwritable", place, f"không ghi được: {vi}", f"cannot write: {en}")


if __name__ == "__main__":
    main()

"""Judge the dossiers of a PostgreSQL database, each night those that must be: see README.md beside this file.

python examples/postgres/judge.py --help
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from tthc_postgres import invented, night, results
from tthc_postgres.server import VIEW, PortalError, Session, quoted, session

from tthc_rules import Rulebook
from tthc_rules.cli.options import FOUND, INTERRUPTED, UNUSABLE, Lang, LatenessChoice
from tthc_rules.cli.progress import counted, progress
from tthc_rules.cli.terminal import Terminated, say, show, terminable
from tthc_rules.errors import Problem, TthcError
from tthc_rules.law.civil import written_day
from tthc_rules.runs.nightly.reasons import WORDS, Reason

HERE: Final = Path(__file__).parent
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Chấm hồ sơ trong PostgreSQL, mỗi đêm chỉ hồ sơ cần chấm; kết quả vào tthc.results.\n\n"
    "Judge the dossiers of a PostgreSQL database, each night only those that must be; results go to tthc.results.",
)

Database = Annotated[
    str,
    typer.Option(
        "--db",
        envvar="TTHC_DB",
        metavar="URI",
        help="postgresql://TÀI_KHOẢN@MÁY/CƠ_SỞ_DỮ_LIỆU; mật khẩu ở PGPASSWORD hoặc ~/.pgpass / the password there.",
    ),
]
Language = Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Không thanh tiến độ / no progress bar.")]
Rules = Annotated[list[Path] | None, typer.Option("--rules", help="Thư mục quy tắc dùng thêm / rule folders to add.")]


@app.command()
def setup(
    db: Database = "postgresql://",
    demo: Annotated[
        bool, typer.Option("--demo", help="Lập cả cổng bịa (lược đồ cong) / the invented portal too.")
    ] = False,
    runner: Annotated[
        str | None,
        typer.Option(help="Cấp cho tài khoản này đúng quyền để chấm / grant this account the rights of a run."),
    ] = None,
    rules: Rules = None,
) -> None:
    """Lập các bảng kết quả, hoặc thêm cột còn thiếu; không đổi gì đã có. / The tables of results, or the columns that
    they lack; nothing that is there is changed.
    """
    book = Rulebook.load(*rules or ())
    with session(db) as at:
        at.begin()
        at.do_all(HERE / "results.sql")
        results.make_table(at, results.columns_of(book))
        if demo:
            ((there, ours),) = at.ask(
                "SELECT to_regnamespace('cong') IS NOT NULL, to_regclass('cong.du_lieu_vi_du') IS NOT NULL"
            )
            if there and not ours:
                raise PortalError(_cong_exists())
            if not there:
                at.do_all(HERE / "portal.sql")
                at.do_all(HERE / "bridge.sql")
        if runner is not None:
            _grant(at, runner)
        ((bridged,),) = at.ask("SELECT to_regclass($1) IS NOT NULL", VIEW)
        at.commit()
    say("→ tthc.results, tthc.errors, tthc.notes, tthc.runs" + (", cong.*" if demo else ""), err=True)
    if not bridged:
        say(f"Tiếp theo: bridge.sql ({VIEW}) cho cổng của bạn / next: bridge.sql for your portal", err=True)


def _grant(at: Session, runner: str) -> None:
    """The rights of a run: to read the view and not the portal's tables, and to write results."""
    rights = {
        "USAGE ON SCHEMA": ("tthc",),
        "SELECT ON": (VIEW,),
        "SELECT, DELETE ON": ("tthc.changed",),
        "SELECT, INSERT, UPDATE ON": ("tthc.runs",),
        "SELECT, INSERT, UPDATE, DELETE ON": ("tthc.results", "tthc.errors", "tthc.notes"),
    }
    for right, places in rights.items():
        for place in places:
            at.do(f"GRANT {right} {place} TO {quoted(runner)}")


def _cong_exists() -> Problem:
    return Problem(
        "PG-exists",
        "cong",
        "cơ sở dữ liệu này đã có lược đồ «cong» không phải của ví dụ: dùng một cơ sở dữ liệu khác cho --demo",
        "this database has a schema “cong” that is not the example's: use another database for --demo",
    )


@app.command()
def fill(
    until: Annotated[
        str, typer.Option("--until", metavar="YYYY-MM-DD", help="Điều ghi đến hết ngày này / up to this day.")
    ],
    db: Database = "postgresql://",
    dossiers: Annotated[int, typer.Option(min=1, help="Bao nhiêu hồ sơ / how many dossiers.")] = 1_000,
    first: Annotated[
        str, typer.Option("--from", metavar="YYYY-MM-DD", help="Ngày đầu / the first day.")
    ] = "2026-08-03",
    lang: Language = Lang.vi,
    quiet: Quiet = False,
) -> None:
    """Nạp dữ liệu bịa vào cổng ví dụ, đến hết một ngày; chạy lại với ngày sau để có thêm. / Fill the invented portal
    up to a day; again with a later day for what came since.
    """
    calendar = Rulebook.load().calendar("vn")
    with session(db) as at, progress(quiet, lang.value) as tick:
        rows = invented.fill(at, dossiers, _day(first), _day(until), calendar, lambda done: tick(done, None))
    say(f"+{counted(rows, lang.value)} " + ("dòng lịch sử" if lang is Lang.vi else "rows of history"), err=True)


@app.command()
def run(
    as_of: Annotated[str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Ngày xét / the day asked about.")],
    db: Database = "postgresql://",
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", metavar="YYYY-MM-DD", help="Theo điều biết đến ngày này / what was known."),
    ] = None,
    lateness: Annotated[
        LatenessChoice, typer.Option(help="Cách so trễ hạn / what counts as late.")
    ] = LatenessChoice.by_date,
    full: Annotated[bool, typer.Option("--full", help="Chấm lại tất cả / judge every dossier.")] = False,
    rules: Rules = None,
    lang: Language = Lang.vi,
    quiet: Quiet = False,
) -> None:
    """Chấm hồ sơ cần chấm và thay kết quả trong một giao dịch. / Judge what must be judged; all or nothing.

    Mã thoát: 0 tốt; 1 có dòng lỗi; 2 không chạy được, kết quả cũ còn nguyên. / Exit code 1: there are error rows.
    """
    book = Rulebook.load(*rules or ())
    question = book.question(_day(as_of), None if known_on is None else _day(known_on), lateness.value)
    with progress(quiet, lang.value) as tick:
        done = night.judge(db, book, question, full, tick)
    for line in _told(done, lang):
        say(line, err=True)
    if done.errors:
        raise typer.Exit(FOUND)


def _told(done: night.Done, lang: Lang) -> list[str]:
    vi = lang is Lang.vi
    place = 0 if vi else 1

    def number(count: int) -> str:
        return counted(count, lang.value)

    lines = [
        f"Lượt {done.run_id}: {number(done.dossiers)} hồ sơ, chấm {number(done.judged)}, giữ nguyên "
        f"{number(done.carried)}; ghi {number(done.written)} dòng khác trước, bỏ {number(done.removed)}"
        if vi
        else f"Run {done.run_id}: {number(done.dossiers)} dossiers, {number(done.judged)} judged, "
        f"{number(done.carried)} carried; {number(done.written)} other rows written, {number(done.removed)} removed"
    ]
    if done.because in night.WHY_ALL:
        lines.append(("Chấm tất cả: " if vi else "All judged: ") + night.WHY_ALL[done.because][place])
    lines += [f"{number(count):>10}  {WORDS[Reason(why)][place]}" for why, count in done.reasons.items()]
    if done.errors:
        lines.append(
            f"{number(done.errors)} hồ sơ không chấm được: tthc.errors"
            if vi
            else f"{number(done.errors)} dossiers that cannot be judged: tthc.errors"
        )
    return [*lines, f"→ tthc.results; {number(done.notes)} " + ("ghi chú: tthc.notes" if vi else "notes: tthc.notes")]


@app.command()
def runs(
    db: Database = "postgresql://",
    last: Annotated[int, typer.Option(min=1, help="Bao nhiêu lượt / how many.")] = 10,
    lang: Language = Lang.vi,
) -> None:
    """Các lượt chấm gần đây. / The last runs."""
    vi = ("lượt", "ngày xét", "vì sao", "hồ sơ", "chấm", "ghi", "bỏ", "lỗi", "ghi chú", "luật", "mã", "giây")
    en = ("run", "as of", "because", "dossiers", "judged", "written", "gone", "errors", "notes", "law", "code", "s")
    say(_line(*(vi if lang is Lang.vi else en)))
    for run_id, as_of, why, *counts, law, code, seconds in night.last_runs(db, last):
        say(_line(str(run_id), str(as_of), why, *map(str, counts), law[:8], code[:8], f"{seconds:.1f}"))


def _line(*cells: str) -> str:
    widths = (-5, 11, 16, -9, -9, -9, -6, -7, -8, 10, 10, -6)
    made = (cell.rjust(-width) if width < 0 else cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return " ".join(made)


def _day(text: str) -> date:
    try:
        return written_day(text)
    except ValueError:
        problem = Problem(
            "PG-date", text, "ngày viết là NĂM-THÁNG-NGÀY", "a date is written YYYY-MM-DD", known=("2026-11-20",)
        )
        raise PortalError(problem) from None


def _run() -> object:
    """The command; being interrupted is raised, whatever the parser of commands makes of it."""
    with terminable():
        code = app(standalone_mode=False)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code


def main() -> None:
    """The program: what is wrong goes to stderr without a traceback, with the exit codes of `tthc-rules`."""
    try:
        code = _run()
    except TthcError as error:
        show(error.render(), err=True)
        code = UNUSABLE
    except (KeyboardInterrupt, Terminated, typer.Abort):
        say("Đã dừng; kết quả cũ còn nguyên. / Stopped; the old results are whole.", err=True)
        code = INTERRUPTED
    except Exception as error:
        if (usage := getattr(error, "format_message", None)) is None:
            raise
        show(f"PG-usage: {usage()}\n  judge.py --help", err=True)
        code = UNUSABLE
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()

"""The command line: each command is a question to the library; results to stdout, everything else to stderr.

Invariants: nothing heavy is imported before a command needs it; a command only reads what is typed and says what came
of it, what it does is in the rooms. Exit codes: 0 fine, 1 the check found something, 2 the input is unusable, 130
interrupted.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Annotated, Final

import typer

from tthc_rules.cli.begin import init
from tthc_rules.cli.calendars import calendar
from tthc_rules.cli.compared import diff
from tthc_rules.cli.dossiers import evaluate, rescore
from tthc_rules.cli.due import due
from tthc_rules.cli.explained import explain, timeline
from tthc_rules.cli.habits import habits
from tthc_rules.cli.options import INTERRUPTED, UNUSABLE, on_command_line
from tthc_rules.cli.rules import check, test
from tthc_rules.cli.sent import senders
from tthc_rules.cli.slips import slip
from tthc_rules.cli.stopped import StoppedRun, WhatIsLeft
from tthc_rules.cli.tables import catalogue, schema
from tthc_rules.cli.terminal import Terminated, give_streams, say, show, terminable
from tthc_rules.cli.units import account
from tthc_rules.cli.usage import is_of_usage, usage_lines
from tthc_rules.errors import InputFileError, Problem, TthcError, file_name_not_text, reason_of

app = typer.Typer(
    name="tthc-rules",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (
    evaluate, explain, timeline, rescore, due, habits, slip, account, init, test, check, diff, calendar, catalogue,
    senders,
    schema,
):  # fmt: skip
    app.command()(_command)


def _tell_version(asked: bool) -> None:
    """The library, the law that it brings, and how far the calendar is known: what a report of a fault should say."""
    if not asked:
        return
    from tthc_rules import Rulebook, __version__

    book = Rulebook.load()
    law, year = book.corpus, book.calendar().law.last_published_year
    say(f"tthc-rules {__version__}")
    say(f"luật / law {law.digest[:12]} ({len(law.files)} tệp / files)")
    say(f"lịch đã công bố đến / calendar published to 31/12/{year}")
    raise typer.Exit


@app.callback(
    help="Thời hạn, trễ hạn, xin lỗi, trách nhiệm trong giải quyết thủ tục hành chính, kèm căn cứ từng con số.\n\n"
    "Deadlines, lateness, apologies and responsibility for administrative dossiers, each with its clause."
)
def _program(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_tell_version,
            is_eager=True,
            help="Phiên bản thư viện, luật và lịch / of library, law and calendar.",
        ),
    ] = False,
) -> None:
    pass


def _run() -> object:
    """The command, its words looked at first and its last words written."""
    if unusable := [problem for word in sys.argv[1:] if (problem := file_name_not_text(word)) is not None]:
        raise InputFileError(unusable)
    with terminable():
        code = app(standalone_mode=False)
        sys.stdout.flush()
    if code == INTERRUPTED:  # which the parser of commands makes of it
        raise KeyboardInterrupt
    return code


def main() -> None:
    """The program: our errors on stderr without a traceback, with the exit code that scripts expect."""
    give_streams()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _run()
    except BaseException as error:
        code = _told(error)
    sys.exit(code if isinstance(code, int) else 0)


def _told(error: BaseException) -> int:
    """Say why a run did not come to its end; the code to exit with."""
    match error:
        case TthcError():
            show("\n".join(on_command_line(problem).render() for problem in error.problems), err=True)
            return UNUSABLE
        case StoppedRun():
            return _stopped(error.code, error.kept)
        case Terminated():
            return _stopped(UNUSABLE, WhatIsLeft.nothing)
        case KeyboardInterrupt() | typer.Abort():
            return _stopped(INTERRUPTED, WhatIsLeft.nothing)
        case BrokenPipeError() | SystemExit(__context__=BrokenPipeError()):  # the parser of commands makes one of other
            _let_go()
            return 0
        case OSError():
            _let_go()
            vi, en = reason_of(error)
            place = error.filename or "stdout"
            say(f"TR-result-unwritable {place}: không ghi được: {vi} / cannot write: {en}", err=True)
            return UNUSABLE
        case Exception() if is_of_usage(error):
            show(usage_lines(error), err=True)
            return UNUSABLE
        case _:
            raise error


def _stopped(code: int, kept: WhatIsLeft) -> int:
    """Say who stopped the run, where it was the system, and what is left of it."""
    if code == UNUSABLE:
        show(_BY_THE_SYSTEM.render(), err=True)
    say(kept, err=True)
    return code


_BY_THE_SYSTEM: Final = Problem("TR-run-stopped", "", "hệ thống yêu cầu dừng", "the system asked it to stop")


def _let_go() -> None:
    """Forget what stands in the stream still: it has nowhere to go."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""Every log that is no Parquet table: on the fast core where it is installed, else one by one, with the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tthc_rules.errors import EngineError, InputFileError, OptionError
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.eventlog import Format, format_of, read_dossiers
from tthc_rules.logs.mapping import Mapping
from tthc_rules.result.verdict import Verdict
from tthc_rules.runs import onebyone
from tthc_rules.runs.onebyone import Summary
from tthc_rules.runs.steady import Steady


def rescore_log(
    book: Rulebook,
    question: Question,
    events: Path,
    output: Path,
    *,
    mapping: Mapping | None = None,
    dossiers: Path | None = None,
    format: Format | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    grouped: bool = False,
    plain: bool = False,
    fast: bool | None = None,
    explained: int = 0,
    each: Callable[[Verdict], None] = lambda verdict: None,
    progress: Callable[[int], None] = lambda done: None,
    inputs: Iterable[Path] = (),
) -> Summary:
    """Judge a log as `read_dossiers` reads it and write one row for each dossier; returns what was counted.

    `each` sees the first `explained` verdicts. Without `fast`, the fast core judges where it is installed.
    """
    question = question_of_log(book, question, mapping)
    told = [path for path in (events, dossiers, *inputs) if path is not None]
    steady = Steady(path for path in (events, dossiers) if path is not None)
    how: dict[str, Any] = {"plain": plain, "progress": progress, "inputs": told, "at_end": steady.check}
    is_fast = has_fast_core(book) if fast is None else fast
    is_csv = events.is_file() and format_of(events, format) == "csv"
    if is_fast and is_csv and mapping is None and dossiers is None and sheet is None:
        summary = _plain(book, question, events, output, delimiter, grouped, explained, each, how)
        if summary is not None:
            return summary
    found = read_dossiers(events, mapping, dossiers, format=format, delimiter=delimiter, sheet=sheet, grouped=grouped)
    return judge_dossiers(book, question, found, output, is_fast, explained, each, how)


def judge_dossiers(
    book: Rulebook,
    question: Question,
    found: Iterable[RawDossier],
    output: Path,
    fast: bool | None,
    explained: int,
    each: Callable[[Verdict], None],
    how: dict[str, Any],
) -> Summary:
    """Judge dossiers as they were read, on the fast core where it is installed."""
    if has_fast_core(book) if fast is None else fast:
        from tthc_rules.runs import together

        return together.rescore(book, question, found, output, explained=explained, each=each, **how)
    left = iter(range(explained))
    return onebyone.rescore(
        book, found, output, question.as_of, known_on=question.known_on, lateness=question.lateness,
        calendar=question.calendar, hours=question.hours, strict=question.strict,
        each=lambda verdict: None if next(left, None) is None else each(verdict), **how,
    )  # fmt: skip


def _plain(
    book: Rulebook,
    question: Question,
    events: Path,
    output: Path,
    delimiter: str | None,
    grouped: bool,
    explained: int,
    each: Callable[[Verdict], None],
    how: dict[str, Any],
) -> Summary | None:
    """The summary of a CSV that the native reader could read to its end; what is said of others the strict one says."""
    from tthc_rules.logs.csvblocks import NotPlainError
    from tthc_rules.runs import together
    from tthc_rules.runs.plaincsv import NotGroupedError

    sign = "," if delimiter is None else delimiter
    for scattered in (False, True):
        try:
            return together.rescore_plain(
                book, question, events, sign, output, scattered=scattered, explained=explained, each=each, **how
            )
        except NotGroupedError:
            if grouped:  # that is an error of its own
                return None
        except (NotPlainError, InputFileError):
            return None
    return None


def question_of_log(book: Rulebook, question: Question, mapping: Mapping | None) -> Question:
    """The question with the calendar of the mapping, where none was asked for."""
    if mapping is None or mapping.calendar is None or question.calendar is not None:
        return question
    try:
        book.calendar(mapping.calendar)
    except OptionError as error:
        raise OptionError(problem.at(f"{mapping.mapping}: calendar") for problem in error.problems) from None
    return replace(question, calendar=mapping.calendar)


def has_fast_core(book: Rulebook) -> bool:
    """Whether the packages of the fast core are there."""
    try:
        return book.plans is not None
    except EngineError:
        return False

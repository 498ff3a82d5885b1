"""Every log that is no Parquet table: on the fast core where it is installed, else one by one, with the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from tthc_rules.errors import EngineError
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.eventlog import Format, read_dossiers
from tthc_rules.logs.mapping import Mapping
from tthc_rules.result.verdict import Verdict
from tthc_rules.runs import onebyone
from tthc_rules.runs.onebyone import Summary


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
    found = read_dossiers(events, mapping, dossiers, format=format, delimiter=delimiter, grouped=grouped)
    told = [path for path in (events, dossiers, *inputs) if path is not None]
    if has_fast_core(book) if fast is None else fast:
        from tthc_rules.runs import together

        return together.rescore(
            book, question, found, output, plain=plain, progress=progress, explained=explained, each=each, inputs=told
        )
    left = iter(range(explained))
    return onebyone.rescore(
        book, found, output, question.as_of, known_on=question.known_on, lateness=question.lateness,
        calendar=question.calendar, hours=question.hours, strict=question.strict, plain=plain, progress=progress,
        each=lambda verdict: None if next(left, None) is None else each(verdict), inputs=told,
    )  # fmt: skip


def has_fast_core(book: Rulebook) -> bool:
    """Whether the packages of the fast core are there."""
    try:
        return book.plans is not None
    except EngineError:
        return False

"""Messages of a sender in, verdicts out, with what is wrong with the messages beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.diagnostics import COLUMNS, REPORT_COLUMNS, Diagnostic, DiagnosticTally
from tthc_rules.logs.messagefiles import messages_in
from tthc_rules.logs.messages import MessageReader
from tthc_rules.result.verdict import Verdict
from tthc_rules.runs.doors import judge_dossiers
from tthc_rules.runs.onebyone import Summary
from tthc_rules.runs.output import claimed
from tthc_rules.runs.steady import Steady
from tthc_rules.runs.writers import result_format, table_writer

__all__ = ["SentFile", "rescore_messages"]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file or folder of messages: whose they are, when they were fetched, where their sender is."""

    path: Path
    sender: str
    fetched_on: date | None = None
    jurisdiction: str | None = None

    def reader(self, book: Rulebook, known_on: date | None) -> MessageReader:
        """A reader that has taken every message of the file."""
        limits = book.limits(known_on=known_on, jurisdiction=self.jurisdiction)
        reader = MessageReader(self.sender, limits, fetched_on=self.fetched_on, jurisdiction=self.jurisdiction)
        for message in messages_in(self.path, reader.sender.id_keys):
            reader.feed(message)
        return reader


def rescore_messages(
    book: Rulebook,
    question: Question,
    sent: SentFile,
    output: Path,
    *,
    diagnostics: Path | None = None,
    report: Path | None = None,
    plain: bool = False,
    fast: bool | None = None,
    explained: int = 0,
    each: Callable[[Verdict], None] = lambda verdict: None,
    progress: Callable[[int], None] = lambda done: None,
    inputs: Iterable[Path] = (),
) -> tuple[Summary, DiagnosticTally]:
    """Judge the dossiers of a sender's messages and write one row each; returns what was counted of both.

    `diagnostics` is a table with a row for each fault of a dossier, `report` one with a row for each kind of fault.
    """
    told = [sent.path, *inputs]
    beside = [path for path in (diagnostics, report) if path is not None]
    with claimed((output, *beside), told):  # no two of them are one
        for path in (output, *beside):
            result_format(path)
    steady = Steady([sent.path])
    reader = sent.reader(book, question.known_on)
    tally = DiagnosticTally(sent.sender)
    with claimed(beside, [*told, output]), ExitStack() as open_files:
        write = open_files.enter_context(_rows(diagnostics, COLUMNS, plain))

        def tell(found: list[Diagnostic]) -> None:
            tally.add(found)
            for one in found:
                write(one.row(sent.sender))

        tell(sorted(reader.found))

        def at_end() -> None:
            """The tables take their names, so that whatever the disk refuses leaves the earlier result."""
            steady.check()
            with _rows(report, REPORT_COLUMNS, plain) as write_count:
                for row in tally.rows():
                    write_count(row)
            open_files.close()

        how: dict[str, Any] = {"plain": plain, "progress": progress, "inputs": told, "at_end": at_end}
        summary = judge_dossiers(book, question, reader.raw(tell), output, fast, explained, each, how)
    return summary, tally


@contextmanager
def _rows(path: Path | None, columns: tuple[str, ...], plain: bool) -> Iterator[Callable[[dict[str, Any]], None]]:
    """What writes the rows of a table, or nothing where none was asked for."""
    if path is None:
        yield lambda row: None
        return
    with table_writer(path, columns, plain) as writer:
        yield writer.write

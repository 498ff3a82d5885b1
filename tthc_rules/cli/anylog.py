"""A log of any kind as it is typed: a file of events with what is said of it, or the messages of a sender."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tthc_rules.cli.options import Lang, fail_option
from tthc_rules.cli.sent import sent_file, tell_faults

if TYPE_CHECKING:
    from datetime import date

    from tthc_rules.library import Rulebook
    from tthc_rules.logs.assemble import RawDossier
    from tthc_rules.logs.mapping import Mapping as LogMapping
    from tthc_rules.runs.rawlog import LogFile

OF_LOGS: Final = ("mapping", "dossiers", "delimiter", "sheet", "grouped")
OF_SENDERS: Final = ("fetched_on", "jurisdiction")


@dataclass(frozen=True, slots=True)
class AnyLog:
    """A log and the options that say how it is read."""

    log: Path
    format: str | None
    mapping: Path | None
    dossiers: Path | None
    delimiter: str | None
    sheet: str | None
    grouped: bool
    fetched_on: str | None
    jurisdiction: str | None

    @property
    def files(self) -> list[Path]:
        """The files that are read."""
        return [path for path in (self.log, self.mapping, self.dossiers) if path is not None]

    @contextmanager
    def opened(
        self,
        book: Rulebook,
        known_on: date,
        mapping: LogMapping | None,
        lang: Lang,
        of_file: Callable[[LogFile], Iterator[RawDossier]],
        of_sender: Callable[[Iterator[RawDossier]], Iterator[RawDossier]],
    ) -> Iterator[Iterator[RawDossier]]:
        """Its dossiers, as a reader of files or of messages gives them; what is wrong with messages is told behind."""
        from tthc_rules.logs.diagnostics import DiagnosticTally
        from tthc_rules.logs.eventlog import FORMATS
        from tthc_rules.logs.senders import senders
        from tthc_rules.runs.rawlog import LogFile

        named = next((known for known in FORMATS if known == self.format), None)
        if self.format is None or named is not None:
            self._refuse("csv, xlsx, ndjson, json, xes, parquet", OF_SENDERS)
            yield of_file(LogFile(self.log, named, mapping, self.dossiers, self.delimiter, self.sheet, self.grouped))
            return
        if self.format not in senders():
            fail_option("--format", self.format, (*FORMATS, *senders()))
        self._refuse(self.format, OF_LOGS)
        tally: DiagnosticTally = DiagnosticTally(self.format)
        reader = sent_file(self.log, self.format, self.fetched_on, self.jurisdiction).reader(book, known_on)
        tally.add(sorted(reader.found))
        yield of_sender(reader.raw(tally.add))
        tell_faults(tally, lang.value)

    def _refuse(self, what: str, names: tuple[str, ...]) -> None:
        """Refuse options that are about another kind of log."""
        refuse_with(what, {f"--{name.replace('_', '-')}": getattr(self, name) or None for name in names})


def refuse_with(what: str, options: Mapping[str, object]) -> None:
    """Refuse options that ask for something else."""
    for name, value in options.items():
        if value is not None:
            fail_option(name, str(value), (f"không đi với {what} / not with {what}",))

"""A log of any kind as it is typed: its dossiers, or the one of them that a command is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tthc_rules.cli.grouped import HowRead
from tthc_rules.cli.options import Lang, fail_option, read_mapping, refuse
from tthc_rules.cli.sent import asked_for, one_sent, sent_file, tell_faults
from tthc_rules.errors import DossierError, InputFileError, Problem, shown

if TYPE_CHECKING:
    from tthc_rules.law.question import Question
    from tthc_rules.library import Rulebook
    from tthc_rules.logs.assemble import RawDossier
    from tthc_rules.logs.mapping import Mapping
    from tthc_rules.runs.rawlog import LogFile
    from tthc_rules.runs.sent import SentFile

_SOME: Final = 3
"""Ids of a log that are named where the one asked for is not in it."""


@dataclass(frozen=True, slots=True)
class AnyLog:
    """A log and how it is read."""

    log: Path
    how: HowRead

    @property
    def files(self) -> list[Path]:
        """The files that are read."""
        return [self.log, *self.how.files]

    def source(self, lang: Lang) -> LogFile | SentFile:
        """The file of events or of messages; raises for a format that is none, or options of the other kind.

        What a mapping leaves unsaid is said once.
        """
        from tthc_rules.logs.eventlog import FORMATS
        from tthc_rules.logs.senders import senders
        from tthc_rules.runs.rawlog import LogFile

        how = self.how
        named = next((known for known in FORMATS if known == how.format), None)
        if how.format is None or named is not None:
            refuse({"--fetched-on": how.fetched_on, "--jurisdiction": how.jurisdiction}, *with_format(senders()))
            mapping = read_mapping(how.mapping, lang)
            return LogFile(self.log, named, mapping, how.dossiers, how.delimiter, how.sheet, how.grouped)
        if how.format not in senders():
            fail_option("--format", how.format, (*FORMATS, *senders()))
        refuse({
            "--mapping": how.mapping, "--dossiers": how.dossiers, "--delimiter": how.delimiter, "--sheet": how.sheet,
            "--grouped": how.grouped,
        }, *with_format(FORMATS))  # fmt: skip
        return sent_file(self.log, how.format, how.fetched_on, how.jurisdiction)

    def dossier(self, dossier_id: str, book: Rulebook, question: Question, lang: Lang) -> dict[str, Any]:
        """The dossier of that id; raises what is wrong with it, or that it is not there."""
        from tthc_rules.runs.rawlog import LogFile, every_dossier

        source = self.source(lang)
        if not isinstance(source, LogFile):
            return one_sent(source.reader(book, question.known_on), dossier_id, lang.value)
        asked = asked_for(dossier_id)
        count, some = 0, list[str]()
        for raw in every_dossier(book, question, source):
            if raw.dossier_id == asked:
                if raw.problems:
                    raise DossierError(raw.problems)
                return raw.data
            count += 1
            if len(some) < _SOME and raw.dossier_id:
                some.append(shown(raw.dossier_id))
        raise InputFileError(_not_there(dossier_id, self.log, count, ", ".join(some)))


@contextmanager
def dossiers_of(
    source: LogFile | SentFile,
    book: Rulebook,
    question: Question,
    lang: Lang,
    of_file: Callable[[LogFile], Iterator[RawDossier]],
    of_sender: Callable[[Iterator[RawDossier]], Iterator[RawDossier]] = lambda raws: raws,
) -> Iterator[Iterator[RawDossier]]:
    """The dossiers as a reader of files or of messages gives them; what is wrong with messages is told behind."""
    from tthc_rules.logs.diagnostics import DiagnosticTally
    from tthc_rules.runs.rawlog import LogFile

    if isinstance(source, LogFile):
        yield of_file(source)
        return
    tally: DiagnosticTally = DiagnosticTally(source.sender)
    reader = source.reader(book, question.known_on)
    tally.add(sorted(reader.found))
    yield of_sender(reader.raw(tally.add))
    tell_faults(tally, lang.value)


def mapping_of(source: LogFile | SentFile) -> Mapping | None:
    """What is said of the columns of a log; of messages nothing."""
    from tthc_rules.runs.rawlog import LogFile

    return source.mapping if isinstance(source, LogFile) else None


def with_format(names: Iterable[str]) -> tuple[str, str]:
    """What an option goes with that is about these formats, vi / en."""
    options = f"--format {', '.join(names)}"
    return f"với {options}", f"with {options}"


def _not_there(dossier_id: str, log: Path, count: int, like: str) -> Problem:
    return Problem(
        "TR-dossier-not-there",
        shown(dossier_id),
        f"không có hồ sơ này trong {count} hồ sơ của {log}" + (f"; trong đó có {like}" if like else ""),
        f"no such dossier among the {count} of {log}" + (f"; there are {like}" if like else ""),
    )

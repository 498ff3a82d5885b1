"""The one dossier of a log, or of a sender's messages, that a command is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tthc_rules.cli.options import fail_option
from tthc_rules.cli.sent import one_sent, sent_file
from tthc_rules.errors import DossierError, InputFileError, Problem, shown

if TYPE_CHECKING:
    from tthc_rules.library import Rulebook
    from tthc_rules.logs.assemble import RawDossier
    from tthc_rules.logs.mapping import Mapping

Log = Annotated[Path, typer.Argument(help="Nhật ký: csv, ndjson, json, xes, parquet / the log.")]
OneDossier = Annotated[str, typer.Argument(help="Mã hồ sơ / the dossier.", metavar="DOSSIER_ID")]
FormatOrSender = Annotated[
    str | None, typer.Option("--format", help="Định dạng vào, hoặc nguồn của thông điệp / format, or a sender.")
]
_SOME: Final = 3
"""Ids of a log that are named where the one asked for is not in it."""


@dataclass(frozen=True, slots=True)
class LogSource:
    """Where the dossier is read, as typed."""

    log: Path
    mapping: Mapping | None
    dossiers: Path | None
    format: str | None
    delimiter: str | None
    fetched_on: str | None
    jurisdiction: str | None

    def dossier(self, dossier_id: str, book: Rulebook, known_on: date, lang: str) -> dict[str, Any]:
        """The dossier of that id; raises what is wrong with it, or that it is not there."""
        from tthc_rules.logs.eventlog import FORMATS
        from tthc_rules.logs.senders import senders

        format = self.format
        if format is not None and format not in FORMATS and format in senders():
            sent = sent_file(self.log, format, self.fetched_on, self.jurisdiction)
            return one_sent(sent.reader(book, known_on), dossier_id, lang)
        named = next((known_format for known_format in FORMATS if known_format == format), None)
        if format is not None and named is None:
            fail_option("--format", format, (*FORMATS, *senders()))
        return self._in_log(dossier_id, named)

    def _in_log(self, dossier_id: str, format: Any) -> dict[str, Any]:
        """The dossier of that id; an error row of it raises what is wrong with it."""
        from tthc_rules.logs.eventlog import read_dossiers

        log = self.log
        some: list[str] = []
        count = 0
        for raw in read_dossiers(log, self.mapping, self.dossiers, format=format, delimiter=self.delimiter):
            if raw.dossier_id == dossier_id:
                return _whole(raw)
            count += 1
            if len(some) < _SOME and raw.dossier_id:
                some.append(shown(raw.dossier_id))
        like = ", ".join(some)
        raise InputFileError(
            Problem(
                "TR-dossier-not-there",
                shown(dossier_id),
                f"không có hồ sơ này trong {count} hồ sơ của {log}" + (f"; trong đó có {like}" if like else ""),
                f"no such dossier among the {count} of {log}" + (f"; there are {like}" if like else ""),
            )
        )


def _whole(raw: RawDossier) -> dict[str, Any]:
    if raw.problems:
        raise DossierError(raw.problems)
    return raw.data

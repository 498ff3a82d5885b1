"""A month of nights, each against a full run from the same source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, cast

from tthc_rules import Rulebook
from tthc_rules.logs.eventlog import Format
from tthc_rules.runs.doors import rescore_log
from tthc_rules.runs.nightly.night import Night, NightFiles, rescore_night
from tthc_rules.runs.nightly.rowlogs import NightLog
from tthc_rules.runs.sent import SentFile, rescore_messages

from .province import (
    FIRST,
    Life,
    as_csv,
    as_dossiers,
    as_events,
    as_json,
    as_xes,
    dossiers_of,
    lives,
    messages_of,
    rows_of,
    write,
)

SENDERS: Final = ("dvcqg", "igate", "opencps")
CATALOGUE: Final = Path(__file__).parents[2] / "examples" / "messages" / "rules"
"""Time limits of the procedures that the messages name."""
FORMS: Final = ("csv", "events", "dossiers", "json", "xes", *SENDERS)
"""What a night reads."""
_FILES: Final[dict[str, Format]] = {"events": "ndjson", "dossiers": "ndjson"}
"""The format of a form, where it is not its name."""
_PLACE: Final = re.compile(rb"[^\s\",;]*\.(?:csv|ndjson|json|xes)(?::[0-9:]+|\[[0-9]+\][\w:]*)")
"""Where a bad row stood: a night names its own file, a full run that of all nights."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: what comes in, what goes out, the size of the province, the nights."""

    form: str
    suffix: str = "csv"
    dossiers: int = 120
    nights: int = 5
    seed: int = 1
    is_delta: bool = True
    arrive: bool = True
    fast: bool | None = None


def nights(book: Rulebook, asked: Asked, folder: Path) -> Iterator[tuple[date, Night, list[str]]]:
    """Each night, and the names of its files that are other than those of a full run."""
    everybody = lives(asked.seed, asked.dossiers, asked.nights)
    previous: Path | None = None
    for number in range(asked.nights):
        day = FIRST + timedelta(days=number)
        kept, whole = folder / f"night-{number}.{asked.suffix}", folder / f"whole-{number}.{asked.suffix}"
        night = _night(book, asked, everybody, day, previous, kept, folder)
        _full(book, asked, everybody, day, whole, folder)
        yield day, night, [name for name in _tables(asked) if _read(kept, name) != _read(whole, name)]
        previous = kept


def _tables(asked: Asked) -> tuple[str, ...]:
    return ("", ".faults.csv", ".report.csv") if asked.form in SENDERS else ("",)


def _read(path: Path, name: str) -> bytes:
    return _PLACE.sub(b"?", Path(f"{path}{name}").read_bytes())


def _night(
    book: Rulebook, asked: Asked, everybody: list[Life], day: date, previous: Path | None, output: Path, folder: Path
) -> Night:
    is_delta = asked.is_delta and previous is not None
    since = day - timedelta(days=1) if is_delta else None
    if asked.form in SENDERS:
        files = NightFiles(output, previous, is_delta, Path(f"{output}.faults.csv"), Path(f"{output}.report.csv"))
        return rescore_night(
            book, book.question(day), _sent(asked, everybody, day, since, folder), files, fast=asked.fast
        )
    log = _log(asked, everybody, day, since, folder)
    files = NightFiles(output, previous, is_delta)
    return rescore_night(book, book.question(day), NightLog(log, _format(asked.form)), files, fast=asked.fast)


def _full(book: Rulebook, asked: Asked, everybody: list[Life], day: date, output: Path, folder: Path) -> None:
    if asked.form in SENDERS:
        faults, report = Path(f"{output}.faults.csv"), Path(f"{output}.report.csv")
        sent = _sent(asked, everybody, day, None, folder)
        rescore_messages(book, book.question(day), sent, output, diagnostics=faults, report=report, fast=asked.fast)
    else:
        rescore_log(book, book.question(day), _log(asked, everybody, day, None, folder), output, fast=asked.fast)


def _log(asked: Asked, everybody: list[Life], day: date, since: date | None, folder: Path) -> Path:
    path = folder / f"{'log' if since is None else 'delta'}.{_format(asked.form)}"
    match asked.form:
        case "csv":
            return write(path, as_csv(rows_of(everybody, since, day)))
        case "events":
            return write(path, as_events(rows_of(everybody, since, day)))
        case "dossiers":
            return write(path, as_dossiers(dossiers_of(everybody, since, day)))
        case "json":
            return write(path, as_json(dossiers_of(everybody, since, day)))
        case "xes":
            return write(path, as_xes(dossiers_of(everybody, since, day)))
        case _:
            raise ValueError(asked.form)


def _format(form: str) -> Format:
    return _FILES.get(form, cast(Format, form))


def _sent(asked: Asked, everybody: list[Life], day: date, since: date | None, folder: Path) -> SentFile:
    """The folder of all evenings so far, or the file of this one."""
    inbox = folder / "inbox"
    first = min(one.known for life in everybody for one in life.seen)
    for number in range((day - first).days + 1):
        path = inbox / f"{first + timedelta(days=number)}.ndjson"
        if not path.exists():
            text = messages_of(asked.form, everybody, first + timedelta(days=number), asked.arrive)
            write(path, text)
    fetched = None if asked.arrive else day
    return SentFile(inbox if since is None else inbox / f"{day}.ndjson", asked.form, fetched)


def reasons(told: list[Night]) -> Counter[str]:
    """Why dossiers were judged, in some nights."""
    found: Counter[str] = Counter()
    for night in told:
        found.update({str(reason): count for reason, count in night.judged.items()})
    return found

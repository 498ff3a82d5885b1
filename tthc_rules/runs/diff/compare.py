"""What a change of rules, of a reading, of what was known or of a policy would change, dossier by dossier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from tthc_rules.errors import DossierError, OptionError, TthcError
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.mapping import Mapping
from tthc_rules.result.row import Cell, Row, error_row, row_of

DUE_DATES: Final = ("lawful_due", "current_due")
"""What a dossier in hand is due by: a slip that was printed does not move, and lateness hangs on these."""
_NOT_COMPARED: Final = frozenset({"rules_digest", "calendar_digest", "clauses", "versions"})


@dataclass(frozen=True, slots=True)
class Side:
    """One way of judging: a rulebook and how it is asked."""

    name: str
    book: Rulebook
    known_on: date | None = None
    lateness: str = "by_date"
    calendar: str | None = None
    hours: str | None = None

    def of_log(self, mapping: Mapping | None) -> Side:
        """This side with the calendar that the mapping of the log names, where it names none itself."""
        if mapping is None or mapping.calendar is None or self.calendar is not None:
            return self
        return replace(self, calendar=mapping.calendar)

    def judge(self, raw: RawDossier, as_of: date) -> Row:
        """The row of one dossier; a dossier that cannot be judged is an error row."""
        try:
            if raw.problems:
                raise DossierError(raw.problems)
            verdict = self.book.evaluate(
                raw.data,
                as_of,
                known_on=self.known_on,
                lateness=self.lateness,
                calendar=self.calendar,
                hours=self.hours,
            )
        except OptionError:
            raise
        except TthcError as error:
            return error_row(raw.dossier_id, error)
        return row_of(verdict)


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one dossier that comes out otherwise."""

    column: str
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class Changed:
    """One dossier that comes out otherwise, and in what."""

    dossier_id: str
    procedure: str
    handling_agency: str
    changes: tuple[Change, ...]


@dataclass
class Difference:
    """How many dossiers were compared, how many change, and in which columns."""

    dossiers: int = 0
    changed: int = 0
    columns: Counter[str] = field(default_factory=Counter)


def compare(
    before: Side,
    after: Side,
    dossiers: Iterable[RawDossier],
    as_of: date,
    total: Difference,
    *,
    open_only: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Iterator[Changed]:
    """Every dossier that changes from one side to the other; `total` is filled on the way.

    `open_only`: only dossiers that are still in hand and whose due date moves.
    """
    for raw in dossiers:
        rows = before.judge(raw, as_of), after.judge(raw, as_of)
        changes = tuple(_changes(*rows))
        total.dossiers += 1
        progress(total.dossiers)
        if not changes or (open_only and not _is_open_and_moved(rows[1], changes)):
            continue
        total.changed += 1
        total.columns.update(change.column for change in changes)
        yield Changed(raw.dossier_id, _said(rows, "procedure"), _said(rows, "handling_agency"), changes)


def _changes(before: Row, after: Row) -> Iterator[Change]:
    for column in dict.fromkeys((*before, *after)):
        if column not in _NOT_COMPARED and before.get(column) != after.get(column):
            yield Change(column, before.get(column), after.get(column))


def _is_open_and_moved(row: Row, changes: Iterable[Change]) -> bool:
    is_open = row.get("accepted_on") is not None and row.get("finished_on") is None
    return is_open and any(change.column in DUE_DATES for change in changes)


def _said(rows: Iterable[Row], column: str) -> str:
    """What either row says of the dossier itself: an error row says nothing."""
    return next((str(cell) for row in rows if (cell := row.get(column)) is not None), "")

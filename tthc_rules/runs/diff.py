"""What a change of rules, of a reading, of what was known or of a policy would change, dossier by dossier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tthc_rules.errors import DossierError, OptionError, TthcError
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.mapping import Mapping
from tthc_rules.result.row import Cell, Row, error_row, row_of

_NOT_COMPARED = frozenset({"rules_digest", "calendar_digest", "clauses", "versions"})


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

    dossier_id: str
    column: str
    before: Cell
    after: Cell


@dataclass
class Difference:
    """How many dossiers were compared, how many change, and in which columns."""

    dossiers: int = 0
    changed: int = 0
    columns: Counter[str] = field(default_factory=Counter)


def compare(
    before: Side, after: Side, dossiers: Iterable[RawDossier], as_of: date, total: Difference
) -> Iterator[Change]:
    """Every change from one side to the other; `total` is filled on the way."""
    for raw in dossiers:
        changes = list(_changes(raw.dossier_id, before.judge(raw, as_of), after.judge(raw, as_of)))
        total.dossiers += 1
        total.changed += bool(changes)
        total.columns.update(change.column for change in changes)
        yield from changes


def _changes(dossier_id: str, before: Row, after: Row) -> Iterator[Change]:
    for column in dict.fromkeys((*before, *after)):
        if column not in _NOT_COMPARED and before.get(column) != after.get(column):
            yield Change(dossier_id, column, before.get(column), after.get(column))

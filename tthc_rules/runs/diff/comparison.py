"""A comparison as data: the two sides, the letters between them, what changes in which dossier, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.known import DEFAULT_CALENDAR
from tthc_rules.law.workdays import CalendarRow
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.result import words
from tthc_rules.result.columnwords import Labels, cell_said, column_said
from tthc_rules.result.row import Cell, steps_text
from tthc_rules.runs.diff.compare import Change, Changed, Difference, Side, compare

LANGS: Final = ("vi", "en")


@dataclass(frozen=True, slots=True)
class SaidChange:
    """One column that comes out otherwise: its cells as a table has them, and in words."""

    column: str
    name: dict[str, str]
    before: str | None
    after: str | None
    before_said: dict[str, str]
    after_said: dict[str, str]


@dataclass(frozen=True, slots=True)
class SaidDossier:
    """One dossier that changes, with what it says of itself."""

    dossier_id: str
    procedure: str
    handling_agency: str
    changes: tuple[SaidChange, ...]


@dataclass(frozen=True, slots=True)
class SaidSide:
    """One way of judging, as it was asked for."""

    name: str
    known_on: date | None
    lateness: str
    rules_digest: str


@dataclass(frozen=True, slots=True)
class LetterDay:
    """A day that a letter made a day off, or one that is worked."""

    day: date
    kind: str
    name: dict[str, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on the calendar that one side knows and the other does not."""

    instrument: str
    published_on: date
    days: tuple[LetterDay, ...]


@dataclass(frozen=True, slots=True)
class ColumnCount:
    """In how many dossiers a column comes out otherwise."""

    column: str
    name: dict[str, str]
    dossiers: int


class Comparison(BaseModel):
    """What a change would change."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    as_of: date
    open_only: bool
    """Only dossiers in hand whose due date moves were looked for."""
    before: SaidSide
    after: SaidSide
    letters: tuple[Letter, ...]
    dossiers: int
    """How many were compared."""
    changed: int
    columns: tuple[ColumnCount, ...]
    listed: tuple[SaidDossier, ...]
    """The first of those that change, in the order of the log; in JSON all of them."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """A comparison that is asked for."""

    before: Side
    after: Side
    as_of: date
    open_only: bool = False

    @property
    def labels(self) -> Labels:
        """Each duty and limit by the name that its latest version bears, on the side after where both know it."""
        return {**_labels(self.before), **_labels(self.after)}

    def take(
        self,
        dossiers: Iterable[RawDossier],
        most: int | None,
        each: Callable[[SaidDossier], None] = lambda one: None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Comparison:
        """Compare; `most` are kept to be listed (nothing: all), `each` sees every one that changes."""
        total, labels = Difference(), self.labels
        listed: list[SaidDossier] = []
        found = compare(
            self.before, self.after, dossiers, self.as_of, total, open_only=self.open_only, progress=progress
        )
        for one in found:
            told = _told(one, labels)
            each(told)
            if most is None or len(listed) < most:
                listed.append(told)
        return Comparison(
            as_of=self.as_of,
            open_only=self.open_only,
            before=_side(self.before),
            after=_side(self.after),
            letters=tuple(letters_between(self.before, self.after)),
            dossiers=total.dossiers,
            changed=total.changed,
            columns=tuple(
                ColumnCount(column, _name(column, labels), count) for column, count in total.columns.most_common()
            ),
            listed=tuple(listed),
        )


def letters_between(before: Side, after: Side) -> Iterator[Letter]:
    """The letters on the calendar that came between the two days of which what was known is compared."""
    if before.known_on is None or after.known_on is None:
        return
    first, last = sorted((day_of(before.known_on), day_of(after.known_on)))
    law = after.book.calendar(after.calendar or DEFAULT_CALENDAR).law
    found: dict[tuple[int, str], list[CalendarRow]] = {}
    for row in law.rows:
        if row.published_on is not None and first < row.published_on <= last:
            found.setdefault((row.published_on, row.instrument), []).append(row)
    for (published, instrument), rows in sorted(found.items()):
        days = tuple(LetterDay(date_of(row.day), row.kind, dict(row.name)) for row in rows)
        yield Letter(instrument, date_of(published), days)


def _side(side: Side) -> SaidSide:
    return SaidSide(side.name, side.known_on, side.lateness, side.book.corpus.digest)


def _labels(side: Side) -> dict[str, Mapping[str, str]]:
    versions = sorted(side.book.corpus.rule_versions(), key=lambda rule: rule.version.rpartition("/")[2])
    duties = ((rule, [*(one.id for one in rule.obligations), *(one.id for one in rule.limits)]) for rule in versions)
    return {name: rule.label for rule, names in duties for name in names}


def _told(one: Changed, labels: Labels) -> SaidDossier:
    changes = tuple(_change(change, labels) for change in one.changes)
    return SaidDossier(one.dossier_id, one.procedure, one.handling_agency, changes)


def _change(change: Change, labels: Labels) -> SaidChange:
    before, after = (
        {lang: cell_said(change.column, cell, labels, lang) for lang in LANGS} for cell in (change.before, change.after)
    )
    if before == after:  # one word stands for several codes: the code says what differs
        before, after = ({lang: _text(cell) or "" for lang in LANGS} for cell in (change.before, change.after))
    return SaidChange(
        change.column, _name(change.column, labels), _text(change.before), _text(change.after), before, after
    )


def _name(column: str, labels: Labels) -> dict[str, str]:
    return {lang: column_said(column, labels, lang) for lang in LANGS}


def _text(cell: Cell) -> str | None:
    """A cell as a table of text has it."""
    if cell is None:
        return None
    if isinstance(cell, list):
        return steps_text(cell)
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def letter_said(letter: Letter, lang: str) -> str:
    """A letter and its days in one line."""
    days = "; ".join(f"{day.day:%d/%m/%Y} {words.say(words.DAYS, day.kind, lang)}" for day in letter.days)
    published = f"{letter.published_on:%d/%m/%Y}"
    return f"{letter.instrument} ({published}): {days}"

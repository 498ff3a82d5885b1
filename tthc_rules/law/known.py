"""The law as it is known on a day: which clocks, rules, calendars and hours; laid out once, and kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from tthc_rules.errors import DossierError, OptionError, Problem, not_text, shown, unknown_word
from tthc_rules.law.civil import FIRST_DATE, LAST_DATE, day_of
from tthc_rules.law.codes import POLICIES
from tthc_rules.law.compose import compose
from tthc_rules.law.composed import Composed, Slots, slots_of
from tthc_rules.law.corpus import Corpus, HoursTable
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.office_hours import HoursColumns, hours_columns
from tthc_rules.law.question import Question
from tthc_rules.law.regimes import Regimes
from tthc_rules.law.rule import CatalogueEntry, ChannelIs, Rule
from tthc_rules.law.statute import Statute
from tthc_rules.law.workdays import Calendar, CalendarLaw

DEFAULT_FAMILY: Final = "one_stop"
DEFAULT_CALENDAR: Final = "vn"
DEFAULT_HOURS: Final = "default"


@dataclass(frozen=True, slots=True)
class Tables:
    """A calendar as known when the dossier was accepted, and as known when the question is asked, for the clock."""

    edition: bytes
    now: int
    idx: tuple[int, ...]
    nth: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands for every dossier of a family that was accepted on a day: clock versions, calendars, their tables."""

    regimes: Regimes
    calendar: Calendar
    then: Calendar
    """The calendar as known on the day of acceptance."""
    tables: Tables
    edition: int


@dataclass
class KnownLaw:
    """Holds the law and what is made from it for a day of knowledge; every answer depends only on its arguments."""

    corpus: Corpus
    _regimes: dict[tuple[str, int], Regimes] = field(default_factory=dict)
    _statutes: dict[tuple[str, str, int], Statute] = field(default_factory=dict)
    _composed: dict[tuple[str, str, int], Composed] = field(default_factory=dict)
    _tables: dict[tuple[str, int, int], Tables] = field(default_factory=dict)
    _hours: dict[tuple[str, str, int], HoursColumns] = field(default_factory=dict)
    _settings: tuple[Question | None, dict[tuple[str, int], Setting]] = (None, {})
    """Of the question that was put last; one pair, so that two threads never read the settings of another's."""

    @property
    def duties(self) -> tuple[str, ...]:
        """Every duty and limit that some rule knows, in order."""
        return self.corpus.duties

    def rules_of(self, family: str, place: str) -> Mapping[str, tuple[Rule, ...]]:
        """The national rules, and beside them those of the place."""
        national, local = self.corpus.rules_of(family), self.corpus.rules.get(place)
        return {**national, **local} if local else national

    def has_places(self, family: str) -> bool:
        """Whether the rules and acts of places stand beside that family."""
        return DEFAULT_FAMILY in (family, self.corpus.beside(family))

    def statute_of(self, family: str, place: str, known_on: int) -> Statute:
        """The rules that may govern dossiers of a family and place, as known on a day."""
        key = (family, place, self.edition(known_on))
        found = self._statutes.get(key)
        if found is None:
            found = self._statutes[key] = Statute(self.rules_of(family, place).values(), known_on)
        return found

    def composed_of(self, family: str, place: str, known_on: int) -> Composed:
        """The rules that govern dossiers of a family and place, as known on a day, written as one function."""
        key = (family, place, self.edition(known_on))
        found = self._composed.get(key)
        if found is None:
            statute, overlays = self.statute_of(family, place, known_on), self.corpus.overlays.get(place, ())
            found = self._composed[key] = compose(statute, overlays, known_on, self.duties, self.slots)
        return found

    @cached_property
    def slots(self) -> Slots:
        """The first events that the rules and acts of any place ask for: the clock gives the same for all of them."""
        acts = [overlay for overlays in self.corpus.overlays.values() for overlay in overlays]
        return slots_of(self.corpus.rule_versions(), acts)

    @cached_property
    def counts_hours_of_all(self) -> bool:
        """Whether some rule counts office hours for files that were not sent online."""
        return any(
            ChannelIs(frozenset({"online"})) not in rule.applies_if
            for rule in self.corpus.rule_versions()
            if any(node.by_office_hours for node in rule.dates)
        )

    @cached_property
    def _turns(self) -> list[int]:
        """The days on which a version, or the end of one, became known, ascending."""
        spans = [version.in_force for clocks in self.corpus.clocks.values() for version in clocks]
        spans += [rule.in_force for rule in self.corpus.rule_versions()]
        spans += [overlay.in_force for overlays in self.corpus.overlays.values() for overlay in overlays]
        known = {span.issued_on for span in spans} | {
            span.end_known_on for span in spans if span.end_known_on is not None
        }
        return sorted(known)

    def edition(self, known_on: int) -> int:
        """Two days with one edition know the same law: what is made for one serves the other."""
        return bisect_right(self._turns, known_on)

    # -- the question --------------------------------------------------------------------------------------------------

    def check_question(self, question: Question) -> None:
        """Raise `OptionError` where the question names what nobody knows."""
        for name in ("lateness", "calendar", "hours"):
            given = getattr(question, name)
            if given is not None and not isinstance(given, str):
                raise OptionError(not_text(name))
        if question.lateness not in POLICIES:
            words = ("cách tính trễ hạn", "lateness policy", question.lateness, tuple(POLICIES), "TR-option-lateness")
            raise OptionError(unknown_word("lateness", *words))
        if question.calendar is not None:
            self.calendar_law(question.calendar)
        if question.hours is not None and question.hours not in self.corpus.hours:
            words = ("giờ làm việc", "hours table", question.hours, tuple(self.corpus.hours), "TR-option-hours")
            raise OptionError(unknown_word("hours", *words))
        if not FIRST_DATE <= question.as_of <= LAST_DATE:
            raise OptionError(_as_of_outside(question.as_of))

    def check_place(self, dossier: Dossier) -> None:
        """Raise `DossierError` where the dossier names a place that nobody knows."""
        if dossier.jurisdiction is not None and dossier.jurisdiction not in self.corpus.jurisdictions:
            place = f"{dossier.dossier_id}: jurisdiction"
            raise DossierError(self.corpus.unknown_place(place, dossier.jurisdiction))

    def family_of(self, dossier: Dossier, entry: CatalogueEntry | None) -> str:
        """The family of clocks and rules of a dossier: its own word, which the catalogue must not contradict.

        Raises `DossierError` for a family that no clock is of, and where the entry of its procedure is of another.
        """
        of_procedure = DEFAULT_FAMILY if entry is None else entry.family
        named = dossier.regime
        if named is None:
            return of_procedure
        place = f"{dossier.dossier_id}: regime"
        if named not in self.corpus.clocks:
            words = ("dòng quy tắc", "regime", named, tuple(self.corpus.clocks), "TR-dossier-regime")
            raise DossierError(unknown_word(place, *words))
        if entry is not None and named != of_procedure:
            raise DossierError(_regimes_differ(place, named, dossier.procedure or "", of_procedure))
        return named

    def setting_of(self, question: Question, family: str, accepted: int) -> Setting:
        """What stands for dossiers of a family accepted on a day; `OptionError` for a question nobody can answer."""
        put, settings = self._settings
        if put is not question:
            self.check_question(question)
            settings = {}
            self._settings = (question, settings)
        found = settings.get((family, accepted))
        if found is None:
            found = settings[family, accepted] = self._setting(question, family, accepted)
        return found

    def _setting(self, question: Question, family: str, accepted: int) -> Setting:
        known_on = day_of(question.known_on)
        regimes = self.regimes_of(family, known_on)
        used = regimes.at(accepted)
        law = self.calendar_law(question.calendar or (DEFAULT_CALENDAR if used is None else used.calendar))
        calendar, then = law.known_on(known_on), law.known_on(min(accepted, known_on))
        return Setting(regimes, calendar, then, self.tables_of(calendar, then), self.edition(known_on))

    # -- clocks, calendars, hours --------------------------------------------------------------------------------------

    def entry_of(self, dossier: Dossier, day: int, known_on: int) -> CatalogueEntry | None:
        """What the catalogue says of a dossier's procedure on a day, or nothing; a missing channel is in person."""
        rows = self.corpus.catalogue.get(dossier.procedure or "", ())
        return entry_among(rows, dossier.channel, dossier.jurisdiction, day, known_on)

    def regimes_of(self, family: str, known_on: int) -> Regimes:
        """The clock versions of a family, as known on a day."""
        key = (family, self.edition(known_on))
        found = self._regimes.get(key)
        if found is None:
            found = self._regimes[key] = Regimes.known_on(self.corpus.clocks.get(family, ()), known_on)
        return found

    def calendar_law(self, name: str) -> CalendarLaw:
        """The calendar of that name; raises `OptionError`."""
        law = self.corpus.calendars.get(name)
        if law is None:
            known = tuple(self.corpus.calendars)
            raise OptionError(unknown_word("calendar", "lịch", "calendar", name, known, "TR-option-calendar"))
        return law

    def tables_of(self, calendar: Calendar, then: Calendar) -> Tables:
        """The calendar's columns in both editions, as the clock takes them."""
        key = (calendar.law.id, then.edition, calendar.edition)
        found = self._tables.get(key)
        if found is None:
            if then is calendar:
                found = Tables(bytes(len(calendar.idx)), 0, calendar.idx, calendar.nth)
            else:
                columns = then.idx + calendar.idx, then.nth_padded + calendar.nth
                found = Tables(bytes(len(calendar.idx)), 1, *columns)
            self._tables[key] = found
        return found

    def hours_table(self, jurisdiction: str | None, named: str | None) -> HoursTable:
        """The office hours that were asked for, else those of the place, else the ordinary ones."""
        if named is not None:
            return self.corpus.hours[named]
        for table in self.corpus.hours.values():
            if jurisdiction in table.jurisdictions:
                return table
        if DEFAULT_HOURS not in self.corpus.hours:
            words = ("giờ làm việc", "hours table", DEFAULT_HOURS, tuple(self.corpus.hours), "TR-option-hours")
            raise OptionError(unknown_word("hours", *words))
        return self.corpus.hours[DEFAULT_HOURS]

    def hours_of(self, table: HoursTable, calendar: Calendar) -> HoursColumns:
        """Work minutes before each day, the timetable of each day, and the timetables (two shifts, four numbers)."""
        key = (table.id, calendar.law.id, calendar.edition)
        found = self._hours.get(key)
        if found is None:
            found = self._hours[key] = hours_columns(table, calendar)
        return found


def entry_among(
    rows: Iterable[CatalogueEntry], channel: str | None, jurisdiction: str | None, day: int, known_on: int
) -> CatalogueEntry | None:
    """Which of a procedure's entries, the most specific first, holds on a day; a missing channel is in person."""
    for row in rows:
        if (
            row.start <= day
            and (row.until is None or day <= row.until)
            and (not row.channels or (channel or "in_person") in row.channels)
            and (not row.jurisdictions or jurisdiction in row.jurisdictions)
            and (row.known_from is None or row.known_from <= known_on)
        ):
            return row
    return None


def _regimes_differ(place: str, named: str, procedure: str, other: str) -> Problem:
    return Problem(
        "TR-dossier-regime",
        place,
        f"hồ sơ ghi dòng quy tắc «{shown(named)}», còn danh mục xếp thủ tục «{shown(procedure)}» vào «{other}»",
        f"the dossier names the regime “{shown(named)}”, and the catalogue has its procedure “{shown(procedure)}” "
        f"under “{other}”",
    )


def _as_of_outside(as_of: date) -> Problem:
    return Problem(
        "TR-as-of-range",
        "as_of",
        f"ngày xét {as_of} nằm ngoài 1990–2100",
        f"the day asked about, {as_of}, lies outside 1990–2100",
    )

"""Who answers, by role and tenure: the holder on the day of the breach; for open lateness each holder while it lasts.

A person is named with what he or she held and when. Nothing here says that anyone is at fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tthc_rules.account import problems
from tthc_rules.account.gather import UnitTally, by_officer, each_officer
from tthc_rules.account.inputs import Post
from tthc_rules.account.organisation import Organisation
from tthc_rules.account.problems import Remark
from tthc_rules.account.rows import HANDLING
from tthc_rules.account.tally import UnitId
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.rule import Overlay, Rule
from tthc_rules.law.unit_duty import UnitDuty

NOBODY: Final = ""
_RATED: Final = "rating_input"
_TOLD: Final = "info"


@dataclass
class Vacancies:
    """Posts that nobody is known to have held on a day that counts."""

    found: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, unit: UnitId, role: str, count: int) -> None:
        if unit is not None:
            self.found[unit, role] += count

    def remarks(self) -> Iterator[Remark]:
        for (unit, role), count in sorted(self.found.items()):
            yield problems.no_holder(unit, role, count)


@dataclass
class Answering:
    """Finds who answers; `corpus` says with which class a role answers for a duty."""

    organisation: Organisation
    corpus: Corpus
    vacancies: Vacancies = field(default_factory=Vacancies)
    _classes: dict[tuple[str, str], list[tuple[int, int | None, str]]] = field(default_factory=dict)

    def breaches(self, unit: UnitTally) -> list[dict[str, Any]]:
        """Each duty of dossiers that was missed, met late or broken, with the persons that answer."""
        return [self._breach(duty, unit) for duty in sorted(unit.breaches)]

    def _breach(self, duty: str, unit: UnitTally) -> dict[str, Any]:
        answers: Counter[tuple[str, UnitId, str, str]] = Counter()
        outcomes: Counter[str] = Counter()
        for (outcome, day, roles, handling, one_stop, of_field), count in unit.breaches[duty].items():
            outcomes[outcome] += count
            for role in roles:
                if role == "officer":
                    continue
                consequence = self.class_of(duty, role, day)
                if role == "registration_authority":
                    answers[role, self.organisation.on(handling, day), NOBODY, consequence] += count
                    continue
                of_unit = one_stop if role == "head_of_one_stop_unit" else handling
                for on, person in self._holders(of_unit, role, day, of_field, count):
                    answers[role, on, person, consequence] += count
            of_desk = bool(roles) and all(role == "head_of_one_stop_unit" for role in roles)
            self._beside(answers, one_stop if of_desk else handling, day, of_field, count)
        for (day, officers), count in unit.officer_breaches[duty].items():
            for officer in each_officer(officers):
                answers["officer", None, officer, self.class_of(duty, "officer", day)] += count
        total = sum(outcomes.values())
        dossiers = unit.first_dossiers(duty)
        return {
            "duty": duty,
            "outcomes": dict(sorted(outcomes.items())),
            "count": total,
            "answers": _answers(answers),
            "dossiers": dossiers,
            "more": total - len(dossiers),
        }

    def _beside(
        self,
        answers: Counter[tuple[str, UnitId, str, str]],
        unit: UnitId,
        day: int,
        of_field: str | None,
        count: int,
    ) -> None:
        """The deputy in charge, for the rating only; the chair, for information."""
        for post in self.organisation.holders(unit, "deputy_head", day, of_field):
            answers["deputy_head", post.unit, post.person, _RATED] += count
        for post in self.organisation.chairs(unit, day):
            answers["chair", post.unit, post.person, _TOLD] += count

    def _holders(
        self, unit: UnitId, role: str, day: int, of_field: str | None, count: int
    ) -> Iterable[tuple[UnitId, str]]:
        held = self.organisation.holders(unit, role, day, of_field)
        if held:
            return [(post.unit, post.person) for post in held]
        self.vacancies.note(self.organisation.on(unit, day), role, count)
        return [(self.organisation.on(unit, day), NOBODY)]

    def lateness(self, unit: UnitTally, closing: int) -> dict[str, Any]:
        """Lateness itself: the holder on the due date; where it is open, each holder with the days of it."""
        answers: Counter[tuple[str, UnitId, str, str]] = Counter()
        days: Counter[tuple[str, UnitId, str, str]] = Counter()
        total, still = 0, 0
        for (name, of_field, due, is_open), count in unit.late[HANDLING].items():
            total += count
            if not is_open:
                for on, person in self._holders(name, "head_of_unit", due, of_field, count):
                    answers["head_of_unit", on, person, _RATED] += count
            else:
                still += count
                for on, person, held in self._while_open(name, due + 1, closing, count):
                    answers["head_of_unit", on, person, _RATED] += count
                    days["head_of_unit", on, person, _RATED] += held * count
            self._beside(answers, name, due, of_field, count)
        officers = {names: n for (period, names), n in unit.late_officers.items() if period == 0}
        for officer, count in by_officer(officers).items():
            answers["officer", None, officer, _TOLD] += count
        dossiers = unit.first_dossiers("late")
        return {
            "count": total,
            "open": still,
            "answers": _answers(answers, days),
            "dossiers": dossiers,
            "more": total - len(dossiers),
            "mitigating": unit.mitigating,
        }

    def _while_open(self, unit: UnitId, first: int, closing: int, count: int) -> Iterator[tuple[UnitId, str, int]]:
        """(unit, person, days) of everyone who headed the unit between two days; days that nobody held too."""
        now, day = self.organisation.on(unit, first), first
        held: Counter[tuple[UnitId, str]] = Counter()
        while day <= closing:
            record = self.organisation.record(now, day)
            last = closing
            if record is not None and record.became and record.to is not None and day <= record.to < closing:
                last = record.to
            for start, end, person in _spans(self.organisation.heads(now), day, last):
                held[now, person] += end - start + 1
                if person == NOBODY:
                    self.vacancies.note(now, "head_of_unit", count)
            day = last + 1
            now = self.organisation.current(now, day)
        for (on, person), length in held.items():
            yield on, person, length

    def class_of(self, duty: str, role: str, day: int) -> str:
        """With which class a role answers for a duty, by the version in force on that day."""
        key = (duty, role)
        if key not in self._classes:
            self._classes[key] = list(self._classes_of(duty, role))
        known = self._classes[key]
        in_force = [said for start, until, said in known if start <= day and (until is None or day <= until)]
        return (in_force or [said for _, _, said in known] or [_TOLD])[-1]

    def _classes_of(self, duty: str, role: str) -> Iterator[tuple[int, int | None, str]]:
        for rule in self.corpus.rule_versions():
            for answer in rule.responsibilities:
                if answer.duty == duty and answer.role == role:
                    yield rule.in_force.start, rule.in_force.until, answer.consequence
        for overlays in self.corpus.overlays.values():
            for overlay in overlays:
                for answer in overlay.responsibilities:
                    if answer.duty == duty and answer.role == role:
                        yield overlay.in_force.start, overlay.in_force.until, answer.consequence


def cuts_of(organisation: Organisation, corpus: Corpus) -> tuple[int, ...]:
    """The days on which who answers, with which class, or which duty a breach gives rise to, can change."""
    acts: list[Rule | Overlay | UnitDuty] = [*corpus.rule_versions()]
    acts += [overlay for overlays in corpus.overlays.values() for overlay in overlays]
    acts += [duty for versions in corpus.unit_duties.values() for duty in versions]
    starts = {act.in_force.start for act in acts}
    ends = {act.in_force.until + 1 for act in acts if act.in_force.until is not None}
    return tuple(sorted({*organisation.cuts, *starts, *ends}))


def _spans(heads: Sequence[Post], first: int, last: int) -> Iterator[tuple[int, int, str]]:
    """Who headed a unit between two days, and the days on which nobody is known to have."""
    day = first
    for post in heads:
        start, end = max(first, post.from_), last if post.to is None else min(last, post.to)
        if start > end:
            continue
        if start > day:
            yield day, start - 1, NOBODY
        yield start, end, post.person
        day = max(day, end + 1)
    if day <= last:
        yield day, last, NOBODY


def _answers(
    answers: Mapping[tuple[str, UnitId, str, str], int],
    days: Mapping[tuple[str, UnitId, str, str], int] | None = None,
) -> list[dict[str, Any]]:
    said = []
    for key in sorted(answers, key=lambda one: (one[0], one[1] or "", one[2], one[3])):
        role, unit, person, consequence = key
        one: dict[str, Any] = {"role": role, "unit": unit, "person": person or None, "class": consequence}
        one["count"] = answers[key]
        if days is not None and key in days:
            one["days"] = days[key]
        said.append(one)
    return said

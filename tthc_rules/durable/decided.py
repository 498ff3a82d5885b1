"""The rules of one statute and one place, compiled: decisions in hosts, and the findings that their answers make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Generic, TypeAlias, TypeVar

from tthc_rules.durable import complaints
from tthc_rules.durable.branches import Branches, always, choose
from tthc_rules.durable.conditions import all_hold, covers, due_that_picks, known_day, lies_within
from tthc_rules.durable.host import GuardedHost
from tthc_rules.durable.loading import DossierLoading, Loaded, Reader, load
from tthc_rules.durable.local import (
    Added,
    Answered,
    Concluded,
    Excepted,
    Key,
    Local,
    Slot,
    Version,
    answers_of,
    name_of,
)
from tthc_rules.durable.rulesets import Decision, pack
from tthc_rules.durable.translate import Consequence, Finding, Translation
from tthc_rules.law.facts import Facts
from tthc_rules.law.rule import LabelledException, Limit, Obligation, Overlay, Responsibility, Rule
from tthc_rules.law.statute import Statute, picking_day
from tthc_rules.result.found import Found

S = TypeVar("S")
Span: TypeAlias = tuple[int, int, Rule]

_UNDECIDED: Final = object()


@dataclass(slots=True)
class Judged(Found):
    """A finding with those who answer for it, as the fired rules say."""

    answered: Answered = ()

    def answers(self) -> Iterator[tuple[Responsibility, Rule | Overlay]]:
        """Who answers for this outcome, and by which act."""
        return iter(self.answered)


@dataclass(frozen=True, slots=True)
class Present:
    """What a branch means that finds the duty in force and applicable."""

    rule: Rule
    version: int
    duty: Obligation | Limit
    consequence: Consequence
    answers: Answered

    def judged(self, loaded: Loaded) -> Judged:
        """The finding, with its dates read from the facts."""
        means, duty = self.consequence, self.duty
        return Judged(
            duty.id,
            means.outcome,
            self.rule,
            None if means.act_by is None else loaded.day(means.act_by),
            loaded.done(means.done),
            duty if isinstance(duty, Obligation) else None,
            duty if isinstance(duty, Limit) else None,
            means.note,
            picking_day(self.rule, loaded.facts) or 0,
            means.way,
            answered=self.answers,
        )


class Stage(Generic[S]):
    """Decisions in as many hosts as they need; each is answered exactly once, or there is no answer at all."""

    def __init__(self, decisions: Sequence[Decision], readers: Mapping[str, Reader[S]]) -> None:
        self.decisions = decisions
        self.hosts: list[tuple[GuardedHost, Any]] = []
        try:
            for ruleset in pack(decisions, readers):
                self.hosts.append((GuardedHost(ruleset.rules), ruleset))
                ruleset.rules = {}  # no longer needed, and the larger part
        except BaseException:
            self.close()
            raise

    def decide(self, source: S) -> list[Any]:
        """The meaning of the branch that fired, for each decision."""
        answers: list[Any] = [_UNDECIDED] * len(self.decisions)
        for host, ruleset in self.hosts:
            for name in host.ask(load(ruleset.facts, source)):
                number, means = ruleset.means[name]
                if answers[number] is not _UNDECIDED:
                    raise complaints.failed(self.decisions[number].name, "two of its branches fired")
                answers[number] = means
        if any(answer is _UNDECIDED for answer in answers):
            number = answers.index(_UNDECIDED)
            raise complaints.failed(self.decisions[number].name, "none of its branches fired")
        return answers

    def close(self) -> None:
        for host, _ in self.hosts:
            host.close()


class CompiledLaw:
    """Every rule that may govern a dossier of one family and place, as known on a day."""

    def __init__(self, statute: Statute, overlays: Sequence[Overlay] = ()) -> None:
        self.overlays = tuple(overlays)
        self.slots: list[list[Slot]] = []
        """By rule, in the order in which findings stand."""
        self.decisions: list[Decision] = []
        self.loading = DossierLoading()
        self._translations: dict[tuple[str, str], Translation] = {}
        self._made_of = _rules_of(statute)
        for name, listed in statute.spans.items():
            for _, spans in groupby(listed, key=lambda span: span[2].id):
                self._rule(tuple(spans), name)
        for known in statute.by_request:
            self._rule(known, "supplement_requested")
        self._in_force: dict[tuple[int, Key], int] = {}
        self._exceptions: dict[tuple[Key, str], list[int]] = {}
        self._acts()
        local = Local(self.overlays)
        said = [(slot.number, one) for slots in self.slots for slot in slots for one in local.decisions(slot)]
        self._said_of = [number for number, _ in said]
        self.local_decisions = [decision for _, decision in said]
        self._stage: Stage[Loaded] = Stage(self.decisions, self.loading.readers)
        try:
            self._local: Stage[Concluded] = Stage(self.local_decisions, local.loading.readers)
        except BaseException:
            self._stage.close()
            raise

    # -- compiling -----------------------------------------------------------------------------------------------------

    def _decide(self, name: str, branches: Branches[Any]) -> int:
        self.decisions.append(Decision(f"{len(self.decisions)}_{name}", branches))
        return len(self.decisions) - 1

    def _rule(self, spans: Sequence[Span], kind: str) -> None:
        """A decision for each duty of one rule: which version governs, whether it applies, and what came about."""
        width = max((len(rule.duties) for _, _, rule in spans), default=0)
        slots = []
        for place in range(width):
            governs = self._governs(spans, 0, place, kind)
            if all(means is None for _, means in governs.each):
                continue  # repealed, or off, in every version
            number = self._decide(f"{spans[0][2].id}_{place}", governs)
            versions = (
                Version(rule, rule.duties[place] if place < len(rule.duties) else "", _key(rule, kind))
                for _, _, rule in spans
            )
            slots.append(Slot(number, tuple(versions)))
        self.slots.append(slots)

    def _governs(self, spans: Sequence[Span], at: int, place: int, kind: str) -> Branches[Present | None]:
        """The version that began last and is in force on its picking day, or none."""
        if at == len(spans):
            return always(None)
        start, until, rule = spans[at]
        return choose(
            self._picking_day(rule, kind).then(
                lambda day: always(False) if day is None else lies_within(day, start, until)
            ),
            lambda: self._present(rule, at, place),
            lambda: self._governs(spans, at + 1, place, kind),
        )

    def _picking_day(self, rule: Rule, kind: str) -> Branches[str | None]:
        if kind == "supplement_requested":
            return self._translation(rule).request_that_picks()
        if kind == "lawful_due":
            return due_that_picks(self.loading)
        return known_day(self.loading, "accepted" if kind == "dossier_accepted" else kind)

    def _translation(self, rule: Rule) -> Translation:
        found = self._translations.get((rule.version, rule.id))
        if found is None:
            found = self._translations[rule.version, rule.id] = Translation(rule, self.loading)
        return found

    def _present(self, rule: Rule, version: int, place: int) -> Branches[Present | None]:
        duties: tuple[Obligation | Limit, ...] = (*rule.obligations, *rule.limits)
        if rule.repealed or not rule.is_on or place >= len(duties):
            return always(None)
        translation, duty = self._translation(rule), duties[place]

        def present(means: Consequence | None) -> Branches[Present | None]:
            if means is None:
                return always(None)
            return always(Present(rule, version, duty, means, answers_of(rule, duty.id, means.outcome)))

        def found() -> Finding:
            return translation.limit(duty) if isinstance(duty, Limit) else translation.obligation(duty)

        return choose(translation.applies(), lambda: found().then(present), lambda: always(None))

    def _acts(self) -> None:
        """Which local acts are in force on each picking day, and which exceptions hold then."""
        picking: dict[Key, tuple[Rule, set[str]]] = {}
        for slots in self.slots:
            for slot in slots:
                for version in slot.versions:
                    picking.setdefault(version.key, (version.rule, set()))[1].add(version.duty)
        for at, overlay in enumerate(self.overlays):
            for key, (rule, duties) in picking.items():
                in_force = self._act_in_force(overlay, rule, key)
                self._in_force[at, key] = self._decide(f"{overlay.id}_in_force", in_force)
                for one in overlay.excepts:
                    if one.duty in duties:
                        holds = self._exception_holds(overlay, one, in_force)
                        number = self._decide(f"{overlay.id}_excepts_{one.duty}", holds)
                        self._exceptions.setdefault((key, one.duty), []).append(number)

    def _act_in_force(self, overlay: Overlay, rule: Rule, key: Key) -> Branches[bool]:
        return self._picking_day(rule, key[0]).then(
            lambda day: always(False) if day is None else covers(overlay.in_force, day, self.loading)
        )

    def _exception_holds(self, overlay: Overlay, one: LabelledException, in_force: Branches[bool]) -> Branches[bool]:
        place = f"{overlay.source or overlay.version}: excepts"
        return choose(in_force, lambda: all_hold(one.conditions, self.loading, place), lambda: always(False))

    # -- judging -------------------------------------------------------------------------------------------------------

    def judge(self, facts: Facts) -> list[Found]:
        """Every duty and limit that is in force and applies, with what the place adds or excepts."""
        loaded = Loaded(facts)
        said = self._stage.decide(loaded)
        present: dict[int, tuple[Version, Judged]] = {}
        concluded = Concluded()
        for slots in self.slots:
            one_rule = {means.rule.version for slot in slots if (means := said[slot.number]) is not None}
            if len(one_rule) > 1:
                raise complaints.failed(slots[0].versions[0].rule.id, "two versions govern at once")
            for slot in slots:
                means = said[slot.number]
                if means is not None:
                    version = slot.versions[means.version]
                    judged = means.judged(loaded)
                    present[slot.number] = (version, judged)
                    concluded.version[slot.number] = name_of(means.version)
                    concluded.outcome[slot.number] = judged.outcome
                    numbers = self._exceptions.get((version.key, judged.id), ())
                    concluded.exceptions[slot.number] = sum(said[number] for number in numbers)
        if self.overlays:
            self._localize(said, present, concluded)
        return [judged for _, judged in present.values()]

    def _localize(self, said: list[Any], present: dict[int, tuple[Version, Judged]], concluded: Concluded) -> None:
        """The acts of the place: exceptions, and who answers beside those whom the rules name."""
        concluded.in_force = {act: said[number] for act, number in self._in_force.items()}
        for version, judged in present.values():
            judged.overlays = tuple(
                overlay for at, overlay in enumerate(self.overlays) if concluded.in_force[at, version.key]
            )
        for number, means in zip(self._said_of, self._local.decide(concluded), strict=True):
            if isinstance(means, Excepted):
                judged = present[number][1]
                judged.outcome, judged.note, judged.answered = means.outcome, means.note, means.answers
            elif isinstance(means, Added):
                judged = present[number][1]
                judged.answered = (*judged.answered, (means.answer, means.act))

    def is_made_of(self, statute: Statute, overlays: Sequence[Overlay]) -> bool:
        """Whether it was compiled from these very rules and acts, and not from others of the same names."""
        return self.overlays == tuple(overlays) and self._made_of == _rules_of(statute)

    def close(self) -> None:
        """Give back what the engine holds."""
        self._stage.close()
        self._local.close()


def _rules_of(statute: Statute) -> tuple[Rule, ...]:
    return tuple(rule for spans in (*statute.spans.values(), *statute.by_request) for _, _, rule in spans)


def _key(rule: Rule, kind: str) -> Key:
    """Requests pick by the limits of the version; the other days are the same for all."""
    return (kind, *(str(limit.at_most) for limit in rule.limits)) if kind == "supplement_requested" else (kind,)

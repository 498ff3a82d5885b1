"""Duties and limits of dossiers, and what a place adds or excepts: schema -> law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from tthc_rules.law.civil import day_of
from tthc_rules.law.rule import (
    DATE_FACTS,
    MOMENTS,
    RAISED,
    Applicability,
    ByDate,
    ChannelIs,
    DateNode,
    Deadline,
    DeadlineIs,
    Discharge,
    EachWithin,
    EventSeen,
    FieldIs,
    Fulfilment,
    LabelledException,
    Limit,
    NotBefore,
    Obligation,
    OtherLevel,
    Overlay,
    ReappointmentStands,
    ReceivedAt,
    Responsibility,
    Rule,
    Statement,
)
from tthc_rules.law.text import alike
from tthc_rules.rulefile import complaints, schema
from tthc_rules.rulefile.resolve.naming import Naming, Path, citations, evidence, in_force, unseen

_WAYS: Final = ("discharged_by", "states", "each_within", "not_before")


class Duties(Naming):
    """Resolves the rules on dossiers, and what a place adds or excepts."""

    __slots__ = ()

    # -- parts that all files share ------------------------------------------------------------------------------------

    # -- a duty --------------------------------------------------------------------------------------------------------

    def rule(self, part: schema.RuleFile, version: str, source: str) -> Rule:
        dates = self.dates(part)
        known_dates = (*DATE_FACTS, *part.dates)
        deadlines = {
            name: self.deadline(name, deadline, known_dates, ("deadlines", name))
            for name, deadline in part.deadlines.items()
        }
        rule = Rule(
            part.rule,
            version,
            part.label.model_dump(),
            in_force(part.effective, part.instrument, part.ended_by),
            part.effective.picked_by,
            citations(part.citations),
            self.interpretations(part.interpretations),
            tuple(self.condition(c, ("applies_if", at)) for at, c in enumerate(part.applies_if)),
            dates,
            deadlines,
            tuple(self.obligation(o, part, known_dates, ("obligations", at)) for at, o in enumerate(part.obligations)),
            tuple(Limit(limit.id, limit.counts, limit.at_most) for limit in part.limits),
            tuple(self.responsibility(r, part, ("responsibilities", at)) for at, r in enumerate(part.responsibilities)),
            source=source,
            evidence=evidence(part.citations),
            is_on=self.unconfirmed or evidence(part.citations) != "unconfirmed",
            seed_rows=part.seed_rows,
            law_rows=part.law_rows,
            note=None if part.note is None else part.note.model_dump(),
            continues=None if part.continues is None else day_of(part.continues.from_),
            unseen=unseen(part.instrument),
        )
        if part.continues is not None and part.continues.from_ >= part.effective.from_:
            self.complain(complaints.continues_itself(), ("continues", "from"))
        for at, duty in enumerate(rule.duties):
            if duty in rule.duties[:at]:
                self.complain(complaints.taken(duty), ("rule",))
        self.guard(rule, part)
        return rule

    def dates(self, part: schema.RuleFile) -> tuple[DateNode, ...]:
        """The named dates in an order in which each is computed from earlier ones."""
        nodes: dict[str, DateNode] = {}
        known = (*DATE_FACTS, *part.dates)
        for name, date in part.dates.items():
            if name in DATE_FACTS:
                self.complain(complaints.taken(name), ("dates", name))
            own = None
            match date:
                case schema.BeforeDate():
                    key, base, rolled = "before", date.before, date.last_day_off == "rolled_back"
                case schema.AfterDate():
                    key, base, rolled, own = "after", date.after, False, date.unless_limit
                case _:
                    assert_never(date)
            nodes[name] = node = DateNode(name, base, date.amount, date.unit, key == "before", rolled, own)
            counted_from = MOMENTS[:1] if node.by_office_hours else MOMENTS if node.by_moment else known
            self.word(base, counted_from, "ngày", "date", "TR-rule-unknown-date", ("dates", name, key))
        done: list[DateNode] = []
        waiting = dict(nodes)
        while waiting:
            ready = [name for name, node in waiting.items() if node.base not in waiting]
            if not ready:
                self.complain(complaints.cycle(tuple(waiting)), ("dates", next(iter(waiting))))
                break
            done += [waiting.pop(name) for name in ready]
        return tuple(done)

    def deadline(self, name: str, part: schema.DeadlinePart, dates: Sequence[str], path: Path) -> Deadline:
        events = (part.event,) if isinstance(part.event, str) else part.event
        for event in events:
            self.event(event, (*path, "event"), ends=True)
        for event in part.for_other_level:
            self.event(event, (*path, "for_other_level"))
        if part.for_other_level and part.since not in ("acceptance", "last_start"):
            self.complain(complaints.not_beside(f"since: {part.since}", "for_other_level"), (*path, "for_other_level"))
        if part.since not in ("acceptance", "last_start"):
            counted = [event for event, since in RAISED if since == part.since]
            for event in events:
                self.word(event, counted, "sự kiện", "event", "TR-rule-unknown-event", (*path, "event"))
        if part.due is not None:
            self.word(part.due, dates, "ngày", "date", "TR-rule-unknown-date", (*path, "due"))
        return Deadline(name, events, part.since, part.due, part.for_other_level)

    def condition(self, part: schema.ConditionPart, path: Path) -> Applicability:
        match part:
            case schema.EventSeenPart():
                self.event(part.event, (*path, "event"))
                return EventSeen(part.event, part.since)
            case schema.NoEventPart():
                self.event(part.no_event, (*path, "no_event"))
                return EventSeen(part.no_event, "acceptance", absent=True)
            case schema.OtherLevelPart():
                return OtherLevel()
            case schema.ChannelPart():
                return ChannelIs(frozenset(part.channel))
            case schema.FieldPart():
                return FieldIs(frozenset(map(alike, part.field)))
            case schema.ReceivedPart():
                hour = part.received
                if (hour.until is None) == (hour.after is None):
                    self.complain(complaints.one_of("until", "after"), (*path, "received"))
                cutoff = hour.until if hour.until is not None else hour.after or 0
                return ReceivedAt(cutoff, late=hour.after is not None)
            case schema.ReappointmentPart():
                return ReappointmentStands()
            case _:
                assert_never(part)

    def obligation(
        self, part: schema.ObligationPart, rule: schema.RuleFile, dates: Sequence[str], path: Path
    ) -> Obligation:
        known = tuple(rule.deadlines)
        when = None
        if part.when is not None:
            path_of_when = (*path, "when", "deadline")
            self.word(part.when.deadline, known, "thời hạn", "deadline", "TR-rule-unknown-deadline", path_of_when)
            when = DeadlineIs(part.when.deadline, frozenset(part.when.is_))
        ways = [way for way in _WAYS if getattr(part, way) is not None]
        if len(ways) != 1:
            self.complain(complaints.one_of(*_WAYS), path)
        or_by = self.by_date(part.or_by, dates, (*path, "or_by"))
        waived = self.by_date(part.waived_by, dates, (*path, "waived_by"))
        if part.when is not None:
            for key in ("or_by", "waived_by", "each_within", "not_before", "hour_unknown"):
                if getattr(part, key) is not None:
                    self.complain(complaints.not_beside("when", key), (*path, key))
        for other in ways:  # what is fulfilled by an event may be fulfilled, or waived, by another
            for key in ("or_by", "waived_by") if other != "discharged_by" else ():
                if getattr(part, key) is not None:
                    self.complain(complaints.not_beside(other, key), (*path, key))
        if part.hour_unknown is not None:
            self.hour_unknown(part, rule, dates, (*path, "hour_unknown"))
        if part.not_before is not None:
            where = (*path, "not_before", "date")
            self.word(part.not_before.date, dates, "ngày", "date", "TR-rule-unknown-date", where)
        way = self.fulfilled(part, known, path)
        return Obligation(
            part.id, part.owed_by, part.to, way, when, or_by, waived, part.counts_as, part.hour_unknown
        )  # fmt: skip

    def hour_unknown(
        self, part: schema.ObligationPart, rule: schema.RuleFile, dates: Sequence[str], path: Path
    ) -> None:
        """Another date has a meaning only for a deadline with a date, in a rule that asks for an hour of reception."""
        self.word(part.hour_unknown or "", dates, "ngày", "date", "TR-rule-unknown-date", path)
        deadline = rule.deadlines.get(part.discharged_by or "")
        asks = any(isinstance(condition, schema.ReceivedPart) for condition in rule.applies_if)
        if deadline is None or deadline.due is None or not asks:
            self.complain(complaints.no_hour_asked(), path)

    def by_date(self, part: schema.ByDatePart | None, dates: Sequence[str], path: Path) -> ByDate | None:
        if part is None:
            return None
        for event in part.event:
            self.event(event, (*path, "event"), ends=True)
        self.word(part.by, dates, "ngày", "date", "TR-rule-unknown-date", (*path, "by"))
        return ByDate(part.event, part.by)

    def fulfilled(self, part: schema.ObligationPart, deadlines: Sequence[str], path: Path) -> Fulfilment:
        if part.states is not None:
            self.event(part.states.event, (*path, "states", "event"))
            return Statement(part.states.event, part.states.since, part.states.fields, part.states.which == "any")
        if part.each_within is not None:
            return EachWithin(part.each_within.event, part.each_within.amount, part.each_within.unless_limit)
        if part.not_before is not None:
            return NotBefore(part.not_before.event, part.not_before.date)
        name = part.discharged_by or ""
        if part.discharged_by is not None:
            path_of_name = (*path, "discharged_by")
            self.word(name, deadlines, "thời hạn", "deadline", "TR-rule-unknown-deadline", path_of_name)
        return Discharge(name)

    def responsibility(self, part: schema.ResponsibilityPart, rule: schema.RuleFile, path: Path) -> Responsibility:
        limits = {limit.id for limit in rule.limits}
        duties = (*(obligation.id for obligation in rule.obligations), *limits)
        self.word(part.for_, duties, "nghĩa vụ", "duty", "TR-rule-unknown-duty", (*path, "for"))
        wrong = complaints.wrong_outcomes("", part.if_, part.for_ in limits)
        if part.for_ in duties and wrong:
            self.complain(wrong[0], (*path, "if"))
        return Responsibility(part.for_, frozenset(part.if_), part.role, part.unit, part.class_)

    # -- what no rule may do -------------------------------------------------------------------------------------------

    def guard(self, rule: Rule, part: schema.RuleFile) -> None:
        classes = [(r.consequence, ("responsibilities", at, "class")) for at, r in enumerate(rule.responsibilities)]
        self.allowed(rule.evidence, classes)
        said = [part.rule, part.label.vi, part.label.en, *rule.duties, *(e.name for e in part.examples)]
        said += [] if part.note is None else [part.note.vi, part.note.en]
        self.no_discipline(" ".join(said))
        if not (part.obligations or part.limits):
            self.complain(complaints.empty(), ("rule",))

    def overlay(self, part: schema.OverlayFile, version: str, source: str) -> Overlay:
        excepts = tuple(
            LabelledException(
                one.duty,
                one.label.model_dump(),
                tuple(self.condition(c, ("excepts", at, "if", k)) for k, c in enumerate(one.if_)),
            )
            for at, one in enumerate(part.excepts)
        )
        adds = tuple(Responsibility(r.for_, frozenset(r.if_), r.role, r.unit, r.class_) for r in part.adds)
        self.allowed(evidence(part.citations), [(r.consequence, ("adds", at, "class")) for at, r in enumerate(adds)])
        labels = [part.label, *(one.label for one in part.excepts)]
        self.no_discipline(" ".join((part.overlay, *(f"{one.vi} {one.en}" for one in labels))))
        if not (adds or excepts):
            self.complain(complaints.empty(), ("overlay",))
        return Overlay(
            part.overlay,
            version,
            part.label.model_dump(),
            in_force(part.effective, part.instrument, part.ended_by),
            citations(part.citations),
            adds,
            excepts,
            part.seed_rows,
            source,
        )

    def repealed(self, part: schema.RepealFile, version: str, source: str) -> Rule:
        label = part.note.model_dump() if part.note else {"vi": "đã bãi bỏ", "en": "repealed"}
        self.no_discipline(" ".join((part.repealed, *label.values())))
        return Rule(
            part.repealed,
            version,
            label,
            in_force(part.effective, part.instrument, part.ended_by),
            part.effective.picked_by,
            citations(part.citations),
            repealed=True,
            source=source,
            evidence=evidence(part.citations),
        )

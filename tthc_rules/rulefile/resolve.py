"""Schema -> law: every name is looked up, every class is measured against its evidence, every problem has its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never
from unicodedata import combining, normalize

from tthc_rules.errors import Problem, unknown_word
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import KINDS as EVENT_KINDS
from tthc_rules.law.rule import (
    CLASSES_BY_EVIDENCE,
    DATE_FACTS,
    ENDS,
    EVIDENCE,
    AfterRequest,
    AmendedUnseen,
    Applicability,
    ByDate,
    ChannelIs,
    Citation,
    ClockVersion,
    DateNode,
    Deadline,
    DeadlineIs,
    Discharge,
    EachWithin,
    EventSeen,
    Finding,
    Forms,
    Fulfilment,
    InForce,
    Interpretation,
    LabelledException,
    Limit,
    Obligation,
    Office,
    OnEvent,
    OnPetition,
    Overlay,
    ReappointmentStands,
    ReceivedAt,
    Responsibility,
    Rule,
    Statement,
    Status,
    UnitDuty,
    Within,
)
from tthc_rules.rulefile import schema

Path = tuple[str | int, ...]
_READING_KEYS: Final = ("id", "reads", "instead_of", "sets")
_UNIT_WAYS: Final = (
    *("periodic", "once", "target", "on_lateness", "after_request", "on_breach"),
    *("on_event", "on_petition"),
)
Report = Callable[[Problem, Path], None]

_DISCIPLINE: Final = re.compile(
    r"khien trach|canh cao|ha bac luong|giang chuc|cach chuc|buoc thoi viec|ky luat|ki luat|"
    r"\b(?:reprimand|dismiss\w*|demot\w*|disciplin\w*|sack(?:ed|ing)?)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Resolver:
    """Resolves the names of one file; `complain` takes each problem with its path in the file."""

    complain: Report
    alternatives: Mapping[str, str]
    unconfirmed: bool = False

    def word(self, word: str, known: Sequence[str], vi: str, en: str, code: str, path: Path) -> None:
        if word not in known:
            self.complain(unknown_word("", vi, en, word, known, code), path)

    # -- parts that all files share ------------------------------------------------------------------------------------

    def interpretations(self, parts: Iterable[schema.InterpretationPart]) -> tuple[Interpretation, ...]:
        found = []
        for part in parts:
            taken = self.alternatives.get(part.id, part.reads)
            found.append(
                Interpretation(
                    part.id,
                    part.about.model_dump(),
                    part.reads,
                    part.instead_of,
                    part.because.model_dump(),
                    part.status,
                    part.sets,
                    taken,
                )
            )
        return tuple(found)

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
            note=None if part.note is None else part.note.model_dump(),
            continues=None if part.continues is None else day_of(part.continues.from_),
            unseen=unseen(part.instrument),
        )
        if part.continues is not None and part.continues.from_ >= part.effective.from_:
            self.complain(_continues_itself(), ("continues", "from"))
        for at, duty in enumerate(rule.duties):
            if duty in rule.duties[:at]:
                self.complain(_taken(duty), ("rule",))
        self.guard(rule, part)
        return rule

    def dates(self, part: schema.RuleFile) -> tuple[DateNode, ...]:
        """The named dates in an order in which each is computed from earlier ones."""
        nodes: dict[str, DateNode] = {}
        known = (*DATE_FACTS, *part.dates)
        for name, date in part.dates.items():
            if name in DATE_FACTS:
                self.complain(_taken(name), ("dates", name))
            match date:
                case schema.BeforeDate():
                    key, base, rolled = "before", date.before, date.last_day_off == "rolled_back"
                case schema.AfterDate():
                    key, base, rolled = "after", date.after, False
                case _:
                    assert_never(date)
            self.word(base, known, "ngày", "date", "TR-rule-unknown-date", ("dates", name, key))
            nodes[name] = DateNode(name, base, date.amount, date.unit, key == "before", rolled)
        done: list[DateNode] = []
        waiting = dict(nodes)
        while waiting:
            ready = [name for name, node in waiting.items() if node.base not in waiting]
            if not ready:
                self.complain(_cycle(tuple(waiting)), ("dates", next(iter(waiting))))
                break
            done += [waiting.pop(name) for name in ready]
        return tuple(done)

    def deadline(self, name: str, part: schema.DeadlinePart, dates: Sequence[str], path: Path) -> Deadline:
        events = (part.event,) if isinstance(part.event, str) else part.event
        for event in events:
            self.event(event, (*path, "event"), ends=True)
        if part.due is not None:
            self.word(part.due, dates, "ngày", "date", "TR-rule-unknown-date", (*path, "due"))
        return Deadline(name, events, part.since, part.due)

    def event(self, event: str, path: Path, ends: bool = False) -> None:
        known = (*EVENT_KINDS, *(ENDS if ends else ()))
        self.word(event, known, "sự kiện", "event", "TR-rule-unknown-event", path)

    def condition(self, part: schema.ConditionPart, path: Path) -> Applicability:
        match part:
            case schema.EventSeenPart():
                self.event(part.event, (*path, "event"))
                return EventSeen(part.event, part.since)
            case schema.ChannelPart():
                return ChannelIs(frozenset(part.channel))
            case schema.ReceivedPart():
                hour = part.received
                if (hour.until is None) == (hour.after is None):
                    self.complain(one_of("until", "after"), (*path, "received"))
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
        ways = [way for way in ("discharged_by", "states", "each_within") if getattr(part, way) is not None]
        if len(ways) != 1:
            self.complain(one_of("discharged_by", "states", "each_within"), path)
        or_by = self.by_date(part.or_by, dates, (*path, "or_by"))
        waived = self.by_date(part.waived_by, dates, (*path, "waived_by"))
        if part.when is not None:
            for key in ("or_by", "waived_by", "each_within"):
                if getattr(part, key) is not None:
                    self.complain(_not_beside("when", key), (*path, key))
        way = self.fulfilled(part, known, path)
        return Obligation(part.id, part.owed_by, part.to, way, when, or_by, waived, part.counts_as)

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
            return EachWithin(part.each_within.event, part.each_within.amount)
        name = part.discharged_by or ""
        if part.discharged_by is not None:
            path_of_name = (*path, "discharged_by")
            self.word(name, deadlines, "thời hạn", "deadline", "TR-rule-unknown-deadline", path_of_name)
        return Discharge(name)

    def responsibility(self, part: schema.ResponsibilityPart, rule: schema.RuleFile, path: Path) -> Responsibility:
        limits = {limit.id for limit in rule.limits}
        duties = (*(obligation.id for obligation in rule.obligations), *limits)
        self.word(part.for_, duties, "nghĩa vụ", "duty", "TR-rule-unknown-duty", (*path, "for"))
        wrong = [outcome for outcome in part.if_ if (outcome == "broken") != (part.for_ in limits)]
        if part.for_ in duties and wrong:
            known = ("broken",) if part.for_ in limits else ("missed", "met_late")
            self.complain(unknown_word("", "kết quả", "outcome", wrong[0], known, "TR-rule-outcome"), (*path, "if"))
        return Responsibility(part.for_, frozenset(part.if_), part.role, part.unit, part.class_)

    # -- what no rule may do -------------------------------------------------------------------------------------------

    def guard(self, rule: Rule, part: schema.RuleFile) -> None:
        classes = [(r.consequence, ("responsibilities", at, "class")) for at, r in enumerate(rule.responsibilities)]
        self.allowed(rule.evidence, classes)
        said = [part.rule, part.label.vi, part.label.en, *rule.duties, *(e.name for e in part.examples)]
        said += [] if part.note is None else [part.note.vi, part.note.en]
        self.no_discipline(" ".join(said))
        if not (part.obligations or part.limits):
            self.complain(_empty(), ("rule",))

    def clock(self, part: schema.ClockFile, version: str, source: str) -> ClockVersion:
        if part.effective.picked_by != "dossier_accepted":
            words = ("ngày chọn", "picking date", part.effective.picked_by, ("dossier_accepted",), "TR-rule-pick")
            self.complain(unknown_word("", *words), ("effective", "picked_by"))
        readings = self.interpretations(part.interpretations)
        return ClockVersion(
            version,
            part.label.model_dump(),
            in_force(part.effective, part.instrument, part.ended_by),
            part.calendar,
            part.supplement.effect,
            next((reading.id for reading in readings if reading.sets == "supplement.effect"), ""),
            part.filed_elsewhere_starts == "received_by_competent_agency",
            part.pause_counts,
            part.receipt_on_day_off,
            part.due_soon,
            citations(part.citations),
            readings,
            source,
            unseen(part.instrument),
        )

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
        if not (adds or excepts):
            self.complain(_empty(), ("overlay",))
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

    def unit_duty(self, part: schema.UnitDutyFile, version: str, source: str) -> UnitDuty:
        ways = [way for way in _UNIT_WAYS if getattr(part, way) is not None]
        if len(ways) != 1:
            self.complain(one_of(*_UNIT_WAYS), ("unit_duty",))
        if part.once is not None and (part.once.by is None) == (part.once.before is None):
            self.complain(one_of("by", "before"), ("once",))
        if part.target is not None and (part.target.above is None) == (part.target.at_least is None):
            self.complain(one_of("above", "at_least"), ("target",))
        best = evidence(part.citations)
        self.allowed(best, [(part.class_, ("class",))])
        found = " ".join(f"{one.id} {one.label.vi} {one.label.en}" for one in part.establishes)
        self.no_discipline(f"{part.unit_duty} {part.label.vi} {part.label.en} {found}")
        if part.on_event is not None and part.event is None:
            self.complain(one_of("event"), ("unit_duty",))
        periodic, target, lateness = part.periodic, part.target, part.on_lateness
        share = None if target is None else target.above if target.above is not None else target.at_least
        return UnitDuty(
            part.unit_duty,
            version,
            part.label.model_dump(),
            in_force(part.effective, part.instrument, part.ended_by),
            citations(part.citations),
            self.interpretations(part.interpretations),
            best,
            self.unconfirmed or best != "unconfirmed",
            part.owed_by,
            part.to or "",
            part.role,
            part.class_,
            part.event or "",
            part.recipients,
            "" if periodic is None else periodic.every,
            0 if periodic is None else periodic.at_least,
            () if periodic is None else periodic.before,
            periodic is None or periodic.before_means == "strict",
            _last_day(part.once),
            "" if target is None else target.of,
            share,
            target is not None and target.above is not None,
            lateness is not None,
            () if lateness is None else lateness.also,
            None if lateness is None else lateness.within_days,
            part.seed_rows,
            source,
            "" if lateness is None else lateness.each or "",
            _of_subordinates(part),
            None if part.after_request is None else _after_request(part.after_request),
            part.on_breach is not None,
            "breach" if part.on_breach is None else part.on_breach.of,
            () if part.on_breach is None else part.on_breach.roles,
            None if part.on_event is None else OnEvent(part.on_event.kinds, _within(part.on_event.within)),
            None if part.on_petition is None else _on_petition(part.on_petition),
            tuple(Finding(one.id, one.label.model_dump(), citations(one.citations)) for one in part.establishes),
            part.if_fact or "",
            part.unless_fact or "",
            part.law_rows,
            None if part.note is None else part.note.model_dump(),
        )

    def office(self, part: schema.OfficeFile, version: str, source: str) -> Office:
        return Office(
            part.office,
            version,
            part.label.model_dump(),
            in_force(part.effective, part.instrument, part.ended_by),
            citations(part.citations),
            part.role,
            part.levels,
            source,
            part.law_rows,
        )

    def forms(self, part: schema.FormsFile, version: str, source: str) -> Forms:
        return Forms(
            part.forms,
            version,
            in_force(part.effective, part.instrument, part.ended_by),
            {row.form: row.number for row in part.rows if row.number is not None},
            {row.form: row.label.model_dump() for row in part.rows},
            citations(part.citations),
            source,
        )

    def no_discipline(self, said: str) -> None:
        """No rule may name a form of discipline, accented or not: severity and fault are a person's finding."""
        found = _DISCIPLINE.search(_unaccented(said.replace("_", " ")))
        if found:
            self.complain(_discipline(found[0]), ("label",))

    def allowed(self, best: Status, consequences: Iterable[tuple[str, Path]]) -> None:
        """No class may be stronger than its evidence."""
        may = CLASSES_BY_EVIDENCE[best]
        for consequence, path in consequences:
            if consequence not in may:
                self.complain(_too_strong(consequence, best, sorted(may)), path)

    def repealed(self, part: schema.RepealFile, version: str, source: str) -> Rule:
        label = part.note.model_dump() if part.note else {"vi": "đã bãi bỏ", "en": "repealed"}
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


def citations(parts: Iterable[schema.CitationPart]) -> tuple[Citation, ...]:
    """The citations of a file, as law."""
    return tuple(
        Citation(
            part.document,
            part.status,
            _text(part.article),
            _text(part.clause),
            part.point or "",
            part.quote or "",
            part.source or "",
            part.quote_source or "",
        )
        for part in parts
    )


def evidence(parts: Iterable[schema.CitationPart]) -> Status:
    """The best status among citations: what a rule that bears them may say."""
    return min((part.status for part in parts), key=EVIDENCE.index, default="unconfirmed")


def _of_subordinates(part: schema.UnitDutyFile) -> bool:
    return any(way is not None and way.counts == "subordinates" for way in (part.on_lateness, part.on_breach))


def _within(part: schema.WithinPart | None) -> Within | None:
    return None if part is None else Within(part.amount, part.ahead)


def _on_petition(part: schema.OnPetitionPart) -> OnPetition:
    return OnPetition(
        part.after,
        part.by,
        _within(part.within),
        part.about,
        part.competent,
        part.releases,
        part.if_made,
        part.waiting,
    )


def _after_request(part: schema.AfterRequestPart) -> AfterRequest:
    return AfterRequest(part.event, part.metric or "", part.every, part.periods, part.margin)


def _last_day(once: schema.OncePart | None) -> int | None:
    """The last compliant day: «trước ngày» is strict unless read otherwise."""
    if once is None:
        return None
    if once.by is not None:
        return day_of(once.by)
    return None if once.before is None else day_of(once.before) - (once.before_means == "strict")


def in_force(
    effective: schema.Effective | schema.Span, instrument: schema.Instrument, ended_by: schema.Instrument | None
) -> InForce:
    """The span of a version, and since when each end of it was known."""
    return InForce(
        day_of(effective.from_),
        None if effective.to is None else day_of(effective.to),
        day_of(instrument.issued_on),
        None if ended_by is None else day_of(ended_by.issued_on),
    )


def unseen(part: schema.Instrument) -> AmendedUnseen | None:
    """What amended an instrument and was not seen."""
    amended = part.amended_unseen
    return None if amended is None else AmendedUnseen(amended.document, day_of(amended.from_))


def choose(data: object, alternatives: Mapping[str, str]) -> list[tuple[Problem, Path]]:
    """Write the readings that the caller asked for into a file's data, before it is checked against its schema."""
    problems: list[tuple[Problem, Path]] = []
    parts = data.get("interpretations") if isinstance(data, dict) else None
    for at, part in enumerate(parts if isinstance(parts, list) else ()):
        if not isinstance(part, dict) or not all(isinstance(part.get(key), str) for key in _READING_KEYS):
            continue  # the schema will say so
        problem = _choose_one(data, part, alternatives.get(part["id"], part["reads"]))
        if problem is not None:
            problems.append((problem, ("interpretations", at, "sets")))
    return problems


def _choose_one(data: object, part: Mapping[str, str], wanted: str) -> Problem | None:
    *above, last = part["sets"].split(".")
    place = data
    for step in above:
        place = place.get(step) if isinstance(place, dict) else None
    if not isinstance(place, dict) or place.get(last) != part["reads"]:
        return _sets_nothing(part["sets"], part["reads"])
    if wanted not in (part["reads"], part["instead_of"]):
        known = (part["reads"], part["instead_of"])
        return unknown_word("", "cách hiểu", "reading", wanted, known, "TR-rule-reading")
    place[last] = wanted
    return None


def _unaccented(text: str) -> str:
    plain = normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not combining(sign))


def _continues_itself() -> Problem:
    said = (
        "«continues» phải chỉ về một ngày trước khi phiên bản này có hiệu lực",
        "“continues” must name an earlier day",
    )
    return Problem("TR-rule-continues", "", *said)


def _taken(name: str) -> Problem:
    said = (f"tên «{name}» đã dùng", f"the name “{name}” is taken")
    return Problem("TR-rule-taken", "", *said)


def _text(value: int | str | None) -> str:
    return "" if value is None else str(value)


def _cycle(names: tuple[str, ...]) -> Problem:
    chain = " → ".join((*names, names[0]))
    return Problem(
        "TR-rule-date-cycle",
        "",
        f"các ngày được tính vòng quanh nhau: {chain}",
        f"these dates are computed from each other: {chain}",
    )


def one_of(*keys: str) -> Problem:
    """Exactly one of these keys belongs there."""
    return Problem(
        "TR-rule-one-of", "", "cần đúng một trong các khóa này", "exactly one of these keys is needed", known=keys
    )


def _not_beside(key: str, other: str) -> Problem:
    said = (f"«{other}» không đi cùng «{key}»", f"“{other}” does not go with “{key}”")
    return Problem("TR-rule-beside", "", *said)


def _too_strong(consequence: str, evidence: str, allowed: list[str]) -> Problem:
    return Problem(
        "TR-rule-class",
        "",
        f"hệ quả «{consequence}» mạnh hơn căn cứ «{evidence}» cho phép",
        f"class “{consequence}” is stronger than its evidence “{evidence}” allows",
        known=tuple(allowed),
    )


def _discipline(word: str) -> Problem:
    return Problem(
        "TR-rule-discipline",
        "",
        f"quy tắc không được nêu hình thức kỷ luật («{word}»): thư viện chỉ nêu việc cho người có thẩm quyền xem xét",
        f"a rule may not name a form of discipline (“{word}”): it only tells a competent person what to look at",
    )


def _empty() -> Problem:
    return Problem(
        "TR-rule-empty", "", "quy tắc không có nghĩa vụ hay giới hạn nào", "the rule has no duty and no limit"
    )


def _sets_nothing(path: str, reads: str) -> Problem:
    return Problem(
        "TR-rule-reading",
        "",
        f"«sets: {path}» không chỉ vào chỗ nào đang viết «{reads}» trong tệp này",
        f"“sets: {path}” does not point to a place in this file that reads “{reads}”",
    )

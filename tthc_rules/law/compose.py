"""The rules of one governing law as one flat function over whole numbers, in the language of the clock.

`reference/interpret` walks the nodes and defines what they mean; here the same nodes are written out, once for each
governing law, as a function that CPython runs for one dossier and `bulk` compiles behind the clock. Its source holds
whole numbers, our own names and numbered variables, and no text of a rule file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Final, assert_never

from tthc_rules.errors import EngineError, Problem
from tthc_rules.law import clock
from tthc_rules.law.composed import (
    EXCEPTED,
    NOT_ELIGIBLE,
    NOT_OWED,
    PARAMETERS,
    PENDING,
    TWO_EXCEPTIONS,
    UNDETERMINED,
    Act,
    Composed,
    Slots,
    slots_of,
)
from tthc_rules.law.flatacts import Acts
from tthc_rules.law.flatlines import NONE, out_of
from tthc_rules.law.fulfilled import FoundAs
from tthc_rules.law.next import FAR
from tthc_rules.law.rule import (
    FOREVER,
    RAISERS,
    Discharge,
    EachWithin,
    LabelledException,
    Limit,
    NotBefore,
    Obligation,
    Overlay,
    Rule,
    Statement,
)
from tthc_rules.law.statute import Statute

MOST_ACTS: Final = 120
"""Of one duty: versions, with the local acts beside them; their number is kept in eight bits."""

_PARTS: Final = (
    (
        clock.O_START,
        ("dossier_accepted", "lawful_due", *(one for one in RAISERS if one != "dossier_submitted"), "requests"),
    ),
    (clock.O_SUBMITTED, ("dossier_submitted",)),
)
"""What must be there for rules to be looked at, and by which days those are picked."""

_BEFORE: Final = (
    "        k = rows[j]",
    "        today = asked_on[k]",
    f"        turn = {FAR}",
    f"        by = {FAR}",
    "        what = -1",
)
_AFTER: Final = ("        turns[k] = turn", "        next_by[k] = by", "        next_what[k] = what")
"""Of each dossier: the next day to ask about, the first act that is expected and its day."""

_REQUESTS: Final = {1: clock.O_REQUEST_2, 2: clock.O_REQUEST_3}
"""The column of the request that exceeds a limit."""


_Named = tuple[str, str]


def _named(one: Rule | Overlay) -> _Named:
    """What tells one version of a rule or local act from every other: where it stands, and its name."""
    return one.version, one.id


def compose(
    statute: Statute, overlays: Sequence[Overlay], known_on: int, duties: Sequence[str], slots: Slots | None = None
) -> Composed:
    """The rules that may govern dossiers of a family and place, as known on a day, written as one function.

    `slots` are the first events that are asked for here and elsewhere; without them, those that these rules ask for.
    """
    return _Composer(statute, overlays, known_on, duties, slots).composed()


class _Composer(Acts):
    """Writes the function: first what several versions ask for, then version by version."""

    def __init__(
        self, statute: Statute, overlays: Sequence[Overlay], known_on: int, duties: Sequence[str], slots: Slots | None
    ) -> None:
        self.statute, self.known_on = statute, known_on
        self.overlays = tuple(one for one in overlays if known_on >= one.in_force.issued_on)
        self.duties = {duty: place for place, duty in enumerate(duties)}
        self.acts: tuple[list[Act], ...] = tuple([] for _ in duties)
        self._codes: dict[tuple[int, _Named, tuple[_Named, ...]], int] = {}
        self.by_date = {name: _governed(*laid_out) for name, laid_out in statute.by_date.items()}
        rules = [rule for listed in self.by_date.values() for rule, _ in listed]
        rules += [rule for spans in statute.by_request for _, _, rule in spans if not rule.repealed and rule.is_on]
        spans = (*chain(*statute.spans.values()), *chain(*statute.by_request))
        self._rank = {
            (_named(rule), duty): n for n, (rule, duty) in enumerate((r, d) for _, _, r in spans for d in r.duties)
        }
        unconfirmed = (one.id for rule in rules for one in rule.interpretations if one.status == "unconfirmed")
        unseen = (rule.unseen.assumption for rule in rules if rule.unseen is not None)
        self.readings = tuple(dict.fromkeys((*unconfirmed, *unseen)))
        super().__init__(slots or slots_of(rules, self.overlays))

    def composed(self) -> Composed:
        """The whole function."""
        head = [f"def rules({', '.join(PARAMETERS)}):", "    for j in range(count):", *_BEFORE]
        lines: list[str] = []
        for guard, parts in _PARTS:
            self.surely_accepted = guard == clock.O_START
            if any(part in parts for part, listed in self.by_date.items() if listed) or "requests" in parts:
                shared = self._shared(parts)
                self._reset()
                for write in shared:
                    write()
                before = len(self.lines.lines)
                self._versions(parts)
                if len(self.lines.lines) > before:
                    lines += [f"        if {out_of(guard)} >= 0:", *self.lines.lines]
        source = "\n".join([*head, *lines, *_AFTER]) + "\n"
        return Composed(source, self.slots, tuple(self.duties), tuple(map(tuple, self.acts)), self.readings)

    def _shared(self, parts: Collection[str]) -> list[Callable[[], object]]:
        """What more than one version asks for, in an order in which each stands on those before it.

        Found by writing everything once and counting: what a version asks for is just what its text needs.
        """
        order: dict[object, Callable[[], object]] = {}
        acts, codes = [list(listed) for listed in self.acts], dict(self._codes)
        self._reset()
        self._asked.clear()
        self._order = order
        self._versions(parts)
        self._order = None
        for listed, before in zip(self.acts, acts, strict=True):
            listed[:] = before
        self._codes = codes
        return [write for meaning, write in order.items() if len(self._asked.get(meaning, ())) > 1]

    # -- versions ------------------------------------------------------------------------------------------------------

    def _versions(self, parts: Collection[str]) -> None:
        """Every version in force on the day that picks it; repeals and rules that are off among them find nothing."""
        for name, listed in self.by_date.items():
            if name not in parts or not listed:
                continue
            match name:
                case "dossier_accepted":
                    day = self._date("accepted", {})
                case "lawful_due":
                    day = self._picking_due()
                case _:
                    day = self._date(name, {})
            for spans, alike in groupby(listed, key=itemgetter(1)):
                within = " or ".join(_within(day, start, until) for start, until in spans)
                with self._inner(f"if {within}:"):
                    for rule, _ in alike:
                        self._version(rule, day)
        for spans in self.statute.by_request if "requests" in parts else ():
            self._by_request(spans)

    def _picking_due(self) -> str:
        """The lawful due date, or while that is open the original one."""
        lawful, original, waiting = self._date("lawful_due", {}), self._date("original_due", {}), self._waiting()
        return self._expression(
            "picking_due", lambda: f"{original} if {lawful} == {NONE} and {waiting} != 0 else {lawful}"
        )

    def _by_request(self, spans: Sequence[tuple[int, int, Rule]]) -> None:
        """A limit on requests: of its versions the newest whose own day lies in it; the day depends on the limit."""
        if not any(not rule.repealed and rule.is_on for _, _, rule in spans):
            return
        left = self._variable()
        self.lines.add(f"{left} = 1")
        for start, until, rule in spans:
            with self._inner(f"if {left} == 1:"):
                day = self._day_of_request(rule)
                with self._inner(f"if {_within(day, start, until)}:"):
                    self.lines.add(f"{left} = 0")
                    if not rule.repealed and rule.is_on:
                        self._version(rule, day)

    def _day_of_request(self, rule: Rule) -> str:
        """The day of the request that exceeds the limit, else of the last one, else of acceptance."""
        last, accepted, day = out_of(clock.O_REQUEST_LAST), self._date("accepted", {}), self._variable()
        self.lines.add(f"{day} = {last} if {last} != {NONE} else {accepted}")
        for limit in rule.limits[::-1]:
            if limit.at_most not in _REQUESTS:
                raise EngineError(_no_column(rule, limit))
            with self.lines.block(f"if {out_of(clock.O_REQUESTS)} > {limit.at_most}:"):
                self.lines.add(f"{day} = {out_of(_REQUESTS[limit.at_most])}")
        return day

    def _version(self, rule: Rule, picked: str) -> None:
        """What one version finds, if it applies."""
        self._asking = _named(rule)
        if rule.applies_if:
            with self._inner(f"if {' and '.join(self._holds(condition) for condition in rule.applies_if)}:"):
                self._findings(rule, picked)
        else:
            self._findings(rule, picked)
        self._asking = None

    def _findings(self, rule: Rule, picked: str) -> None:
        nodes = {node.name: node for node in rule.dates}
        for duty in rule.obligations:
            match duty.fulfilled:
                case EachWithin() as way:
                    rank = self._expression("return_rank", lambda: out_of(clock.O_RETURN_RANK))
                    with self._inner(f"if {rank} >= 0:"):
                        self._put(duty, rule, picked, self._each_within(duty, way, rule, rank))
                    with self.lines.block("if expects is not None:"):
                        self._put_going_back(duty, way, rule, picked)
                case Statement() as way:
                    self._put(duty, rule, picked, self._stated(duty, way, rule, nodes))
                case Discharge() as way:
                    self._put(duty, rule, picked, self._discharged(duty, way, rule, nodes))
                case NotBefore() as way:
                    self._put(duty, rule, picked, self._not_before(duty, way, rule, nodes))
                case way:
                    assert_never(way)
        for limit in rule.limits:
            self._put(limit, rule, picked, self._limited(limit, rule))

    # -- findings ------------------------------------------------------------------------------------------------------

    def _put(self, duty: Obligation | Limit, rule: Rule, picked: str, found: FoundAs) -> None:
        """Write a finding, with what the place adds or excepts."""
        at, code = self.duties[duty.id], self._variable()
        cell = f"{at} * n + k"
        self._beside(duty, rule, picked, code, found)
        lines = self.lines
        lines.add(f"outcome[{cell}] = {found.outcome}")
        if found.act_by != "0":
            lines.add(f"act_by[{cell}] = {found.act_by}")
        lines.add(f"act[{cell}] = {code}")
        if found.note != "0":
            lines.add(f"noted[k] = noted[k] | {found.note}")
        bits = sum(1 << self.readings.index(r.id) for r in rule.interpretations if r.status == "unconfirmed")
        if bits:
            lines.add(f"readings[k] = readings[k] | {bits}")
        if rule.unseen is not None:
            bit = 1 << self.readings.index(rule.unseen.assumption)
            with lines.block(f"if {picked} >= {rule.unseen.start}:"):
                lines.add(f"readings[k] = readings[k] | {bit}")
        if found.done != "-1":
            with lines.block("if done is not None:"):
                lines.add(f"done[{cell}] = {found.done}")
                if found.way != "0":
                    lines.add(f"way[{cell}] = {found.way}")
        if isinstance(duty, Obligation):
            self._expected(duty, rule, found, code, at)

    def _put_going_back(self, duty: Obligation, way: EachWithin, rule: Rule, picked: str) -> None:
        """What is expected before any request: the file goes back in time, if it is not eligible."""
        at, lines = self.duties[duty.id], self.lines
        runs, day, minute = self._may_go_back(way, at)
        with self._inner(f"if {runs}:"):
            code, found = self._variable(), FoundAs(self._variable())
            lines.add(f"{found.outcome} = {PENDING}")
            self._beside(duty, rule, picked, code, found)
            with lines.block(f"if {found.outcome} == {PENDING}:"):
                for name, value in (
                    ("expects", str(NOT_ELIGIBLE)), ("expect_act", code), ("expect_by", day), ("expect_minute", minute),
                ):  # fmt: skip
                    lines.add(f"{name}[{at} * n + k] = {value}")

    def _beside(self, duty: Obligation | Limit, rule: Rule, picked: str, code: str, found: FoundAs) -> None:
        """The number of the rule with the local acts in force on the picking day, and their exceptions."""
        word = "if"
        segments = list(_segments(self.overlays, self.known_on))
        if len(segments) == 1:
            self.lines.add(f"{code} = {self._act(duty, rule, segments[0][1])}")
            return
        excepts = any(one.duty == duty.id for overlay in self.overlays for one in overlay.excepts)
        if excepts and found.note == "0":
            found.note = self._variable()
            self.lines.add(f"{found.note} = 0")
        for until, overlays in segments:
            head = "else:" if until >= FOREVER else f"{word} {picked} <= {until}:"
            with self._inner(head):
                self.lines.add(f"{code} = {self._act(duty, rule, overlays)}")
                if excepts:
                    self._excepted([one for o in overlays for one in o.excepts if one.duty == duty.id], found)
            word = "elif"

    def _excepted(self, exceptions: Sequence[LabelledException], found: FoundAs) -> None:
        """Take the one exception that applies; two that apply at once contradict each other: no answer."""
        if not exceptions:
            return
        lines, count = self.lines, self._variable()
        lines.add(f"{count} = 0")
        for one in exceptions:
            holds = " and ".join(self._holds(condition) for condition in one.conditions) or "0 == 0"
            with lines.block(f"if {holds}:"):
                lines.add(f"{count} += 1")
        for head, outcome, note in (
            (f"if {count} == 1:", NOT_OWED, EXCEPTED),
            (f"if {count} > 1:", UNDETERMINED, TWO_EXCEPTIONS),
        ):
            with lines.block(head):
                lines.add(f"{found.outcome} = {outcome}")
                lines.add(f"{found.note} = {note}")

    def _act(self, duty: Obligation | Limit, rule: Rule, overlays: tuple[Overlay, ...]) -> int:
        """A number for a rule version and the local acts beside it; `acts` tells what it stands for."""
        at = self.duties[duty.id]
        key = (at, _named(rule), tuple(_named(overlay) for overlay in overlays))
        code = self._codes.get(key)
        if code is None:
            if len(self.acts[at]) >= MOST_ACTS:
                raise EngineError(_too_many(rule))
            self.acts[at].append(Act(rule, overlays, duty, self._rank[_named(rule), duty.id]))
            code = self._codes[key] = len(self.acts[at])
        return code


# -- what the nodes ask for --------------------------------------------------------------------------------------------


def _within(day: str, start: int, until: int) -> str:
    return f"{start} <= {day} <= {until}" if until < FOREVER else f"{day} >= {start}"


def _segments(overlays: Sequence[Overlay], known_on: int) -> Iterator[tuple[int, tuple[Overlay, ...]]]:
    """(last day, the acts in force up to it), over all days."""
    spans = [(one.in_force.start, one.in_force.known_end(known_on), one) for one in overlays]
    edges = sorted({start - 1 for start, _, _ in spans} | {until for _, until, _ in spans if until < FOREVER})
    for until in (*edges, FOREVER):
        yield until, tuple(one for start, end, one in spans if start <= until <= end)


def _governed(
    starts: Sequence[int], rules: Sequence[tuple[Rule, ...]]
) -> tuple[tuple[Rule, tuple[tuple[int, int], ...]], ...]:
    """The rule versions that may be found at all, each with the days that pick it."""
    edges = [*starts, FOREVER + 1]
    spans: dict[_Named, list[tuple[int, int]]] = {}
    order: dict[_Named, Rule] = {}
    for place, listed in enumerate(rules[1:]):
        for rule in listed:
            order.setdefault(_named(rule), rule)
            first, last = edges[place], edges[place + 1] - 1
            known = spans.setdefault(_named(rule), [])
            if known and known[-1][1] + 1 == first:
                known[-1] = (known[-1][0], last)
            else:
                known.append((first, last))
    return tuple((rule, tuple(spans[name])) for name, rule in order.items() if not rule.repealed and rule.is_on)


# -- what cannot be composed -------------------------------------------------------------------------------------------


def _no_column(rule: Rule, limit: Limit) -> Problem:
    return Problem(
        "TR-rule-limit",
        rule.source or rule.id,
        f"giới hạn «{limit.at_most}» lần yêu cầu: đồng hồ chỉ ghi ngày của yêu cầu thứ hai và thứ ba",
        f"a limit of {limit.at_most} requests: the clock keeps the days of the second and third request only",
    )


def _too_many(rule: Rule) -> Problem:
    return Problem(
        "TR-rule-acts",
        rule.source or rule.id,
        f"một nghĩa vụ có quá {MOST_ACTS} phiên bản, kể cả quy định địa phương đi kèm",
        f"one duty has more than {MOST_ACTS} versions, local acts beside them counted",
    )

"""The account as the parts of the page ask for it: names, anchors, order, sums; nothing here is computed anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from tthc_rules.report.markup import day, esc, unknown

LAWFUL: Final = "lawful_due"
DEFAULT_RATE: Final = "on_time_qd766"
HEADS: Final = ("head_of_unit", "head_of_one_stop_unit", "chair")

NAMELESS: Final = "Chưa rõ đơn vị / unit not known"
"""Of the dossiers that name no unit, where a page has room for one text only."""

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """An account with what the page looks up in it."""

    account: Entry

    @cached_property
    def units(self) -> list[Entry]:
        """Handling agencies first, those with more late dossiers before others; then one-stop units, then the rest."""
        return sorted(self.account.get("units") or [], key=_order)

    @cached_property
    def groups(self) -> list[tuple[str, list[tuple[int, Entry]]]]:
        """(group, [(number, unit)]): what a table of units is divided by."""
        found: dict[str, list[tuple[int, Entry]]] = {"handling": [], "one_stop": [], "none": []}
        for place, unit in enumerate(self.units):
            found[_group(unit)].append((place, unit))
        return [(name, units) for name, units in found.items() if units]

    @cached_property
    def definitions(self) -> Entry:
        return _entries(self.account.get("definitions"))

    @cached_property
    def rates(self) -> list[str]:
        """The competing definitions of «on time»: the one of the headline first."""
        found = [name for name in self.definitions if name.startswith("on_time")]
        return sorted(found, key=lambda name: (name != self.rate, name))

    @cached_property
    def rate(self) -> str:
        """The definition that the headline uses."""
        chosen = (self.account.get("settings") or {}).get("on_time") or DEFAULT_RATE
        return str(chosen)

    @cached_property
    def duties(self) -> Entry:
        return _entries(self.account.get("duties"))

    @cached_property
    def dossier_duties(self) -> Entry:
        """Duties of dossiers that the account names: label, and as what they count."""
        return _entries(self.account.get("dossier_duties"))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {unit["unit"]: unit["name"] for unit in self.units if unit.get("unit") and unit.get("name")}

    @cached_property
    def _anchors(self) -> dict[tuple[str, str], str]:
        found = {("duty", name): f"nghia-vu-{at}" for at, name in enumerate(self.duties, 1)}
        return found | {("rate", name): f"cach-tinh-{at}" for at, name in enumerate(self.definitions, 1)}

    def anchor(self, kind: str, name: str) -> str | None:
        """The id of a duty (`duty`) or of a definition (`rate`) on the page."""
        return self._anchors.get((kind, name))

    def title(self, unit: object) -> str:
        """What a unit is called; plain text."""
        if unit is None or unit == "":
            return NAMELESS
        return str(self._names.get(str(unit), unit))

    @cached_property
    def problems(self) -> Mapping[str, Sequence[Entry]]:
        """The problems by place."""
        found: dict[str, list[Entry]] = {}
        for problem in self.account.get("problems") or []:
            found.setdefault(str(problem.get("place")), []).append(problem)
        return found

    @cached_property
    def apologies(self) -> Mapping[str, int] | None:
        """The late dossiers of all handling agencies by whether an apology was sent; nothing without figures."""
        found: Counter[str] = Counter()
        for unit in self.units:
            found.update(apologies_of(unit) or {})
        if self.counts is None:
            return None
        found["unknown"] += max(int(self.counts.get("late") or 0) - found.total(), 0)
        return found

    @cached_property
    def counts(self) -> Entry | None:
        found: Entry | None = (self.account.get("total") or {}).get("counts")
        return found

    @cached_property
    def duty_outcomes(self) -> Counter[str]:
        """How many duties of units came out so; a review trigger counts apart."""
        return sum((outcomes_of(unit) for unit in self.units), Counter())


def _entries(found: object) -> Entry:
    """What is there under names."""
    return {name: one for name, one in found.items() if isinstance(one, Mapping)} if isinstance(found, Mapping) else {}


def outcomes_of(unit: Entry) -> Counter[str]:
    """The outcomes of the duties of a unit; a review trigger counts as `review`, not as missed."""
    return Counter(shown_outcome(duty) for duty in unit.get("duties") or [])


def shown_outcome(duty: Entry) -> str:
    """The outcome under which a duty is shown: what is for a person to look at is nobody's duty undone."""
    outcome = str(duty.get("outcome"))
    is_finding = duty.get("class") == "review_trigger" or duty.get("is_finding")
    return "review" if outcome == "missed" and is_finding else outcome


def is_handling(unit: Entry) -> bool:
    return "handling_agency" in (unit.get("as") or [])


def apologies_of(unit: Entry) -> dict[str, int] | None:
    """Late dossiers of a handling agency with an apology, without one, and where it is not known."""
    rating, late = unit.get("rating") or {}, unit.get("late") or {}
    missing, unknown = rating.get("missing_apologies"), rating.get("unknown_apologies")
    if not is_handling(unit) or missing is None or unknown is None or late.get("count") is None:
        return None
    return {"given": max(late["count"] - missing - unknown, 0), "missing": missing, "unknown": unknown}


def apology_breaches(sheet: Sheet, unit: Entry) -> Counter[str]:
    """Duties to apologise whose last day lay in the period and that were met late or missed."""
    found: Counter[str] = Counter()
    for breach in unit.get("breaches") or []:
        if sheet.dossier_duties.get(str(breach.get("duty")), {}).get("counts_as") == "apology":
            found.update(breach.get("outcomes") or {})
    return found


def in_hand(counts: Entry | None) -> int | None:
    """Received and carried over: the dossiers of the period."""
    if counts is None or counts.get("received") is None or counts.get("carried_over") is None:
        return None
    return int(counts["received"]) + int(counts["carried_over"])


def heads(unit: Entry) -> Iterator[str]:
    """Who headed the unit in the period, with the day on which that ended or began."""
    posts = [post for post in unit.get("posts") or [] if post.get("role") in HEADS]
    for post in posts:
        until = f" (– {day(post['to'])})" if post.get("to") else ""
        since = f" ({day(post['from'])} –)" if len(posts) > 1 and not until else ""
        yield (esc(post["person"]) if post.get("person") else unknown()) + until + since


def _group(unit: Entry) -> str:
    if is_handling(unit):
        return "handling"
    return "one_stop" if unit.get("as") else "none"


def _order(unit: Entry) -> tuple[int, int, int, str]:
    counts = unit.get("counts") or {}
    group = ("handling", "one_stop", "none").index(_group(unit))
    return (group, -int(counts.get("late") or 0), -(in_hand(counts) or 0), str(unit.get("unit") or "\uffff"))

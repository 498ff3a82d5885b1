"""Cases of units: dossiers, unit events, posts and a period, and what is expected of the account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from tthc_rules.account.ground import worst
from tthc_rules.account.statement import Account
from tthc_rules.errors import CaseError, unknown_word
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.indicator import DUES
from tthc_rules.library import Rulebook
from tthc_rules.result.columns import columns_of

Figure = StrictInt | Annotated[StrictStr, Field(pattern=r"^-?\d+(\.\d+)?$")]
Records = tuple[dict[str, Any], ...]
_SHORT: Final = 8
_Answers = dict[StrictStr, dict[StrictStr, StrictInt | None] | None]
"""Role -> person -> how many."""


class CaseShape(BaseModel):
    """Any part of a case: no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class UnitExpect(CaseShape):
    """What the account of the unit must say; keys that are not written are not compared."""

    closed: StrictBool | None = None
    problems: tuple[StrictStr, ...] | None = None
    counts: dict[StrictStr, StrictInt | None] | None = None
    indicators: dict[StrictStr, Figure | None] | None = None
    bands: dict[StrictStr, StrictStr | None] | None = None
    n_indicators: dict[StrictStr, StrictInt | None] | None = None
    duties: dict[StrictStr, StrictStr | None] | None = None
    reasons: dict[StrictStr, StrictStr | None] | None = None
    classes: dict[StrictStr, StrictStr | None] | None = None
    breaches: dict[StrictStr, StrictInt | None] | None = None
    responsible: dict[StrictStr, _Answers | None] | None = None
    late_days: dict[StrictStr, StrictInt | None] | None = None
    late_list: dict[StrictStr, tuple[StrictStr, ...] | None] | None = None
    mitigating: StrictInt | None = None
    steps: dict[StrictStr, StrictInt | None] | None = None
    petitions: dict[StrictStr, StrictInt | None] | None = None
    officers: dict[StrictStr, dict[StrictStr, Figure | StrictStr | None]] | None = None
    offices: dict[StrictStr, tuple[StrictStr, ...] | None] | None = None
    error: StrictStr | None = None


class UnitPart(CaseShape):
    """A case of one unit: everything that its account is made from."""

    unit: Annotated[StrictStr, Field(min_length=1)]
    period: StrictStr
    dossiers: Records = ()
    units: Records = ()
    posts: Records = ()
    unit_events: Records = ()
    complete: Records = ()
    unit_facts: Records = ()
    petitions: Records = ()
    settings: dict[str, Any] = {}


@dataclass(frozen=True)
class KeyDifference:
    """One key of the account that came out otherwise."""

    key: str
    expected: object
    got: object


def account_of(book: Rulebook, part: Any, lateness: str, calendar: str | None, hours: str | None) -> Account:
    """The account that a case of a unit asks for."""
    duties = book.corpus.duties
    results: list[Any] = []
    for at, written in enumerate(part.dossiers):
        if "events" in written:
            whole = written if "units" in written else {**written, "units": {"handling_agency": part.unit}}
            whole = {"dossier_id": f"#{at + 1}", **whole}
            dossier = Dossier.model_validate(whole)
            verdict = book.evaluate(
                dossier, part.as_of, known_on=part.known_on, lateness=lateness, calendar=calendar, hours=hours
            )
            results.append((verdict, dossier))
        else:
            results.append(_row(written, at, part.unit, duties))
    return book.account(
        results,
        period=part.period,
        as_of=part.as_of,
        known_on=part.known_on,
        units=part.units,
        posts=part.posts,
        unit_events=part.unit_events,
        complete=part.complete,
        unit_facts=part.unit_facts,
        petitions=part.petitions,
        settings=part.settings,
    )


def _row(written: Mapping[str, Any], at: int, unit: str, duties: tuple[str, ...]) -> dict[str, Any]:
    """A compact row, with what a case may leave out: its id, its unit, and the due dates that do not differ."""
    known = columns_of(duties)
    for name in written:
        if name not in known:
            words = ("cột", "column", name, known, "TR-case-row")
            raise CaseError(unknown_word(f"dossiers[{at}]", *words))
    due = written.get("lawful_due")
    filled = {"dossier_id": f"#{at + 1}", **dict.fromkeys(DUES, due), "handling_agency": unit}
    return {**filled, **written}


def differences(expected: UnitExpect, account: Account, unit: str) -> list[KeyDifference]:
    """Every key that the case names and that came out otherwise."""
    found = account.unit(unit)
    keys = [key for key in UnitExpect.model_fields if key in expected.model_fields_set and key != "error"]
    return [one for key in keys for one in _compare(key, getattr(expected, key), account, found)]


def _compare(key: str, wanted: Any, account: Account, unit: Mapping[str, Any] | None) -> Iterator[KeyDifference]:
    if key == "closed":
        got = account.data["closed"]
        if wanted is not None and wanted != got:
            yield KeyDifference(key, wanted, got)
        return
    if key == "problems":
        missing = [code for code in wanted or () if code not in account.problems]
        if missing:
            yield KeyDifference(key, missing, account.problems)
        return
    if key == "officers":
        yield from _officers(wanted or {}, account)
        return
    if unit is None:
        if not _is_nothing(wanted):
            yield KeyDifference(key, wanted, "đơn vị không có trong sổ / the unit is not in the account")
        return
    got = _SAYS[key](unit)
    if not isinstance(got, dict):
        if wanted != got:
            yield KeyDifference(key, wanted, got)
        return
    for name, value in (wanted or {}).items():
        answer = got.get(name)
        if not _same(value, answer):
            yield KeyDifference(f"{key}.{name}", value, answer)


def _is_nothing(wanted: Any) -> bool:
    """Null under every name: what a case says of a unit that the account does not list."""
    if isinstance(wanted, Mapping):
        return bool(wanted) and all(_is_nothing(value) for value in wanted.values())
    return wanted is None


def _officers(wanted: Mapping[str, Mapping[str, Any]], account: Account) -> Iterator[KeyDifference]:
    listed = {one["officer"]: one for one in account.data["officers"]}
    for officer, values in wanted.items():
        figures = listed.get(officer, {}).get("indicators", {})
        for name, value in values.items():
            figure = figures.get(name.removesuffix("@band"), {})
            answer = figure.get("band" if name.endswith("@band") else "value")
            if not _same(value, answer):
                yield KeyDifference(f"officers.{officer}.{name}", value, answer)


def _same(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, tuple):
        return isinstance(got, list | tuple) and sorted(wanted) == sorted(got)
    if isinstance(got, int | float) and not isinstance(got, bool) and isinstance(wanted, int | str):
        try:
            return Decimal(str(wanted)) == Decimal(str(got))
        except ArithmeticError:
            return False
    return bool(wanted == got)


def _counts(unit: Mapping[str, Any]) -> dict[str, Any]:
    said = unit["counts"]
    plain = {name: value for name, value in said.items() if isinstance(value, int)}
    by_due = {f"{name}@{due}": value for due in DUES for name, value in said[due].items()}
    return {**plain, **said["lawful_due"], **by_due}


def _indicators(unit: Mapping[str, Any]) -> dict[str, Any]:
    figures = unit["indicators"]
    plain = {name: one["value"] for name, one in figures.items()}
    return plain | {f"{n}@{due}": v["value"] for n, one in figures.items() for due, v in one.get("by_due", {}).items()}


def _duties(unit: Mapping[str, Any]) -> dict[str, str]:
    items = unit["duties"]
    windows = {f"{one['duty']}@{one['window']}": one["outcome"] for one in items}
    names = dict.fromkeys(one["duty"] for one in items)
    return windows | {n: worst(one["outcome"] for one in items if one["duty"] == n) for n in names}


def _of_the_worst(unit: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What the items of each duty say that has the worst outcome, and each window's own."""
    outcomes = _duties(unit)
    said = {f"{one['duty']}@{one['window']}": one[key] for one in unit["duties"]}
    for one in unit["duties"]:
        if one["outcome"] == outcomes[one["duty"]]:
            said.setdefault(one["duty"], one[key])
    return said


def _reasons(unit: Mapping[str, Any]) -> dict[str, Any]:
    return {n: one.get("reason") for n, one in unit["indicators"].items()} | _of_the_worst(unit, "reason")


def _responsible(unit: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for one in (*unit["breaches"], {**unit["late"], "duty": "late"}):
        roles = said.setdefault(one["duty"], _PersonsByRole())
        for answer in one["answers"]:
            persons = roles.setdefault(answer["role"], {})
            persons[answer["person"] or ""] = persons.get(answer["person"] or "", 0) + answer["count"]
    return said


class _PersonsByRole(dict[str, dict[str, int]]):
    """Persons by role; a case names the roles that it compares, and each of them exactly."""

    def __eq__(self, other: object) -> bool:
        if other is None:
            return not self
        return isinstance(other, dict) and all(
            self.get(role, {}) == {person: n for person, n in (persons or {}).items() if n is not None}
            for role, persons in other.items()
        )

    __hash__ = None


def _late_days(unit: Mapping[str, Any]) -> dict[str, int]:
    said: dict[str, int] = {}
    for answer in unit["late"]["answers"]:
        if "days" in answer:
            said[answer["person"] or ""] = said.get(answer["person"] or "", 0) + answer["days"]
    return said


_SAYS: Final[Mapping[str, Any]] = {
    "counts": _counts,
    "indicators": _indicators,
    "bands": lambda unit: {name: one.get("band") for name, one in unit["indicators"].items()},
    "n_indicators": lambda unit: {name: one.get("n_indicators") for name, one in unit["indicators"].items()},
    "duties": _duties,
    "reasons": _reasons,
    "classes": lambda unit: _of_the_worst(unit, "class"),
    "breaches": lambda unit: {one["duty"]: one["count"] for one in unit["breaches"]},
    "responsible": _responsible,
    "late_days": _late_days,
    "late_list": lambda unit: {one["month"]: [o["officer"] for o in one["officers"]] for one in unit["late_list"]},
    "mitigating": lambda unit: unit["late"]["mitigating"],
    "steps": lambda unit: unit["steps"] or {},
    "offices": lambda unit: _offices(unit["offices"]),
    "petitions": lambda unit: _petitions(unit["petitions"] or {}),
}


def _offices(said: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The spans of the period in which each office was held as one version of the law says."""
    spans: dict[str, list[str]] = {}
    for one in said:
        spans.setdefault(one["office"], []).append(f"{one['from']}..{one['to']}")
    return spans


def _petitions(said: Mapping[str, Any]) -> dict[str, int]:
    """How many came, were carried over, and are in each state."""
    came = {name: said[name] for name in ("received", "carried_over") if name in said}
    return came | dict(said.get("states", {}))


def told(account: Account, unit: str) -> str:
    """What a person reads beside a failed case: the figures and duties of the unit."""
    found = account.unit(unit)
    lines = [f"  {problem['code']} {problem['place']}: {problem['vi']}" for problem in account.data["problems"]]
    if found is None:
        return "\n".join(lines)
    figures = {name: one["value"] for name, one in found["indicators"].items() if one["value"] is not None}
    lines += [f"  {name} = {value}" for name, value in figures.items()]
    lines += [f"  {name}: {outcome}" for name, outcome in _duties(found).items() if "@" in name]
    lines += [f"  {breach['duty']}: {breach['outcomes']}" for breach in found["breaches"][:_SHORT]]
    return "\n".join(lines)

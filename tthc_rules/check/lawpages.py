"""Pages across all rules: the law in force, clause beside clause of two decrees, what is unread, every row's place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeVar, assert_never

from tthc_rules.check.lint import to_be_confirmed
from tthc_rules.law.civil import date_of
from tthc_rules.law.corpus import Corpus, RegisterEntry
from tthc_rules.law.indicator import Indicator
from tthc_rules.law.rule import Citation, DateNode, Discharge, EachWithin, InForce, Obligation, Overlay, Rule, Text
from tthc_rules.law.unit_duty import (
    AfterRequest,
    Office,
    OnBreach,
    Once,
    OnEvent,
    OnLateness,
    OnPetition,
    Periodic,
    Target,
    UnitDuty,
    Within,
)
from tthc_rules.result import words

Pair = tuple[str, str]


@dataclass(frozen=True)
class Named:
    """What has a name, a label and citations, but is no rule of its own."""

    id: str
    label: Text
    in_force: InForce
    citations: tuple[Citation, ...]


Versioned = Rule | UnitDuty | Indicator | Office | Overlay | Named
V = TypeVar("V", Rule, UnitDuty, Office)
OLD: Final = "61/2018/NĐ-CP"
NEW: Final = "118/2025/NĐ-CP"
_TO_FETCH: Final = "registers/to_fetch"
_DATES: Final[Mapping[str, Pair]] = {
    "lawful_due": ("hạn theo luật", "the lawful due date"),
    "original_due": ("hạn gốc", "the original due date"),
    "current_due": ("hạn hiện tại", "the current due date"),
    "reappointed_due": ("ngày hẹn lại", "the re-appointed date"),
    "promised_due": ("ngày trên phiếu hẹn", "the date on the slip"),
    "accepted": ("ngày tiếp nhận", "acceptance"),
}


# -- the law in force --------------------------------------------------------------------------------------------------


def law_in_force_page(corpus: Corpus) -> Iterator[str]:
    """Every duty that binds today: who, by when, which clause; national law first, then each place."""
    day = newest_day(corpus)
    yield "# Luật hiện hành / The law in force"
    yield ""
    yield f"Những điều đang có hiệu lực từ {date_of(day):%d/%m/%Y}, ngày bắt đầu của văn bản mới nhất đã đọc, trở đi."
    yield f"What is in force from {date_of(day):%d/%m/%Y} on, the first day of the newest act that was read."
    yield "Điều dựa vào văn bản chưa ai đọc thì không có ở đây. / What nobody has read is not listed."
    found = [(family, rule) for family, named in sorted(corpus.rules.items()) for rule in _newest(named.values(), day)]
    national = [rule for family, rule in found if not family.startswith("local/")]
    units = _newest(corpus.unit_duties.values(), day)
    yield from _section("Hồ sơ / dossiers", (row for rule in national for row in _rule_rows(rule)))
    yield from _section("Đơn vị và người đứng đầu / units and heads", map(_unit_row, _of_place(units, "")))
    yield from _section("Ai đứng đầu / who heads", map(_office_row, _newest(corpus.offices.values(), day)))
    places = sorted({_place(rule.version) for _, rule in found} | {_place(duty.version) for duty in units} - {""})
    for place in filter(None, places):
        own = [row for family, rule in found if family == f"local/{place}" for row in _rule_rows(rule)]
        yield from _section(f"Riêng / only in {place}", (*own, *map(_unit_row, _of_place(units, place))))


def newest_day(corpus: Corpus) -> int:
    """The first day of the version that began last: from it on, what has no end is the law."""
    spans = [rule.in_force.start for rule in corpus.rule_versions()]
    spans += [duty.in_force.start for duties in corpus.unit_duties.values() for duty in duties]
    return max(spans, default=0)


def _newest(versions: Iterable[Sequence[V]], day: int) -> list[V]:
    """The version of each that is in force on a day, in the order of its name."""
    found = [one for named in versions for one in named if one.in_force.covers(day, day) and _is_on(one)]
    return sorted(found, key=lambda one: one.id)


def _is_on(one: Versioned) -> bool:
    return getattr(one, "is_on", True) and not getattr(one, "repealed", False)


def _of_place(duties: Iterable[UnitDuty], place: str) -> list[UnitDuty]:
    return [duty for duty in duties if _place(duty.version) == place]


def _place(version: str) -> str:
    parts = version.split("/")
    return parts[1] if parts[0] == "local" else ""


def _section(title: str, rows: Iterable[str]) -> Iterator[str]:
    listed = list(rows)
    if not listed:
        return
    yield ""
    yield f"## {title}"
    yield ""
    yield "| nghĩa vụ / duty | ai / who | chậm nhất / by when | điều khoản / clause |"
    yield "|---|---|---|---|"
    yield from listed


def _rule_rows(rule: Rule) -> Iterator[str]:
    clause = _clauses(rule.citations)
    for duty in rule.obligations:
        who, when = words.ROLES[duty.owed_by], _by_when(rule, duty)
        yield f"| {rule.label['vi']} / {rule.label['en']} (`{duty.id}`) | {_said(who)} | {_said(when)} | {clause} |"
    for limit in rule.limits:
        most = (f"nhiều nhất {limit.at_most} lần", f"at most {limit.at_most}")
        yield f"| {rule.label['vi']} / {rule.label['en']} (`{limit.id}`) | — | {_said(most)} | {clause} |"


def _by_when(rule: Rule, duty: Obligation) -> Pair:
    """The last day of a duty of dossiers, in words."""
    match duty.fulfilled:
        case Discharge():
            due = rule.deadlines[duty.fulfilled.deadline].due
            return _date(rule, due) if due is not None else ("không nêu số ngày", "no number of days")
        case EachWithin():
            return (f"{duty.fulfilled.amount} ngày làm việc", f"{duty.fulfilled.amount} workdays")
        case _:
            return ("khi có văn bản", "when there is such a paper")


def _date(rule: Rule, name: str) -> Pair:
    node = next((one for one in rule.dates if one.name == name), None)
    if not isinstance(node, DateNode):
        return _DATES.get(name, (f"`{name}`", f"`{name}`"))
    base = _date(rule, node.base)
    if not node.amount:
        return (f"ngày làm việc {base[0]}", f"the workday of {base[1]}")
    unit = ("ngày làm việc", "workdays") if node.unit == "workday" else ("ngày", "days")
    side = ("trước", "before") if node.backwards else ("sau", "after")
    return f"{node.amount:02d} {unit[0]} {side[0]} {base[0]}", f"{node.amount} {unit[1]} {side[1]} {base[1]}"


def _unit_row(duty: UnitDuty) -> str:
    kinds = ", ".join(duty.owed_by) if "any" not in duty.owed_by else "mọi đơn vị / any unit"
    who = f"{_said(words.ROLES[duty.role])}: {kinds}"
    clause = _clauses(duty.citations)
    return f"| {duty.label['vi']} / {duty.label['en']} (`{duty.id}`) | {who} | {when_of(duty)} | {clause} |"


def _office_row(office: Office) -> str:
    who = f"{_said(words.ROLES[office.role])}: {', '.join(office.levels)}"
    return f"| {office.label['vi']} / {office.label['en']} (`{office.id}`) | {who} | — | {_clauses(office.citations)} |"


def when_of(duty: UnitDuty) -> str:
    """When a duty of units is owed, in both languages."""
    match duty.way:
        case Periodic() as way:
            last = "trước / before" if way.before_is_strict else "chậm nhất / by"
            dates = f", {last} {', '.join(way.before)}" if way.before else ""
            return f"định kỳ / every: `{way.every}` ≥ {way.at_least}{dates}"
        case Once() as way:
            return f"một lần, chậm nhất / once, by {date_of(way.last_day):%d/%m/%Y}"
        case Target() as way:
            return f"tỷ lệ / share `{way.of}` {'>' if way.is_strict else '≥'} {way.percent} %"
        case AfterRequest() as way:
            return f"sau sự kiện / after `{way.event}`"
        case OnEvent() as way:
            return f"{_days(way.within)} `{'`, `'.join(way.kinds)}`"
        case OnPetition() as way:
            return f"{_days(way.within)} `{way.after}`"
        case OnBreach(of="late"):
            return "khi có hồ sơ trễ hạn / on any late dossier"
        case OnBreach():
            return "khi có vi phạm trong đơn vị / on any breach in the unit"
        case OnLateness() as way:
            month = " (mỗi tháng một lần / once a month)" if way.each else ""
            return f"khi có hồ sơ trễ hạn / on any late dossier{month}"
        case _:
            assert_never(duty.way)


def _days(within: Within | None) -> str:
    if within is None:
        return "không nêu số ngày, sau / no number of days, after"
    if within.ahead:
        return f"{within.amount} ngày làm việc trước / workdays before"
    return f"{within.amount} ngày làm việc sau / workdays after"


def _clauses(citations: Iterable[Citation]) -> str:
    said = [f"{one.say('vi')}{f' «{one.quote}»' if one.quote else ''}" for one in citations if one.status != "design"]
    return "; ".join(dict.fromkeys(said)).replace("|", "\\|")


def _said(pair: Pair) -> str:
    return f"{pair[0]} / {pair[1]}"


# -- clause beside clause ----------------------------------------------------------------------------------------------


def decrees_page(corpus: Corpus) -> Iterator[str]:
    """What each duty stood on in the old decree and stands on in the new one."""
    yield "# Từ NĐ 61 sang NĐ 118 / From Decree 61 to Decree 118"
    yield ""
    yield "Điều khoản bên điều khoản: 61/2018/NĐ-CP (21/06/2018–30/06/2025) và 118/2025/NĐ-CP (từ 01/07/2025)."
    yield "Clause beside clause. Lời văn NĐ 118 là nguyên bản; NĐ 367/2025/NĐ-CP sửa đổi chưa xem được."
    pairs = dict(_pairs(corpus))
    both = {n: p for n, p in pairs.items() if all(p)}
    yield from _beside("Nối tiếp / continued", both)
    yield from _beside("Mới / new", {n: p for n, p in pairs.items() if p[1] and not p[0]})
    yield from _beside("Không còn / no longer", {n: p for n, p in pairs.items() if p[0] and not p[1]})


def _pairs(corpus: Corpus) -> Iterator[tuple[str, tuple[list[Citation], list[Citation]]]]:
    versions: dict[str, list[Versioned]] = defaultdict(list)
    labels: dict[str, str] = {}
    for one in _all_versions(corpus):
        versions[one.id].append(one)
        labels[one.id] = one.label["vi"]
    for name in sorted(versions):
        cited = [citation for one in versions[name] for citation in one.citations if citation.status == "text"]
        old, new = ([c for c in dict.fromkeys(cited) if c.document == decree] for decree in (OLD, NEW))
        if old or new:
            yield f"{labels[name]} (`{name}`)", (old, new)


def _all_versions(corpus: Corpus) -> Iterator[Versioned]:
    for rule in corpus.rule_versions():
        if not rule.repealed:
            yield rule
    for family, clocks in corpus.clocks.items():
        yield from (Named(f"clock-{family}", clock.label, clock.in_force, clock.citations) for clock in clocks)
    for duties in corpus.unit_duties.values():
        yield from (duty for duty in duties if not duty.version.startswith("local/"))
    for offices in corpus.offices.values():
        yield from offices
    for entry in corpus.registers:
        name = entry.id.removesuffix("_r3")
        yield Named(name, entry.label, InForce(0, None, 0), entry.citations)


def _beside(title: str, pairs: Mapping[str, tuple[list[Citation], list[Citation]]]) -> Iterator[str]:
    if not pairs:
        return
    yield ""
    yield f"## {title}"
    yield ""
    yield "| nghĩa vụ / duty | NĐ 61/2018 | NĐ 118/2025 |"
    yield "|---|---|---|"
    for name, (old, new) in pairs.items():
        yield f"| {name} | {_clauses(old) or '—'} | {_clauses(new) or '—'} |"


# -- what is unread ----------------------------------------------------------------------------------------------------


def unread_page(corpus: Corpus) -> Iterator[str]:
    """Which texts to fetch, in order, what each could change, and the points that wait for it."""
    yield "# Chưa xác nhận / Not confirmed"
    yield ""
    yield "Những điểm dưới đây chờ đối chiếu với văn bản chính thức. Không điểm nào được trình bày như luật."
    yield "What waits to be compared with an official text; nothing here is presented as law."
    waiting: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for source, what, citation in to_be_confirmed(corpus):
        if _TO_FETCH not in source:
            waiting[citation.document].append((source.split(":")[0].split("rulesets/")[-1], what))
    wanted = [entry for entry in corpus.registers if _TO_FETCH in entry.source]
    yield ""
    yield "## Văn bản cần lấy, theo thứ tự / texts to fetch, in order"
    yield ""
    yield "| | văn bản / text | có thể thay đổi điều gì / what it could change | ở đâu / where | chờ / waiting |"
    yield "|---|---|---|---|---|"
    for at, entry in enumerate(wanted, 1):
        points = sum(len(waiting.get(one.document, ())) for one in entry.citations)
        why = _said((entry.because["vi"], entry.because["en"]))
        yield f"| {at} | {entry.label['vi']} | {why} | {_where(entry)} | {points} |"
    yield ""
    yield "## Từng điểm / point by point"
    yield ""
    yield "| chờ văn bản / waits for | điểm / point | ở đâu / where |"
    yield "|---|---|---|"
    order = {citation.document: at for at, entry in enumerate(wanted) for citation in entry.citations}
    for document in sorted(waiting, key=lambda name: (order.get(name, len(order)), name)):
        for where, what in dict.fromkeys(waiting[document]):
            yield f"| {document} | {what} | {where} |"


def _where(entry: RegisterEntry) -> str:
    return "; ".join(citation.source for citation in entry.citations if citation.source)


# -- every row of the table of duties ----------------------------------------------------------------------------------


def law_rows(corpus: Corpus) -> dict[str, list[tuple[str, str]]]:
    """Row of the table of duties -> (state, what says that it carries it): no row may be missing."""
    rows: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def carry(state: str, own: Rule | UnitDuty | Indicator | Office | RegisterEntry) -> None:
        for row in own.law_rows:
            if (state, own.id) not in rows[row]:
                rows[row].append((state, own.id))

    for rule in corpus.rule_versions():
        carry("dossiers", rule)
    for duty in chain.from_iterable(corpus.unit_duties.values()):
        carry("unit_events", duty)
    for indicator in chain.from_iterable(corpus.indicators.values()):
        carry("indicator", indicator)
    for office in chain.from_iterable(corpus.offices.values()):
        carry("unit_events", office)
    for entry in corpus.registers:
        carry(entry.state, entry)
    return dict(rows)


STATES: Final[Mapping[str, Pair]] = {
    "dossiers": ("tính từ hồ sơ", "computed from dossiers"),
    "unit_events": ("nghĩa vụ của đơn vị, theo sự kiện của đơn vị", "a duty of the unit, by unit events"),
    "indicator": ("chỉ số", "an indicator"),
    "needs_unit_events": ("cần sự kiện của đơn vị", "needs unit events"),
    "needs_facts": ("cần dữ kiện chưa có", "needs facts that are not recorded"),
    "not_computable": ("không tính được", "not computable"),
    "to_be_confirmed": ("chờ xác nhận", "to be confirmed"),
}


def law_rows_page(corpus: Corpus) -> Iterator[str]:
    """Every row, its state and what carries it."""
    yield "# Từng dòng của bảng nghĩa vụ / Every row of the table of duties"
    yield ""
    yield "| dòng / row | trạng thái / state | ở đâu / where |"
    yield "|---|---|---|"
    for row, carried in sorted(law_rows(corpus).items()):
        for state, name in carried:
            yield f"| `{row}` | {_said(STATES[state])} | `{name}` |"

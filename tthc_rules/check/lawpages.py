"""The page of the law in force: every duty that binds today, who owes it, by when, which clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final, TypeVar, assert_never

from tthc_rules.law.civil import date_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.evidence import Citation
from tthc_rules.law.rule import ClockVersion, DateNode, Discharge, EachWithin, NotBefore, Obligation, Rule, Statement
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
from tthc_rules.result.words import Pair

Bound = Rule | UnitDuty
V = TypeVar("V", Rule, UnitDuty, Office, ClockVersion)
_DATES: Final[Mapping[str, Pair]] = {
    "lawful_due": ("hạn theo luật", "the lawful due date"),
    "original_due": ("hạn gốc", "the original due date"),
    "current_due": ("ngày hẹn lại", "the re-appointed date"),
    "promised_due": ("ngày trên phiếu hẹn", "the date on the slip"),
    "accepted": ("tiếp nhận hồ sơ", "acceptance"),
    "open_request": ("yêu cầu bổ sung", "the request for a supplement"),
    "error_reported": ("khi có báo sai sót", "the report of the error"),
    "dossier_submitted": ("khi hệ thống tiếp nhận hồ sơ nộp trực tuyến", "the online submission"),
}
_PERIODS: Final[Mapping[str, Pair]] = {
    "month": ("hằng tháng", "every month"),
    "quarter": ("hằng quý", "every quarter"),
    "half_year": ("6 tháng một lần", "every six months"),
    "year": ("hằng năm", "every year"),
}
_ON_LATENESS: Final[Pair] = ("khi có hồ sơ trễ hạn; không nêu số ngày", "on any late dossier; no number of days")
_HEADER: Final = "| nghĩa vụ / duty | ai / who | chậm nhất / by when | điều khoản / clause |"


def law_in_force_page(corpus: Corpus) -> Iterator[str]:
    """Every duty that binds today: first what was read, national and then by place; apart, what was not."""
    day = newest_day(corpus)
    yield "# Luật hiện hành / The law in force"
    yield ""
    yield f"Những điều đang có hiệu lực từ {date_of(day):%d/%m/%Y}, ngày bắt đầu của văn bản mới nhất đã đọc, trở đi."
    yield f"What is in force from {date_of(day):%d/%m/%Y} on, the first day of the newest act that was read."
    clocks: list[ClockVersion]
    clocks, rules = _newest(corpus.clocks.values(), day), _national(corpus, day)
    gone = {level.kind for level in corpus.levels.values() if level.until < day}
    units = [duty for duty in _newest(corpus.unit_duties.values(), day) if _still_binds(duty, gone, day)]
    yield from _unseen((*clocks, *rules, *units))
    yield from _section("Thời hạn / the time limit", map(_clock_row, clocks))
    yield from _section("Hồ sơ / dossiers", (row for rule in rules if is_read(rule) for row in _rule_rows(rule)))
    for clock in clocks:
        theirs = _newest(corpus.rules.get(_family(clock), {}).values(), day) if _family(clock) != "one_stop" else []
        title = said((clock.label["vi"], clock.label["en"]))
        yield from _section(title, (row for rule in theirs if is_read(rule) for row in _rule_rows(rule)))
    read = [duty for duty in units if is_read(duty)]
    heads = [_unit_row(duty, gone) for duty in _of_place(read, "")]
    yield from _section("Đơn vị và người đứng đầu / units and heads", heads)
    yield from _section(
        "Ai đứng đầu Bộ phận Một cửa / who heads", map(_office_row, _newest(corpus.offices.values(), day))
    )
    local = [(f, r) for f, named in corpus.rules.items() for r in _newest(named.values(), day) if f != "one_stop"]
    places = {_place(duty.version) for duty in units} | {_place(rule.version) for _, rule in local}
    yield from _of_places()
    for place in sorted(places - {""}):
        own = [
            row for family, rule in local if family == f"local/{place}" and is_read(rule) for row in _rule_rows(rule)
        ]
        own += [_unit_row(duty, gone) for duty in _of_place(read, place)]
        yield from _section(f"Riêng / only in {_name(corpus, place)}", own)
    unread = [row for rule in (*rules, *(rule for _, rule in local)) if not is_read(rule) for row in _rule_rows(rule)]
    unread += [_unit_row(duty, gone) for duty in units if not is_read(duty)]
    if unread:
        yield from _not_read(unread)


def _family(clock: ClockVersion) -> str:
    return clock.version.rpartition("/")[0]


def _of_places() -> Iterator[str]:
    yield ""
    yield "# Riêng từng địa phương / Only in one place"
    yield ""
    yield "Chưa thấy văn bản bãi bỏ; văn bản trước 01/07/2025 còn được áp dụng sau hợp nhất hay không thì chưa rõ."
    yield "No repeal was seen; whether acts from before 1/7/2025 hold on after the mergers is not known."


def _name(corpus: Corpus, place: str) -> str:
    known = corpus.jurisdictions.get(place)
    return f"{known.name['vi']} (`{place}`)" if known is not None else f"`{place}`"


def _not_read(rows: Iterable[str]) -> Iterator[str]:
    yield ""
    yield "# Không phải luật đã đọc / Not law that was read"
    yield ""
    yield "Chỉ biết qua nguồn thứ cấp, hoặc phạm vi áp dụng là cách đọc của thư viện: đối chiếu trước khi viện dẫn."
    yield "Known from secondary sources only, or its reach is our reading: not to be cited before it was compared."
    yield from _section("Chờ đối chiếu / to be compared", rows)


def _unseen(versions: Iterable[Bound | ClockVersion]) -> Iterator[str]:
    """Which decree was not seen though it amends what is listed."""
    for act in dict.fromkeys(version.unseen for version in versions if version.unseen is not None):
        yield ""
        yield (
            f"**Lưu ý.** {act.document} (từ {date_of(act.start):%d/%m/%Y}) sửa đổi văn bản được dẫn ở đây, nội dung "
            "chưa xem được: lời văn dưới đây là bản trước khi sửa đổi."
        )
        yield f"**Mind.** {act.document} amends what is cited here and was not seen: this is the wording before it."


def newest_day(corpus: Corpus) -> int:
    """The first day of the version that began last: from it on, what has no end is the law."""
    spans = [rule.in_force.start for rule in corpus.rule_versions()]
    spans += [duty.in_force.start for duties in corpus.unit_duties.values() for duty in duties]
    return max(spans, default=0)


def is_read(one: Bound) -> bool:
    """Whether it stands on a text that was read, and on nothing that waits to be."""
    statuses = {citation.status for citation in one.citations}
    return "text" in statuses and "unconfirmed" not in statuses


def _national(corpus: Corpus, day: int) -> list[Rule]:
    return _newest(corpus.rules.get("one_stop", {}).values(), day)


def _newest(versions: Iterable[Sequence[V]], day: int) -> list[V]:
    """The version of each that is in force on a day, in the order of its name."""
    found = [one for named in versions for one in named if one.in_force.covers(day, day) and _is_on(one)]
    return sorted(found, key=lambda one: getattr(one, "id", one.version))


def _is_on(one: object) -> bool:
    return getattr(one, "is_on", True) and not getattr(one, "repealed", False)


def _still_binds(duty: UnitDuty, gone: Set[str], day: int) -> bool:
    """Not what was owed once and long ago, and not what bound only a level that has gone."""
    long_ago = isinstance(duty.way, Once) and duty.way.last_day < day
    return not long_ago and bool(set(duty.owed_by) - gone)


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
    yield _HEADER
    yield "|---|---|---|---|"
    yield from listed


# -- rows --------------------------------------------------------------------------------------------------------------


def _clock_row(clock: ClockVersion) -> str:
    restart = ("bổ sung hồ sơ sau thẩm định: tính lại từ đầu", "after a supplement the limit restarts from zero")
    pause = ("bổ sung hồ sơ: tạm dừng", "a supplement pauses the limit")
    when = said(restart if clock.supplement == "restart" else pause)
    label, who = said((clock.label["vi"], clock.label["en"])), said(words.ROLES["handling_agency"])
    return f"| {label} (`{clock.version}`) | {who} | {when} | {clauses(clock.citations)} |"


def _rule_rows(rule: Rule) -> Iterator[str]:
    clause, label = clauses(rule.citations), said((rule.label["vi"], rule.label["en"]))
    for duty in rule.obligations:
        yield f"| {label} (`{duty.id}`) | {said(words.ROLES[duty.owed_by])} | {said(_by_when(rule, duty))} | {clause} |"
    for limit in rule.limits:
        roles = [words.ROLES[one.role] for one in rule.responsibilities if one.duty == limit.id]
        who = "; ".join(said(role) for role in dict.fromkeys(roles)) or "—"
        most = (f"nhiều nhất {limit.at_most} lần", "once at most" if limit.at_most == 1 else f"at most {limit.at_most}")
        yield f"| {label} (`{limit.id}`) | {who} | {said(most)} | {clause} |"


def _by_when(rule: Rule, duty: Obligation) -> Pair:
    """The last day of a duty of dossiers, in words."""
    match duty.fulfilled:
        case Discharge():
            due = rule.deadlines[duty.fulfilled.deadline].due
            return _date(rule, due) if due is not None else ("không nêu số ngày", "no number of days")
        case EachWithin():
            amount = duty.fulfilled.amount
            return (f"{amount:02d} ngày làm việc từ ngày tiếp nhận", f"{amount} workdays of acceptance")
        case NotBefore():
            earliest = _date(rule, duty.fulfilled.date)
            return (f"không sớm hơn: qua {earliest[0]}", f"not before the end of {earliest[1]}")
        case Statement(any=True):
            return ("không nêu số ngày", "no number of days")
        case Statement():
            return ("ngay trong văn bản đó", "in that paper itself")
        case _:
            assert_never(duty.fulfilled)


def _date(rule: Rule, name: str) -> Pair:
    node = next((one for one in rule.dates if one.name == name), None)
    if not isinstance(node, DateNode):
        return _DATES.get(name, (f"`{name}`", f"`{name}`"))
    base = _date(rule, node.base)
    if node.unit == "office_day" and not node.amount:
        return (f"ngay trong ngày làm việc {base[0]}", f"the same working day as {base[1]}")
    if not node.amount:
        if node.base == "accepted":
            return ("ngay trong ngày làm việc tiếp nhận", "the workday of acceptance")
        return (f"chính ngày {base[0]}", f"the day of {base[1]} itself")
    unit = words.UNITS["workday" if node.unit == "office_day" else node.unit]
    side = ("trước", "before") if node.backwards else ("từ", "after")
    counted = unit[1].removesuffix("s") if node.amount == 1 else unit[1]
    return f"{node.amount:02d} {unit[0]} {side[0]} {base[0]}", f"{node.amount} {counted} {side[1]} {base[1]}"


def _unit_row(duty: UnitDuty, gone: Set[str]) -> str:
    bound = [kind for kind in duty.owed_by if kind not in gone]
    kinds = "; ".join(said(words.KINDS[kind]) if kind in words.KINDS else f"`{kind}`" for kind in bound)
    who = f"{said(words.ROLES[duty.role])}: {kinds}"
    label = said((duty.label["vi"], duty.label["en"]))
    return f"| {label} (`{duty.id}`) | {who} | {when_of(duty)} | {clauses(duty.citations)} |"


def _office_row(office: Office) -> str:
    levels = "; ".join(said(words.KINDS[level]) for level in office.levels)
    who = f"{said(words.ROLES[office.role])}: {levels}"
    label = said((office.label["vi"], office.label["en"]))
    return f"| {label} (`{office.id}`) | {who} | — | {clauses(office.citations)} |"


def when_of(duty: UnitDuty) -> str:
    """When a duty of units is owed, in both languages."""
    match duty.way:
        case Periodic() as way:
            return said(_periodic(way))
        case Once() as way:
            return f"một lần, chậm nhất / once, by {date_of(way.last_day):%d/%m/%Y}"
        case Target(percent=0, is_strict=False):
            return "khuyến khích, không nêu tỷ lệ / encouraged, no share named"
        case Target() as way:
            return f"tỷ lệ / share `{way.of}` {'>' if way.is_strict else '≥'} {way.percent} %"
        case AfterRequest() as way:
            return f"sau / after: {_event(way.event)}"
        case OnEvent() as way:
            return f"{said(_days(way.within))}: {'; '.join(map(_event, way.kinds))}"
        case OnPetition() as way:
            return f"{said(_days(way.within))}: {_event(way.after)}"
        case OnBreach(of="late"):
            return "khi có hồ sơ trễ hạn / on any late dossier"
        case OnBreach():
            return "khi có vi phạm trong đơn vị / on any breach in the unit"
        case OnLateness() as way:
            month = " (mỗi tháng một lần / once a month)" if way.each else ""
            return f"{said(_ON_LATENESS)}{month}"
        case _:
            assert_never(duty.way)


def _periodic(way: Periodic) -> Pair:
    """«hằng tháng, chậm nhất ngày 20», or the days one by one."""
    vi, en = _PERIODS[way.every]
    if way.at_least > 1:
        vi, en = f"{vi}, ít nhất {way.at_least} lần", f"{en}, at least {way.at_least} times"
    if not way.before:
        return vi, en
    first = ("trước", "before") if way.before_is_strict else ("chậm nhất", "by")
    days = {day.split("-")[1] for day in way.before}
    if way.every == "month" and len(days) == 1:
        day = days.pop()
        return f"{vi}, {first[0]} ngày {day}", f"{en}, {first[1]} day {day}"
    dates = ", ".join("/".join(reversed(day.split("-"))) for day in way.before)
    return f"{vi}, {first[0]} {dates}", f"{en}, {first[1]} {dates}"


def _event(kind: str) -> str:
    return f"{said(words.UNIT_EVENTS[kind])} (`{kind}`)" if kind in words.UNIT_EVENTS else f"`{kind}`"


def _days(within: Within | None) -> Pair:
    if within is None:
        return "không nêu số ngày, từ khi", "no number of days, after"
    if within.ahead:
        return f"{within.amount:02d} ngày làm việc trước khi", f"{within.amount} workdays before"
    return f"{within.amount:02d} ngày làm việc từ khi", f"{within.amount} workdays after"


def clauses(citations: Iterable[Citation]) -> str:
    """The clauses that say it, with what they say; our own choices left out."""
    told = [
        f"{one.say('vi')}{f' «{one.quote}»' if one.quote else ''}{'' if one.status == 'text' else f' ({_status(one)})'}"
        for one in citations
        if one.status != "design"
    ]
    return "; ".join(dict.fromkeys(told)).replace("|", "\\|")


def _status(citation: Citation) -> str:
    return said(words.STATUSES[citation.status])


def said(pair: Pair) -> str:
    """Both languages, Vietnamese first."""
    return f"{pair[0]} / {pair[1]}"

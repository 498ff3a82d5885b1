"""The page of one dossier for its applicant: what happened, each day from the receipt to the due date, what is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final

from tthc_rules.report import words as signs
from tthc_rules.report.markup import esc, items, num, row, table
from tthc_rules.report.shell import document
from tthc_rules.result import words
from tthc_rules.result.brief import standing
from tthc_rules.result.counted import MOST_LISTED, CountedDay, limit_text
from tthc_rules.result.course import Course, Happened
from tthc_rules.result.verdict import Finding, NextAct, Verdict

PURPOSE: Final = (
    "Trang này nói hạn được tính ra sao và việc gì phải làm; nó không quyết định và không xử lý ai.",
    "This page tells how the due date was counted and what is to be done; it decides nothing and sanctions nobody.",
)
_OUTCOMES: Final[Mapping[str, str]] = {"undetermined": "unknown", "kept": "met"}
"""Outcomes that bear the sign of another."""


def timeline_page(verdict: Verdict, course: Course, lang: str) -> str:
    """The page as one HTML text in that language; it needs no network and no script."""
    made = _Page(verdict, course, lang)
    name = esc(verdict.dossier_id)
    title = made.t(f"Hồ sơ {name}: từng ngày", f"Dossier {name}: day by day")
    return document(lang, title, "".join(made.body()), ("base.css", "timeline.css"))


class _Page:
    """One dossier in one language."""

    def __init__(self, verdict: Verdict, course: Course, lang: str) -> None:
        self.verdict, self.course, self.lang = verdict, course, lang
        self.on: dict[date, list[Happened]] = defaultdict(list)
        for one in course.events:
            self.on[one.at.date() if isinstance(one.at, datetime) else one.at].append(one)

    def t(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.lang == "vi" else english

    def say(self, pairs: dict[str, words.Pair], code: str) -> str:
        return esc(words.say(pairs, code, self.lang))

    def body(self) -> Iterator[str]:
        yield f'<body><a class="skip" href="#noi-dung">{self.t("Đến nội dung chính", "To the content")}</a>'
        yield self._header()
        yield '<main id="noi-dung" tabindex="-1">'
        yield self._section(
            "tom-tat", self.t("Nói ngắn gọn", "In short"), f"<p>{esc(self.verdict.tell(self.lang))}</p>"
        )
        yield self._section("lich", self.t("Lịch của hồ sơ", "The calendar of the dossier"), self._calendar())
        yield self._section("viec", self.t("Việc đã diễn ra", "What happened"), self._events())
        yield self._section("ngay", self.t("Từng ngày", "Day by day"), self._days())
        yield self._section("phai-lam", self.t("Việc phải làm với hồ sơ này", "What is owed"), self._owed())
        yield f"</main><footer>{''.join(self._footer())}</footer></body>"

    def _section(self, name: str, title: str, inside: str) -> str:
        return f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{title}</h2>{inside}</section>'

    def _header(self) -> str:
        clock = self.verdict.clock
        due = self.t("chưa xác định", "open") if clock.lawful_due is None else _day(clock.lawful_due)
        hour = f"{clock.due_time} " if clock.due_time else ""
        facts = [
            (self.t("Tiếp nhận", "Accepted"), "–" if clock.accepted_on is None else _day(clock.accepted_on)),
            (self.t("Thời hạn", "Time limit"), esc(limit_text(self.course.limit, self.lang))),
            (self.t("Hạn trả kết quả", "Due"), hour + due),
            (self.t("Tình trạng", "State"), esc(standing(self.verdict, self.lang))),
        ]
        said = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
        supposed = self.t("GIẢ ĐỊNH: có sự kiện chưa xảy ra", "SUPPOSED: some of it has not happened")
        warned = f'<p class="warn"><b>{supposed}</b></p>' if self.verdict.supposed else ""
        return (
            f'<header><p class="kicker">{self.t("Thời hạn của một hồ sơ", "The time limit of one dossier")}</p>'
            f"<h1>{esc(self.verdict.dossier_id)}</h1>{warned}<dl class=strip>{said}</dl></header>"
        )

    # -- the calendar --------------------------------------------------------------------------------------------------

    def _all_days(self) -> list[tuple[str, CountedDay]]:
        """Every day with the part of the course that it belongs to, as many as a person reads."""
        course = self.course
        parts = (("before", course.before), ("days", course.days), ("late", course.late))
        return [(part, one) for part, days in parts for one in days][:MOST_LISTED]

    def _calendar(self) -> str:
        """The months as a picture; every day of it stands in the table too."""
        days = self._all_days()
        if not days:
            return f'<p class="none">{self._no_days()}</p>'
        drawn = []
        for (year, month), of_month in groupby(days, lambda one: (one[1].day.year, one[1].day.month)):
            named = self.t(f"Tháng {month:02}/{year}", f"{month:02}/{year}")
            heads = "".join(f'<span class="wd">{self._weekday(n)[:2]}</span>' for n in range(7))
            if self.lang == "vi":
                heads = "".join(f'<span class="wd">{said}</span>' for said in _WEEK)
            cells = [self._cell(part, one, at == 0) for at, (part, one) in enumerate(of_month)]
            drawn.append(
                f'<div class="month" role="img" aria-label="{named}: {self._see_table()}"><p>{named}</p>'
                f'<div class="week">{heads}{"".join(cells)}</div></div>'
            )
        return f'<div class="calendar">{"".join(drawn)}</div>{self._legend()}'

    def _see_table(self) -> str:
        return self.t("các ngày này có đủ trong bảng Từng ngày", "all these days are in the table Day by day")

    def _cell(self, part: str, one: CountedDay, is_first: bool) -> str:
        """A day: its number, and under it which day of the limit it is or what it is."""
        place = f" at-{one.day.isoweekday()}" if is_first else ""
        kind, said = self._sign(part, one)
        return f'<span class="d {kind}{place}"><b>{one.day.day}</b><small>{said}</small></span>'

    def _sign(self, part: str, one: CountedDay) -> tuple[str, str]:
        """What a day is, as a class and as a word short enough for a cell."""
        if one.day == self.verdict.clock.lawful_due:
            return "d-due", self.t("hạn", "due")
        if part == "late":
            return ("d-late", self.t("trễ", "late")) if one.worth == "counted" else ("d-off", self.t("nghỉ", "off"))
        if part == "before":
            return "d-stop", "×"
        match one.worth:
            case "counted":
                return "d-on", "✓" if one.number is None else str(one.number)
            case "day_off" | "moved":
                return "d-off", self.t("nghỉ", "off")
            case "stopped":
                return "d-stop", self.t("dừng", "stop")
            case _:
                return "d-start", self.t("nhận", "start")

    def _legend(self) -> str:
        said = (
            ("d-start", self.t("ngày nhận, không tính", "the day of the start, not counted")),
            ("d-on", self.t("số thứ tự của ngày được tính", "which day of the limit it is")),
            ("d-off", self.t("ngày nghỉ", "a day off")),
            ("d-stop", self.t("tạm dừng, hoặc (×) trước khi tính lại từ đầu", "stopped, or (×) before a fresh start")),
            ("d-due", self.t("ngày hết hạn", "the due date")),
            ("d-late", self.t("ngày trễ", "a day late")),
        )
        listed = "".join(f'<li><span class="d {kind}" aria-hidden="true"></span> {text}</li>' for kind, text in said)
        return f'<ul class="legend">{listed}</ul>'

    # -- tables --------------------------------------------------------------------------------------------------------

    def _events(self) -> str:
        if not self.course.events:
            return f'<p class="none">{self.t("Chưa ghi nhận việc nào.", "Nothing is recorded.")}</p>'
        lines = [self._event(one) for one in self.course.events]
        return items(lines, "events")

    def _event(self, one: Happened) -> str:
        said = f"<b>{_moment(one.at)}</b> {self.say(words.EVENTS, one.kind)}"
        if effect := "; ".join(self._effects(one)):
            said += f": {effect}"
        if one.supposed:
            said += f" <b>({self.t('GIẢ ĐỊNH', 'SUPPOSED')})</b>"
        return said

    def _effects(self, one: Happened) -> Iterator[str]:
        """What an event did to the limit, and which day it names."""
        if one.effect in words.EFFECTS:
            yield self.say(words.EFFECTS, one.effect)
        if one.days is not None:
            first, last = map(_day, one.days)
            yield self.t(f"không tính từ {first} đến hết {last}", f"{first} to {last} do not count")
        if one.due is not None:
            yield self.t(f"hạn thành {_day(one.due)}", f"now due on {_day(one.due)}")
        if one.slip is not None:
            again = one.effect == "reappoint"
            slip = _moment(one.slip)
            yield (
                self.t(f"ngày trả mới {slip}", f"new day {slip}")
                if again
                else self.t(f"phiếu ghi ngày trả {slip}", f"the slip says {slip}")
            )
        if one.is_end:
            yield self.t("kết thúc", "the end")

    def _days(self) -> str:
        days = self._all_days()
        if not days:
            return f'<p class="none">{self._no_days()}</p>'
        rows = [self._day_row(part, one) for part, one in days]
        head = [
            self.t("Ngày", "Day"),
            self.t("Loại ngày", "Kind of day"),
            num(self.t("Ngày thứ", "Counts as")),
            self.t("Việc trong ngày", "What happened"),
        ]
        caption = self.t("Mỗi ngày kể từ khi tiếp nhận", "Every day since the receipt")
        made = table(caption, head, [f"<tbody>{''.join(rows)}</tbody>"], "days", said_above=True)
        return made + self._left_out(days[-1][1].day)

    def _day_row(self, part: str, one: CountedDay) -> str:
        kind, _ = self._sign(part, one)
        happened = "; ".join(self.say(words.EVENTS, each.kind) for each in self.on.get(one.day, ()))
        first = f"{_day(one.day)} <small>{self._weekday(one.day.weekday())}</small>"
        return row(first, [self._kind(one), num(self._worth(part, one)), happened], f' class="{kind}"')

    def _kind(self, one: CountedDay) -> str:
        """What kind of day it is, by which name and which act."""
        said = f"{self.say(words.DAYS, one.kind)}"
        name = one.name.get(self.lang)
        if name:
            said += f": <b>{esc(name)}</b>"
        if one.instrument:
            said += f"<small>{esc(one.instrument)}</small>"
        if one.provisional:
            said += f" <i>{self.t('(tạm tính)', '(provisional)')}</i>"
        return said

    def _worth(self, part: str, one: CountedDay) -> str:
        if part == "before":
            return self.t("không tính: có tính lại", "not counted: restarted")
        if part == "late":
            return self.t("trễ", "late") if one.worth == "counted" else "–"
        if one.hours:
            said = ", ".join(f"{start}–{end}" for start, end in one.hours)
        else:
            said = self.say(words.WORTH, one.worth) if one.number is None else str(one.number)
        if one.day == self.verdict.clock.lawful_due:
            said += f" <b>{self.t('HẠN', 'DUE')}</b>"
        return said

    def _left_out(self, last: date) -> str:
        course = self.course
        more = len(course.before) + len(course.days) + len(course.late) - MOST_LISTED
        due = self.verdict.clock.lawful_due
        if more > 0:
            said = self.t(f"Còn {more} ngày nữa, không liệt kê.", f"{more} more days, not listed.")
            return f'<p class="note">{said}</p>'
        if due is not None and last < due:
            said = self.t(
                f"Lịch chỉ biết đến {_day(last)}; sau đó đếm tạm theo tuần làm việc, không liệt kê.",
                f"The calendar is known to {_day(last)}; later days are counted by the week and not listed.",
            )
            return f'<p class="note">{said}</p>'
        return ""

    def _no_days(self) -> str:
        return self.t(
            "Thời hạn chưa bắt đầu, hoặc không biết thời hạn: không có ngày nào để đếm.",
            "The limit has not begun, or is not known: there are no days to count.",
        )

    # -- what is owed --------------------------------------------------------------------------------------------------

    def _owed(self) -> str:
        findings = [*self.verdict.obligations, *self.verdict.limits]
        if not findings and not self.verdict.next_acts:
            return f'<p class="none">{self.t("Chưa có nghĩa vụ nào phát sinh.", "No duty has arisen yet.")}</p>'
        return self._ahead(self.verdict.next_acts) + self._duties(findings)

    def _duties(self, findings: Sequence[Finding]) -> str:
        rows = [
            row(
                f"{esc(one.duty.label[self.lang])}{self._clause(one)}",
                (self._outcome(one), _or_dash(one.act_by), _or_dash(one.done_on)),
            )
            for one in findings
        ]
        if not rows:
            return ""
        head = [
            self.t("Việc", "Act"),
            self.t("Kết quả", "Outcome"),
            self.t("Chậm nhất", "By"),
            self.t("Ngày làm", "Done on"),
        ]
        caption = self.t("Việc theo quy định, đã làm hay chưa", "What the rules ask, and whether it was done")
        return table(caption, head, [f"<tbody>{''.join(rows)}</tbody>"], "owed")

    def _clause(self, one: Finding) -> str:
        named = next((citation for citation in one.duty.citations if citation.article), None)
        return "" if named is None else f"<small>{esc(named.say(self.lang))}</small>"

    def _outcome(self, one: Finding) -> str:
        known = _OUTCOMES.get(one.outcome, one.outcome)
        sign = signs.OUTCOMES.get(known, ("·", "", ""))[0]
        said = self.say(words.OUTCOMES, one.outcome)
        return f'<span class="badge b-{known}"><span aria-hidden="true">{sign}</span> {said}</span>'

    def _ahead(self, acts: Sequence[NextAct]) -> str:
        lines = [self._act(act) for act in acts if act.only_if is None]
        if not lines:
            return ""
        return f"<h3>{self.t('Còn phải làm', 'Still to be done')}</h3>{items(lines)}"

    def _act(self, act: NextAct) -> str:
        hour = "" if act.by_time is None else f"{act.by_time} "
        late = self.t(" – đã quá ngày, vẫn phải làm", " – that day has passed, it is still owed") if act.overdue else ""
        whose = f" ({self.say(words.ROLES, act.owed_by)})" if act.owed_by else ""
        by = f"{hour}{_day(act.by)}{late}"
        return f"<b>{self.t(f'Chậm nhất {by}', f'By {by}')}</b>: {esc(act.label[self.lang])}{whose}"

    def _footer(self) -> Iterator[str]:
        verdict = self.verdict
        yield f"<p>{self.t(*PURPOSE)}</p>"
        as_of, known = _day(verdict.as_of), _day(verdict.known_on)
        asked = self.t(
            f"Xét đến hết ngày {as_of}, theo lịch và văn bản biết đến ngày {known}.",
            f"As of the end of {as_of}, by calendar and law known on {known}.",
        )
        yield f"<p>{asked}</p>"
        if verdict.clock.provisional:
            yield f"<p>{esc(words.of(words.PROVISIONAL, self.lang))}</p>"
        if verdict.assumptions:
            said = self.t(
                "Có cách hiểu chưa được xác nhận: xem bản giải thích đầy đủ.",
                "It stands on readings that are not confirmed: see the full explanation.",
            )
            yield f"<p>{said}</p>"

    def _weekday(self, number: int) -> str:
        return words.of(words.WEEKDAYS[number], self.lang)


_WEEK: Final = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
"""The days of the week as calendars write them."""


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _or_dash(day: date | None) -> str:
    return "–" if day is None else _day(day)


def _moment(moment: date) -> str:
    return f"{moment:%H:%M %d/%m/%Y}" if isinstance(moment, datetime) else _day(moment)

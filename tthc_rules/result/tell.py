"""A verdict in one paragraph for the applicant: no code, no rule, nothing that he need not know.

It tells what the verdict and the course of the dossier say; a verdict that was read back has no course, and is told
without the limit, the days off and what moved the due date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final

from tthc_rules.errors import shown, visible
from tthc_rules.law.dossier import NoTimeLimit
from tthc_rules.law.timeline import moment_text
from tthc_rules.result import words
from tthc_rules.result.brief import standing, supposition
from tthc_rules.result.counted import limit_text

if TYPE_CHECKING:
    from tthc_rules.result.counted import CountedDay
    from tthc_rules.result.course import Course, Happened
    from tthc_rules.result.verdict import Finding, Verdict

_RETURN: Final = "return_result"
_WORKED: Final = ("workday", "makeup_workday")


def told(verdict: Verdict, course: Course | None, lang: str) -> str:
    """The paragraph in that language."""
    teller = _Paragraph(verdict, course, lang)
    parts = (
        supposition(verdict, lang),
        teller.received(),
        teller.due(),
        teller.days_off(),
        teller.moved(),
        teller.stands(),
        teller.owed(),
    )
    return " ".join(visible(f"{line.rstrip('.')}.") for part in parts for line in part)


class _Paragraph:
    """One verdict, told to the applicant in one language."""

    def __init__(self, verdict: Verdict, course: Course | None, lang: str) -> None:
        self.verdict, self.course, self.lang = verdict, course, lang

    def t(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.lang == "vi" else english

    def received(self) -> Iterator[str]:
        clock, name = self.verdict.clock, shown(self.verdict.dossier_id)
        if clock.accepted_on is not None:
            day = _day(clock.accepted_on)
            yield self.t(f"Hồ sơ {name} được tiếp nhận ngày {day}", f"Dossier {name} was accepted on {day}")
        elif clock.ended_by is not None:
            yield self.t(f"Hồ sơ {name} không được tiếp nhận", f"Dossier {name} was not accepted")
        else:
            yield self.t(
                f"Hồ sơ {name} chưa được ghi nhận là đã tiếp nhận, nên chưa có ngày trả kết quả",
                f"Dossier {name} is not recorded as accepted, so there is no day for the result yet",
            )

    def due(self) -> Iterator[str]:
        """The limit, and the day that it comes to."""
        clock, limit = self.verdict.clock, None if self.course is None else self.course.limit
        if clock.accepted_on is None:
            return
        if limit is not None and not isinstance(limit, NoTimeLimit):
            length = limit_text(limit, self.lang)
            yield self.t(f"Thời hạn giải quyết là {length}", f"The time limit is {length}")
        if clock.lawful_due is not None:
            weekday = words.of(words.WEEKDAYS[clock.lawful_due.weekday()], self.lang)
            day = f"{weekday}, {self.t('ngày ', '')}{_day(clock.lawful_due)}"
            hour = "" if clock.due_time is None else f"{clock.due_time} "
            yield self.t(f"Kết quả phải trả chậm nhất {hour}{day}", f"The result is due by {hour}{day}")
            if clock.provisional:
                yield self.t(
                    "Ngày này là tạm tính, vì có ngày nghỉ chưa được công bố",
                    "That day is provisional: some days off on the way are not yet published",
                )
        elif clock.paused:
            yield self.t(
                "Thời hạn đang tạm dừng; ngày trả kết quả được tính khi thời hạn chạy tiếp",
                "The limit is stopped; the day for the result is counted once it runs again",
            )
        elif clock.reason:
            why = words.say(words.PUNCTUALITY | words.NOTES, clock.reason, self.lang)
            yield self.t(f"Chưa nói được ngày trả kết quả: {why}", f"The day for the result cannot be said: {why}")

    def days_off(self) -> Iterator[str]:
        """Which days on the way do not count, by name where they have one."""
        days = () if self.course is None else self.course.days
        off = [one for one in days if one.worth in ("day_off", "moved") and one.kind not in _WORKED]
        weekends = sum(one.kind == "weekend" for one in off)
        named = list(self._named(off))
        if weekends:
            several = "s" if weekends > 1 else ""
            named.insert(0, self.t(f"{weekends} ngày cuối tuần", f"{weekends} weekend day{several}"))
        if named:
            said = "; ".join(named)
            yield self.t(f"Những ngày nghỉ nằm giữa, không tính: {said}", f"Days off in between, not counted: {said}")
        made_up = [one for one in days if one.kind == "makeup_workday" and one.worth == "counted"]
        if made_up:
            said = ", ".join(_day(one.day) for one in made_up)
            yield self.t(f"Ngày làm bù, có tính: {said}", f"Make-up workdays, counted: {said}")

    def _named(self, off: Sequence[CountedDay]) -> Iterator[str]:
        """Each holiday with its first and last day."""
        for name, days in groupby((one for one in off if one.kind != "weekend"), lambda one: _short(one, self.lang)):
            first, *rest = [one.day for one in days]
            until = f"–{_day(rest[-1])}" if rest else ""
            yield f"{name} ({_day(first) if not rest else f'{first:%d/%m}'}{until})"

    def moved(self) -> Iterator[str]:
        """Why the day for the result is another than the first, and what a slip says."""
        clock = self.verdict.clock
        causes = list(self._causes(() if self.course is None else self.course.events))
        if causes:
            said = "; ".join(causes)
            first = ""
            if clock.original_due not in (None, clock.lawful_due) and clock.original_due is not None:
                day = _day(clock.original_due)
                first = self.t(f"Hạn ban đầu là {day}, sau đó thay đổi: ", f"It was first due on {day}, and moved: ")
            yield (first or self.t("Trong thời gian đó: ", "In that time: ")) + said
        promised = clock.promised_due
        if promised is not None and _date(promised) not in (clock.lawful_due, clock.original_due):
            slip = moment_text(promised)
            yield self.t(f"Phiếu hẹn ghi ngày {slip}", f"The slip says {slip}")
        if clock.reappointed_due is not None:
            again = _day(clock.reappointed_due)
            yield self.t(f"Cơ quan đã hẹn lại ngày {again}", f"The agency has set a new day, {again}")

    def _causes(self, events: Sequence[Happened]) -> Iterator[str]:
        waiting: list[str] = []
        for one in events:
            name = words.say(words.EVENTS, one.kind, self.lang)
            at = self.t(f"{name} ngày {_day(one.at)}", f"{name} on {_day(one.at)}")
            match one.effect:
                case "open":
                    waiting.append(at)
                case "wait" | "restart":
                    yield f"{', '.join((*waiting, at))}: {words.say(words.EFFECTS, one.effect, self.lang)}"
                    waiting = []
                case "exclude" if one.days is not None:
                    first, last = (_day(day) for day in one.days)
                    if first == last:
                        yield self.t(f"không tính ngày {first}", f"{first} does not count")
                    else:
                        yield self.t(f"không tính từ {first} đến hết {last}", f"{first} to {last} do not count")
                case _:
                    pass
        for at in waiting:
            yield self.t(f"{at}, còn đang chờ", f"{at}, and that is still awaited")

    def stands(self) -> Iterator[str]:
        """How it ended, or how it stands on the day asked about."""
        verdict, clock = self.verdict, self.verdict.clock
        if clock.accepted_on is None and clock.ended_by is None:
            return
        state = standing(verdict, self.lang)
        if clock.finished_on is not None and clock.ended_by is not None:
            how, day = words.say(words.EVENTS, clock.ended_by, self.lang), _day(clock.finished_on)
            yield _begun(self.t(f"{how} ngày {day}: {state}", f"{how} on {day}: {state}"))
        else:
            day = _day(verdict.as_of)
            yield self.t(f"Tính đến hết ngày {day}: {state}", f"As of the end of {day}: {state}")

    def owed(self) -> Iterator[str]:
        """What the agency owes the applicant: undone, done late, not known, and what comes next."""
        mine = [finding for finding in self.verdict.obligations if finding.duty.to == "applicant"]
        for outcome, vietnamese, english in (
            (
                "missed",
                "Điều cơ quan phải làm với người nộp mà không làm",
                "What the agency owed the applicant and did not do",
            ),
            ("met_late", "Điều cơ quan làm muộn", "What it did late"),
            ("undetermined", "Chưa rõ đã làm hay chưa", "Not known whether it was done"),
        ):
            labels = [self._label(finding) for finding in mine if finding.outcome == outcome]
            if labels:
                yield f"{self.t(vietnamese, english)}: {'; '.join(labels)}"
        said = {finding.id for finding in mine if finding.outcome in ("missed", "met_late", "undetermined")}
        owed = {_RETURN, *(finding.id for finding in mine)} - said
        for act in self.verdict.next_acts:
            if act.only_if is None and act.id in owed:
                hour, name = "" if act.by_time is None else f"{act.by_time} ", _lower(act.label[self.lang])
                late = self.t(" (đã quá ngày đó, vẫn phải làm)", " (that day has passed, and it is still owed)")
                by = f"{hour}{_day(act.by)}{late if act.overdue else ''}"
                yield self.t(f"Việc còn phải làm, hạn cuối {by}: {name}", f"Still to be done, by {by}: {name}")

    def _label(self, finding: Finding) -> str:
        done = "" if finding.done_on is None else f" ({_day(finding.done_on)})"
        return _lower(finding.duty.label[self.lang]) + done


def _short(one: CountedDay, lang: str) -> str:
    """The name of a holiday without which day of it this is."""
    name = one.name.get(lang, "") or words.say(words.DAYS, one.kind, lang)
    return name.partition(" (")[0].partition(":")[0]


def _begun(line: str) -> str:
    return line[:1].upper() + line[1:]


def _lower(line: str) -> str:
    return line[:1].lower() + line[1:]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _date(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment

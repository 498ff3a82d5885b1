"""Where a sender's due date parts from the law's: which known ways of counting give it, or that none of them does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tthc_rules.errors import OptionError, unknown_word, visible
from tthc_rules.law import clock
from tthc_rules.law.asked import Asked
from tthc_rules.law.civil import Moment, clock_time, date_of, day_of, minute_of, read_computed
from tthc_rules.law.codes import REASONS, Reason
from tthc_rules.law.dossier import NoTimeLimit, TimeLimit
from tthc_rules.law.habits.count import LawfulCount
from tthc_rules.law.habits.find import habit_dues
from tthc_rules.law.habits.kinds import WHOLE_DAY, Counted, Habit, HabitDue
from tthc_rules.law.habits.promised import as_of_slip, date_on_slip, slip_place
from tthc_rules.law.habits.sender import UNSET
from tthc_rules.law.known import KnownLaw
from tthc_rules.law.timeline import moment_text
from tthc_rules.law.workdays import Calendar
from tthc_rules.result import words
from tthc_rules.result.counted import limit_text
from tthc_rules.result.habit_words import CHANNELS, HABITS

_LANGUAGES: Final = ("vi", "en")
_MOST_DAYS: Final = 8
"""Days that are named where a way of counting parts from the law at many."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day at which a way of counting parts from the law, and what the calendar calls it, if anything."""

    day: date
    name: dict[str, str]


@dataclass(frozen=True, slots=True)
class HabitSeen:
    """A way of counting that gives the sender's date."""

    habit: Habit
    due: Annotated[Moment, BeforeValidator(read_computed)]
    """What it gives: a date, or with the minute of a count in hours."""
    days: tuple[NamedDay, ...]
    channel: Literal["in_person", "online", "postal"] | None
    """Whose limit it takes, where it is that of another way of filing."""
    time_limit: TimeLimit | NoTimeLimit | None
    """That limit."""


class Departure(BaseModel):
    """A sender's due date beside the law's. It accuses nobody: a date that departs is a question to the sender."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    dossier_id: str
    known_on: date
    """By the calendar that was known then: for the date of a slip, on the day it was given."""
    sender_due: Annotated[Moment, BeforeValidator(read_computed)]
    of_slip: bool
    """It is the date on the slip that the log has, and the law is asked as of that slip."""
    due: date | None
    due_time: str | None
    """The minute of a limit in working hours, «HH:MM»."""
    reason: Reason
    """Why the law has no date, where it has none."""
    paused: bool
    """The clock stands: there is no date by law until it goes on."""
    agrees_with: Literal["lawful_due", "current_due"] | None
    """The date of the law that it is: by its minute too, where the limit is in hours."""
    habits: tuple[HabitSeen, ...]
    """Every known way of counting that gives this date; several: the date alone cannot tell them apart."""
    otherwise: tuple[Habit, ...]
    """Those that would have given another date than the sender's, and than the law's."""

    @property
    def departs(self) -> bool:
        """Whether there is a date by law, and the sender's is another."""
        return self.due is not None and self.agrees_with is None

    def explain(self, lang: str = "vi") -> str:
        """The two dates, and at which step they part."""
        if lang not in _LANGUAGES:
            raise OptionError(unknown_word("lang", "ngôn ngữ", "language", str(lang), _LANGUAGES, "TR-option-lang"))
        return "\n".join(self.lines(lang))

    def lines(self, lang: str) -> Iterator[str]:
        """The same, line by line."""
        return (visible(line) for line in _TwoDates(self, lang).lines())


def departure_of(known: KnownLaw, asked: Asked, sender_due: Moment | None) -> Departure | None:
    """Where that date parts from the law's; without one, the date on the slip that the log has, if it has one."""
    count = LawfulCount.of(known, asked, asked.as_of)
    of_slip = sender_due is None
    if sender_due is None:
        place = slip_place(count)
        if place is None:
            return None
        sender_due = date_on_slip(asked.timeline, place)
        count = as_of_slip(known, count, place)
    day, minute = day_of(sender_due), minute_of(sender_due)
    agrees = _agrees(count, day, minute)
    found = list(habit_dues(count))
    given = [] if agrees else [one for one in found if one.due.is_written_as(day, minute)]
    names = dict.fromkeys(one.habit for one in found if not one.due.is_written_as(day, minute))
    lawful, calendar = count.lawful, count.asked.calendar
    return Departure(
        dossier_id=asked.dossier.dossier_id,
        known_on=min(asked.question.known_on, date_of(count.asked.as_of)) if of_slip else asked.question.known_on,
        sender_due=sender_due,
        of_slip=of_slip,
        due=None if lawful is None else date_of(lawful.day),
        due_time=None if lawful is None or lawful.minute == WHOLE_DAY else clock_time(lawful.minute),
        reason=REASONS[count.out[clock.O_REASON]],
        paused=bool(count.out[clock.O_PAUSED]),
        agrees_with=agrees,
        habits=tuple(_seen(one, calendar) for one in given),
        otherwise=tuple(name for name in names if name != "failed" and name not in {one.habit for one in given}),
    )


def _agrees(count: LawfulCount, day: int, minute: int) -> Literal["lawful_due", "current_due"] | None:
    lawful = count.lawful
    if lawful is None:
        return None
    if lawful.is_written_as(day, minute):
        return "lawful_due"
    current = count.out[clock.O_CURRENT_DAY]
    return "current_due" if day == current != lawful.day else None


def _seen(one: HabitDue, calendar: Calendar) -> HabitSeen:
    """A way of counting as it is told."""
    days = tuple(NamedDay(date_of(day), _name(day, calendar)) for day in one.days)
    return HabitSeen(one.habit, _moment(one.due), days, one.channel or None, one.limit)  # type: ignore[arg-type]


def _name(day: int, calendar: Calendar) -> dict[str, str]:
    """What the calendar calls a day, where it knows it."""
    return dict(calendar.day(date_of(day)).name) if calendar.base <= day <= calendar.until else {}


def _moment(due: Counted) -> Moment:
    day = date_of(due.day)
    return day if due.minute == WHOLE_DAY else datetime.combine(day, time(*divmod(due.minute, 60)))


def sender_due_text(moment: Moment) -> str:
    """The date of a sender as it is told; one that was never set as it is stored."""
    return UNSET.isoformat() if moment == UNSET else moment_text(moment)


class _TwoDates:
    """Tells one departure in one language."""

    def __init__(self, said: Departure, lang: str) -> None:
        self.said, self.lang = said, lang

    def t(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.lang == "vi" else english

    def lines(self) -> Iterator[str]:
        said = self.said
        slip = self.t(" (phiếu hẹn trong nhật ký)", " (the slip in the log)") if said.of_slip else ""
        yield f"{self.t('NGÀY CỦA HỆ THỐNG', 'THE DATE OF THE SYSTEM')}: {sender_due_text(said.sender_due)}{slip}"
        yield f"  {self._by_law()}"
        if said.agrees_with == "lawful_due":
            yield self.t("  Hai ngày trùng nhau.", "  The two agree.")
            return
        if said.agrees_with == "current_due":
            yield self.t("  Trùng với ngày đã hẹn lại.", "  It is the re-appointed date.")
            return
        yield from self._habits()
        yield self.t(
            "  Ngày khác nhau là điều cần hỏi bên gửi, không phải kết luận về ai.",
            "  A date that departs is a question to the sender, and no finding about anyone.",
        )

    def _by_law(self) -> str:
        said = self.said
        name = self.t("Theo luật", "By law")
        if said.due is None:
            why = words.say(words.PUNCTUALITY | words.NOTES, "paused" if said.paused else said.reason, self.lang)
            return f"{name}: {why or self.t('chưa có hạn', 'no due date')}"
        time_of_day = "" if said.due_time is None else f"{said.due_time} "
        known = f"{said.known_on:%d/%m/%Y}"
        by = self.t(f" (lịch biết đến ngày {known})", f" (by the calendar known on {known})")
        return f"{name}: {time_of_day}{said.due:%d/%m/%Y}{by}{self._apart()}"

    def _apart(self) -> str:
        """How many days lie between the two."""
        said = self.said
        if said.due is None or said.sender_due == UNSET:
            return ""
        days = day_of(said.sender_due) - day_of(said.due)
        if days > 0:
            return self.t(f"; hệ thống muộn hơn {days} ngày", f"; the system is {days} days later")
        if days < 0:
            return self.t(f"; hệ thống sớm hơn {-days} ngày", f"; the system is {-days} days earlier")
        return "" if said.agrees_with else self.t("; khác giờ", "; another hour")

    def _habits(self) -> Iterator[str]:
        seen = self.said.habits
        if not seen:
            yield self.t(
                "  Không cách tính nào đã biết cho ra ngày này.",
                "  None of the known ways of counting gives this date.",
            )
            return
        yield self.t("  Ra ngày này khi:", "  This date comes of:")
        for one in seen:
            yield f"  → {words.of(HABITS[one.habit], self.lang)}{self._limit(one)} [{one.habit}]"
            if one.days:
                yield f"      {self._days(one)}"
        count = len({one.habit for one in seen})
        if count > 1:
            yield self.t(
                f"  {count} cách tính cùng cho ra ngày này: riêng con số không phân biệt được.",
                f"  {count} ways of counting give this date: the number alone cannot tell them apart.",
            )

    def _limit(self, one: HabitSeen) -> str:
        if one.channel is None:
            return ""
        return f": {words.of(CHANNELS[one.channel], self.lang)}, {limit_text(one.time_limit, self.lang)}"

    def _days(self, one: HabitSeen) -> str:
        said = [f"{day.day:%d/%m/%Y}{f' {day.name[self.lang]}' if day.name else ''}" for day in one.days[:_MOST_DAYS]]
        if (more := len(one.days) - _MOST_DAYS) > 0:
            said.append(self.t(f"và {more} ngày nữa", f"and {more} more"))
        return "; ".join(said)

"""The date for a slip, with how it was counted: what is said of a limit before there is a dossier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tthc_rules.errors import OptionError, unknown_word, visible
from tthc_rules.law.civil import Moment, clock_time, read_computed
from tthc_rules.law.codes import Reason
from tthc_rules.law.daycount import DayCounted, Worth
from tthc_rules.law.dossier import NoTimeLimit, TimeLimit
from tthc_rules.law.timeline import moment_text
from tthc_rules.result import words
from tthc_rules.result.verdict import LANGUAGES, CitationRecord, Digests, Note

MOST_LISTED: Final = 400
"""The longest count that is told day by day."""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day between the start and the due date: what kind of day it is by which act, and what it was worth."""

    day: date
    kind: Literal["workday", "weekend", "public_holiday", "compensatory_off", "swapped_off", "makeup_workday"]
    name: dict[str, str]
    """What the act calls it, where it is no ordinary day of the week."""
    instrument: str
    provisional: bool
    """It stands so by statute alone: its letter is not published, as known."""
    worth: Worth
    number: int | None
    """Which day of the limit it is."""
    hours: tuple[tuple[str, str], ...]
    """Of a limit in working hours: from when to when it counts, «HH:MM»."""

    @classmethod
    def of(cls, one: DayCounted) -> CountedDay:
        """The record of a day that was counted."""
        day = one.day
        hours = tuple((clock_time(start), clock_time(end)) for start, end in one.hours)
        return cls(day.date, day.kind, dict(day.name), day.instrument, day.provisional, one.worth, one.number, hours)  # type: ignore[arg-type]


class DueDate(BaseModel):
    """Ngày hẹn trả: the due date of a file that is accepted then, and how each day on the way was counted.

    `due` is null where it cannot be said, with the `reason`.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)

    accepted: Annotated[Moment, BeforeValidator(read_computed)]
    known_on: date
    procedure: str | None
    channel: Literal["in_person", "online", "postal"] | None
    jurisdiction: str | None
    time_limit: TimeLimit | NoTimeLimit | None
    due: date | None
    due_time: str | None
    """The minute of a limit in working hours, «HH:MM»; other limits end at 24:00."""
    provisional: bool
    """A day on the way stands by statute alone, its letter not being published: the date may still move."""
    reason: Reason
    steps: tuple[CountedDay, ...]
    """Each day from the acceptance to the due date."""
    version: str | None
    """The folder of the clock."""
    calendar: str
    hours: str | None
    """The table of office hours, where the limit is counted in them."""
    notes: tuple[Note, ...]
    assumptions: tuple[str, ...]
    citations: tuple[CitationRecord, ...]
    digests: Digests

    def explain(self, lang: str = "vi") -> str:
        """The date in words: the limit, its clauses, and how each day was counted."""
        if lang not in LANGUAGES:
            raise OptionError(unknown_word("lang", "ngôn ngữ", "language", str(lang), LANGUAGES, "TR-option-lang"))
        return "\n".join(visible(line) for line in _Telling(self, lang).lines())


class _Telling:
    """Tells one due date in one language."""

    def __init__(self, said: DueDate, lang: str) -> None:
        self.said, self.lang = said, lang

    def t(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.lang == "vi" else english

    def lines(self) -> Iterator[str]:
        said = self.said
        yield f"{self.t('Tiếp nhận', 'Accepted')}: {moment_text(said.accepted)}"
        yield f"{self.t('Thời hạn', 'Time limit')}: {limit_text(said.time_limit, self.lang)}"
        yield f"{self.t('HẠN TRẢ KẾT QUẢ', 'DUE')}: {self._due()}"
        if said.provisional:
            yield "  " + words.of(words.PROVISIONAL, self.lang)
        yield self.t(
            f"  Theo lịch «{said.calendar}» và văn bản biết đến ngày {said.known_on:%d/%m/%Y}",
            f"  By calendar “{said.calendar}” and law known on {said.known_on:%d/%m/%Y}",
        )
        for citation in said.citations:
            quote = f" «{citation.quote}»" if citation.quote else ""
            status = words.say(words.STATUSES, citation.status, self.lang)
            yield f"  {self.t('Căn cứ', 'Source')}: {citation.say(self.lang)}{quote} ({status})"
        yield from self._days()
        for note in (note for note in said.notes if note.code != said.reason):
            yield f"  ! {words.say(words.NOTES, note.code, self.lang)} [{note.code}]"
        if said.assumptions:
            yield self.t("Dựa vào điều chưa xác nhận: ", "Stands on what is not confirmed: ") + ", ".join(
                said.assumptions
            )

    def _due(self) -> str:
        said = self.said
        if said.due is None:
            return words.say(words.PUNCTUALITY | words.NOTES, said.reason, self.lang)
        weekday = words.of(words.WEEKDAYS[said.due.weekday()], self.lang)
        time = f" {said.due_time}" if said.due_time else ""
        return f"{said.due:%d/%m/%Y}{time} ({weekday})"

    def _days(self) -> Iterator[str]:
        if not self.said.steps:
            return
        yield words.of(words.DAY_BY_DAY, self.lang)
        yield from day_lines(self.said.steps, self.said.due, self.lang)


def limit_text(limit: TimeLimit | NoTimeLimit | None, lang: str) -> str:
    """A time limit in words."""
    vi = lang == "vi"
    if limit is None:
        return "không biết" if vi else "not known"
    if isinstance(limit, NoTimeLimit):
        return "thủ tục không có thời hạn" if vi else "none"
    unit = words.say(words.UNITS, limit.unit, lang)
    text = ("trong ngày" if vi else "the same day") if limit.amount == 0 else f"{limit.amount} {unit}"
    if limit.cutoff is not None:
        hour = clock_time(limit.cutoff)
        text += f"; nhận sau {hour} tính sang ngày làm việc tiếp theo" if vi else f"; after {hour}, the next workday"
    return text


def day_lines(days: Iterable[CountedDay], due: date | None, lang: str) -> Iterator[str]:
    """A line for each day that was counted, up to as many as a person reads; what is left out is said."""
    listed = list(days)
    vi = lang == "vi"
    if len(listed) > MOST_LISTED:
        yield (
            f"  (dài hơn {MOST_LISTED} ngày, không liệt kê)"
            if vi
            else f"  (longer than {MOST_LISTED} days, not listed)"
        )
        return
    for one in listed:
        weekday = words.of(words.WEEKDAYS[one.day.weekday()], lang)
        name = f" — {one.name[lang]}" if one.name else ""
        act = f" ({one.instrument})" if one.instrument else ""
        unsure = (" (tạm tính)" if vi else " (provisional)") if one.provisional else ""
        kind = words.say(words.DAYS, one.kind, lang)
        yield f"  {one.day:%d/%m/%Y} {weekday:<9} {kind}{name}{act}{unsure}  {_worth(one, lang)}".rstrip()
    if listed and due is not None and listed[-1].day < due:
        year = listed[-1].day.year
        yield (
            f"  (lịch chỉ biết đến hết năm {year}; sau đó đếm tạm theo tuần làm việc, không liệt kê)"
            if vi
            else f"  (the calendar is known to the end of {year}; later days are counted by the week and not listed)"
        )


def _worth(one: CountedDay, lang: str) -> str:
    """Which day of the limit it is, or which hours count, or why it does not count."""
    if one.hours:
        return ", ".join(f"{start}–{end}" for start, end in one.hours)
    return words.say(words.WORTH, one.worth, lang) if one.number is None else str(one.number)

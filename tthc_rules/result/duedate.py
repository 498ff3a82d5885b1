"""The date for a slip, with how it was counted: what is said of a limit before there is a dossier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tthc_rules.errors import OptionError, unknown_word, visible
from tthc_rules.law.civil import Moment, read_computed
from tthc_rules.law.codes import Reason
from tthc_rules.law.dossier import NoTimeLimit, TimeLimit
from tthc_rules.law.timeline import moment_text
from tthc_rules.result import words
from tthc_rules.result.counted import CountedDay, day_lines, limit_text
from tthc_rules.result.verdict import LANGUAGES, CitationRecord, Digests, Note


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

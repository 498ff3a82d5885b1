"""A verdict in three to eight lines: when it is due, how it stands, what was missed and by whom, and what comes next.

It is made of what the verdict itself says, so a verdict that was read back from a file has it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from tthc_rules.errors import shown, visible
from tthc_rules.result import words

if TYPE_CHECKING:
    from tthc_rules.result.verdict import CitationRecord, Finding, NextAct, Verdict

_TOLD: Final = 2
"""Missed duties that are told one by one where there are more than three; of the others it is said how many."""
_FAILED: Final = ("missed", "met_late", "broken")
_LATE: Final = ("returned_late", "overdue")


def brief(verdict: Verdict, lang: str) -> str:
    """Due date, state, what was not done and who answers, what could not be judged, what comes next."""
    teller = _Brief(verdict, lang)
    parts = (
        supposition(verdict, lang),
        teller.state(),
        teller.dates(),
        teller.failed(),
        teller.unsaid(),
        teller.ahead(),
        teller.noted(),
    )
    return "\n".join(visible(line) for part in parts for line in part)


def supposition(verdict: Verdict, lang: str) -> Iterator[str]:
    """That a verdict rests on events which have not happened, and on which; nothing where all of them have."""
    if not verdict.supposed:
        return
    events = "; ".join(f"{words.say(words.EVENTS, one.kind, lang)} {_moment(one.at)}" for one in verdict.supposed)
    yield (f"GIẢ ĐỊNH, chưa xảy ra: {events}" if lang == "vi" else f"SUPPOSED, it has not happened: {events}")


def standing(verdict: Verdict, lang: str) -> str:
    """How a dossier stands, with the measure of its lateness."""
    first, comma, rest = words.say(words.PUNCTUALITY, verdict.punctuality, lang).partition(", ")
    if verdict.punctuality in _LATE and verdict.workdays_late:
        n = verdict.workdays_late
        first += f" {n} ngày làm việc" if lang == "vi" else f" by {n} workdays"
    elif verdict.punctuality in _LATE and verdict.days_late:
        first += f" {verdict.days_late} ngày" if lang == "vi" else f" by {verdict.days_late} days"
    return f"{first}{comma}{rest}"


class _Brief:
    """One verdict in one language."""

    def __init__(self, verdict: Verdict, lang: str) -> None:
        self.verdict, self.lang = verdict, lang
        self.findings: Sequence[Finding] = (*verdict.obligations, *verdict.limits)

    def t(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.lang == "vi" else english

    def state(self) -> Iterator[str]:
        verdict, said = self.verdict, standing(self.verdict, self.lang)
        day = _day(verdict.as_of)
        name = shown(verdict.dossier_id)
        yield self.t(f"Hồ sơ {name}, xét đến hết {day}: {said}", f"Dossier {name}, as of the end of {day}: {said}")

    def dates(self) -> Iterator[str]:
        """The due dates that differ, from when they were counted, and the end."""
        clock = self.verdict.clock
        said: list[str] = []
        if clock.accepted_on is not None:
            said.append(self.t(f"tiếp nhận {_day(clock.accepted_on)}", f"accepted {_day(clock.accepted_on)}"))
        if clock.lawful_due is not None:
            hour = "" if clock.due_time is None else f"{clock.due_time} "
            due = f"{hour}{_day(clock.lawful_due)}"
            doubt = self.t(" (tạm tính)", " (provisional)") if clock.provisional else ""
            said.append(self.t(f"hạn {due}{doubt}", f"due {due}{doubt}"))
        elif clock.accepted_on is not None:
            said.append(self.t("chưa có hạn", "no due date"))
        if clock.promised_due is not None and _date(clock.promised_due) != clock.lawful_due:
            slip = _moment(clock.promised_due)
            said.append(self.t(f"phiếu hẹn {slip}", f"the slip says {slip}"))
        if clock.reappointed_due is not None:
            again = _day(clock.reappointed_due)
            said.append(self.t(f"hẹn lại {again}", f"re-appointed {again}"))
        if clock.finished_on is not None and clock.ended_by is not None:
            how = words.say(words.EVENTS, clock.ended_by, self.lang)
            said.append(f"{how} {_day(clock.finished_on)}")
        if said:
            yield _begun("; ".join(said))

    def failed(self) -> Iterator[str]:
        """What was not done, done late or exceeded, each with its day, its clause, and who answers."""
        failed = [finding for finding in self.findings if finding.outcome in _FAILED]
        told = len(failed) if len(failed) <= _TOLD + 1 else _TOLD
        for finding in failed[:told]:
            outcome = words.say(words.OUTCOMES, finding.outcome, self.lang)
            line = f"✗ {_begun(outcome)}: {finding.duty.label[self.lang]}{self._clause(finding.duty.citations)}"
            roles = sorted({answer.role for answer in finding.answers})
            if roles:
                who = ", ".join(words.say(words.ROLES, role, self.lang) for role in roles)
                line += self.t(f". Trách nhiệm: {who}", f". Answers: {who}")
            yield line
        if more := len(failed) - told:
            yield f"✗ {self._more(more)}"

    def unsaid(self) -> Iterator[str]:
        """What could not be judged: nobody answers for it."""
        unsaid = [finding.duty.label[self.lang] for finding in self.findings if finding.outcome == "undetermined"]
        if unsaid:
            more = f"; {self._more(len(unsaid) - 1)}" if len(unsaid) > 1 else ""
            said = self.t("Chưa kết luận được, không ai phải trả lời", "Undetermined, nobody answers for it")
            yield f"? {said}: {unsaid[0]}{more}"

    def ahead(self) -> Iterator[str]:
        """What is owed first, whatever comes; the acts that depend on something are not told."""
        acts = [act for act in self.verdict.next_acts if act.only_if is None]
        if acts:
            more = f"; {self._more(len(acts) - 1)}" if len(acts) > 1 else ""
            yield f"→ {self._act(acts[0])}{more}"

    def _act(self, act: NextAct) -> str:
        hour = "" if act.by_time is None else f"{act.by_time} "
        by = f"{hour}{_day(act.by)}"
        late = self.t(", đã quá ngày", ", past its day") if act.overdue else ""
        whose = shown(act.unit) if act.unit else words.say(words.ROLES, act.owed_by, self.lang) if act.owed_by else ""
        name = act.label[self.lang]
        return self.t(f"Chậm nhất {by}{late}", f"By {by}{late}") + f": {name}" + (f" ({whose})" if whose else "")

    def noted(self) -> Iterator[str]:
        codes = dict.fromkeys(note.code for note in self.verdict.notes)
        if codes:
            said = "; ".join(words.say(words.NOTES, code, self.lang) for code in codes)
            yield self.t(f"Ghi chú: {said}", f"Notes: {said}")

    def _more(self, count: int) -> str:
        return self.t(f"và {count} việc khác", f"and {count} more")

    def _clause(self, citations: Sequence[CitationRecord]) -> str:
        """The clause of a duty in the civil servant's words."""
        named = next((citation for citation in citations if citation.article), None)
        if named is None:
            return ""
        return f" — {named.say(self.lang)}"


def _begun(line: str) -> str:
    return line[:1].upper() + line[1:]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _date(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(moment: date) -> str:
    return f"{moment:%H:%M %d/%m/%Y}" if isinstance(moment, datetime) else _day(moment)

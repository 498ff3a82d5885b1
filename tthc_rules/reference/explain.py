"""The explanation: from the trace of an evaluation to text that a citizen, an officer and a lawyer can follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, assert_never

from tthc_rules.errors import shown, visible
from tthc_rules.law import clock
from tthc_rules.law.acts import step_law
from tthc_rules.law.asked import StepFound
from tthc_rules.law.civil import clock_time, date_of
from tthc_rules.law.codes import KINDS
from tthc_rules.law.evidence import AmendedUnseen
from tthc_rules.law.facts import Facts
from tthc_rules.law.observed import doubt_of
from tthc_rules.law.rule import (
    Applicability,
    ChannelIs,
    EventSeen,
    FieldIs,
    OtherLevel,
    ReappointmentStands,
    ReceivedAt,
    Rule,
    Statement,
)
from tthc_rules.law.statute import Statute, picking_day
from tthc_rules.law.timeline import moment_text
from tthc_rules.reference.counting import Counting
from tthc_rules.reference.interpret import Reading, holds, lacking, stated, times
from tthc_rules.reference.telling import dated
from tthc_rules.result import words
from tthc_rules.result.brief import supposition
from tthc_rules.result.found import Found

if TYPE_CHECKING:
    from tthc_rules.reference.trace import Trace
    from tthc_rules.result.departure import Departure
    from tthc_rules.result.verdict import AgencyStep, NextAct, Verdict


def explain(verdict: Verdict, trace: Trace, lang: str, *, day_by_day: bool, departure: Departure | None = None) -> str:
    """The whole explanation, with where a sender's date parts from the law's if one was named."""
    teller = _Teller(verdict, trace, lang)
    parts: list[Iterator[str]] = [
        teller.head(),
        teller.clock(),
        teller.source(),
        teller.duties(),
        teller.steps(),
        teller.ahead(),
        teller.not_applied(),
        teller.notes(),
        teller.assumptions(),
    ]
    if departure is not None:
        parts.insert(2, chain([""], departure.lines(lang)))
    if day_by_day:
        parts.insert(2, teller.days())
    return "\n".join(visible(line) for part in parts for line in part)


class _Teller(Counting):
    """Tells one verdict in one language."""

    # -- head ----------------------------------------------------------------------------------------------------------

    def head(self) -> Iterator[str]:
        verdict, lang = self.verdict, self.lang
        as_of, known = dated(verdict.as_of, lang), dated(verdict.known_on, lang)
        yield self.t(
            f"Hồ sơ {verdict.dossier_id} — xét đến hết ngày {as_of}, theo lịch và văn bản biết đến ngày {known}",
            f"Dossier {verdict.dossier_id} — as of the end of {as_of}, by calendar and law known on {known}",
        )
        yield from supposition(verdict, lang)
        late = ""
        if verdict.workdays_late:
            late = self.t(
                f": {verdict.workdays_late} ngày làm việc ({verdict.days_late} ngày)",
                f": {verdict.workdays_late} workdays ({verdict.days_late} days)",
            )
        yield self.t("KẾT LUẬN: ", "CONCLUSION: ") + words.say(words.PUNCTUALITY, verdict.punctuality, lang) + late
        policy = words.say(words.LATENESS, verdict.lateness, lang)
        yield self.t(f"  Cách tính trễ hạn: {policy}", f"  Lateness: {policy}")

    # -- duties --------------------------------------------------------------------------------------------------------

    def duties(self) -> Iterator[str]:
        if not self.trace.found:
            return
        yield ""
        yield self.t("NGHĨA VỤ VÀ GIỚI HẠN", "DUTIES AND LIMITS")
        for found in self.trace.found:
            yield from self._duty(found)

    def _duty(self, found: Found) -> Iterator[str]:
        lang = self.lang
        outcome = words.say(words.OUTCOMES, found.outcome, lang)
        yield f"  [{outcome}] {found.rule.label[lang]} ({found.id}, {found.rule.version})"
        why = self._why(found)
        if why:
            yield f"      {why}"
        for answer, act in found.answers():
            role = words.say(words.ROLES, answer.role, lang)
            what = words.say(words.CONSEQUENCES, answer.consequence, lang)
            yield self.t(f"      Trách nhiệm: {role} — {what}", f"      Answers: {role} — {what}")
            if act is not found.rule:
                yield f"        {act.label[lang]} [{act.version}]"
                yield from self.citations(act.citations, "        ")
        yield from self.citations(found.rule.citations, "      ")
        yield from self.readings(found.rule.interpretations, "      ")

    def _why(self, found: Found) -> str:
        if found.limit is not None:
            facts = self.trace.facts
            assert facts is not None
            count = times(found.limit, facts)
            said = self.t(
                f"đã có {count} lần, cho phép {found.limit.at_most}", f"{count} times, {found.limit.at_most} allowed"
            )
            return f"{said}; {self._unseen(found)}" if found.outcome == "undetermined" else said
        parts = []
        if found.act_by is not None:
            parts.append(self.t(f"chậm nhất {dated(found.act_by, self.lang)}", f"by {dated(found.act_by, self.lang)}"))
        if lacks := self._lacks(found):
            parts.append(lacks)
        elif found.done_on is not None:
            parts.append(self.t(f"đã làm {dated(found.done_on, self.lang)}", f"done {dated(found.done_on, self.lang)}"))
        elif found.note and found.outcome != "undetermined":
            parts.append(words.say(words.NOTES, found.note, self.lang))
        elif found.outcome == "missed":
            parts.append(self.t("không thấy sự kiện nào thực hiện", "no event that fulfils it was seen"))
        elif found.outcome == "not_owed":
            parts.append(
                self.t("điều kiện làm phát sinh nghĩa vụ không xảy ra", "what would cause the duty did not happen")
            )
        elif found.outcome == "pending":
            parts.append(self._waiting(found))
        elif found.outcome == "undetermined":
            parts.append(self._unseen(found))
        if without_hour := self._without_hour(found):
            parts.append(without_hour)
        return "; ".join(parts)

    def _without_hour(self, found: Found) -> str:
        """That the hour of reception was not recorded, where the duty turns on it, and what follows."""
        facts, duty = self.trace.facts, found.obligation
        if facts is None or duty is None or duty.hour_unknown is None or found.note == "act_by_before_in_force":
            return ""
        reading = Reading(found.rule, facts)
        if not reading.hour_is_missing:
            return ""
        later = dated(reading.date(duty.hour_unknown), self.lang)
        if found.outcome == "undetermined":
            return self.t(
                f"không ghi giờ tiếp nhận; nếu nhận muộn hơn thì chậm nhất {later}",
                f"the hour of reception was not recorded; had it been later, by {later}",
            )
        return self.t(
            f"không ghi giờ tiếp nhận; nếu nhận muộn hơn thì chậm nhất {later}, kết quả như nhau",
            f"the hour of reception was not recorded; had it been later, by {later}, with the same outcome",
        )

    def _waiting(self, found: Found) -> str:
        duty, facts = found.obligation, self.trace.facts
        if duty is not None and duty.when is not None and facts is not None and found.rule.is_undated(duty):
            raised = Reading(found.rule, facts).deadline(found.rule.deadlines[duty.when.deadline])[0]
            if raised in duty.when.outcomes:
                return self.t(
                    "đã phát sinh, chưa làm; không có hạn riêng, hồ sơ còn mở nên chưa kết luận",
                    "raised and not done; it has no day of its own, and the dossier is still open",
                )
        return self.t("hồ sơ chưa đóng và chưa quá hạn", "the dossier is neither closed nor late")

    def _unseen(self, found: Found) -> str:
        """What an outcome would rest on that the source cannot show."""
        facts, node = self.trace.facts, found.obligation or found.limit
        if facts is not None and node is not None:
            doubt = doubt_of(found.rule, node)
            kinds = self.kinds(facts.hidden & doubt.absences(facts.other_level))
            if found.note == "not_observed":
                return self.t(f"nguồn không ghi được {kinds}", f"the source cannot show {kinds}")
            if found.note:
                return words.say(words.NOTES, found.note, self.lang)
            if facts.unsure & clock.LATENESS_UNSURE and (doubt.by_lateness or doubt.by_date):
                return self.t(
                    "không biết hồ sơ có quá hạn hay không: xem ghi chú",
                    "whether the dossier is late cannot be said: see the notes",
                )
        return self.t("thiếu dữ kiện cần thiết", "a fact that it needs is missing")

    def _lacks(self, found: Found) -> str:
        """What the event does not state that the clause asks for: empty, otherwise, or not recorded at all."""
        facts, way = self.trace.facts, None if found.obligation is None else found.obligation.fulfilled
        if facts is None or not isinstance(way, Statement) or found.done_on is None:
            return ""
        for seen in facts.each(way.event, way.since):
            if seen.day == found.done_on and stated(way.fields, seen.flags) == found.outcome:
                said = [words.say(words.LACKS, f"{name}:{how}", self.lang) for name, how in lacking(way, seen.flags)]
                if said:
                    event = words.say(words.EVENTS, way.event, self.lang)
                    return f"{event} {dated(seen.day, self.lang)}: {', '.join(said)}"
        return ""

    def steps(self) -> Iterator[str]:
        """Each agency's step: when it was set, by when, when it was done, how it came out, and by which clause."""
        trace = self.trace
        if not trace.steps:
            return
        yield ""
        yield self.t("CÁC BƯỚC CỦA TỪNG CƠ QUAN", "THE STEPS OF EACH AGENCY")
        for found, step in zip(trace.steps, self.verdict.steps, strict=True):
            event = trace.timeline.events[found.set_by]
            _, clauses = step_law(trace.regimes, trace.timeline, found.set_by)
            outcome = words.say(words.STEP_OUTCOMES, step.outcome, self.lang)
            agency = step.agency or self.t("không ghi cơ quan", "agency not recorded")
            name = words.say(words.EVENTS, event.kind, self.lang)
            yield f"  [{outcome}] {agency}: {name} {moment_text(event.at)}"
            yield f"      {self._step(found, step)}"
            yield from self.citations(clauses, "      ")

    def _step(self, found: StepFound, step: AgencyStep) -> str:
        trace = self.trace
        if step.due is None:
            said = self.t("không ghi hạn nên không kết luận được", "no due date is recorded: nothing can be said")
        else:
            said = self.t(f"hạn {moment_text(step.due)}", f"due {moment_text(step.due)}")
        if found.done_by >= 0:
            done = moment_text(trace.timeline.events[found.done_by].at)
            return f"{said}; {self.t('đã xong', 'done')} {done}"
        if step.due is None:
            return said
        if step.outcome == "undetermined":
            answer = "opinion_received" if trace.timeline.kind[found.set_by] == clock.OPINION_REQUESTED else "step_done"
            kind = self.kinds(1 << KINDS[answer])
            return f"{said}; {self.t(f'nguồn không ghi được {kind}', f'the source cannot show {kind}')}"
        end = trace.out[clock.O_END]
        if end < 0:
            return f"{said}; {self.t('chưa xong', 'not done')}"
        ended = moment_text(trace.timeline.events[end].at)
        return f"{said}; {self.t(f'chưa xong khi hồ sơ kết thúc {ended}', f'not done when the dossier ended {ended}')}"

    def ahead(self) -> Iterator[str]:
        """What the law still expects and of whom, and when this verdict changes if nothing more happens."""
        verdict = self.verdict
        if not verdict.next_acts and verdict.changes_on is None:
            return
        yield ""
        yield self.t("VIỆC PHẢI LÀM TIẾP THEO", "WHAT IS TO BE DONE NEXT")
        for act, said in zip(self.trace.acts, verdict.next_acts, strict=True):
            late = ""
            if said.overdue and said.only_if is None:
                late = self.t(" — ĐÃ QUÁ NGÀY, vẫn phải làm", " — PAST ITS DAY, still to be done")
            elif said.overdue:
                late = self.t(" — ngày đó đã qua", " — that day has passed")
            hour = "" if said.by_time is None else f"{said.by_time} "
            yield self.t(
                f"  [chậm nhất {hour}{dated(said.by, 'vi')}{late}] {said.label['vi']} ({said.id})",
                f"  [by {hour}{dated(said.by, 'en')}{late}] {said.label['en']} ({said.id})",
            )
            yield f"      {self._of_whom(said)}"
            _, clauses = act.law(self.trace.clock_version, self.trace.regimes, self.trace.timeline)
            yield from self.citations(clauses[:1], "      ")
        if verdict.changes_on is not None:
            yield self.t(
                f"  Nếu không có gì thêm, kết luận này đổi vào ngày {dated(verdict.changes_on, 'vi')}",
                f"  If nothing more happens, this verdict changes on {dated(verdict.changes_on, 'en')}",
            )

    def _of_whom(self, act: NextAct) -> str:
        """On what it depends, whose it is, and what fulfils it."""
        lang = self.lang
        parts = [] if act.only_if is None else [words.say(words.ONLY_IF, act.only_if, lang)]
        whose = [words.say(words.ROLES, act.owed_by, lang)] if act.owed_by else []
        if act.unit is not None:
            whose.append(shown(act.unit))
        if whose:
            by = ", ".join(whose)
            parts.append(self.t(f"do {by} thực hiện", f"to be done by {by}"))
        if act.roles:
            roles = ", ".join(words.say(words.ROLES, role, lang) for role in act.roles)
            parts.append(self.t(f"quá ngày thì người trả lời: {roles}", f"past the day answers: {roles}"))
        kinds = self.kinds(sum(1 << KINDS[kind] for kind in act.fulfilled_by))
        parts.append(self.t(f"coi là đã làm khi có: {kinds}", f"fulfilled by: {kinds}"))
        return "; ".join(parts)

    def not_applied(self) -> Iterator[str]:
        """Every rule that was considered and did not apply, and why."""
        facts = self.trace.facts
        if facts is None:
            return
        lines = []
        seen = {found.rule.id for found in self.trace.found}
        statute = Statute(self.trace.family_rules.values(), facts.known_on)
        governing = {picked.rule.id: picked for picked in statute.governing(facts)}
        for name, versions in self.trace.family_rules.items():
            if name in seen:
                continue
            picked = governing.get(name)
            if picked is None or picked.rule.repealed:
                by = words.say(words.PICKED_BY, versions[-1].picked_by, self.lang)
                none = picking_day(versions[-1], facts) is None
                why = (
                    (f"chọn theo {by}, hồ sơ không có ngày đó", f"picked by {by}, and there is none") if none else None
                )
                lines.append(f"  {name}: {self.t(*(why or (f'không có hiệu lực vào {by}', f'not in force on {by}')))}")
            elif not picked.rule.is_on:
                off = self.t("chưa xác nhận theo văn bản, tắt", "not confirmed against the text, off")
                lines.append(f"  {name} [{picked.rule.version}]: {off}")
            else:
                lines.append(f"  {name}: {self._unfulfilled(picked.rule, facts)}")
        if lines:
            yield ""
            yield self.t("ĐÃ XÉT, KHÔNG ÁP DỤNG", "CONSIDERED, NOT APPLIED")
            yield from lines

    def _unfulfilled(self, rule: Rule, facts: Facts) -> str:
        for condition in rule.applies_if:
            if not holds(condition, facts):
                return self.unfulfilled(condition)
        return self.t("chưa có yêu cầu bổ sung nào để xét", "there is no request to judge")

    def unfulfilled(self, condition: Applicability) -> str:
        """Why a condition does not hold."""
        match condition:
            case EventSeen():
                event = words.say(words.EVENTS, condition.event, self.lang)
                if condition.absent:
                    return self.t(f"đã có sự kiện «{event}»", f"there is a “{event}”")
                return self.t(f"không có sự kiện «{event}»", f"there is no “{event}”")
            case OtherLevel():
                return self.t("cơ quan giải quyết cùng cấp với nơi nhận", "the authority is of the same level")
            case FieldIs():
                return self.t(
                    "hồ sơ thuộc lĩnh vực khác, hoặc không ghi lĩnh vực",
                    "the dossier is of another field, or names none",
                )
            case ChannelIs():
                return self.t("hồ sơ nộp theo cách khác", "the dossier was filed in another way")
            case ReceivedAt():
                hour = clock_time(condition.cutoff)
                if condition.late:
                    return self.t(f"nhận trước {hour} của ngày làm việc", f"received before {hour} on a workday")
                return self.t(f"nhận sau {hour} hoặc vào ngày nghỉ", f"received after {hour}, or on a day off")
            case ReappointmentStands():
                return self.t("không có hẹn lại đang có giá trị", "no valid re-appointment stands")
            case _:
                assert_never(condition)

    # -- the rest ------------------------------------------------------------------------------------------------------

    def notes(self) -> Iterator[str]:
        told = set(self.trace.timeline.origin)
        loose = [note for note in self.verdict.notes if note.event is None or note.event not in told]
        if loose:
            yield ""
            yield self.t("GHI CHÚ", "NOTES")
            for note in loose:
                place = "" if note.event is None else f" events[{note.event}]"
                yield f"  {self.note_text(note)}{place}"
        names = Counter((note.code, note.name) for note in self.verdict.notes if note.name is not None)
        if names:
            kinds = sum(count for (code, _), count in names.items() if code == "unknown_kind")
            fields = sum(names.values()) - kinds
            yield ""
            yield self.t(
                f"TÊN KHÔNG BIẾT: {kinds} sự kiện, {fields} trường; giữ lại, không có tác dụng",
                f"UNKNOWN NAMES: {kinds} events, {fields} fields; kept, without effect",
            )
            for (_, name), count in names.items():
                yield f"  {count:>4}  {shown(str(name))}"

    def assumptions(self) -> Iterator[str]:
        names = self.verdict.assumptions
        if not names:
            return
        yield ""
        yield self.t("CÁCH HIỂU CHƯA XÁC NHẬN MÀ KẾT LUẬN NÀY DỰA VÀO", "UNCONFIRMED READINGS THIS STANDS ON")
        for name in names:
            unseen = self._amendment(name)
            if unseen is not None:
                day = dated(date_of(unseen.start), self.lang)
                effect = self.t(
                    f"từ ngày {day}, phần {unseen.document} sửa đổi chưa đọc được; ở đây theo lời văn trước đó",
                    f"from {day} what {unseen.document} amended was not seen; the wording before it is used",
                )
                yield f"  {name}: {effect}"
                continue
            other = self.trace.other_reading(name) if self.trace.other_reading is not None else None
            if other is None or other.clock.lawful_due == self.verdict.clock.lawful_due:
                effect = self.t("cách hiểu kia không làm đổi hạn", "the other reading would not move the due date")
            else:
                due = dated(other.clock.lawful_due, self.lang)
                state = words.say(words.PUNCTUALITY, other.punctuality, self.lang)
                effect = self.t(f"cách hiểu kia: hạn {due}, {state}", f"the other reading: due {due}, {state}")
            yield f"  {name}: {effect}"

    def _amendment(self, name: str) -> AmendedUnseen | None:
        """The instrument that was not seen, if it is one that an assumption is about."""
        version = self.trace.clock_version
        parts = (None if version is None else version.unseen, *(one.rule.unseen for one in self.trace.found))
        return next((one for one in parts if one is not None and one.assumption == name), None)

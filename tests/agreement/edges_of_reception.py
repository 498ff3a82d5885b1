"""The edges of reception and of what is owed beside the limit: answers, transfers, files of another level, corrections.

They stand in the years of 118/2025/NĐ-CP, where most of these duties are; `edges` keeps them beside its own.
"""

from __future__ import annotations

from typing import Final

from .draft import BARE, ENDS, OFFICE, SIGNS, Draft, requested
from .edges import draft_day, edge

_HOURS: Final = (899, 900, 901, BARE, BARE, 480, 1019)


def _lately(draft: Draft) -> int:
    """A day in the years of the law in force, or where the question falls."""
    if draft.is_open:
        return draft.as_of - draft.some(0, 5)
    return draft.special(draft.ground.turns[-3:]) + draft.some(-2, 300)


@edge(4)
def other_level(draft: Draft) -> None:
    """A file of another level, or of the same: forwarded, sent on paper, arrived, around both days of transfer."""
    draft.doc["other_level"] = draft.r() < 0.8
    draft.doc["filed_elsewhere"] = draft.r() < 0.1
    draft.begin(_lately(draft), draft.pick(_HOURS))
    next_day = draft.add_workdays(draft.start, 1)
    for kind, share in (("dossier_forwarded", 0.3), ("paper_forwarded", 0.5), ("received_by_competent_agency", 0.4)):
        if draft.r() < share:
            day = draft.pick((draft.start, draft.start, next_day, next_day, next_day + 1, draft.start - 1))
            draft.add(kind, day, draft.pick((BARE, 1020, 480, 900)))
    if draft.r() < 0.4:
        draft.add(draft.pick(ENDS), draft.pick((draft.start, next_day, next_day + 1)), draft.pick((1010, BARE)))


@edge(3)
def transfer_at_no_hour(draft: Draft) -> None:
    """Received at an hour that nobody recorded: what both days of transfer say stands, and nothing else."""
    draft.begin(draft.some_day() if draft.r() < 0.5 else _lately(draft), BARE)
    next_day = draft.add_workdays(draft.start, 1)
    if draft.r() < 0.5:
        draft.add("dossier_forwarded", draft.pick((draft.start, next_day, next_day + 1)), draft.pick((BARE, 900)))
    if draft.r() < 0.5:
        kind = draft.pick((*ENDS, "result_issued", "dossier_withdrawn"))
        draft.add(kind, draft.pick((draft.start, next_day, next_day, next_day + 1)), draft.pick((BARE, 1000)))
    if draft.r() < 0.2:
        draft.hide("dossier_forwarded" if draft.r() < 0.5 else "result_issued")


@edge(3)
def start_before_the_office_closes(draft: Draft) -> None:
    """Accepted, or the slip sent, around the last hour of the office: the day itself, or the next workday."""
    if draft.ground.procedures:
        draft.doc["procedure"] = draft.pick(draft.ground.procedures)
        draft.doc["channel"] = draft.pick(("online", "online", "in_person"))
    day = _lately(draft)
    closes = draft.shifts(day)[-1][1]
    hours = (closes - 61, closes - 60, closes - 60, closes - 59, closes - 121, closes - 120, closes - 119, closes, BARE)
    if draft.r() < 0.3:
        draft.add("dossier_submitted", day - draft.some(0, 1), draft.pick((*hours, 600)))
    draft.begin(day, draft.pick((*hours, 480)))
    if draft.r() < 0.7:
        draft.add("slip_sent", day + draft.pick((0, 0, 0, 1, 2, -1)), draft.pick((*hours, 481)))
        if draft.r() < 0.2:  # the first one starts
            draft.add("slip_sent", day + draft.some(1, 4), draft.pick(hours))
    if draft.r() < 0.1:
        draft.hide("slip_sent")
    if draft.r() < 0.3:
        asked = draft.add_workdays(day, draft.some(0, 3))
        draft.add("supplement_requested", asked, 600)
        draft.add("supplement_received", draft.add_workdays(asked, draft.some(0, 3)), draft.pick(hours))
    if draft.r() < 0.2:
        draft.add(draft.pick((*ENDS, "dossier_forwarded", "clock_paused")), day, draft.pick((*hours, 482)))
    draft.finish()


@edge(5)
def online_answer(draft: Draft) -> None:
    """Submitted online, and answered around the eighth working hour: accepted, asked for more, refused, ended."""
    draft.doc["channel"] = draft.pick(("online", "online", "online", "online", "in_person"))
    day, minute = _lately(draft), draft.pick((450, 451, 510, 690, 700, 780, 1019, 1020, 1200, 0, BARE))
    draft.add("dossier_submitted", day, minute)
    if draft.r() < 0.15:
        draft.add("dossier_submitted", day + draft.some(0, 2), 600)
    ends, end = draft.by_hours(day, max(minute, 0), 480)
    end = min(end, 1439)  # where hours were not counted, the end of the day
    if draft.r() < 0.2:
        draft.add(draft.pick((*ENDS, "dossier_withdrawn")), ends, end)
    if draft.r() < 0.8:
        at = max(0, min(end + draft.pick((-1, 0, 0, 1, -60)), 1439))
        answer = draft.pick((ends, ends, ends, ends + 1, day)), draft.pick((at, at, at, BARE))
        kind = draft.pick(("dossier_accepted", "dossier_accepted", "supplement_requested", "dossier_refused"))
        if kind == "dossier_accepted":
            draft.begin(*answer)
            draft.finish()
        else:
            draft.add(kind, *answer)


@edge(3)
def correction_on_third_day(draft: Draft) -> None:
    """An error is reported after the result, and corrected on the second, third, fourth workday; or not."""
    draft.begin(_lately(draft))
    result = draft.start + draft.some(0, 2)
    draft.add("result_issued", result, 600)
    reported = result + draft.pick((0, 0, 1, -1))
    fields = {"applicant_fault": True} if draft.r() < 0.15 else None
    draft.add("error_reported", reported, draft.pick((590, 600, 610, 900, BARE)), fields)
    if draft.r() < 0.75:
        corrected = draft.add_workdays(reported, draft.pick((0, 2, 3, 3, 4))) + draft.pick((0, 0, *SIGNS))
        draft.add("result_corrected", corrected, draft.pick((590, 600, 1020, BARE)))


@edge(4)
def returned_in_own_time(draft: Draft) -> None:
    """The file goes back around the end of the time that sector law gives, after acceptance and after a restart."""
    draft.own_times("return_within")
    draft.begin(draft.some_day() if draft.r() < 0.4 else _lately(draft), draft.pick((*OFFICE, BARE)))
    start, minute = draft.start, draft.minute
    for _ in range(draft.pick((1, 1, 2, 3))):
        ends, end = draft.own_end("return_within", start, minute)
        asked = ends + draft.pick((0, 0, 0, 1, -1))
        hour = draft.pick((min(end + draft.pick(SIGNS), 1439), 600, BARE))
        draft.add("supplement_requested", asked, hour, requested(draft, asked) if draft.r() < 0.2 else None)
        if draft.r() < 0.8:
            start, minute = asked + draft.pick((1, 2, 5)), draft.pick((480, 960, BARE))
            draft.add("supplement_received", start, minute)
    draft.reckon(start, 480)
    draft.finish((-1, 0, 1))


@edge(4)
def answered_in_own_time(draft: Draft) -> None:
    """Answered around the end of the time that sector law gives for a file that was sent online."""
    draft.own_times("answer_within")
    draft.doc["channel"] = "online"
    day, minute = _lately(draft), draft.pick((*OFFICE, 0, 1200, BARE))
    if draft.r() < 0.3:  # from the end of a month, to one that is shorter or longer
        draft.doc["time_limit"]["answer_within"] = {"amount": draft.some(1, 2), "unit": "month"}
        day = draft_day(
            draft.pick((2025, 2026, 2027)), *draft.pick(((1, 31), (8, 31), (7, 31), (12, 31), (12, 30), (1, 29)))
        )
    draft.add("dossier_submitted", day, minute)
    ends, end = draft.own_end("answer_within", day, minute)
    at = ends + draft.pick((0, 0, 0, 1, -1)), draft.pick((min(end + draft.pick(SIGNS), 1439), 600, BARE))
    if draft.r() < 0.2:
        draft.add(draft.pick((*ENDS, "result_issued")), *at)
    if draft.r() < 0.8:
        draft.begin(*at)
        draft.finish()


@edge(4)
def closed_after_own_time(draft: Draft) -> None:
    """Closed around the end of the time that sector law gives the applicant; it is not moved off a day off."""
    draft.own_times("closes_after")
    draft.begin(_lately(draft))
    asked, minute = draft.start + draft.some(0, 3), draft.pick((*OFFICE, BARE))
    draft.add("supplement_requested", asked, minute)
    ends, end = draft.own_end("closes_after", asked, minute)
    closed = ends + draft.pick((0, 0, 1, 1, 2, -1, -2))
    draft.add("dossier_closed", closed, draft.pick((min(end + draft.pick(SIGNS), 1439), 600, BARE)))

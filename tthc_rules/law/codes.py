"""The words behind the numbers of the clock, each in one place."""

from __future__ import annotations

from typing import Final, Literal, get_args

from tthc_rules.law import clock

Lateness = Literal["by_date", "by_instant", "promised_by_date", "promised_by_instant", "qd766"]
Punctuality = Literal[
    "not_started",
    "pending",
    "due_soon",
    "paused",
    "early",
    "on_time",
    "returned_late",
    "overdue",
    "closed",
    "no_limit",
    "undetermined",
]
Reason = Literal[
    "",
    "no_regime_in_force",
    "no_time_limit_known",
    "no_limit",
    "hour_unknown",
    "before_calendar",
    "beyond_calendar",
]
EndKind = Literal[
    "result_issued",
    "result_returned",
    "dossier_refused",
    "processing_stopped",
    "dossier_closed",
    "dossier_withdrawn",
]
EventKind = Literal[
    "dossier_submitted",
    "dossier_accepted",
    "dossier_refused",
    "dossier_forwarded",
    "supplement_requested",
    "supplement_received",
    "clock_paused",
    "clock_resumed",
    "payment_awaited",
    "payment_received",
    "opinion_requested",
    "opinion_received",
    "step_assigned",
    "step_done",
    "delay_notice_sent",
    "apology_sent",
    "reappointed",
    "interval_excluded",
    "received_by_competent_agency",
    "result_issued",
    "result_returned",
    "processing_stopped",
    "dossier_withdrawn",
    "dossier_lost",
    "synced_national",
    "late_officers_published",
    "paper_forwarded",
    "error_reported",
    "result_corrected",
    "slip_sent",
    "dossier_closed",
]
StepOutcome = Literal["early", "on_time", "late", "pending", "overdue", "undetermined"]
NoteCode = Literal[
    "before_acceptance",
    "before_start",
    "second_acceptance",
    "duplicate_event",
    "orphan_resume",
    "already_paused",
    "already_waiting",
    "orphan_supplement",
    "after_end",
    "before_result",
    "closing_without_request",
    "reappointment_ignored",
    "pause_without_ground",
    "exclusion_ignored",
    "promise_differs",
    "unknown_kind",
    "unknown_field",
    "no_time_limit_known",
    "no_regime_in_force",
    "hour_unknown",
    "before_calendar",
    "beyond_calendar",
    "act_by_before_in_force",
    "excepted",
    "two_exceptions",
    "not_observed",
    "acceptance_unknown",
    "pauses_unknown",
    "finish_unknown",
    "no_overlay",
    "jurisdiction_not_in_force",
]

KINDS: Final[dict[str, int]] = {
    "dossier_submitted": clock.SUBMITTED,
    "dossier_accepted": clock.ACCEPTED,
    "dossier_refused": clock.REFUSED,
    "dossier_forwarded": clock.FORWARDED,
    "supplement_requested": clock.SUPPLEMENT_REQUESTED,
    "supplement_received": clock.SUPPLEMENT_RECEIVED,
    "clock_paused": clock.PAUSED,
    "clock_resumed": clock.RESUMED,
    "payment_awaited": clock.PAYMENT_AWAITED,
    "payment_received": clock.PAYMENT_RECEIVED,
    "opinion_requested": clock.OPINION_REQUESTED,
    "opinion_received": clock.OPINION_RECEIVED,
    "step_assigned": clock.STEP_ASSIGNED,
    "step_done": clock.STEP_DONE,
    "delay_notice_sent": clock.DELAY_NOTICE,
    "apology_sent": clock.APOLOGY,
    "reappointed": clock.REAPPOINTED,
    "interval_excluded": clock.EXCLUDED,
    "received_by_competent_agency": clock.RECEIVED_BY_COMPETENT,
    "result_issued": clock.RESULT_ISSUED,
    "result_returned": clock.RESULT_RETURNED,
    "processing_stopped": clock.STOPPED,
    "dossier_withdrawn": clock.WITHDRAWN,
    "dossier_lost": clock.LOST,
    "synced_national": clock.SYNCED,
    "late_officers_published": clock.OFFICERS_PUBLISHED,
    "paper_forwarded": clock.PAPER_FORWARDED,
    "error_reported": clock.ERROR_REPORTED,
    "result_corrected": clock.RESULT_CORRECTED,
    "slip_sent": clock.SLIP_SENT,
    "dossier_closed": clock.DOSSIER_CLOSED,
}

KNOWN_KIND: Final = "\0known"
"""Stands for every kind that is known, where kinds are counted."""

UNITS: Final[dict[str, int]] = {
    "workday": clock.WORKDAY,
    "calendar_day": clock.CALENDAR_DAY,
    "week": clock.WEEK,
    "month": clock.MONTH,
    "year": clock.YEAR,
    "work_hour": clock.WORK_HOUR,
}

CHANNELS: Final[dict[str, int]] = {"in_person": 0, "online": 1, "postal": 2}

POLICIES: Final[dict[str, int]] = {
    "by_date": clock.BY_DATE,
    "by_instant": clock.BY_INSTANT,
    "promised_by_date": clock.PROMISED_BY_DATE,
    "promised_by_instant": clock.PROMISED_BY_INSTANT,
    "qd766": clock.QD766,
}

OnlyIf = Literal["result_late", "not_eligible", "raised_later"]
"""On what an act still depends: the result will be late, the file is found not eligible, the duty will be raised."""

RETURN_RESULT: Final = "return_result"
"""The act of returning the result by the lawful due date."""
AFTER_THE_END: Final = "error_reported"
"""What raises a duty that is still owed when the dossier has ended."""
STEP: Final = "step:"
"""Before the name of an agency: its step."""

PUNCTUALITY: Final[tuple[Punctuality, ...]] = get_args(Punctuality)

REASONS: Final[tuple[Reason, ...]] = get_args(Reason)

STEP_OUTCOMES: Final[tuple[str, ...]] = ("", *get_args(StepOutcome))
"""By the codes of `law/steps.py`."""

NOTES: Final[dict[int, NoteCode]] = {
    clock.BEFORE_ACCEPTANCE: "before_acceptance",
    clock.SECOND_ACCEPTANCE: "second_acceptance",
    clock.ORPHAN_RESUME: "orphan_resume",
    clock.ALREADY_PAUSED: "already_paused",
    clock.ORPHAN_SUPPLEMENT: "orphan_supplement",
    clock.AFTER_END: "after_end",
    clock.REAPPOINTMENT_IGNORED: "reappointment_ignored",
    clock.PAUSE_WITHOUT_GROUND: "pause_without_ground",
    clock.PROMISE_DIFFERS: "promise_differs",
    clock.EXCLUSION_IGNORED: "exclusion_ignored",
    clock.ALREADY_WAITING: "already_waiting",
    clock.BEFORE_RESULT: "before_result",
    clock.CLOSING_WITHOUT_REQUEST: "closing_without_request",
    clock.ACCEPTANCE_UNKNOWN: "acceptance_unknown",
    clock.PAUSES_UNKNOWN: "pauses_unknown",
    clock.FINISH_UNKNOWN: "finish_unknown",
    clock.NOT_OBSERVED: "not_observed",
    clock.BEFORE_START: "before_start",
}

SUPPLEMENT_EFFECTS: Final[dict[str, int]] = {"pause": clock.BY_PAUSE, "restart": clock.BY_RESTART}
PAUSE_COUNTS: Final[dict[str, int]] = {"first_day": clock.FIRST_DAY_COUNTS, "last_day": clock.LAST_DAY_COUNTS}
RECEIPTS: Final[dict[str, int]] = {"event_day": clock.EVENT_DAY, "next_workday": clock.NEXT_WORKDAY}


ALL_FIRST: Final[tuple[int, ...]] = tuple(range(clock.O_FIRST, clock.O_FIRST + clock.N_KINDS))
"""The clock's columns where the first event of every kind is asked for, since acceptance; then since the last start."""
ALL_SINCE: Final[tuple[int, ...]] = tuple(column + clock.N_KINDS for column in ALL_FIRST)


OTHER_LEVEL: Final = 8
"""Above the code of the channel: the file is for an authority of another level."""


FIELD_AT: Final = 4
"""From which bit on stands the number of the dossier's field: its place among those that rules name, from 1, or 0."""


def blank(events: int) -> list[int]:
    """One answer of the clock before it has run, with that many columns for first events."""
    answers = [0] * clock.O_FIRST + [-1] * events
    for column in (
        clock.O_REGIME,
        clock.O_ACCEPTED,
        clock.O_START,
        clock.O_LAST_START,
        clock.O_END,
        clock.O_RETURN_RANK,
        *range(clock.O_SUBMITTED, clock.O_OPINION_DAY),
    ):
        answers[column] = -1
    for column in (
        clock.O_ORIGINAL_DAY,
        clock.O_OPINION_DAY,
        clock.O_LAWFUL_DAY,
        clock.O_CURRENT_DAY,
        clock.O_PROMISED_DAY,
        clock.O_REAPPOINTED_DAY,
        clock.O_REQUEST_2,
        clock.O_REQUEST_3,
        clock.O_REQUEST_LAST,
        clock.O_WORKDAYS_LATE,
        clock.O_DAYS_LATE,
        clock.O_WORKDAYS_LATE_CURRENT,
        clock.O_DAYS_LATE_CURRENT,
        clock.O_TURNS,
        clock.O_UNSURE_FROM,
    ):
        answers[column] = clock.NONE
    return answers

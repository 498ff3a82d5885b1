"""Edges of what lies ahead: dossiers that are open on the day asked about, and turn after it."""

from __future__ import annotations

from .draft import AGENCIES, BARE, OFFICE, SIGNS, Draft, Json, paused
from .edges import edge
from .ground import TIMES, iso

RECEIPTS = ("supplement_received", "clock_resumed", "payment_received", "opinion_received", "step_done", "reappointed")


@edge(6)
def open_on_the_day(draft: Draft) -> None:
    """Accepted some days before; standing still, asked by a day that is to come, or past its first day to act."""
    draft.begin(draft.as_of - draft.pick((0, 0, 1, 1, 2, 3, 5, 8, 13)))
    if draft.r() < 0.6:
        draft.add("dossier_forwarded", draft.start, draft.pick((960, 1020)))
    if draft.r() < 0.4:
        kind = draft.pick(("clock_paused", "payment_awaited", "supplement_requested"))
        draft.add(kind, draft.start + draft.some(0, 3), None, paused(draft, draft.start) if kind[0] == "c" else None)
    for _ in range(draft.pick((0, 0, 1, 2))):
        day = draft.start + draft.some(0, 3)
        due = draft.as_of + draft.some(-2, 4)
        asked: Json = {"agency": draft.pick(AGENCIES[:2])}
        by = {"due": iso(due) + (TIMES[draft.pick(OFFICE)] if draft.r() < 0.4 else "")}
        kinds = ("opinion_requested", "opinion_received") if draft.r() < 0.7 else ("step_assigned", "step_done")
        draft.add(kinds[0], day, None, {**asked, **by})
        if draft.r() < 0.3:
            draft.add(kinds[1], day + draft.some(0, 4), None, asked)
        if draft.r() < 0.4:
            draft.add("delay_notice_sent", due + draft.pick(SIGNS), draft.pick((BARE, 600)))
    if draft.r() < 0.2:
        draft.add("reappointed", draft.as_of, 600, {"new_due": iso(draft.due + draft.some(1, 9))})
    if draft.r() < 0.2:
        draft.slip(draft.due - draft.some(0, 2))
    if draft.r() < 0.4:
        draft.hide(*(kind for kind in RECEIPTS if draft.r() < 0.6))
    if draft.r() < 0.1:
        draft.doc["unknown"] = draft.pick((["pauses"], ["finish"]))

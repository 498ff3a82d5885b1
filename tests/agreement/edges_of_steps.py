"""Edges of the steps of agencies, and of opinions that are asked by a day."""

from __future__ import annotations

from .draft import AGENCIES, BARE, OFFICE, SIGNS, Draft, Json
from .edges import edge
from .ground import TIMES, iso


@edge(6)
def steps_of_agencies(draft: Draft) -> None:
    """Steps due at a minute or by a day, two of one agency, done before they were set, after the end or not at all."""
    draft.begin_due(draft.as_of + draft.some(-4, 4) if draft.is_open else draft.some_day())
    agencies = (draft.pick(AGENCIES), draft.pick(AGENCIES))[: draft.pick((1, 2))]
    due = draft.start
    for _ in range(draft.pick((1, 1, 2, 3, 4))):
        names = ("step_assigned", "step_done") if draft.r() < 0.7 else ("opinion_requested", "opinion_received")
        day = draft.start + draft.some(-1, 5)
        due = day + draft.pick((0, 1, 1, 2, 3))
        minute = draft.pick(OFFICE)
        fields: Json = {"agency": draft.pick(agencies)}
        by = {"due": iso(due) + (TIMES[minute] if draft.r() < 0.5 else "")} if draft.r() < 0.9 else {}
        draft.add(names[0], day, draft.pick((minute, minute - 1, BARE, 480)), {**fields, **by})
        if draft.r() < 0.7:
            done = draft.pick((due, due, due + draft.pick(SIGNS), day))
            draft.add(names[1], done, draft.pick((minute, minute + 1, minute - 1, BARE)), fields)
    if draft.r() < 0.15:
        draft.add("delay_notice_sent", due + draft.pick((0, 1, 1)), draft.pick((minute + 1, BARE)))
    if draft.r() < 0.6:
        near = (minute + draft.pick(SIGNS), minute, BARE)
        draft.add("result_issued", due + draft.pick(SIGNS), draft.pick(near))
    else:
        draft.finish((-1, 0, 1, 3), never=0.4)
    if draft.r() < 0.25:
        draft.hide(*(kind for kind in ("step_done", "opinion_received", "step_assigned") if draft.r() < 0.6))

"""Events that are supposed: «if the supplement comes on Friday», read as any other event is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from tthc_rules.errors import DossierError, OptionError, Problem, shown
from tthc_rules.law.asked import unknown_name_problem
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.dossier import MAX_EVENTS, Dossier, Event
from tthc_rules.law.question import Question
from tthc_rules.law.timeline import unknown_names

_OPTION: Final = "what_if"


def supposing(
    dossier: Dossier, question: Question, what_if: Iterable[Event | Mapping[str, Any]]
) -> tuple[Dossier, Question]:
    """The dossier with these events behind its own, and the question on the day of the last of them, if that is later.

    What is known of law and calendar stays. Raises `OptionError` for what is no event.
    """
    if isinstance(what_if, Mapping | str | bytes | Event) or not isinstance(what_if, Iterable):
        raise OptionError(Problem("TR-option-type", _OPTION, "phải là danh sách sự kiện", "must be a list of events"))
    given = list(what_if)
    shell = {"dossier_id": "-", "events": given}
    try:
        supposed = Dossier.model_validate(shell).events
    except DossierError as error:
        raise OptionError(problem.at(_place(problem.place)) for problem in error.problems) from None
    events = (*dossier.events, *supposed)
    if len(events) > MAX_EVENTS:
        raise OptionError(_too_many(len(events)))
    if question.strict and (odd := unknown_names(Dossier(dossier_id="-", events=supposed))):
        problems = [unknown_name_problem("-", one) for one in odd]
        raise OptionError(problem.at(_place(problem.place)) for problem in problems)
    last = max((day_of(event.at) for event in supposed), default=day_of(question.as_of))
    as_of = max(day_of(question.as_of), last)
    asked = replace(question, as_of=date_of(as_of), supposed=len(supposed))
    return dossier.model_copy(update={"events": events}), asked


def _place(place: str) -> str:
    """The same place, under the name of the option."""
    return place.removeprefix("-: ").replace("events", _OPTION, 1)


def _too_many(events: int) -> Problem:
    return Problem(
        "TR-input-length",
        _OPTION,
        f"cùng sự kiện của hồ sơ là {shown(events)}; nhiều nhất {MAX_EVENTS}",
        f"with the events of the dossier these are {shown(events)}; at most {MAX_EVENTS}",
    )

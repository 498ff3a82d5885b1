"""A file that is about to be accepted, as the dossier that the law is asked about when its slip is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tthc_rules.errors import DossierError, OptionError, Problem, nearest_of, shown
from tthc_rules.law.civil import day_of
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.known import KnownLaw

_NAMELESS: Final = "-"
"""The file has no code yet."""
_ACCEPTED: Final = "events[0].at"


def slip_of(known: KnownLaw, accepted: object, fields: Mapping[str, Any]) -> Dossier:
    """A dossier of its acceptance alone; `fields` are what it says of procedure, limit, channel and place.

    Raises `OptionError`: what is wrong with it is wrong with what was asked.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    event = {"kind": "dossier_accepted", "at": accepted}
    try:
        slip = Dossier.model_validate({"dossier_id": _NAMELESS, **given, "events": [event]})
        known.check_place(slip)
    except DossierError as error:
        raise OptionError(problem.at(_option(problem.place)) for problem in error.problems) from None
    if slip.time_limit is None:
        if slip.procedure is None:
            raise OptionError(_no_limit())
        if slip.procedure not in known.corpus.catalogue:
            raise OptionError(_not_in_catalogue(slip.procedure, tuple(known.corpus.catalogue)))
    return slip


def accepted_on(slip: Dossier) -> int:
    """The day of that acceptance."""
    return day_of(slip.events[0].at)


def _option(place: str) -> str:
    """The option that a place in that dossier came from."""
    return place.removeprefix(f"{_NAMELESS}: ").replace(_ACCEPTED, "accepted")


def _not_in_catalogue(procedure: str, known: Sequence[str]) -> Problem:
    return Problem(
        "TR-option-procedure",
        "procedure",
        f"danh mục không có thủ tục «{shown(procedure)}»; nêu time_limit, hoặc thêm thư mục quy tắc có danh mục",
        f"the catalogue has no procedure “{shown(procedure)}”; give time_limit, or add a rule folder with a catalogue",
        nearest=nearest_of(procedure, known),
    )


def _no_limit() -> Problem:
    return Problem(
        "TR-option-limit",
        "time_limit",
        "chưa nêu thời hạn: nêu time_limit, hoặc procedure có trong danh mục",
        "no limit is given: give time_limit, or a procedure that the catalogue has",
    )

"""`assert_verdict`: what a verdict must say, under the names of a case; a failure shows the explanation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tthc_rules.check.cases import Case, CasePart, CaseRunner
from tthc_rules.errors import CaseError
from tthc_rules.law.complaints import problems_of
from tthc_rules.law.dossier import Dossier
from tthc_rules.library import Rulebook
from tthc_rules.result.verdict import Verdict


def assert_verdict(
    book: Rulebook,
    dossier: Dossier | Mapping[str, Any],
    as_of: date | str,
    *,
    known_on: date | str | None = None,
    lateness: str | None = None,
    calendar: str | None = None,
    hours: str | None = None,
    engine: str = "reference",
    lang: str = "vi",
    **expected: Any,
) -> Verdict:
    """The verdict on the dossier, if it says all that is expected of it; else an `AssertionError` that explains it.

    `expected` holds the keys of `expect` in a case (`punctuality`, `lawful_due`, `obligations`, `responsible`, …): days
    as dates or ISO text, null under the id of a duty for one that must be absent. A key, word or id that nobody knows
    raises `CaseError`: it would assert nothing. What the dossier itself is refused for is raised as it is.
    """
    data = dossier.model_dump(mode="json", by_alias=True) if isinstance(dossier, Dossier) else dict(dossier)
    options = {"lateness": lateness, "calendar": calendar, "hours": hours}
    part = _part(
        {
            "name": str(data.get("dossier_id", "")) or "?",
            "dossier": data,
            "as_of": _text(as_of),
            "known_on": None if known_on is None else _text(known_on),
            "options": {name: value for name, value in options.items() if value is not None},
            "expect": {name: _plain(value) for name, value in expected.items()},
        }
    )
    case = Case(part, part.options, Path(), "assert_verdict")
    result = CaseRunner(engine=engine, given=book).run(case)
    if result.error is not None and "error" not in expected:
        raise result.error
    if not result.passed:
        raise AssertionError(result.report(lang))
    if result.verdict is not None:
        return result.verdict
    return book.evaluate(  # the fast core gives a row
        data, part.as_of, known_on=part.known_on, lateness=lateness or "by_date", calendar=calendar, hours=hours
    )


def _part(data: dict[str, Any]) -> CasePart:
    try:
        return CasePart.model_validate(data)
    except ValidationError as error:
        raise CaseError(problems_of(error, "assert_verdict", CasePart)) from None


def _text(day: date | str) -> str:
    return day.isoformat() if isinstance(day, date) else day


def _plain(value: Any) -> Any:
    """Days as the text that a case would have, all the way down."""
    match value:
        case date():
            return value.isoformat()
        case Mapping():
            return {name: _plain(one) for name, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(one) for one in value]
        case _:
            return value

"""Deadlines, lateness, apologies and responsibility for Vietnam's administrative dossiers, with their clauses."""

from typing import TYPE_CHECKING, Any

from tthc_rules.errors import (
    AccountError,
    CaseError,
    DossierError,
    EngineError,
    InputFileError,
    OptionError,
    Problem,
    RuleFileError,
    TthcError,
)
from tthc_rules.law.dossier import Dossier, Event, TimeLimit
from tthc_rules.law.workdays import Calendar, CalendarError
from tthc_rules.library import Rulebook
from tthc_rules.result.verdict import Finding, Verdict

if TYPE_CHECKING:
    from tthc_rules.account.statement import Account

__all__ = [
    "Account",
    "AccountError",
    "Calendar",
    "CalendarError",
    "CaseError",
    "Dossier",
    "DossierError",
    "EngineError",
    "Event",
    "Finding",
    "InputFileError",
    "OptionError",
    "Problem",
    "RuleFileError",
    "Rulebook",
    "TimeLimit",
    "TthcError",
    "Verdict",
]
__version__ = "0.2.0"


def __getattr__(name: str) -> Any:
    """`Account`, imported when it is asked for: its room is a fifth of the import."""
    if name != "Account":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tthc_rules.account.statement import Account

    return Account

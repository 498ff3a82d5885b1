"""The columns of a result, the same for every engine that writes one and for the accounts that read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

RESULTS_FORMAT: Final = 4
"""Which columns a result has and what they mean, as a number that rises when either changes."""
RESULTS_FORMAT_KEY: Final = "results_format"
"""Where a table of results says it, in its metadata; a text says it by its columns."""
FIXED_COLUMNS: Final = (
    "dossier_id",
    "error_code",
    "error",
    "procedure",
    "jurisdiction",
    "field",
    "channel",
    "handling_agency",
    "one_stop_unit",
    "officers",
    "observes",
    "unknown",
    "punctuality",
    "workdays_late",
    "days_late",
    "punctuality_current",
    "workdays_late_current",
    "days_late_current",
    "clock_version",
    "accepted_on",
    "original_due",
    "lawful_due",
    "current_due",
    "promised_due",
    "finished_on",
    "ended_by",
    "provisional",
    "responsible",
    "steps",
    "next_act",
    "next_act_by",
    "next_act_roles",
    "changes_on",
    "versions",
    "clauses",
    "notes",
    "unknown_names",
    "assumptions",
    "rules_digest",
    "calendar_digest",
)
"""Every other column of a result is a duty or a limit, or the last day to act on it."""

ACT_BY: Final = ".act_by"
DATES: Final = frozenset(
    {"accepted_on", "original_due", "lawful_due", "current_due", "finished_on", "next_act_by", "changes_on"}
)
NUMBERS: Final = frozenset({"workdays_late", "days_late", "workdays_late_current", "days_late_current"})
STEPS: Final = "steps"
"""The one column of lists: of each step the agency, its due date as text, when it was done, and the outcome."""
STEP_FIELDS: Final = ("agency", "due", "done_on", "outcome")
FLAGS: Final = frozenset({"provisional"})
_TEXTS: Final = frozenset({"dossier_id", "error"})
_FEW_WORDS: Final = frozenset({"punctuality", "punctuality_current", "ended_by"})


def columns_of(duties: Iterable[str]) -> tuple[str, ...]:
    """The columns of a result: the fixed ones, then outcome and act-by date of every duty that the rulebook knows."""
    return (*FIXED_COLUMNS, *(name for duty in duties for name in (duty, duty + ACT_BY)))


def result_schema(duties: tuple[str, ...], arrow: Any) -> Any:
    """The columns of a result with their types, whoever writes it: the schema of pyarrow, which is handed over.

    Words are dictionaries, since a column repeats few of them; the words of a state or an outcome are few for good.
    """
    few, words = (arrow.dictionary(places, arrow.string()) for places in (arrow.int8(), arrow.int32()))

    def kind(name: str) -> Any:
        if name == STEPS:
            return steps_type(arrow)
        if name in DATES or name.endswith(ACT_BY):
            return arrow.date32()
        if name in NUMBERS:
            return arrow.int32()
        if name in FLAGS:
            return arrow.bool_()
        return arrow.string() if name in _TEXTS else few if name in _FEW_WORDS or name in duties else words

    marked = {RESULTS_FORMAT_KEY: str(RESULTS_FORMAT)}
    return arrow.schema([(name, kind(name)) for name in columns_of(duties)], marked)


def steps_type(arrow: Any) -> Any:
    """The type of the column of steps: the type of pyarrow, which is handed over."""
    fields = [(name, arrow.date32() if name == "done_on" else arrow.string()) for name in STEP_FIELDS]
    return arrow.list_(arrow.field("element", arrow.struct(fields)))  # as Parquet itself names it


def duties_among(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns of a result that hold the outcome of a duty or a limit."""
    return tuple(name for name in columns if name not in _FIXED and not name.endswith(ACT_BY))


_FIXED: Final = frozenset(FIXED_COLUMNS)

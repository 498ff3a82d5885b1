"""A cell as it is handed over: what is nothing in it, and a name in the one form in which names are compared."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from tthc_rules.errors import AccountError
from tthc_rules.law import text
from tthc_rules.law.complaints import problem_of


def is_nothing(value: object) -> bool:
    """Whether a cell is empty; what pandas writes for that (NaN, NaT, NA) does not equal itself."""
    if value is None or isinstance(value, str):
        return not value
    try:
        return bool(value != value)  # noqa: PLR0124
    except TypeError:  # NA, which will not say
        return True
    except ValueError:  # an array, which says so of each of its cells
        return False


def name_in(written: str, place: str, column: str) -> str:
    """The name of a unit, a person or a field; raises `AccountError` where something in it cannot be seen."""
    try:
        return text.name(written.strip())
    except PydanticCustomError as error:
        raise AccountError(problem_of(error, f"{place}: {column}")) from None


def names_in(written: str, place: str, column: str) -> str:
    """The same of several, `a|b`."""
    names = (name_in(part, place, column) for part in written.split("|"))
    return "|".join(name for name in names if name)

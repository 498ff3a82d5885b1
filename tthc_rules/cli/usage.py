"""What was wrong with a command as it was typed, in the reader's words and not in those of the parser of commands."""

from __future__ import annotations

from typing import Any

from tthc_rules.errors import Problem


def is_of_usage(error: BaseException) -> bool:
    """Whether the parser of commands complains; its classes have another home in each of its releases."""
    return hasattr(error, "format_message")


def usage_lines(error: Any) -> str:
    """The complaint, and where help is to be had."""
    context = getattr(error, "ctx", None)
    program = "tthc-rules" if context is None or context.parent is None else f"tthc-rules {context.info_name}"
    return f"{_problem(error).render()}\n  {program} --help"


def _problem(error: Any) -> Problem:
    parameter = getattr(error, "param", None)
    match type(error).__name__:
        case "NoSuchOption":
            known = tuple(getattr(error, "possibilities", None) or ())
            return Problem("TR-usage", error.option_name, "không có tùy chọn này", "no such option", known=known)
        case "MissingParameter" if parameter is not None:
            return Problem("TR-usage", _named(parameter), "chưa nêu", "is not given")
        case "BadParameter" if parameter is not None:
            why = error.message.removeprefix("Value error, ")
            return Problem("TR-usage", _named(parameter), "giá trị không dùng được", f"of no use: {why}")
        case _:
            return Problem("TR-usage", "", "câu lệnh viết chưa đúng", error.format_message())


def _named(parameter: Any) -> str:
    """An option as it is typed, an argument as the help calls it."""
    return str(max(parameter.opts, key=len))

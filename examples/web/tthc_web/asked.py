"""The question, as it stands in the query of an address: the day, what was known, the policy, what is supposed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal, get_args

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from tthc_rules.errors import OptionError, Problem, json_broken, shown
from tthc_rules.law.civil import no_such_day, written_day
from tthc_rules.law.codes import Lateness
from tthc_rules.law.jsontext import JsonError, read_json
from tthc_web.problems import given_twice


def _read_day(written: object) -> object:
    """A day as YYYY-MM-DD and in no other form."""
    if not isinstance(written, str):
        return written
    with suppress(ValueError):
        return written_day(written)
    vi, en = no_such_day(written) or (
        f"«{shown(written)}» không phải ngày YYYY-MM-DD",
        f"“{shown(written)}” is not YYYY-MM-DD",
    )
    raise PydanticCustomError("TR-option-date", "date", {"problem": Problem("TR-option-date", "", vi, en)})


Day = Annotated[date, BeforeValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"})]
Policy = Annotated[str, WithJsonSchema({"type": "string", "enum": list(get_args(Lateness))})]
"""Refused by the rulebook where it is not known, with those that are."""


Supposed = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^\s*([A-Za-z_]\w* +\d|\{)"})]
"""An event, «kind moment» or as JSON: what is wrong with one is told by the rulebook."""


class Question(BaseModel):
    """What is asked of every dossier; the machine's clock is never read, so the day is always said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: Day = Field(description="Ngày xét, đến hết ngày / the day asked about, to its end.")
    known_on: Day | None = Field(
        None,
        description="Ngày mà lịch nghỉ, văn bản được biết đến; không có: as_of / what was known of calendar and law.",
    )
    lateness: Policy = Field("by_date", description="Cách tính trễ hạn / the policy of lateness.")
    calendar: str | None = Field(None, description="Lịch khác / another calendar, by its id.")
    hours: str | None = Field(None, description="Giờ làm việc khác / another table of office hours, by its id.")
    strict: bool = Field(
        False, description="Từ chối loại sự kiện, trường không biết / refuse kinds and fields that nobody knows."
    )

    def options(self) -> dict[str, Any]:
        """The options of `Rulebook.evaluate`."""
        return {name: getattr(self, name) for name in Question.model_fields}


class Supposing(Question):
    """The same of one dossier, with what is supposed."""

    what_if: list[Supposed] = Field(
        [],
        description="Sự kiện giả định: «supplement_received 2026-11-27», hoặc JSON; lặp lại được / "
        "supposed events, each by kind and moment, or as JSON.",
    )

    def supposed(self, most: int) -> list[Any] | None:
        """The events that are supposed, read; nothing where there are none."""
        if len(self.what_if) > most:
            vi, en = f"nhiều nhất {most} sự kiện giả định", f"at most {most} supposed events"
            raise OptionError(Problem("TR-input-length", "what_if", vi, en))
        return [_event(at, written) for at, written in enumerate(self.what_if)] or None


class Told(Supposing):
    """The same, told in a language."""

    lang: Literal["vi", "en"] = Field("vi", description="Ngôn ngữ / language.")


class Explained(Told):
    """The same, as long as is wanted."""

    full: bool = Field(False, description="Mọi bước, mọi căn cứ / every step and every clause.")
    days: bool = Field(False, description="Đếm từng ngày (kèm full) / every day that was counted.")


class BatchQuestion(Question):
    """What is asked of a batch."""

    answer: Literal["verdict", "row"] = Field(
        "verdict",
        description="Mỗi dòng: cả kết luận, hoặc một dòng bảng như docs/results.md / the whole verdict, or a flat row.",
    )


def asked_once(request: Request) -> None:
    """Refuses an option that is there twice, but for events, which add up."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name in seen and name != "what_if":
            raise given_twice(shown(name))
        seen.add(name)


def _event(at: int, written: str) -> Any:
    """«kind moment» as on the command line, or an event as JSON."""
    kind, _, moment = written.strip().partition(" ")
    if kind.isidentifier():
        return {"kind": kind, "at": moment.strip()}
    try:
        return read_json(written)
    except JsonError as error:
        told = json_broken(f"what_if[{at}]:{error.line}:{error.column}", error.why)
        raise OptionError(replace(told, code="TR-input-json")) from None

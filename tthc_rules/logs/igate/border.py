"""The border of iGate's answers: pages are opened, and of each dossier only what is needed is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.personal import KnownFields, dropped_texts, kept_fields, names_nobody, without
from tthc_rules.logs.sentvalues import flag_of, sent_date, text_of, whole_of
from tthc_rules.logs.sightings import Sighting

__all__ = ["DATES", "PAGES", "sightings"]

DATES: Final = ("appliedDate", "acceptedDate", "appointmentDate", "dueDate", "completedDate", "updatedDate")
PAGES: Final = "\0pages"
"""The key under which pages of lists are kept: which came, and whether one was the last."""
_VIETNAMESE: Final = 228
_DOSSIER: Final = KnownFields(
    (
        "id", "code", "nationCode", "dossierStatus", "dossierTaskStatus", "dossierMenuTaskRemind", "procedure",
        "agency", "applyMethod", "undefindedCompleteTime", "procedureProcessDefinition", "processingTime",
        "processingTimeUnit", "task", "currentTask", *DATES,
    ),
    ("createdDate", "extendTime", "deploymentId", "spec"),
    ("applicant", "accepter", "assignee", "eForm", "dossierFormFile", "candidateUser", "createdBy", "updatedBy"),
)  # fmt: skip
_OF_A_DOSSIER: Final = frozenset(
    {"dossierStatus", "acceptedDate", "appliedDate", "appointmentDate", "dossierTaskStatus"}
)
_STRANGE: Final = ("MaHoSo", "dossierNo", "referenceUid", "soHoSoLT", "maHoSo")
_DATE_LIKE: Final = re.compile(
    r"[0-9TZ:+., /\-]{1,40}|null|undefined|nan|none|invalid date|n/a", re.ASCII | re.IGNORECASE
)


def sightings(body: object, arrival: str) -> Iterator[Sighting | Diagnostic]:
    """What is kept of a body: a page, a list of dossiers, one dossier."""
    if isinstance(body, list):
        for each in body:
            yield from sightings(each, arrival)
    elif not isinstance(body, dict):
        yield Diagnostic("", "message_not_understood", "", "error")
    elif isinstance(content := body.get("content"), list):
        yield Sighting(PAGES, "", 0, {"n": whole_of(body.get("number")), "last": flag_of(body.get("last"))})
        for each in content:
            yield from sightings(each, arrival)
    elif strange := next((key for key in _STRANGE if key in body), ""):
        yield Diagnostic("", "message_not_understood", strange, "error")
    elif _OF_A_DOSSIER & body.keys():
        yield from _dossier(body, arrival)
    elif isinstance(data := body.get("data"), list | dict):
        yield from sightings(data, arrival)
    else:
        yield Diagnostic("", "message_not_understood", "", "error")


def _dossier(record: Mapping[str, Any], arrival: str) -> Iterator[Sighting | Diagnostic]:
    people = dropped_texts(record, _DOSSIER)
    number = text_of(record.get("id"))
    key = text_of(record.get("code")) or number
    if not key or not names_nobody(key, people):
        yield Diagnostic("", "dossier_unnamed", "code", "error")
        return
    fields: dict[str, Any] = {name: sent_date(record[name]) for name in DATES if name in record}
    procedure, agency = _object(record.get("procedure")), _object(record.get("agency"))
    definition = _object(_object(record.get("procedureProcessDefinition")).get("processDefinition"))
    source = definition if "processingTime" in definition else record
    fields |= {
        "procedure.code": _word(procedure.get("code"), people),
        "sector": _word(_object(procedure.get("sector")).get("code"), people),
        "agency": _word(agency.get("code"), people) or _name(agency.get("name"), people),
        "dossierStatus": _name(_object(record.get("dossierStatus")).get("name"), people),
        "dossierTaskStatus": _name(_object(record.get("dossierTaskStatus")).get("name"), people),
        "applyMethod": _name(_object(record.get("applyMethod")).get("name"), people),
        "undefindedCompleteTime": _number(record.get("undefindedCompleteTime")),
        "processingTime": _number(source.get("processingTime")),
        "processingTimeUnit": _word(source.get("processingTimeUnit"), people),
        "timesheet": _name(_object(definition.get("timesheet")).get("name"), people),
    }
    kept, dropped = kept_fields(record, _DOSSIER, people)
    ids = {"id": number, "nationCode": text_of(record.get("nationCode"))}
    yield Sighting(
        key, arrival, 0,
        {
            "t": "dossier", "f": fields, "k": kept, "x": sorted(set(dropped)), "tasks": _tasks(record, people),
            "i": {name: value for name, value in ids.items() if value not in _NO_ID and without(value, people)},
        },
    )  # fmt: skip


_NO_ID: Final = frozenset({"", "undefined", "null"})


def _tasks(record: Mapping[str, Any], people: frozenset[str]) -> list[dict[str, Any]]:
    """The steps of a dossier; one and many are read alike, the running one may stand in both lists."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("task", "currentTask"):
        given = record.get(name)
        for place, each in enumerate(given if isinstance(given, list) else [given]):
            if not isinstance(each, dict):
                continue
            here = people | dropped_texts(each, _TASK)
            number = text_of(each.get("id")) or f"{name}{place}"
            agency = _object(each.get("agency"))
            made = {
                "created": sent_date(each.get("createdDate")),
                "due": sent_date(each.get("dueDate")),
                "current": flag_of(each.get("isCurrent")),
                "agency": _name(agency.get("name"), here) or _word(agency.get("code"), here),
                "name": _name(_object(each.get("bpmProcessDefinitionTask")).get("name"), here),
            }
            if name == "currentTask" and made["current"] is None:
                made["current"] = True
            known = found.setdefault(number, made)
            known |= {key: value for key, value in made.items() if value not in (None, "")}
    return list(found.values())


_TASK: Final = KnownFields(
    ("id", "createdDate", "dueDate", "isCurrent", "agency", "bpmProcessDefinitionTask"),
    ("updatedDate", "candidateGroup"),
    ("assignee", "candidateUser", "createdBy"),
)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(value: object, people: frozenset[str]) -> str:
    """A name that is text, or a list of names by language: the Vietnamese one, else the first."""
    if isinstance(value, dict):
        value = [value]
    if isinstance(value, list):
        names = [each for each in value if isinstance(each, dict)]
        names.sort(key=lambda each: whole_of(each.get("languageId")) != _VIETNAMESE)
        value = names[0].get("name") if names else ""
    return _word(value, people)


def _word(value: object, people: frozenset[str]) -> str:
    text = text_of(value)
    return text if len(text) <= 200 and without(text, people) else ""


def _number(value: object) -> object:
    """A number as it was sent, digit by digit."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    text = text_of(value)
    return text if len(text) <= 20 and re.fullmatch(r"[0-9.,\-]*|true|false", text) else "?"

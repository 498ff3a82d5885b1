"""The border of OpenCPS messages: which object is a dossier, and what of it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.personal import KnownFields, dropped_texts, kept_fields, names_nobody, without
from tthc_rules.logs.sentvalues import sent_date, text_of
from tthc_rules.logs.sightings import Sighting

__all__ = ["DATES", "sightings"]

DATES: Final = (
    "submitDate", "receiveDate", "dueDate", "releaseDate", "finishDate", "cancellingDate", "correcttingDate",
    "correctingDate", "extendDate",
)  # fmt: skip
_SCALARS: Final = (
    "serviceCode", "govAgencyCode", "domainCode", "dossierStatus", "lockState", "online", "originality",
    "durationCount", "durationUnit",
)  # fmt: skip
_DOSSIER: Final = KnownFields(
    ("dossierNo", "referenceUid", "dossierId", "dossierOverdue", *DATES, *_SCALARS),
    (
        "serviceName", "govAgencyName", "domainName", "dossierStatusText", "dossierSubStatus", "dossierSubStatusText",
        "endorsementDate", "processDate", "createDate", "modifiedDate", "stepCode", "stepName", "stepDuedate",
        "submitting", "registerBookCode", "dossierTemplateNo", "dossierTemplateName", "dossierCounter", "counter",
        "durationDate", "viaPostal", "sampleCount", "certNo", "certDate", "groupDossierId", "hasPassword",
    ),
    (
        "applicantName", "applicantIdNo", "applicantIdType", "applicantIdDate", "applicantNote", "address", "cityName",
        "districtName", "wardName", "contactName", "contactTelNo", "contactEmail", "delegateName", "delegateIdNo",
        "delegateTelNo", "delegateEmail", "delegateAddress", "postalAddress", "postalTelNo", "password", "dossierNote",
        "submissionNote", "briefNote", "dossierName", "stepInstruction", "assigned", "assignedUserList", "userName",
        "actors", "users", "note", "paymentNote",
    ),
)  # fmt: skip
_OF_A_DOSSIER: Final = frozenset({"dossierNo", "referenceUid", "receiveDate", "dossierStatus"})
_STRANGE: Final = ("MaHoSo", "soHoSoLT", "maHoSo", "acceptedDate")
_NUMBER: Final = re.compile(r"[0-9.,\-]{0,20}", re.ASCII)
_MOST_AROUND: Final = 6


def sightings(body: object, arrival: str, around: int = 0) -> Iterator[Sighting | Diagnostic]:
    """What is kept of a body: a dossier, a list, a result of a search, or what an XML answer has around them."""
    if isinstance(body, list):
        for each in body:
            yield from sightings(each, arrival, around)
        return
    if not isinstance(body, dict):
        yield Diagnostic("", "message_not_understood", "", "error")
        return
    strange = next((key for key in _STRANGE if key in body), None)
    if strange is not None or (around >= _MOST_AROUND):
        yield Diagnostic("", "message_not_understood", strange or "", "error")
    elif len(_OF_A_DOSSIER & body.keys()) > 1 or "referenceUid" in body:
        yield _dossier(body, arrival)
    else:
        inner = [value for value in body.values() if isinstance(value, dict | list)]
        if not inner and "total" not in body:
            yield Diagnostic("", "message_not_understood", "", "error")
        for value in inner:
            yield from sightings(value, arrival, around + 1)


def _dossier(record: Mapping[str, Any], arrival: str) -> Sighting | Diagnostic:
    people = dropped_texts(record, _DOSSIER)
    number, uid = text_of(record.get("dossierNo")), text_of(record.get("referenceUid"))
    if not (number or uid) or not names_nobody(number or uid, people):
        return Diagnostic("", "dossier_unnamed", "dossierNo", "error")
    is_text = all(isinstance(value, str | dict | list) for value in record.values())
    fields: dict[str, Any] = {name: sent_date(record[name]) for name in DATES if name in record}
    fields |= {name: _scalar(record[name], people) for name in _SCALARS if name in record}
    kept, dropped = kept_fields(record, _DOSSIER, people)
    overdue = text_of(record.get("dossierOverdue"))
    ids = {"referenceUid": uid, "dossierId": text_of(record.get("dossierId"))}
    data = {
        "f": fields,
        "k": kept,
        "x": sorted(set(dropped)),
        "uid": uid,
        "number": number,
        "text": is_text,
        "says": overdue if len(overdue) <= 80 and without(overdue, people) else "",
        "i": {name: value for name, value in ids.items() if value and without(value, people)},
    }
    return Sighting(number or uid, arrival, 0, data)


def _scalar(value: object, people: frozenset[str]) -> object:
    """A word or a number as it was sent."""
    if value is None or isinstance(value, int):
        return value
    text = text_of(value)
    return text if len(text) <= 200 and (_NUMBER.fullmatch(text) or without(text, people)) else ""

"""Slips as their JSON has them, written by hand."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tthc_rules.result.slip.words import LABELS


def field(name: str, printed: str | None = None, type_: str = "text", lines: int = 1) -> dict[str, Any]:
    vi, en = LABELS[name]
    return {
        "name": name,
        "label": {"vi": vi, "en": en},
        "type": type_,
        "value": printed,
        "printed": printed,
        "source": "" if printed is None else f"events.{name}",
        "blank": "to_say" if printed is None else None,
        "origin": {"vi": f"nguồn của {name}", "en": f"where {name} is from"},
        "lines": lines,
    }


def clause(document: str = "118/2025/NĐ-CP", status: str = "text") -> dict[str, Any]:
    vi = f"khoản 6 Điều 19 Nghị định số {document}"
    parts = {"document": document, "article": "19", "clause": "6", "point": "", "quote": "gửi văn bản xin lỗi"}
    return {**parts, "status": status, "source": "bản toàn văn", "vi": vi, "en": f"Decree {document}, Article 19(6)"}


FORM = {
    "name": "apology_slip",
    "number": "04",
    "document": "03/2025/TT-VPCP",
    "called": {"vi": "Mẫu số 04, Thông tư số 03/2025/TT-VPCP", "en": "Form 04, Circular 03/2025/TT-VPCP"},
    "version": "national/2025-09-15",
    "citations": [clause("03/2025/TT-VPCP", "secondary")],
    "note": {"vi": "ghi chú của mẫu", "en": "a note on the form"},
}
APOLOGY: dict[str, Any] = {
    "kind": "apology",
    "draft": True,
    "title": {"vi": "Văn bản xin lỗi và đề nghị gia hạn", "en": "Apology and extension"},
    "form": FORM,
    "dossier_id": "H56.14-261116-0001",
    "as_of": "2026-11-25",
    "known_on": "2026-11-25",
    "standing": "owed",
    "only_if": None,
    "by": "2026-11-22",
    "by_time": None,
    "not_before": None,
    "overdue": True,
    "past_due": True,
    "serves": [{"id": "apology_before_due", "label": {"vi": "Xin lỗi trước hạn", "en": "Apology before the due date"}}],
    "issued_by": "handling_agency",
    "fields": [
        field("parent"),
        field("issuer", "Sở Xây dựng"),
        field("number"),
        field("issued"),
        field("applicant"),
        field("accepted", "08 giờ 30 phút, ngày 16 tháng 11 năm 2026", "moment"),
        field("procedure", "Cấp giấy phép xây dựng"),
        field("applicant_id"),
        field("dossier_id", "H56.14-261116-0001"),
        field("promised_due", "17 giờ 00 phút, ngày 23 tháng 11 năm 2026", "moment"),
        field("reason", lines=2),
        field("new_due", type_="date"),
        field("one_stop_unit", "Trung tâm"),
        field("signer"),
    ],
    "warnings": [
        {"id": "apology_before_due", "outcome": "met_late", "duty": {"label": {"vi": "Xin lỗi", "en": "Apology"}}}
    ],
    "remarks": ["layout_unconfirmed", "wording_secondary", "signer_open"],
    "citations": [clause()],
    "assumptions": ["nd367_not_seen"],
    "digests": {"rules": "ab" * 32, "calendar": "cd" * 32},
}


def apology(**changes: Any) -> dict[str, Any]:
    """The slip of a late dossier; `changes` replace its parts."""
    return {**deepcopy(APOLOGY), **changes}


def of_kind(kind: str, *blanks: str, **changes: Any) -> dict[str, Any]:
    """A slip of another kind, on no form, with these fields blank beside those that every paper has."""
    kept = [one for one in APOLOGY["fields"] if one["name"] not in ("reason", "new_due", "promised_due")]
    return apology(kind=kind, form=None, fields=[*kept, *map(field, blanks)], remarks=["no_form"], **changes)


KINDS: dict[str, dict[str, Any]] = {
    "apology": apology(),
    "in time": apology(past_due=False, standing="conditional", only_if="result_late", overdue=False),
    "supplement": of_kind(
        "supplement", "address", "phone", "email", "to_supply", "reason", "contact", "contact_phone", by_time="08:00"
    ),
    "refusal": of_kind("refusal", "address", "phone", "email", "reason"),
    "stop": of_kind("stop", "stop_asked", "reason", "returned"),
    "stopped": of_kind("stop", "stopped", "reason", "returned"),
    "closing": of_kind("closing", "requested", "ground", "closed", "reason", not_before="2026-11-24", by=None),
    "loss": of_kind("loss", "lost", "lost_papers", "remedy"),
    "unheard of": of_kind("unheard_of"),
    "empty": {},
}

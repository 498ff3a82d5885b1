"""Accounts written by hand, as the format says they look."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

PARTS = {
    "undetermined": 0,
    "finished_early": 2,
    "finished_on_the_day": 1,
    "finished_late": 3,
    "open_in_time": 1,
    "open_late": 5,
    "received_finished_in_time": 2,
    "received_open_in_time": 1,
    "received_given_back_late": 0,
    "finished_in_time": 3,
}
COUNTS: dict[str, Any] = {
    "received": 7,
    "carried_over": 5,
    "finished": 6,
    "late": 8,
    **{due: dict(PARTS) for due in ("original_due", "lawful_due", "current_due", "promised_due")},
}
NO_PARTS = dict.fromkeys(PARTS, 0)
NO_COUNTS: dict[str, Any] = {
    "received": 0,
    "carried_over": 0,
    "finished": 0,
    "late": 0,
    **{due: dict(NO_PARTS) for due in ("original_due", "lawful_due", "current_due", "promised_due")},
}


def figure(value: float | None, above: int = 4, below: int = 12) -> dict[str, Any]:
    """An indicator against the four due dates; without a value its denominator was 0."""
    one: dict[str, Any] = {"value": value, "numerator": above, "denominator": below if value is not None else 0}
    if value is None:
        one["reason"] = "zero_denominator"
    return {**one, "by_due": {due: dict(one) for due in ("original_due", "lawful_due", "current_due", "promised_due")}}


def citation(document: str) -> dict[str, str]:
    return {
        "document": document,
        "article": "9",
        "quote": "hàng tháng thông báo",
        "source": "bản toàn văn",
        "status": "text",
        "vi": f"Điều 9 {document}",
    }


def definition(vi: str, unit: str = "per_cent") -> dict[str, Any]:
    return {
        "version": "indicators/2022-06-23",
        "in_force": True,
        "class": "score",
        "label": {"vi": vi, "en": "a rate"},
        "formula": {"vi": f"công thức của {vi}", "en": "above ÷ below"},
        "unit": unit,
        "decimals": 2 if unit == "per_cent" else 1,
        "citations": [citation("766/QĐ-TTg")],
    }


def month(name: str, value: float | None) -> dict[str, Any]:
    counts = {**{k: COUNTS[k] for k in ("received", "carried_over", "finished", "late")}, **PARTS}
    return {"period": name, "counts": counts, "indicators": {"on_time_qd766": value, "on_time_nd61": None}}


def duty(outcome: str, consequence: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "duty": "monthly_staff_notice",
        "window": "2024-10",
        "outcome": outcome,
        "reason": None,
        "class": consequence,
        "act_by": "2024-10-31",
        "triggers": 2,
        "done": [],
        "persons": ["Bà Ánh"],
        **more,
    }


def unit(name: str | None = "so-xay-dung", title: str | None = "Sở Xây dựng") -> dict[str, Any]:
    """A handling agency with late dossiers, a head who changed, and every outcome of a duty."""
    post = {"unit": name, "role": "head_of_unit", "person": "Ông Bình", "from": "2020-01-01"}
    answers = [
        {"role": "chair", "unit": "ubnd-tinh", "person": None, "class": "info", "count": 8},
        {"role": "head_of_unit", "unit": name, "person": "Ông Bình", "class": "rating_input", "count": 8, "days": 1234},
    ]
    rating = {"class": "rating_input", "late": 8, "missing_apologies": 4, "unknown_apologies": 1}
    return deepcopy(
        {
            "unit": name,
            "name": title,
            "kind": "provincial_department",
            "jurisdiction": "son-la",
            "superior": "ubnd-tinh",
            "as": ["handling_agency"],
            "formerly": ["so-cu"],
            "posts": [
                {**post, "to": "2024-10-31", "days": 31},
                {**post, "person": "Bà Ánh", "from": "2024-11-01", "to": None, "days": 61},
            ],
            "counts": COUNTS,
            "indicators": {
                "on_time_qd766": figure(33.33),
                "on_time_nd61": figure(28.57, 2, 7),
                "tt01_1": {**figure(0.8, 5, 6), "undefined": 2},
                "tt01_2": {"value": None, "reason": "no_facts"},
                "tt01_unit_band": {"value": 0.8, "band": "yeu", "n_indicators": 1, "of": 9},
            },
            "series": [month("2024-10", 25), month("2024-11", None), month("2024-12", 0)],
            "duties": [
                duty("met", done=["2024-10-30"]),
                duty("not_owed", reason="before_in_force"),
                duty("met_late", "breach", done=["2024-11-02"]),
                duty("pending", "duty_open", window="2024-H2"),
                duty("unknown", reason="not_recorded", persons=[]),
                duty("missed", "breach", window="2024"),
                duty(
                    "missed", "review_trigger", window="2024-Q4", value={"value": 80, "numerator": 4, "denominator": 5}
                ),
            ],
            "breaches": [
                {
                    "duty": "apology_before_due",
                    "outcomes": {"missed": 2, "met_late": 1},
                    "count": 3,
                    "answers": answers,
                    "dossiers": ["H1", "H2"],
                    "more": 1,
                }
            ],
            "late": {
                "count": 8,
                "open": 5,
                "answers": answers,
                "dossiers": [f"H{n}" for n in range(8)],
                "more": 0,
                "mitigating": 2,
            },
            "late_list": [
                {"month": "2024-10", "late": 6, "officers": [{"officer": "C1", "count": 4}]},
                {"month": "2024-11", "late": 8, "officers": []},
            ],
            "steps": {
                "assigned": 4,
                "in_time": 2,
                "late": 1,
                "open_late": 1,
                "answers": [{"role": "head_of_unit", "unit": name, "person": "Ông Bình", "count": 2}],
            },
            "rating": rating,
        }
    )


def idle(name: str = "ubnd-xa") -> dict[str, Any]:
    """A unit without a dossier, without a head, of a kind that nobody knows."""
    empty = {"count": 0, "open": 0, "answers": [], "dossiers": [], "more": 0, "mitigating": 0}
    return deepcopy(
        {
            "unit": name,
            "name": None,
            "kind": None,
            "jurisdiction": None,
            "superior": None,
            "as": [],
            "formerly": [],
            "posts": [],
            "counts": NO_COUNTS,
            "series": [],
            "duties": [],
            "breaches": [],
            "indicators": {"on_time_qd766": figure(None), "on_time_nd61": figure(None)},
            "late": empty,
            "late_list": [],
            "steps": None,
            "rating": {"class": "rating_input", "late": 0, "missing_apologies": 0, "unknown_apologies": 0},
        }
    )


def problem(code: str, level: str, place: str = "so-xay-dung") -> dict[str, str]:
    return {"code": code, "level": level, "place": place, "vi": f"điều cần biết về {place}", "en": f"about {place}"}


def account(**changes: Any) -> dict[str, Any]:
    """The account of a quarter; `changes` replaces its parts."""
    made = {
        "format": 1,
        "period": {"id": "2024-Q4", "kind": "quarter", "first": "2024-10-01", "last": "2024-12-31"},
        "as_of": "2025-01-10",
        "known_on": "2025-01-09",
        "closing_day": "2024-12-31",
        "closed": True,
        "rows": {"read": 1234, "errors": 1, "repeated": 0, "left_out": {"not_accepted": 3}},
        "problems": [],
        "definitions": {
            "on_time_nd61": definition("cách NĐ 61"),
            "on_time_qd766": definition("cách QĐ 766"),
            "tt01_1": definition("chỉ số 1", "points"),
            "tt01_2": definition("chỉ số 2", "points"),
            "tt01_unit_band": {**definition("tổng điểm", "points"), "bands": {"yeu": {"vi": "yếu", "en": "weak"}}},
        },
        "duties": {
            "monthly_staff_notice": {
                "version": "national/2018-06-21",
                "label": {"vi": "Hằng tháng thông báo", "en": "Monthly notice"},
                "to": "seconding_agency",
                "role": "head_of_unit",
                "class": "breach",
                "citations": [citation("61/2018/NĐ-CP")],
                "interpretations": [{"vi": "cách hiểu", "en": "a reading"}],
            }
        },
        "dossier_duties": {
            "apology_before_due": {
                "label": {"vi": "Văn bản xin lỗi trước ngày hết hạn", "en": "Apology before the due date"},
                "rule": "apology_before_due",
                "version": "one_stop/2018-06-21",
                "counts_as": "apology",
            }
        },
        "total": {"counts": COUNTS, "indicators": {"on_time_qd766": figure(33.33), "on_time_nd61": figure(28.57)}},
        "before": None,
        "units": [unit(), idle()],
        "officers": [
            {
                "officer": "C1",
                "units": ["so-xay-dung"],
                "counts": {"finished_early": 1, "finished_on_the_day": 0, "finished_late": 2, "late": 4},
                "indicators": {
                    "tt01_1": {"value": 0.7},
                    "tt01_unit_band": {"value": 0.7, "band": "yeu", "n_indicators": 1, "of": 5},
                },
            }
        ],
        "settings": {"on_time": "on_time_qd766", "within_days": {}, "backlog_days": None, "least_late": 1},
        "digests": {"rules": "ab" * 32, "judged_by": ["cd" * 32]},
    }
    return {**deepcopy(made), **changes}


def future() -> dict[str, Any]:
    """A period that has not begun: no unit, no figure."""
    return account(
        as_of="2024-08-01",
        closing_day="2024-08-01",
        closed=False,
        rows={"read": 0, "errors": 0, "repeated": 0, "left_out": {}},
        total={"counts": None, "indicators": {}},
        units=[],
        officers=[],
        duties={},
        problems=[problem("TR-account-future", "error", "2024-Q4")],
    )

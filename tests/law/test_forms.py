"""Forms are named; the number that each bears moves between circulars (law/regimes.md section 4)."""

from __future__ import annotations

from datetime import date

import pytest

from tthc_rules import Rulebook


@pytest.mark.parametrize(
    ("form", "on", "number"),
    [
        ("apology_slip", date(2019, 1, 5), None),  # 21/6/2018–5/1/2019: no numbers were found
        ("apology_slip", date(2019, 1, 6), "04"),
        ("apology_slip", date(2025, 9, 14), "04"),
        ("apology_slip", date(2025, 9, 15), "04"),
        ("control_slip", date(2025, 9, 14), "05"),
        ("control_slip", date(2025, 9, 15), "06"),
        ("dossier_register", date(2025, 9, 14), "06"),
        ("dossier_register", date(2025, 9, 15), "07"),
        ("stop_notice", date(2025, 9, 14), None),
        ("stop_notice", date(2025, 9, 15), "05"),
        ("no_such_form", date(2025, 9, 15), None),
    ],
)
def test_a_form_by_name_and_date(book: Rulebook, form: str, on: date, number: str | None) -> None:
    assert book.form_number(form, on) == number

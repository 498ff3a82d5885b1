"""The account's data is of its type, and the schema that is printed says the same."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from tthc_rules import Dossier, Rulebook
from tthc_rules.account.data import AccountData
from tthc_rules.integrations.jsonschema import json_schema

DOSSIER = {
    "dossier_id": "HS-1",
    "units": {"handling_agency": "so-xay-dung", "one_stop_unit": "ttpvhcc"},
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [
        {"kind": "dossier_accepted", "at": "2024-08-05T08:30"},
        {"kind": "result_issued", "at": "2024-08-20T09:00"},
    ],
}


def test_an_account_is_of_its_type(book: Rulebook) -> None:
    verdict = book.evaluate(DOSSIER, date(2024, 9, 30))
    made = book.account([(verdict, Dossier.model_validate(DOSSIER))], period="2024-Q3")
    read = AccountData.model_validate_json(made.to_json())
    (unit,) = [unit for unit in read.units if unit.unit == "so-xay-dung"]
    assert unit.counts.lawful_due.finished_late == 1  # due Mon 12/8/2024, issued Tue 20/8
    assert unit.late.count == 1
    with pytest.raises(ValidationError, match="surprise"):
        AccountData.model_validate({**made.data, "surprise": 1})
    with pytest.raises(ValidationError, match="dossier_duties"):
        AccountData.model_validate({key: value for key, value in made.data.items() if key != "dossier_duties"})


def test_the_schema_names_what_an_account_holds(book: Rulebook) -> None:
    made = book.account([book.evaluate(DOSSIER, date(2024, 9, 30))], period="2024-Q3")
    schema = json_schema("account")
    assert set(schema["properties"]) == set(made.data)
    assert not schema["additionalProperties"]
    assert set(schema["definitions"]["UnitData"]["properties"]) == set(made.data["units"][0])

"""Names that are no names in a dossier, keys that stand twice, characters that nobody sees: the public face only."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Command, text_file

from tthc_rules import Dossier, DossierError, Rulebook

DOSSIER: dict[str, Any] = {
    "dossier_id": "HS-1",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [{"kind": "dossier_accepted", "at": "2024-08-05T08:30"}],
}
AS_OF = date(2024, 8, 13)


MISSPELT_KIND = {"kind": "apology_send", "at": "2024-08-09"}
MISSPELT_FIELD = {"kind": "dossier_accepted", "at": "2024-08-05", "apointed_due": "2024-08-12"}


TWICE = {
    "dossier_id": '{"dossier_id": "HS-1", "dossier_id": "HS-2", "events": []}',
    "at": '{"dossier_id": "HS-1",\n "events": [{"kind": "dossier_accepted", "at": "2024-08-05", "at": "2024-08-06"}]}',
    "amount": '{"dossier_id": "HS-1", "time_limit": {"amount": 5, "amount": 15, "unit": "workday"}, "events": []}',
    "reason": '{"dossier_id": "HS-1", "events": [{"kind": "apology_sent", "at": "2024-08-05", "reason": "a",'
    ' "reason": ""}]}',
    "x": '{"dossier_id": "HS-1", "ghi_chu": {"x": 1, "x": 1}, "events": []}',
}


@pytest.mark.parametrize("key", TWICE)
def test_a_json_key_that_stands_twice_gives_no_verdict(command: Command, tmp_path: Path, key: str) -> None:
    with pytest.raises(DossierError) as refused:
        Dossier.model_validate_json(TWICE[key])
    assert key in str(refused.value)
    code, told = command("evaluate", text_file(tmp_path, TWICE[key], "hồ sơ.json"), "--as-of", "2024-08-13")
    assert code == 2
    assert key in told
    assert not told.lstrip().startswith("{")


def test_the_place_of_a_repeated_key_is_told() -> None:
    with pytest.raises(DossierError, match=r"2"):  # the second line
        Dossier.model_validate_json(TWICE["at"])


@pytest.mark.parametrize(
    ("change", "written", "known"),
    [
        ({"events": [MISSPELT_KIND]}, "apology_send", "apology_sent"),
        ({"events": [MISSPELT_FIELD]}, "apointed_due", "appointed_due"),
        ({"jurisdicton": "thanh-hoa"}, "jurisdicton", "jurisdiction"),
    ],
)  # fmt: skip
def test_a_misspelt_name_is_told_with_both_names(
    command: Command, tmp_path: Path, book: Rulebook, change: dict[str, Any], written: str, known: str
) -> None:
    bad = DOSSIER | change
    with pytest.raises(DossierError) as refused:
        book.evaluate(bad, AS_OF)
    assert written in str(refused.value)
    assert known in str(refused.value).replace(written, "")
    path = text_file(tmp_path, json.dumps(bad), "hồ sơ.json")
    code, told = command("evaluate", path, "--as-of", "2024-08-13")
    assert code == 2
    assert "TR-input-misspelt" in told
    assert written in told
    assert known in told.replace(written, "")


def test_an_unknown_name_is_noted_with_the_nearest_one(book: Rulebook) -> None:
    events = [*DOSSIER["events"], {"kind": "apology_sents", "at": "2024-08-09"}]
    notes = {note.code: note for note in book.evaluate(DOSSIER | {"events": events}, AS_OF).notes}
    assert notes["unknown_kind"].name == "apology_sents"
    assert notes["unknown_kind"].nearest == "apology_sent"


def test_strict_refuses_an_unknown_name(command: Command, tmp_path: Path, book: Rulebook) -> None:
    odd = DOSSIER | {"events": [*DOSSIER["events"], {"kind": "document_scanned", "at": "2024-08-09"}]}
    assert book.evaluate(odd, AS_OF).punctuality == "overdue"
    with pytest.raises(DossierError, match="document_scanned"):
        book.evaluate(odd, AS_OF, strict=True)
    assert book.evaluate(DOSSIER, AS_OF, strict=True).punctuality == "overdue"
    path = text_file(tmp_path, json.dumps(odd), "hồ sơ.json")
    assert command("evaluate", path, "--as-of", "2024-08-13")[0] == 0
    assert command("evaluate", path, "--as-of", "2024-08-13", "--strict")[0] == 2


@pytest.mark.parametrize("mark", ["\u0007", "\u001b", "\u0000", "\u200b", "\u202e", "\ufeff", "\u0085"])
@pytest.mark.parametrize("where", ["dossier_id", "handling_agency", "one_stop_unit", "officers"])
def test_a_character_that_nobody_sees_is_refused(where: str, mark: str) -> None:
    text = f"HS{mark}1"
    change: dict[str, Any] = {"dossier_id": text}
    if where == "officers":
        change = {"officers": [text]}
    elif where != "dossier_id":
        change = {"units": {where: text}}
    with pytest.raises(DossierError):
        Dossier.model_validate(DOSSIER | change)


def test_text_is_composed_before_anything_is_compared() -> None:
    written = unicodedata.normalize("NFD", "Sở Xây dựng tỉnh Thừa Thiên")
    assert written != unicodedata.normalize("NFC", written)
    dossier = Dossier.model_validate(
        DOSSIER | {"dossier_id": written, "units": {"handling_agency": written}, "officers": [written]}
    )
    composed = unicodedata.normalize("NFC", written)
    assert dossier.dossier_id == composed
    assert dossier.units is not None
    assert dossier.units.handling_agency == composed
    assert list(dossier.officers) == [composed]


def test_a_name_with_nothing_in_it_is_no_unknown_name(book: Rulebook) -> None:
    """Many programs write null for every field that they have not; of a nested table it is no remark either."""
    empty = [event | {"due": None, "so_giay": None} for event in DOSSIER["events"]]
    odd = DOSSIER | {"events": empty, "ghi_chu": None}
    assert "unknown_field" not in [note.code for note in book.evaluate(odd, AS_OF).notes]
    assert book.evaluate(odd, AS_OF, strict=True).punctuality == "overdue"


def test_a_field_with_nothing_in_it_does_not_tell_two_events_apart(book: Rulebook) -> None:
    first = DOSSIER["events"][0]
    twice = DOSSIER | {"events": [first, first | {"so_giay": None}, *DOSSIER["events"][1:]]}
    for engine in ("reference", "bulk"):
        if engine == "bulk":
            pytest.importorskip("llvmlite")
        notes = [note.code for note in book.evaluate(twice, AS_OF, engine=engine).notes]
        assert "duplicate_event" in notes
        assert "unknown_field" not in notes


def test_the_batch_passes_over_what_is_empty_too(book: Rulebook) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("llvmlite")
    odd = DOSSIER | {"ghi_chu": None, "events": [event | {"so_giay": None} for event in DOSSIER["events"]]}
    (row,) = book.rescore_dossiers([odd], AS_OF)
    assert (row["notes"], row["unknown_names"]) == ("", "")

"""Misspelt names are input errors, other unknown ones are kept and noted: from SEMANTICS, not from what comes out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tthc_rules import Dossier, DossierError, Event, Rulebook, TimeLimit, testing
from tthc_rules.law import names as law_names
from tthc_rules.law.dossier import ApologySent, Units
from tthc_rules.law.names import Names, distance

Json = dict[str, Any]
AS_OF = dt.date(2024, 9, 20)
ACCEPTED: Json = {"kind": "dossier_accepted", "at": "2024-08-05T08:30"}


def dossier(*events: Json, **fields: Any) -> Json:
    return {**testing.dossier(ACCEPTED, *events, limit=5, dossier_id="H56-1"), **fields}


def event(kind: str, **fields: Any) -> Json:
    return {"kind": kind, "at": "2024-08-07T09:00", **fields}


def refused(data: Json) -> list[tuple[str, str]]:
    with pytest.raises(DossierError) as caught:
        Dossier.model_validate(data)
    return [(problem.code, problem.nearest) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("apology_sent", "apology_sent", 0),
        ("apology_send", "apology_sent", 1),  # replaced
        ("apology_ent", "apology_sent", 1),  # deleted
        ("apology_ssent", "apology_sent", 1),  # inserted
        ("apolgoy_sent", "apology_sent", 1),  # neighbours exchanged
        ("ca", "abc", 2),  # exchanged, then one put between
        ("kitten", "sitting", 3),
        ("", "abc", 3),
    ],
)
def test_edits(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits
    assert distance(other, one) == edits


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("apology_send", "apology_sent"),
        ("Apology_Sent", "apology_sent"),
        ("apology-sent", "apology_sent"),
        ("apology sent", "apology_sent"),
        ("APOLOGY-SENT", "apology_sent"),
        ("apologysent", "apology_sent"),  # the `_` counts as a letter
        ("apolgy_sent", "apology_sent"),
        ("\u0430pology_sent", "apology_sent"),  # a Cyrillic letter for one of ours
        ("apology_sent\u200b", "apology_sent"),
        ("result_isued", "result_issued"),
        ("results_issued", "result_issued"),
        ("reapointed", "reappointed"),
        ("dosier_acepted", "dossier_accepted"),  # sixteen letters: two edits
        ("recieved_by_competant_agancy", "received_by_competent_agency"),  # twenty-eight letters: three
    ],
)
def test_a_misspelt_kind_is_an_input_error_with_both_names(written: str, meant: str) -> None:
    with pytest.raises(DossierError) as caught:
        Dossier.model_validate(dossier(event(written)))
    (problem,) = caught.value.problems
    assert (problem.code, problem.nearest, problem.place) == ("TR-input-misspelt", meant, "H56-1: events[1].kind")
    assert f"“{meant}”" in problem.en
    assert f"«{meant}»" in problem.vi


@pytest.mark.parametrize(
    "written",
    [
        "scanned",
        "apologies",
        "apology_sents",  # a plural of a kind: a hint
        "apolgy_snet",  # twelve letters: one edit only, and these are two
        "dosier_acepte",  # three edits in sixteen letters
        "result_printed",
        "trả kết quả",
        "x" * 10_000,
    ],
)
def test_another_unknown_kind_is_kept_and_noted(book: Rulebook, written: str) -> None:
    verdict = book.evaluate(dossier(event(written)), AS_OF)
    (note,) = [note for note in verdict.notes if note.code == "unknown_kind"]
    assert (note.event, note.name) == (1, written)


def test_a_note_names_the_nearest_by_the_looser_measure(book: Rulebook) -> None:
    verdict = book.evaluate(dossier(event("result_printed"), event("scanned", at="2024-08-08")), AS_OF)
    near = {note.name: note.nearest for note in verdict.notes if note.name}
    assert near == {"result_printed": "result_returned", "scanned": None}


@pytest.mark.parametrize(
    ("field", "meant"),
    [
        ("Reason", "reason"),
        ("REASON", "reason"),
        ("new-due", "new_due"),
        ("new due", "new_due"),
        ("new_deu", "new_due"),
        ("atached", "attached"),
        ("signer_rolle", "signer_role"),
        ("appointed_du", "appointed_due"),  # known, though not to this kind
        ("Kind", "kind"),
    ],
)
def test_a_misspelt_field_of_an_event(field: str, meant: str) -> None:
    assert ("TR-input-misspelt", meant) in refused(dossier(event("apology_sent", **{field: "x"})))
    assert ("TR-input-misspelt", meant) in refused(dossier(event("scanned", **{field: "x"})))


@pytest.mark.parametrize("field", ["reasons", "grounds", "agencies", "new_dues", "reson", "dues", "staff", "lý do"])
def test_another_field_of_an_event_is_noted(book: Rulebook, field: str) -> None:
    verdict = book.evaluate(dossier(event("apology_sent", **{field: "x"})), AS_OF)
    assert [(note.event, note.name) for note in verdict.notes if note.code == "unknown_field"] == [(1, field)]


def test_a_field_of_another_kind_is_noted_with_itself(book: Rulebook) -> None:
    verdict = book.evaluate(dossier(event("clock_resumed", new_due="2024-08-09")), AS_OF)
    (note,) = [note for note in verdict.notes if note.code == "unknown_field"]
    assert (note.name, note.nearest) == ("new_due", "new_due")


@pytest.mark.parametrize(
    ("field", "meant"),
    [
        ("officer", "officers"),
        ("event", "events"),
        ("unit", "units"),
        ("fields", "field"),
        ("channels", "channel"),
        ("procedures", "procedure"),
        ("Jurisdiction", "jurisdiction"),
        ("juristiction", "jurisdiction"),
        ("time limit", "time_limit"),
        ("time-limit", "time_limit"),
        ("timelimit", "time_limit"),
        ("filed_elswhere", "filed_elsewhere"),
    ],
)
def test_a_misspelt_field_of_a_dossier_a_plural_too(field: str, meant: str) -> None:
    assert refused(dossier(**{field: None})) == [("TR-input-misspelt", meant)]


@pytest.mark.parametrize("field", ["applicant", "status", "sector", "chanel1x", "unit_code"])
def test_another_field_of_a_dossier_is_noted(book: Rulebook, field: str) -> None:
    verdict = book.evaluate(dossier(**{field: "x"}), AS_OF)
    assert [(note.event, note.name) for note in verdict.notes if note.code == "unknown_field"] == [(None, field)]


def test_the_fields_of_groups(book: Rulebook) -> None:
    assert refused(dossier(units={"handling_agncy": "a"})) == [("TR-input-misspelt", "handling_agency")]
    assert refused(dossier(time_limit={"amount": 1, "unit": "workday", "cut-off": "15:00"})) == [
        ("TR-input-misspelt", "cutoff")
    ]
    assert refused(dossier(time_limit={"amount": 1, "unit": "workday", "units": "x"})) == [
        ("TR-input-misspelt", "unit")
    ]
    assert (
        refused(dossier(time_limit={"amount": 1, "unit": "workday", "source": "x"}))[0][0] == "TR-input-unknown-field"
    )
    verdict = book.evaluate(dossier(units={"handling_agency": "a", "phone": "x"}), AS_OF)
    found = [(note.event, note.name) for note in verdict.notes if note.code == "unknown_field"]
    assert found == [(None, "units.phone")]
    verdict = book.evaluate(dossier(units={"handling_agency": "a"}, sector="x"), AS_OF)
    assert [note.name for note in verdict.notes if note.code == "unknown_field"] == ["sector"]


def test_all_problems_are_told_at_once() -> None:
    found = refused({"dossier_idd": "x", "events": [{"kind": "apology_send", "att": 1}]})
    assert [code for code, _ in found].count("TR-input-misspelt") == 2
    assert [code for code, _ in found].count("TR-input-missing") == 2


def test_a_look_alike_letter_is_named() -> None:
    with pytest.raises(DossierError) as caught:
        Dossier.model_validate(dossier(event("\u0430pology_sent")))
    assert "U+0430 CYRILLIC SMALL LETTER A" in caught.value.problems[0].vi


def test_strict_refuses_what_is_else_noted(book: Rulebook) -> None:
    data = dossier(event("scanned", at="2024-12-01"), event("apology_sent", lý_do="x"), sector="y")
    assert book.evaluate(data, AS_OF).punctuality == "overdue"
    for engine in ("reference",):
        with pytest.raises(DossierError) as caught:
            book.evaluate(data, AS_OF, strict=True, engine=engine)
        assert sorted(problem.code for problem in caught.value.problems) == [
            "TR-input-unknown-field",
            "TR-input-unknown-field",
            "TR-input-unknown-kind",  # of a day that does not exist yet, all the same
        ]
    known = book.evaluate(dossier(event("apology_sent", reason="x")), AS_OF, strict=True)
    assert known.punctuality == "overdue"


def test_the_explanation_names_them_and_counts_them(book: Rulebook) -> None:
    data = dossier(event("result_printed"), event("result_printed", at="2024-08-08"), sector="y")
    text = book.evaluate(data, AS_OF).explain("en")
    assert "“result_printed”, the nearest is “result_returned” [unknown_kind]" in text
    assert "UNKNOWN NAMES: 2 events, 1 fields" in text
    assert "gần nhất là «result_returned»" in book.evaluate(data, AS_OF).explain("vi")


def test_letters_in_two_pieces_are_one_word(book: Rulebook) -> None:
    twice = [event("trả kết quả"), event("tra\u0309 kê\u0301t qua\u0309")]
    codes = [note.code for note in book.evaluate(dossier(*twice), AS_OF).notes]
    assert codes.count("duplicate_event") == 1


def test_the_class_of_an_event_follows_its_kind() -> None:
    made = Event(kind="apology_sent", at="2024-08-07", reason="x")
    assert isinstance(made, ApologySent)
    assert made.reason == "x"
    assert type(Event(kind="scanned", at="2024-08-07")) is Event
    assert isinstance(Event.model_validate({"kind": "apology_sent", "at": "2024-08-07"}), ApologySent)
    assert isinstance(Event.model_validate_json('{"kind": "apology_sent", "at": "2024-08-07"}'), ApologySent)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Event(kind="apology_sent"),  # type: ignore[call-arg]
        lambda: Event(at="2024-08-07"),  # type: ignore[call-arg]
        lambda: Event(kind=3, at="2024-08-07"),
        lambda: Event(kind="apology_send", at="2024-08-07"),
        lambda: ApologySent(kind="apology_sent", at="yesterday"),
        lambda: TimeLimit(amount=-1, unit="workday"),
        lambda: TimeLimit(amount=1, unit="day"),
        lambda: TimeLimit.model_validate({}),
        lambda: TimeLimit.model_validate_json("[]"),
        lambda: Units(handling_agency=3),
        Dossier,
        lambda: Dossier(dossier_id=""),
        lambda: Dossier(dossier_id="a", events=[{"kind": "apology_sent"}]),
        lambda: Dossier.model_validate(None),
        lambda: Dossier.model_validate_json("{"),
    ],
)
def test_any_wrong_construction_is_a_dossier_error(make: Any) -> None:
    with pytest.raises(DossierError):
        make()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"dossier_id": "a",\n "dossier_id": "b"}', "2:2"),
        ('{"dossier_id": "a", "events": [{"kind": "x", "at": "2024-01-01",\n\n  "at": "2024-01-02"}]}', "3:3"),
        ('{"dossier_id": "a", "\\u0064ossier_id": "b"}', "1:21"),
        ('{"dossier_id": "a", "x": NaN}', "1:26"),
        ('{"dossier_id": "a", "x": NaNworkday"}, "y": [-Infinity]}]', "1:26"),
        ('{"dossier_id": "a",\n}', "2:1"),
    ],
)
def test_a_key_twice_in_json_is_refused_at_its_line_and_column(text: str, place: str) -> None:
    for content in (text, text.encode(), bytearray(text.encode())):
        with pytest.raises(DossierError) as caught:
            Dossier.model_validate_json(content)
        assert (caught.value.code, caught.value.place) == ("TR-input-json", place)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'\xff{"dossier_id": "a"}', "1:1"),
        (b'{"dossier_id": "H\xf4"}', "1:18"),
        (b'{"dossier_id": "a",\n "field": "\xf4"}', "2:12"),
    ],
)
def test_a_byte_that_is_no_utf_8_is_refused_at_its_line_and_column(content: bytes, place: str) -> None:
    with pytest.raises(DossierError) as caught:
        Dossier.model_validate_json(content)
    assert (caught.value.code, caught.value.place) == ("TR-input-json", place)


def test_the_same_key_in_two_objects_is_no_repeat() -> None:
    text = '{"dossier_id": "a", "events": [{"kind": "x", "at": "2024-01-01"}, {"kind": "x", "at": "2024-01-01"}]}'
    assert len(Dossier.model_validate_json(text).events) == 2


def test_most_unknown_names_are_compared_with_no_known_one(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five hundred kinds that nobody knows, written once: edits are counted only where the letters are nearly ours."""
    compared: list[str] = []

    def counted(one: str, other: str) -> int:
        compared.append(other)
        return distance(one, other)

    monkeypatch.setattr(law_names, "distance", counted)
    book.evaluate(dossier(*(event(f"dossier_ad{n:05d}_x") for n in range(499))), AS_OF)
    assert 0 < len(compared) < 499


def test_names_that_were_looked_up_are_not_kept_for_ever() -> None:
    names = Names(["apology_sent"])
    for n in range(10_000):
        names.nearest(f"apology_{n}")
    assert names._hint.cache_info().currsize <= 4096

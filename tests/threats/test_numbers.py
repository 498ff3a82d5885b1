"""Numbers and depths of messages: what a few bytes say is never written out in a billion digits."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tthc_rules.law.jsontext import JsonError, read_json
from tthc_rules.logs import messages
from tthc_rules.logs.messages import Message, read_messages
from tthc_rules.logs.sentvalues import flag_of, read_stamp, sent_date, text_of, whole_of
from tthc_rules.logs.sightings import BrokenError

HUGE = ("0.0", "0", "-0.0", "1e9999999", "-1E+9999999", "1e-9999999", "9" * 4000 + ".5", "1e400", "0e9999999")


@pytest.mark.parametrize("written", HUGE)
def test_a_number_of_a_message_is_never_written_out_in_its_digits(written: str) -> None:
    """`1e9999999` is nine letters, and a whole number of ten million digits: it stays what was written, or is none."""
    for value in (Decimal(written), float(written)):
        said = (text_of(value), str(sent_date(value)), str(whole_of(value)), str(flag_of(value)))
        assert max(map(len, said)) < 5000
        assert read_stamp(value, frozenset({"epoch", "digits", "iso"})).moment is None
        json.dumps(sent_date(value))


@pytest.mark.parametrize("sender", ["dvcqg", "igate", "opencps"])
@pytest.mark.parametrize("written", HUGE)
def test_a_message_with_such_numbers_is_read(sender: str, written: str) -> None:
    body = {
        "dvcqg": '{"MaHoSo": "H99.14-240904-0001", "TrangThaiHoSo": #, "NgayTiepNhan": #, "SoMoi": #}',
        "igate": '{"content": [{"code": "H1", "acceptedDate": #, "processingTime": #}], "number": #, "last": true}',
        "opencps": '{"dossierId": #, "dossierNo": "H1", "receiveDate": #, "durationCount": #, "durationUnit": #}',
    }[sender]
    reading = read_messages(sender, [Message(body.replace("#", written))])
    assert len(json.dumps([one.data for one in reading.dossiers], default=str)) < 50_000


def test_a_message_is_nested_so_deep_and_no_deeper() -> None:
    for depth, is_taken in (
        (messages.MAX_DEPTH, True),
        (messages.MAX_DEPTH + 2, False),
        (900, False),
        (100_000, False),
    ):
        text = "[" * depth + "]" * depth
        if is_taken:
            assert len(list(messages.bodies_of(text))) == 1
        else:
            with pytest.raises(BrokenError) as caught:
                list(messages.bodies_of(text))
            assert caught.value.about == "nested_too_deep"


def test_a_number_of_thousands_of_digits_is_broken_json() -> None:
    """CPython refuses to read it, for the time that it would take: with a `ValueError` that says nothing of JSON."""
    assert read_json("9" * 4_000) == int("9" * 4_000)
    with pytest.raises(JsonError):
        read_json("9" * 5_000)

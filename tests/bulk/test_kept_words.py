"""Words of the result: said once for each key, whatever a thread has judged before, and however many keys there are."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

NEEDS = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402

from tthc_rules import Dossier, Rulebook  # noqa: E402
from tthc_rules.bulk import words  # noqa: E402
from tthc_rules.bulk.dossiers import table_of_dossiers  # noqa: E402
from tthc_rules.bulk.foreign import named  # noqa: E402
from tthc_rules.bulk.rescore import Rescorer  # noqa: E402

AS_OF = date(2024, 12, 31)


def promised(first: int, count: int) -> pa.Table:
    """Dossiers each of which was promised another minute."""
    given = []
    for k in range(first, first + count):
        at = datetime(2024, 1, 2, 8, 0) + timedelta(hours=k % 7, days=k // 7 % 300)
        due = datetime(2024, 2, 1, 0, 1) + timedelta(minutes=k)
        accepted = {"kind": "dossier_accepted", "at": at.isoformat(), "appointed_due": due.isoformat()}
        limit = {"amount": 1 + k % 5, "unit": "workday"}
        given.append(Dossier.model_validate({"dossier_id": f"d{k}", "time_limit": limit, "events": [accepted]}))
    return named(table_of_dossiers(given))


def wanted(first: int, count: int) -> list[str]:
    return [(datetime(2024, 2, 1, 0, 1) + timedelta(minutes=k)).isoformat()[:16] for k in range(first, first + count)]


def rescorer(book: Rulebook) -> Rescorer:
    return Rescorer(book.plans, book.question(AS_OF))


def test_more_keys_than_there_was_room_for(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_ROOM", 256)
    made = rescorer(book).judge(promised(0, 1_500))
    assert made["promised_due"].to_pylist() == wanted(0, 1_500)
    assert made.equals(rescorer(book).judge(promised(0, 1_500)))


def test_a_part_does_not_depend_on_those_before_it(book: Rulebook) -> None:
    same = rescorer(book)
    same.judge(promised(0, 700))
    after, alone = same.judge(promised(500, 400)), rescorer(book).judge(promised(500, 400))
    assert after["promised_due"].to_pylist() == wanted(500, 400)
    for name in after.schema.names:
        assert after[name].equals(alone[name]), name
        if pa.types.is_dictionary(after[name].type):
            assert after[name].dictionary.equals(alone[name].dictionary), name
            assert after[name].indices.equals(alone[name].indices), name


def test_a_thread_that_has_met_too_many_keys_begins_anew(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MOST", 300)
    same = rescorer(book)
    for first in (0, 400, 800):
        assert same.judge(promised(first, 350))["promised_due"].to_pylist() == wanted(first, 350)
    (kept,) = same._kept
    assert kept.coders["promise"].state[0] == 350


def test_words_are_those_of_the_codes_that_came_up(book: Rulebook) -> None:
    same = rescorer(book)
    same.judge(promised(0, 50))
    made = same.judge(promised(100, 3))
    assert made["promised_due"].dictionary.to_pylist() == wanted(100, 3)

"""Messages of real senders (invented values): nobody is accused of what the sender could not have shown.

The rule. A duty that came out `missed` may stand only if every kind that would discharge it is observed by the sender.
One that came out `met_late` or `broken` may stand only if its own event is in the log: an event that is there counts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.logs.messages import Message, read_messages

SAMPLES = Path(__file__).parent / "samples"

# What each sender can show at all. No message of any of them can carry an apology or a notice of delay.
STATES = {
    "dossier_submitted", "dossier_accepted", "result_issued", "dossier_refused", "dossier_withdrawn",
    "processing_stopped", "supplement_requested", "supplement_received", "payment_awaited", "payment_received",
    "clock_paused", "clock_resumed",
}  # fmt: skip
OBSERVES = {
    "dvcqg": STATES | {"result_returned", "synced_national"},
    "igate": STATES,
    "opencps": STATES | {"result_returned"},
}
# Kinds that come only in some messages are observed in those that carry what tells them.
SOMETIMES = {"reappointed", "step_assigned", "step_done", "dossier_forwarded"}
NEVER_SHOWN = {
    "apology_sent", "delay_notice_sent", "opinion_requested", "opinion_received", "paper_forwarded",
    "received_by_competent_agency", "interval_excluded", "dossier_lost", "error_reported", "result_corrected",
    "dossier_closed", "late_officers_published",
}  # fmt: skip

# Records that are known to be incomplete, and how each of them comes to be so.
UNKNOWN = {
    "H99.14-240904-0004": {"finish"},  # times of an end that do not exist
    "H99.14-240905-0009": {"pauses"},  # states were erased
    "H99.14-240903-0014": {"acceptance"},  # the date of acceptance is a filler
    "H99.14-240612-0015": {"acceptance"},
    "H99.14-240820-0016": {"acceptance"},
    "H99.14-240924-0022": {"finish"},  # a finish that was emptied again is no unfinishing
    "H99.53-250513-0012": {"pauses"},  # waits for a supplement, from a day that nobody knows
    "H99.99-241230-0020": {"acceptance"},  # year of acceptance and code contradict each other
}

RESULT = {"result_issued", "result_returned"}
TRANSFER = {"dossier_forwarded", "paper_forwarded", "received_by_competent_agency"}
# By what each duty would be discharged (SEMANTICS «Duties»); an end that merely releases from it is not among them.
DISCHARGED_BY: dict[str, set[str]] = {
    "apology_before_due": {"apology_sent"},
    "apology_content": {"apology_sent"},
    "apology_r1": {"apology_sent"},
    "late_notice_to_one_stop": {"delay_notice_sent"},
    "return_ineligible": {"supplement_requested"},
    "refusal_within_limit": {"dossier_refused"},
    "result_by_new_date": RESULT | {"dossier_refused", "processing_stopped"},
    "transfer_same_day": {"dossier_forwarded"} | RESULT,
    "transfer_next_morning": {"dossier_forwarded"} | RESULT,
}
SHOWN_BY = {
    **DISCHARGED_BY,
    "transfer_same_day": TRANSFER | RESULT,
    "transfer_next_morning": TRANSFER | RESULT,
    "supplement_once": {"supplement_requested"},
    "supplement_max_two": {"supplement_requested"},
    "single_reappointment": {"reappointed"},
}
ACCUSING = {"missed", "met_late", "broken"}
JUDGED = {"early", "on_time", "returned_late", "overdue"}

Answer = Mapping[str, Any]
Ask = Callable[[dict[str, Any], date], Answer]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _found() -> Iterator[tuple[dict[str, Any], dict[str, Any], date]]:
    """Each dossier as its sender's messages are read, what is expected of it, and the day asked about."""
    for path in sorted(SAMPLES.glob("*/*.expect.json")):
        sent = _read(path.with_name(path.name.replace(".expect", "")))
        messages = [Message(part["body"], part["received_at"], part["url"]) for part in sent["transport"]]
        as_of = date.fromisoformat(sent["given"]["as_of"])
        reading = read_messages(path.parent.name, messages, sent["given"]["catalogue"], fetched_on=as_of)
        read = {one.dossier_id: one.data for one in reading.dossiers}
        for told in _read(path)["dossiers"]:
            yield read[told["dossier_id"]], told | {"sender": path.parent.name}, as_of


FOUND = list(_found())
ENGINES = ["reference", "durable", "bulk"]


@pytest.fixture(params=ENGINES)
def ask(request: pytest.FixtureRequest, book: Rulebook) -> Ask:
    """One engine, asked for one dossier: every value by its name."""
    name = request.param
    if name == "durable":
        request.getfixturevalue("durable")
    if name == "bulk":
        if find_spec("llvmlite") is None:
            pytest.skip('chưa cài / not installed: pip install "tthc-rules[bulk]"')
        return lambda dossier, as_of: book.rescore_dossiers([dossier], as_of)[0]

    def one(dossier: dict[str, Any], as_of: date) -> Answer:
        verdict = book.evaluate(dossier, as_of, engine=name).model_dump(mode="json")
        outcomes = {found["id"]: found["outcome"] for part in ("obligations", "limits") for found in verdict[part]}
        return {**verdict, **verdict["clock"], **outcomes}

    return one


def _days(dossier: dict[str, Any], as_of: date) -> list[date]:
    """The day that was asked about, the days of the events and the days after them, and a day long after."""
    days = {date.fromisoformat(event["at"][:10]) for event in dossier["events"]}
    weeks = {day + timedelta(days=n) for day in days for n in (0, 1, 6, 7, 8, 9, 14)}
    return sorted(weeks | {as_of, as_of + timedelta(days=60)})


def _faults(dossier: dict[str, Any], as_of: date, outcomes: Mapping[str, str]) -> list[str]:
    """Accusations that do not stand: those whose kinds the sender cannot show, or whose event is not there."""
    observes = set(dossier["observes"])
    there = Counter(event["kind"] for event in dossier["events"] if event["at"][:10] <= as_of.isoformat())
    faults = []
    for duty, outcome in outcomes.items():
        if outcome == "missed" and not DISCHARGED_BY[duty] <= observes:
            faults.append(f"{dossier['dossier_id']} {as_of}: {duty} missed, unseen {DISCHARGED_BY[duty] - observes}")
        if outcome in {"met_late", "broken"} and not SHOWN_BY[duty] & set(there):
            faults.append(f"{dossier['dossier_id']} {as_of}: {duty} {outcome} without its event")
    return faults


def _accusations(answer: Answer) -> dict[str, str]:
    return {str(name): str(value) for name, value in answer.items() if str(value) in ACCUSING}


def test_all_senders_are_here() -> None:
    assert Counter(path.parent.name for path in SAMPLES.glob("*/*.expect.json")) == dict.fromkeys(OBSERVES, 12)
    assert len(FOUND) == 68
    assert not NEVER_SHOWN & set().union(*OBSERVES.values())
    ids = {told["dossier_id"] for _, told, _ in FOUND if not told["judgeable"]}
    assert ids == set(UNKNOWN)
    for dossier, told, _ in FOUND:
        assert UNKNOWN.get(told["dossier_id"], set()) <= set(dossier.get("unknown", []))
        assert set(dossier["observes"]) - SOMETIMES == OBSERVES[told["sender"]]


def test_nobody_is_accused_of_what_a_sender_cannot_show(ask: Ask) -> None:
    faults = []
    for dossier, _, asked in FOUND:
        for as_of in _days(dossier, asked):
            faults += _faults(dossier, as_of, _accusations(ask(dossier, as_of)))
    assert faults == []


def test_no_apology_and_no_notice_is_ever_missed(ask: Ask) -> None:
    """No sender can show either; each of them is at stake in every late dossier of R2."""
    unclear = Counter[str]()
    for dossier, _, as_of in FOUND:
        answer = ask(dossier, as_of)
        for duty in ("apology_before_due", "late_notice_to_one_stop"):
            assert answer.get(duty) not in ACCUSING, (dossier["dossier_id"], duty)
            unclear[duty] += answer.get(duty) == "undetermined"
    assert min(unclear.values()) >= 30  # not because the duty was not asked


def test_the_same_log_from_a_source_that_shows_everything_accuses(ask: Ask) -> None:
    """The guard works: without `observes` the same events accuse."""
    accused = 0
    for dossier, told, as_of in FOUND:
        if told["judgeable"]:
            everything = {key: value for key, value in dossier.items() if key not in {"observes", "unknown"}}
            accused += bool(_faults(dossier, as_of, _accusations(ask(everything, as_of))))
    assert accused >= 30


def test_the_verdicts_that_were_counted_by_hand(ask: Ask) -> None:
    wrong = []
    for dossier, told, as_of in FOUND:
        answer = ask(dossier, as_of)
        for key, wanted in (told["verdict"] or {}).items():
            got = answer[key]
            text = got if got is None or isinstance(got, (int, str)) else got.isoformat()
            shown = text[:10] if key == "promised_due" and isinstance(text, str) else text
            if shown != wanted:
                wrong.append(f"{dossier['dossier_id']}: {key} {shown}, by hand {wanted}")
    assert wrong == []


def test_no_file_that_is_not_judgeable_comes_out_early_or_late(ask: Ask) -> None:
    for dossier, told, as_of in FOUND:
        if not told["judgeable"]:
            for day in (as_of, as_of + timedelta(days=60)):
                assert ask(dossier, day)["punctuality"] not in JUDGED, dossier["dossier_id"]

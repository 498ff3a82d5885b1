"""What the clock notes of an event, what raises a duty of its own, and that both stand in their own dossier's columns.

August 2024: Monday 5, Tuesday 6, Wednesday 7, Thursday 8, Friday 9, Monday 12.
"""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any, Final

import pytest

from tests.law.test_several_at_once import SLOTS, called
from tests.reference.test_own_rules import RULE
from tthc_rules import Dossier, Rulebook
from tthc_rules.law import clock
from tthc_rules.law.asked import Asked, asked_of
from tthc_rules.law.question import Question
from tthc_rules.testing import event

Json = dict[str, Any]
AS_OF: Final = date(2024, 9, 25)
ACCEPTED: Final = event("dossier_accepted", "2024-08-05T07:30")


def dossier(*events: Json, amount: int = 15, unit: str = "workday", **more: Any) -> Json:
    """Accepted on Monday 5, with fifteen workdays where nothing else is said."""
    return {
        "dossier_id": "R",
        "time_limit": {"amount": amount, "unit": unit},
        "events": [ACCEPTED, *events],
        **more,
    }


def asked(book: Rulebook, data: Json) -> Asked:
    return asked_of(book._known, Dossier.model_validate(data), Question(AS_OF, AS_OF))


# -- several dossiers in one call --------------------------------------------------------------------------------------

LOST: Final = event("dossier_lost", "2024-08-06T09:00")
APOLOGY: Final = event("apology_sent", "2024-08-07T09:00")
LATE_OPINION: Final = event("opinion_requested", "2024-08-06T10:00", agency="so-tai-chinh", due="2024-08-08T09:00")
NOTICES: Final = (event("delay_notice_sent", "2024-08-09T09:00"), event("delay_notice_sent", "2024-08-12T09:00"))
NO_HOUR: Final = event("delay_notice_sent", "2024-08-08")
ISSUED: Final = event("result_issued", "2024-08-13T09:00")
REPORTS: Final = (event("error_reported", "2024-08-14T09:00"), event("error_reported", "2024-08-15T09:00"))
REQUEST: Final = event("supplement_requested", "2024-08-06T09:00")
RECEIPT: Final = event("supplement_received", "2024-08-07T09:00")
CLOSING: Final = event("dossier_closed", "2024-08-26T09:00")
NOT_SHOWN: Final = ["dossier_accepted", "opinion_requested", "opinion_received", "dossier_closed"]
RAISED: Final = {
    "nothing raised": dossier(),
    "lost, apologised": dossier(LOST, APOLOGY),
    "an opinion overdue, two notices": dossier(LATE_OPINION, *NOTICES),
    "an opinion overdue, a notice at no known hour": dossier(LATE_OPINION, NO_HOUR),
    "an apology and a notice": dossier(APOLOGY, *NOTICES),
    "an error reported twice": dossier(ISSUED, *REPORTS),
    "closed, a request open": dossier(REQUEST, CLOSING),
    "closed, none open": dossier(REQUEST, RECEIPT, CLOSING),
    "open, and the source shows no receipt": dossier(LATE_OPINION, observes=NOT_SHOWN),
}


@pytest.mark.parametrize("first", RAISED)
def test_what_is_raised_is_raised_of_its_own_dossier(book: Rulebook, first: str) -> None:
    """Each of two and each of three in one call is answered as by itself."""
    ways = {name: asked(book, data) for name, data in RAISED.items()}
    alone = {name: called([one], clock.BY_DATE) for name, one in ways.items()}
    others = [name for name in RAISED if name != first]
    for names in [(first, other) for other in others] + [(first, *pair) for pair in permutations(others, 2)]:
        together = called([ways[name] for name in names], clock.BY_DATE)
        for place, name in enumerate(names):
            assert together.out[place] == alone[name].out[0], (name, names)
            assert together.events[place] == alone[name].events[0], (name, names)


def test_a_kind_that_no_rule_asks_for_is_written_nowhere(book: Rulebook) -> None:
    """No column is asked for of a step: all of them stay empty, the last one too."""
    said = called([asked(book, dossier(event("step_assigned", "2024-08-06T09:00", agency="so-tai-chinh")))], 0)
    assert set(said.out[0][clock.O_FIRST :]) == {-1}
    assert len(said.out[0]) == clock.O_FIRST + SLOTS.columns


# -- first events, of rules of one's own -------------------------------------------------------------------------------

ONCE: Final = """\
applies_if: [{{event: {event}}}]
obligations:
  - id: {name}
    owed_by: handling_agency
    to: applicant
    states: {{event: apology_sent, which: any, fields: [reason]}}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """A place whose rules ask for an error that was reported, and for an acceptance."""
    folder = tmp_path_factory.mktemp("raised")
    place = folder / "local" / "ha-noi" / "2018-06-21"
    place.mkdir(parents=True)
    for name, kind in (("once_reported", "error_reported"), ("once_accepted", "dossier_accepted")):
        (place / f"{name}.yaml").write_text(f"{RULE}{ONCE}".format(name=name, event=kind), encoding="utf-8")
    return Rulebook.load(Path(folder))


RETURNED: Final = event("result_returned", "2024-08-08T09:00")
REPORTED: Final = event("error_reported", "2024-08-09T09:00")
BY_FAULT: Final = event("error_reported", "2024-08-09T09:00", applicant_fault=True)


@pytest.mark.parametrize(
    ("events", "counts"),
    [
        ((RETURNED, REPORTED, ISSUED), True),
        ((RETURNED, BY_FAULT, ISSUED), False),
        ((REPORTED, ISSUED), False),
        ((BY_FAULT, ISSUED), False),
        ((RETURNED, ISSUED), False),
    ],
    ids=("after a return", "the applicant's fault", "before any result", "both", "none"),
)
def test_a_report_before_the_end_counts_after_a_result(own: Rulebook, events: tuple[Json, ...], counts: bool) -> None:
    """The end is the issue, whenever it came; what was returned before it is a result that may have an error."""
    verdict = own.evaluate(dossier(*events, jurisdiction="ha-noi"), AS_OF)
    assert (verdict.finding("once_reported") is not None) is counts


def test_a_second_acceptance_is_no_acceptance(own: Rulebook) -> None:
    """It is noted and ignored: no rule sees one since the acceptance."""
    again = event("dossier_accepted", "2024-08-07T09:00")
    verdict = own.evaluate(dossier(again, jurisdiction="ha-noi"), AS_OF)
    assert verdict.finding("once_accepted") is None
    assert "second_acceptance" in {note.code for note in verdict.notes}


# -- what is told of an event ------------------------------------------------------------------------------------------


def told(book: Rulebook, data: Json, at: str) -> str:
    """What the explanation says of the event at that moment, behind its name."""
    (line,) = (line for line in book.evaluate(data, AS_OF).explain("en").splitlines() if line.lstrip().startswith(at))
    return line.partition(": ")[2]


def test_what_each_event_did_is_told(book: Rulebook) -> None:
    """Of five workdays 6 counts; 7, 8 and 9 do not; then 12, 13, 14, 15. Another stop opens, and a new day is set."""
    events = (
        event("clock_paused", "2024-08-06T09:00", ground="g"),
        event("clock_resumed", "2024-08-09T09:00"),
        event("reappointed", "2024-08-12T09:00", new_due="2024-08-20"),
        event("clock_paused", "2024-08-13T09:00", ground="g"),
        event("result_issued", "2024-08-14T09:00"),
    )
    data = dossier(*events, amount=5)
    assert told(book, data, "09:00 06/08/2024") == "the clock stops"
    assert told(book, data, "09:00 09/08/2024") == "the wait does not count → due 15/08/2024"
    assert told(book, data, "09:00 12/08/2024") == "new date 20/08/2024"
    assert told(book, data, "09:00 13/08/2024") == "the clock stops"
    assert told(book, data, "09:00 14/08/2024") == "the end"


@pytest.mark.parametrize("resumed", ["2024-08-07", "2024-08-08"])
def test_there_is_no_due_date_once_an_hour_is_unknown(book: Rulebook, resumed: str) -> None:
    """Forty working hours, stopped and resumed on the same day or the next, at no known hour: how long, nobody knows.

    No due date is told from then on, and no later stop comes before one.
    """
    events = (
        event("clock_paused", "2024-08-07", ground="g"),
        event("clock_resumed", resumed),
        event("clock_paused", "2024-08-08T10:00", ground="g"),
    )
    data = dossier(*events, amount=40, unit="work_hour")
    explained = book.evaluate(data, AS_OF).explain("en").splitlines()
    (wait,) = (line for line in explained if "clock resumed" in line)
    assert wait.endswith("the wait does not count → due open")
    assert told(book, data, "10:00 08/08/2024") != "the clock stops"


def test_the_first_notice_after_an_overdue_opinion_is_the_one_that_counts(book: Rulebook) -> None:
    """Due on Thursday 8 at 09:00; the notice of Friday 9 is the one, and not that of Monday 12."""
    finding = book.evaluate(dossier(LATE_OPINION, *NOTICES), AS_OF).finding("opinion_overdue_notice")
    assert finding is not None
    assert (finding.outcome, finding.done_on) == ("met", date(2024, 8, 9))

"""What the web application answers is what the library says; nothing of a dossier is in its log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from serving import AS_OF, LATE, OPEN, ROOT, Site, problem, served

from tthc_rules import Rulebook, __version__

GOLDEN = sorted((ROOT / "tests" / "golden" / "dossiers").glob("*.json"))


@pytest.fixture(scope="module")
def site(book: Rulebook) -> Iterator[Site]:
    with served(book) as one:
        yield one


def test_every_golden_dossier_gets_the_verdict_of_the_library(site: Site, book: Rulebook) -> None:
    told = 0
    for path in GOLDEN:
        asked = json.loads(path.read_text(encoding="utf-8"))
        dossier, day = asked.pop("dossier"), asked.pop("as_of")
        if "calendar" in asked:
            continue  # of rules that only those tests load
        known = asked.get("known_on")
        how = {**asked, "known_on": known and date.fromisoformat(known)}
        verdict = book.evaluate(dossier, date.fromisoformat(day), **how)
        assert site.ask("/v1/verdict", dossier, day, **asked).text == verdict.model_dump_json(), path.name
        told += 1
    assert told > 20


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_it_explains_in_short_in_full_and_day_by_day(site: Site, book: Rulebook, lang: str) -> None:
    verdict = book.evaluate(LATE, AS_OF)
    for asked, told in (
        ({}, verdict.explain(lang, short=True)),
        ({"full": "true"}, verdict.explain(lang)),
        ({"days": "true"}, verdict.explain(lang, day_by_day=True)),
    ):
        answer = site.ask("/v1/explanation", LATE, lang=lang, **asked)
        assert answer.text == f"{told}\n"
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["content-language"] == lang
    assert len(verdict.explain(lang, day_by_day=True)) > len(verdict.explain(lang)) > 500


def test_it_tells_what_is_next(site: Site, book: Rulebook) -> None:
    verdict = book.evaluate(OPEN, date(2025, 8, 27))
    said = site.ask("/v1/next-acts", OPEN, "2025-08-27").json()
    whole = verdict.model_dump(mode="json")
    assert said == {key: whole[key] for key in said}
    assert list(said) == ["dossier_id", "as_of", "known_on", "supposed", "next_acts", "changes_on"]
    assert [act["id"] for act in said["next_acts"] if act["only_if"] is None] == ["return_result"]
    assert said["next_acts"][0]["by"] <= "2025-09-03"


def test_the_timeline_is_the_page_of_the_library(site: Site, book: Rulebook) -> None:
    answer = site.ask("/v1/timeline", LATE, lang="en")
    page = book.evaluate(LATE, AS_OF).to_html("en")
    assert answer.text == page
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("; frame-ancestors 'none'")
    assert policy.removesuffix("; frame-ancestors 'none'") in page
    assert "unsafe" not in policy


def test_events_are_supposed_as_on_the_command_line_or_as_json(site: Site, book: Rulebook) -> None:
    event = {"kind": "result_issued", "at": "2025-10-01T09:00", "note": "ngày hẹn"}
    for written in ("result_issued 2025-10-01T09:00", json.dumps(event)):
        supposed = [event] if written.startswith("{") else [{"kind": "result_issued", "at": "2025-10-01T09:00"}]
        verdict = book.evaluate(OPEN, AS_OF, what_if=supposed)
        said = site.ask("/v1/verdict", OPEN, what_if=written)
        assert said.text == verdict.model_dump_json()
        assert (said.json()["as_of"], said.json()["punctuality"]) == ("2025-10-01", "returned_late")
        assert said.json()["supposed"] == [{"kind": "result_issued", "at": "2025-10-01T09:00:00"}]
    assert "GIẢ ĐỊNH" in site.ask("/v1/timeline", OPEN, what_if="result_issued 2025-10-01T09:00").text
    two = ["supplement_requested 2025-09-22T09:00", "supplement_received 2025-09-23T09:00"]
    assert len(site.ask("/v1/next-acts", OPEN, what_if=two).json()["supposed"]) == 2


def test_unknown_kinds_are_noted_and_refused_under_strict(site: Site, book: Rulebook) -> None:
    dossier = {**OPEN, "events": [*OPEN["events"], {"kind": "scanned_again", "at": "2025-08-26T08:00"}]}
    noted = site.ask("/v1/verdict", dossier).json()["notes"]
    assert [(note["code"], note["name"]) for note in noted] == [("unknown_kind", "scanned_again")]
    said = problem(site.ask("/v1/verdict", dossier, strict="true"), 422, "TR-input-unknown-kind")
    assert said["problems"][0]["place"] == "H56-HS-0002: events[1].kind"


def test_it_asks_by_the_day_the_law_was_known(site: Site) -> None:
    """The swap of 2/1/2026 was decided on 25/12/2025: ten workdays from 22/12 end a day later from then on."""
    dossier = {
        "dossier_id": "HS-1",
        "time_limit": {"amount": 10, "unit": "workday"},
        "events": [{"kind": "dossier_accepted", "at": "2025-12-22T08:30"}],
    }
    for known_on, due in (("2025-12-22", "2026-01-06"), ("2025-12-25", "2026-01-07")):
        said = site.ask("/v1/verdict", dossier, "2026-01-20", known_on=known_on).json()
        assert said["clock"]["lawful_due"] == due


def test_health_says_by_which_law_it_judges(site: Site, book: Rulebook) -> None:
    said = site.client.get("/v1/health").json()
    assert said["status"] == "ok"
    assert said["library"] == __version__
    assert said["law"] == book.corpus.digest == site.ask("/v1/verdict", LATE).json()["digests"]["rules"]
    assert said["law_files"] == len(book.corpus.files)
    last = date.fromisoformat(said["calendar_published_to"])
    assert (last.month, last.day) == (12, 31)
    for day, is_provisional in ((last, False), (date(last.year + 1, 1, 31), True)):
        accepted = {"kind": "dossier_accepted", "at": f"{day.isoformat()}T08:30"}
        dossier = {**LATE, "time_limit": {"amount": 0, "unit": "calendar_day"}, "events": [accepted]}
        assert book.evaluate(dossier, day).clock.provisional is is_provisional


@pytest.mark.parametrize("path", ["/", "/v1/health", "/v1/openapi.json", "/nowhere", "/v1/verdict"])
def test_every_answer_keeps_a_browser_strict(site: Site, path: str) -> None:
    headers = site.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_dossiers_are_never_kept_by_who_is_between(site: Site) -> None:
    for answer in (site.ask("/v1/verdict", LATE), site.ask("/v1/timeline", LATE), site.ask("/v1/verdict", b"{")):
        assert answer.headers["cache-control"] == "no-store"


def test_no_word_of_a_dossier_is_in_the_log(book: Rulebook, caplog: pytest.LogCaptureFixture) -> None:
    secret = {**OPEN, "dossier_id": "BI-MAT-0001", "officers": ["Nguyễn Bí Mật"]}
    with caplog.at_level(logging.DEBUG), served(book) as site:
        site.ask("/v1/verdict", secret, what_if="result_issued 2025-10-01")
        site.ask("/v1/verdict", {**secret, "channel": "BI-MAT"})
        site.ask("/v1/verdict", b"BI-MAT")
        site.client.get("/BI-MAT-0001")
        site.batch(b'{"dossier_id": "BI-MAT-0002"}\nBI-MAT\n')
    ours = [record.getMessage() for record in caplog.records if record.name == "tthc_web"]
    assert [line.split(" ms ")[0].rpartition(" ")[0] for line in ours] == [
        *("POST /v1/verdict 200", "POST /v1/verdict 422", "POST /v1/verdict 400", "GET - 404", "POST /v1/batch 200"),
    ]
    said = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("http"))
    for word in ("BI-MAT", "Bí Mật", "result_issued", "2025-10-01", "127.0.0.1:"):
        assert word not in said.replace("Uvicorn running on http://127.0.0.1:", "")


class Broken(Rulebook):
    """A rulebook with a fault that speaks of the dossier."""

    def evaluate(self, dossier: Any, *given: Any, **options: Any) -> Any:
        if dossier.dossier_id != "BI-MAT-0001":
            return super().evaluate(dossier, *given, **options)
        raise RuntimeError(f"cannot bear {dossier.dossier_id}")


def test_a_fault_of_ours_is_an_answer_without_a_word_of_the_dossier(
    book: Rulebook, caplog: pytest.LogCaptureFixture
) -> None:
    with served(Broken(book.corpus)) as site:
        problem(site.ask("/v1/verdict", {**OPEN, "dossier_id": "BI-MAT-0001"}), 500, "TR-web-fault")
        lines = [json.dumps({**OPEN, "dossier_id": name}) for name in ("A", "BI-MAT-0001", "B")]
        told = [json.loads(line) for line in site.batch("\n".join(lines).encode()).text.splitlines()]
        assert site.ask("/v1/verdict", LATE).status_code == 200
    assert [one.get("problem", {}).get("code") for one in told] == [None, "TR-web-fault", None]
    faults = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(faults) == 2
    assert all(line.startswith("RuntimeError: evaluate ") for line in faults)
    assert "BI-MAT" not in "\n".join(faults)

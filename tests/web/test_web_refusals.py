"""What cannot be served is refused: hostile bodies, questions that nobody can answer, too much, too slow, too many."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from serving import AS_OF, JSON, LATE, OPEN, Response, Site, problem, served
from tthc_web.app import from_environment
from tthc_web.limits import Limits, limits_in

from tthc_rules import Rulebook

POST = f"POST /v1/verdict?as_of={AS_OF} HTTP/1.1\n"
BODY = json.dumps(LATE).encode()


@pytest.fixture(scope="module")
def site(book: Rulebook) -> Iterator[Site]:
    with served(book, Limits(body_bytes=200_000, seconds=2)) as one:
        yield one


def whole(said: bytes) -> tuple[int, dict[str, Any]]:
    """An answer as it came: its status, and its document."""
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head, said
    return int(head.split()[1]), json.loads(body)


def answer_on(connection: Any) -> bytes:
    """All that comes until an answer with its length is there."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += connection.recv(65536)
    head, _, body = said.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length"))
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


# -- bodies ------------------------------------------------------------------------------------------------------------

HOSTILE: list[tuple[str, bytes, int, str, str]] = [
    ("empty", b"", 400, "TR-input-json", "1:1"),
    ("cut off", BODY[:-30], 400, "TR-input-json", "1:"),
    ("two texts", BODY + b"{}", 400, "TR-input-json", f"1:{len(BODY) + 1}"),
    ("not UTF-8", '{"dossier_id": "Hồ sơ"}'.encode("utf-16"), 400, "TR-input-json", "1:"),
    ("latin-1", b'{"dossier_id": "H\xf4 s\xf2"}', 400, "TR-input-json", "1:18"),
    ("a key twice", b'{"dossier_id": "A", "dossier_id": "B"}', 400, "TR-input-json", "1:21"),
    ("NaN", b'{"dossier_id": "A", "weight": NaN}', 400, "TR-input-json", "1:31"),
    ("-Infinity", b'{"dossier_id": "A", "weight": -Infinity}', 400, "TR-input-json", "1:31"),
    ("half a letter", b'{"dossier_id": "\\ud800"}', 400, "TR-input-json", "1:17"),
    ("deep lists", b'{"a": ' + b"[" * 90_000, 400, "TR-input-json", "1:1"),
    ("deep objects", b'{"a": ' + b'{"a": ' * 15_000 + b"1" + b"}" * 15_001, 400, "TR-input-json", "1:1"),
    ("a number of digits", b'{"dossier_id": "A", "weight": ' + b"9" * 100_000 + b"}", 400, "TR-input-json", "1:1"),
    ("a list", b"[1, 2]", 422, "TR-input-type", ""),
    ("a text", b'"HS-1"', 422, "TR-input-type", ""),
    ("null", b"null", 422, "TR-input-type", ""),
    ("no id", b'{"events": []}', 422, "TR-input-missing", "dossier_id"),
    ("an id that is a number", b'{"dossier_id": 1e400}', 422, "TR-input-type", "dossier_id"),
    (
        "no moment",
        b'{"dossier_id": "A", "events": [{"kind": "dossier_accepted"}]}',
        422,
        "TR-input-missing",
        "A: events[0].at",
    ),
    (
        "a limit beyond all",
        b'{"dossier_id": "A", "time_limit": {"amount": 99999999999, "unit": "workday"}}',
        422,
        "TR-input-range",
        "A: time_limit.amount",
    ),
    (
        "501 events",
        json.dumps({"dossier_id": "A", "events": [{"kind": "payment_awaited", "at": "2025-08-25"}] * 501}).encode(),
        422,
        "TR-input-length",
        "A: events",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "code", "place"), [one[1:] for one in HOSTILE], ids=[one[0] for one in HOSTILE]
)
def test_a_hostile_body_is_told_what_is_wrong_with_it(
    site: Site, body: bytes, status: int, code: str, place: str
) -> None:
    said = problem(site.ask("/v1/verdict", body), status, code)
    assert said["problems"][0]["place"].startswith(place)
    assert site.ask("/v1/verdict", LATE).status_code == 200


def test_the_mark_before_a_text_is_no_fault(site: Site) -> None:
    assert site.ask("/v1/verdict", b"\xef\xbb\xbf" + BODY).text == site.ask("/v1/verdict", BODY).text


def test_all_that_is_wrong_is_told_at_once(site: Site) -> None:
    dossier = {"dossier_id": "A", "channel": "onlin", "time_limit": {"amount": 5, "unit": "day"}, "events": [{}]}
    said = problem(site.ask("/v1/verdict", dossier), 422, "TR-input-choice")
    assert [one["place"] for one in said["problems"]] == [
        *("A: channel", "A: time_limit.unit", "A: events[0].kind", "A: events[0].at"),
    ]
    assert said["problems"][0]["nearest"] == "online"
    assert said["problems"][1]["known"] == ["workday", "calendar_day"]
    assert all(one["vi"] and one["en"] and one["vi"] != one["en"] for one in said["problems"])


def test_pages_and_documents_escape_what_a_dossier_says(site: Site) -> None:
    word = "<img src=x onerror=alert(1)>\"'"
    dossier = {**LATE, "dossier_id": word, "units": {"handling_agency": word}, "field": word}
    page = site.ask("/v1/timeline", dossier).text
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert site.ask("/v1/timeline", {**dossier, "channel": word}).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=windows-1258"},
        {"Content-Type": "application/x-ndjson"},
        {"Content-Type": "json"},
        {"Content-Type": "; charset=utf-8"},
        {**JSON, "Content-Encoding": "gzip"},
    ],
)
def test_another_type_of_body_is_refused(site: Site, headers: dict[str, str]) -> None:
    answer = site.client.post("/v1/verdict", content=BODY, headers=headers, params={"as_of": str(AS_OF)})
    said = problem(answer, 415, "TR-web-type")
    assert said["problems"][0]["known"] in (["application/json"], ["identity"])


@pytest.mark.parametrize(
    "said", ["", "; charset=utf-8", ";charset=UTF-8", '; charset="utf-8"; profile=x', "; profile=x"]
)
def test_utf_8_may_be_said(site: Site, said: str) -> None:
    headers = {"Content-Type": f"Application/JSON{said}"}
    answer = site.client.post("/v1/verdict", content=BODY, headers=headers, params={"as_of": str(AS_OF)})
    assert answer.status_code == 200


# -- questions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code", "place"),
    [
        ("", "TR-input-missing", "as_of"),
        ("as_of=", "TR-option-date", "as_of"),
        ("as_of=20/09/2025", "TR-option-date", "as_of"),
        ("as_of=20250920", "TR-option-date", "as_of"),
        ("as_of=2025-02-30", "TR-option-date", "as_of"),
        ("as_of=2025-09-20T08:00", "TR-option-date", "as_of"),
        ("as_of=1800-01-01", "TR-as-of-range", "as_of"),
        ("as_of=2025-09-20&known_on=hôm nay", "TR-option-date", "known_on"),
        ("as_of=2025-09-20&lateness=by_dat", "TR-option-lateness", "lateness"),
        ("as_of=2025-09-20&calendar=mars", "TR-option-calendar", "calendar"),
        ("as_of=2025-09-20&hours=%00", "TR-option-hours", "hours"),
        ("as_of=2025-09-20&strict=maybe", "TR-input-type", "strict"),
        ("as_of=2025-09-20&stric=true", "TR-input-unknown-field", "stric"),
        ("as_of=2025-09-20&lateniss=by_date", "TR-input-misspelt", "lateniss"),
        ("as_of=2025-09-20&answer=row", "TR-input-unknown-field", "answer"),
        ("as_of=2025-09-20&as_of=2025-09-20", "TR-web-twice", "as_of"),
        ("as_of=2025-09-20&what_if=result_issed 2025-10-01", "TR-input-misspelt", "what_if[0].kind"),
        ("as_of=2025-09-20&what_if=result_issued", "TR-moment-form", "what_if[0].at"),
        ("as_of=2025-09-20&what_if=%5B", "TR-input-json", "what_if[0]:1:2"),
        ("as_of=2025-09-20&what_if=%7B%7D&what_if=5", "TR-input-missing", "what_if[0].kind"),
        ("as_of=2025-09-20" + "&what_if=result_issued 2025-10-01" * 51, "TR-input-length", "what_if"),
    ],
)
def test_a_question_that_cannot_be_put_is_told_what_is_wrong(site: Site, query: str, code: str, place: str) -> None:
    answer = site.client.post(f"/v1/verdict?{query}", content=BODY, headers=JSON)
    assert problem(answer, 422, code)["problems"][0]["place"] == place


def test_a_language_that_is_not_told_is_refused(site: Site) -> None:
    said = problem(site.ask("/v1/explanation", LATE, lang="fr"), 422, "TR-input-choice")
    assert said["problems"][0]["known"] == ["vi", "en"]


def test_the_question_is_looked_at_before_the_body(site: Site) -> None:
    """A client that waits for the word to go on sends nothing for a question that cannot be put."""
    head = (
        POST.replace(str(AS_OF), f"{AS_OF}&lateness=never")
        + "Content-Type: application/json\nContent-Length: 100\nExpect: 100-continue\n"
    )
    with site.raw(head) as connection:
        assert whole(answer_on(connection))[0] == 422
    with site.raw(head.replace("&lateness=never", "")) as connection:
        assert connection.recv(12) == b"HTTP/1.1 100"


def test_there_is_no_other_address_and_no_other_method(site: Site) -> None:
    problem(site.client.get("/v1/verdicts"), 404, "TR-web-path")
    problem(site.client.get("/docs"), 404, "TR-web-path")
    answer = site.client.get("/v1/verdict")
    problem(answer, 405, "TR-web-method")
    assert answer.headers["allow"] == "POST"


# -- limits ------------------------------------------------------------------------------------------------------------


def test_a_body_that_says_it_is_too_large_is_not_read(site: Site) -> None:
    for length in ("200001", "9" * 18):
        with site.raw(f"{POST}Content-Type: application/json\nContent-Length: {length}\n") as connection:
            status, said = whole(answer_on(connection))
            assert (status, said["code"]) == (413, "TR-web-size")


def test_a_body_that_turns_out_too_large_is_refused(site: Site) -> None:
    def endless() -> Iterator[bytes]:
        yield BODY[:-1]
        for _ in range(5):
            yield b" " * 50_000

    answer = site.client.post("/v1/verdict", content=endless(), headers=JSON, params={"as_of": str(AS_OF)})
    problem(answer, 413, "TR-web-size")


def test_a_body_of_just_the_limit_is_taken(site: Site) -> None:
    assert site.ask("/v1/verdict", BODY + b" " * (200_000 - len(BODY))).status_code == 200
    problem(site.ask("/v1/verdict", BODY + b" " * (200_001 - len(BODY))), 413, "TR-web-size")


def test_a_body_that_never_comes_is_given_up(book: Rulebook) -> None:
    head = f"{POST}Content-Type: application/json\nContent-Length: 1000\n"
    with served(book, Limits(seconds=1)) as site, site.raw(head) as connection:
        connection.sendall(BODY[:50])
        status, said = whole(answer_on(connection))
        assert (status, said["code"]) == (408, "TR-web-time")


def test_a_client_that_stops_in_the_middle_harms_nobody(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    for sent in (b"", BODY[:50]):
        with site.raw(f"{POST}Content-Type: application/json\nContent-Length: 1000\n") as connection:
            connection.sendall(sent)
        assert site.ask("/v1/verdict", LATE).status_code == 200
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


class Slow(Rulebook):
    """A rulebook that ponders until it is told to go on."""

    def __init__(self, corpus: Any) -> None:
        super().__init__(corpus)
        self.go_on, self.asked = threading.Event(), threading.Event()

    def evaluate(self, *given: Any, **options: Any) -> Any:
        self.asked.set()
        assert self.go_on.wait(60)
        return super().evaluate(*given, **options)


def test_judging_a_batch_stops_nobody(book: Rulebook) -> None:
    slow = Slow(book.corpus)
    with served(slow) as site:
        answers: list[Response] = []
        waiting = threading.Thread(target=lambda: answers.append(site.batch(BODY)))
        waiting.start()
        assert slow.asked.wait(60)
        assert site.client.get("/v1/health").status_code == 200
        slow.go_on.set()
        waiting.join(60)
        assert answers[0].json()["verdict"]["dossier_id"] == LATE["dossier_id"]


def test_judging_stops_nobody_and_one_who_waits_too_long_is_told(book: Rulebook) -> None:
    slow = Slow(book.corpus)
    with served(slow, Limits(seconds=1, threads=1)) as site:
        answers: list[Response] = []
        waiting = threading.Thread(target=lambda: answers.append(site.ask("/v1/verdict", LATE)))
        waiting.start()
        assert slow.asked.wait(60)
        assert site.client.get("/v1/health").status_code == 200  # while the only thread that judges is taken
        waiting.join(60)
        problem(answers[0], 503, "TR-web-busy")
        assert answers[0].headers["retry-after"] == "5"
        slow.go_on.set()
        assert site.ask("/v1/verdict", OPEN).status_code == 200


# -- settings ----------------------------------------------------------------------------------------------------------


def test_limits_are_set_by_the_environment() -> None:
    assert limits_in({}) == Limits()
    assert limits_in({"TTHC_WEB_BODY_BYTES": "5", "TTHC_WEB_BATCHES": "7"}) == Limits(body_bytes=5, batches=7)


@pytest.mark.parametrize("written", ["", "0", "-1", "1.5", "1 MB", "٣", "9" * 400])
def test_a_limit_that_is_no_number_stops_the_start(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("TTHC_WEB_BODY_BYTES", written)
    monkeypatch.setenv("TTHC_WEB_SECONDS", "soon")
    with pytest.raises(SystemExit) as refused:
        from_environment()
    told = [line for line in str(refused.value.code).splitlines() if line.startswith("TR-web-setting")]
    assert [line.split()[1] for line in told] == ["TTHC_WEB_BODY_BYTES:", "TTHC_WEB_SECONDS:"]


def test_rules_that_cannot_be_used_stop_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "a.yaml").write_text("format: 1\n", encoding="utf-8")
    monkeypatch.setenv("TTHC_WEB_RULES", str(tmp_path))
    with pytest.raises(SystemExit, match="TR-rule-kind"):
        from_environment()


def test_rules_of_ones_own_are_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, book: Rulebook) -> None:
    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures" / "so.yaml").write_text(
        'format: 1\ntime_limits: so\nlabel: {vi: "Sở", en: "Dept"}\nregime: one_stop\nentries:\n'
        '  - {procedure: "1.004884", from: "2025-07-01", time_limit: {amount: 5, unit: workday},\n'
        '     citations: [{document: "Quyết định", status: secondary}]}\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("TTHC_WEB_RULES", str(tmp_path))
    made: Callable[[], Any] = from_environment
    assert made().state.book.corpus.digest != book.corpus.digest

"""Nights that judge only some dossiers leave what judging all of them would; a night again writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from .conftest import FILLED, FIRST
from .running import Example, Server

DAY: Final = date.fromisoformat(FIRST)
RESULTS: Final = ("results", "errors", "notes")


def rows(server: Server, uri: str) -> list[str]:
    """All that a run leaves, but which run it was."""
    queries = [f"SELECT '{name}', to_jsonb(t) - 'run_id' FROM tthc.{name} t ORDER BY 2" for name in RESULTS]
    return [server.psql(uri, query) for query in queries]


def last_run(server: Server, uri: str) -> dict[str, str]:
    """The last row of the table of runs."""
    names = ("because", "dossiers", "judged", "written", "removed", "reasons")
    said = server.psql(uri, f"SELECT {', '.join(names)} FROM tthc.runs ORDER BY run_id DESC LIMIT 1")
    return dict(zip(names, said.strip().split("|"), strict=True))


def as_if_judged_anew(server: Server, uri: str, example: Example, day: date) -> list[str]:
    """What a full run in a copy of the database leaves, in results that were empty."""
    copy = server.database(uri.partition("@/")[2].partition("?")[0])
    server.psql(copy, *(f"TRUNCATE tthc.{name}" for name in RESULTS))
    code, said = example("run", "--full", "--as-of", day.isoformat(), "--db", copy)
    assert code in (0, 1), said
    return rows(server, copy)


SOME: Final = "(SELECT ma_ho_so FROM cong.ho_so ORDER BY md5(ma_ho_so) OFFSET {} LIMIT {})"
"""Some dossiers, always the same ones."""
BY_HAND: Final = {
    1: ("DELETE FROM cong.lich_su WHERE hanh_dong = 'CO_KET_QUA' AND ma_ho_so IN " + SOME.format(0, 40),),
    2: ("DELETE FROM cong.ho_so WHERE ma_ho_so IN " + SOME.format(40, 3),),
    3: (
        "UPDATE cong.lich_su SET luc = luc + interval '3 days' WHERE hanh_dong = 'TIEP_NHAN' AND ma_ho_so IN "
        + SOME.format(43, 5),
        "UPDATE cong.ho_so SET kenh_thuc_hien = NULL WHERE ma_ho_so IN " + SOME.format(48, 2),
    ),
    4: ("UPDATE cong.thu_tuc SET thoi_han = 12 WHERE ma_thu_tuc = '9.900001'",),
    5: ("INSERT INTO tthc.kinds VALUES ('QUET_ANH', NULL)",),
    6: (
        "UPDATE cong.ho_so SET ma_thu_tuc = '9.900007' WHERE ma_ho_so IN " + SOME.format(50, 2),
        "UPDATE cong.lich_su SET luc = NULL, ngay = NULL WHERE hanh_dong = 'NOP' AND ma_ho_so IN " + SOME.format(52, 4),
    ),
}
"""What people do to the portal in each night, beside what comes in."""


def test_nights_leave_what_judging_all_would(server: Server, portal: str, example: Example) -> None:
    """Nine days with a weekend; what is carried stands on nothing but the days before."""
    judged = []
    for number in range(9):
        day = DAY + timedelta(days=number)
        assert example(*FILLED, day.isoformat(), "--db", portal)[0] == 0
        if number in BY_HAND:
            server.psql(portal, *BY_HAND[number])
        code, said = example("run", "--as-of", day.isoformat(), "--db", portal)
        assert code == 1, said
        run = last_run(server, portal)
        assert run["because"] == ("since_last" if number else "first")
        assert server.psql(portal, "SELECT count(*) FROM tthc.changed") == "0\n"
        judged.append((int(run["judged"]), int(run["dossiers"])))
        assert rows(server, portal) == as_if_judged_anew(server, portal, example, day), (number, said)
    few = [number for number, (some, every) in enumerate(judged) if some < every / 4]
    assert len(few) >= 6, judged  # else nothing was carried, and nothing was compared
    assert all(some for some, _ in judged), judged


def test_a_night_again_writes_nothing(server: Server, portal: str, example: Example) -> None:
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    before = rows(server, portal)
    versions = server.psql(portal, "SELECT dossier_id, xmin, run_id FROM tthc.results ORDER BY 1")
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    assert last_run(server, portal) == {
        "because": "since_last", "dossiers": "314", "judged": "0", "written": "0", "removed": "0", "reasons": "{}",
    }  # fmt: skip
    assert example("run", "--full", "--as-of", FIRST, "--db", portal)[0] == 1
    run = last_run(server, portal)
    assert (run["because"], run["judged"], run["written"], run["removed"]) == ("asked", "314", "0", "0")
    assert rows(server, portal) == before
    assert server.psql(portal, "SELECT dossier_id, xmin, run_id FROM tthc.results ORDER BY 1") == versions


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (("--as-of", "2026-11-11"), "earlier"),
        (("--as-of", FIRST, "--lateness", "by_instant"), "question"),
        (("--as-of", FIRST, "--rules", "{rules}"), "law_digest"),
        (("--as-of", FIRST, "--known-on", "2024-01-02"), "law_edition"),
    ],
)
def test_on_other_ground_every_dossier_is_judged(
    server: Server, portal: str, example: Example, tmp_path: Path, arguments: tuple[str, ...], because: str
) -> None:
    rules = tmp_path / "rules" / "procedures"
    rules.mkdir(parents=True)
    (rules / "a.yaml").write_text(
        "format: 1\ntime_limits: thu\nlabel: {vi: Thử, en: Try}\nregime: one_stop\nentries:\n"
        '  - procedure: "9.999999"\n    from: "2025-07-01"\n    time_limit: {amount: 5, unit: workday}\n'
        "    citations: [{document: Quyết định ví dụ, status: secondary, source: ví dụ}]\n",
        encoding="utf-8",
    )
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    said = example("run", "--db", portal, *(word.format(rules=rules.parent) for word in arguments))
    assert said[0] == 1, said
    run = last_run(server, portal)
    assert (run["because"], run["judged"]) == (because, run["dossiers"])


def test_another_view_is_other_ground(server: Server, portal: str, example: Example) -> None:
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    server.psql(
        portal,
        "DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW tthc.dossiers AS '"
        " || replace(pg_get_viewdef('tthc.dossiers'::regclass), 'in_person', 'at_the_desk'); END $$",
    )
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    assert last_run(server, portal)["because"] == "source_digest"
    assert server.psql(portal, "SELECT count(*) FROM tthc.results WHERE channel = 'in_person'") == "0\n"


def test_another_version_of_the_library_is_other_ground(
    server: Server, portal: str, example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    monkeypatch.setattr(example.night, "code_digest", lambda: "of tomorrow")
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    assert last_run(server, portal)["because"] == "code_digest"


@pytest.mark.parametrize("when", ["between the connections", "while it is judging"])
def test_what_comes_during_a_run_is_left_for_the_next(
    server: Server, portal: str, example: Example, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    one = server.psql(portal, "SELECT min(dossier_id) FROM tthc.results WHERE punctuality = 'pending'").strip()
    other = server.psql(portal, "SELECT max(dossier_id) FROM tthc.results WHERE punctuality = 'pending'").strip()
    insert = "INSERT INTO cong.lich_su (ma_ho_so, stt, hanh_dong, luc)"
    insert += " VALUES ('{}', {}, '{}', '2026-11-12 16:00+07')"
    result = insert.format(other, 99, "CO_KET_QUA")
    server.psql(portal, insert.format(one, 99, "CO_KET_QUA"), insert.format(other, 98, "IN_PHIEU"))
    judging: Callable[..., object] = example.results.rows_of
    beginning: Callable[..., str] = example.server.Session.begin

    def judged(*given: object) -> object:
        server.psql(portal, result)
        return judging(*given)

    def begun(session: object, snapshot: str | None = None) -> str:
        if snapshot is not None:
            server.psql(portal, result)
        return beginning(session, snapshot)

    with monkeypatch.context() as patch:
        if when == "while it is judging":
            patch.setattr(example.results, "rows_of", judged)
        else:
            patch.setattr(example.server.Session, "begin", begun)
        assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    assert last_run(server, portal)["judged"] == "2"
    state = "SELECT punctuality FROM tthc.results WHERE dossier_id = '{}'"
    assert server.psql(portal, state.format(one)) == "early\n"
    assert server.psql(portal, state.format(other)) == "pending\n"
    assert server.psql(portal, "SELECT dossier_id FROM tthc.changed") == f"{other}\n"
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    assert server.psql(portal, state.format(other)) == "early\n"


def test_what_goes_past_the_triggers_is_seen_by_its_count(server: Server, portal: str, example: Example) -> None:
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    before = rows(server, portal)
    server.psql(
        portal,
        "SET session_replication_role = replica",  # as a restore does it: no trigger fires
        "INSERT INTO cong.ho_so (ma_ho_so, ma_thu_tuc) VALUES ('lén', '9.900001')",
    )
    code, said = example("run", "--as-of", "2026-11-13", "--db", portal)
    assert (code, said.split()[0]) == (2, "PG-count")
    assert rows(server, portal) == before
    assert example("run", "--full", "--as-of", "2026-11-13", "--db", portal)[0] == 1
    assert server.psql(portal, "SELECT punctuality FROM tthc.results WHERE dossier_id = 'lén'") == "not_started\n"

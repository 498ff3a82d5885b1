"""A run that fails leaves the old results whole, whatever stops it; and says in plain words what to do."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .conftest import FIRST
from .running import Example, Server
from .test_several_nights import rows

NEXT = "2026-11-13"


class StopError(Exception):
    """Something that nobody foresaw."""


@pytest.fixture
def judged(server: Server, portal: str, example: Example) -> str:
    """A portal with results of the day before."""
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    return portal


def in_small_batches(example: Example, patch: pytest.MonkeyPatch, then: Callable[[], None]) -> list[int]:
    """Let the stream come in small pieces, and something happen after the third; how many dossiers each held."""
    patch.setattr(example.server, "_BATCH_BYTES", 40_000)
    sizes: list[int] = []
    judging: Callable[..., Iterator[Any]] = example.results.rows_of

    def counted(judged: Any, source: Any, as_of: Any) -> Iterator[Any]:
        sizes.append(len(source))
        if len(sizes) == 3:
            then()
        return judging(judged, source, as_of)

    patch.setattr(example.results, "rows_of", counted)
    return sizes


def test_the_stream_comes_in_pieces(
    server: Server, judged: str, example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(server, judged)
    sizes = in_small_batches(example, monkeypatch, lambda: None)
    assert example("run", "--full", "--as-of", FIRST, "--db", judged)[0] == 1
    assert len(sizes) > 5
    assert max(sizes) < sum(sizes) / 4
    assert rows(server, judged) == before


def fails() -> None:
    raise StopError


def test_what_nobody_foresaw_leaves_the_old_results(
    server: Server, judged: str, example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [*rows(server, judged), server.psql(judged, "SELECT * FROM tthc.runs")]
    with monkeypatch.context() as patch:
        sizes = in_small_batches(example, patch, fails)
        patch.setattr(sys, "argv", ["judge.py", "run", "--full", "--as-of", NEXT, "--db", judged])
        with pytest.raises(StopError):
            example.judge.main()
    assert len(sizes) == 3
    assert [*rows(server, judged), server.psql(judged, "SELECT * FROM tthc.runs")] == before
    assert example("run", "--as-of", NEXT, "--db", judged)[0] == 1  # no lock and no transaction is left


def cancelled(server: Server, uri: str, statement: str) -> None:
    """Cancel a statement at the server: what the driver does with Ctrl-C in the main thread, and administrators do."""
    at_work = (
        f"datname = current_database() AND query LIKE '{statement}' AND state = 'active' AND pid <> pg_backend_pid()"
    )
    assert server.psql(uri, f"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE {at_work}") == "t\n"


@pytest.mark.parametrize("how", ["a signal", "raised", "cancelled"])
def test_who_interrupts_it_finds_the_old_results(
    server: Server, judged: str, example: Example, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    before = rows(server, judged)

    def interrupts() -> None:
        match how:
            case "a signal":
                os.kill(os.getpid(), signal.SIGINT)  # to the main thread, which waits for this one
            case "raised":
                raise KeyboardInterrupt
            case _:
                cancelled(server, judged, "COPY%judged%")

    in_small_batches(example, monkeypatch, interrupts)
    code, said = example("run", "--full", "--as-of", NEXT, "--db", judged)
    assert (code, "kết quả cũ còn nguyên" in said) == (130, True), said
    assert rows(server, judged) == before


def test_a_stream_that_is_cancelled_is_an_interrupt_too(
    server: Server, bare: Callable[[str], str], example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = bare(
        "CREATE TYPE tthc.event AS (kind text, at text); CREATE VIEW tthc.dossiers AS SELECT 'HS-' || g AS dossier_id,"
        " ARRAY[]::tthc.event[] AS events FROM generate_series(1, 400000) g"  # far more than the socket holds
    )
    in_small_batches(example, monkeypatch, lambda: cancelled(server, uri, "COPY%FROM tthc.dossiers%"))
    code, said = example("run", "--as-of", NEXT, "--db", uri)
    assert (code, "kết quả cũ còn nguyên" in said) == (130, True), said
    assert server.psql(uri, "SELECT count(*) FROM tthc.results") == "0\n"


def test_a_server_that_goes_away_leaves_the_old_results(
    server: Server, judged: str, example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both connections are ended by the server, as when it is shut down."""
    one = server.psql(judged, "SELECT min(dossier_id) FROM tthc.results").strip()
    server.psql(judged, f"UPDATE cong.ho_so SET kenh_thuc_hien = 3 WHERE ma_ho_so = '{one}'")
    before = [*rows(server, judged), server.psql(judged, "SELECT * FROM tthc.changed")]

    def ended() -> None:
        server.psql(
            judged,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )

    with monkeypatch.context() as patch:
        in_small_batches(example, patch, ended)
        code, said = example("run", "--full", "--as-of", NEXT, "--db", judged)
    assert (code, said.split()[0]) == (2, "PG-server"), said
    assert [*rows(server, judged), server.psql(judged, "SELECT * FROM tthc.changed")] == before
    assert example("run", "--as-of", NEXT, "--db", judged)[0] == 1


def test_a_fault_in_placing_the_rows_leaves_the_old_results(server: Server, judged: str, example: Example) -> None:
    before = rows(server, judged)
    server.psql(judged, "ALTER TABLE tthc.notes ADD CHECK (run_id < 2)")
    server.psql(judged, "DELETE FROM cong.lich_su WHERE hanh_dong = 'TIEP_NHAN'")
    code, said = example("run", "--as-of", NEXT, "--db", judged)
    assert (code, said.split()[0]) == (2, "PG-refused"), said
    assert rows(server, judged) == before


# -- plain words ---------------------------------------------------------------------------------------------------


def first_word(told: tuple[int, str]) -> tuple[int, str]:
    """The exit code, and the code of the error."""
    code, said = told
    assert "Traceback" not in said
    return code, said.split()[0].rstrip(":")


def test_no_server_no_database_no_such_account(server: Server, example: Example) -> None:
    for uri in (
        f"postgresql://tthc@/postgres?host={server.folder}/nowhere",
        "postgresql://tthc:rat-bi-mat@127.0.0.1:1/postgres",
        server.uri("nodb"),
        server.uri("postgres", "nobody_here"),
        "postgresql://tthc:rat-bi-mat@[bad/postgres",
        "not an address",
    ):
        told = example("run", "--as-of", FIRST, "--db", uri)
        assert first_word(told) == (2, "PG-server"), told
        assert "rat-bi-mat" not in told[1]


def test_a_database_without_the_tables(server: Server, example: Example) -> None:
    told = example("run", "--as-of", FIRST, "--db", server.database())
    assert first_word(told) == (2, "PG-schema")
    assert "judge.py setup" in told[1]


def test_a_portal_without_its_bridge_is_told_to_write_it(server: Server, example: Example) -> None:
    """After `setup` alone, as one begins with a portal of one's own: setup again would not help."""
    uri = server.database()
    code, said = example("setup", "--db", uri)
    assert (code, "bridge.sql" in said) == (0, True), said
    told = example("run", "--as-of", FIRST, "--db", uri)
    assert first_word(told) == (2, "PG-schema")
    assert "bridge.sql" in told[1]
    assert "bridge.sql" in example("setup", "--runner", "tthc", "--db", uri)[1]


def test_a_database_in_other_letters(server: Server, example: Example) -> None:
    uri = server.database("template0 ENCODING 'WIN1258'")
    assert first_word(example("setup", "--db", uri)) == (2, "PG-encoding")


def test_results_of_another_version(server: Server, judged: str, example: Example) -> None:
    server.psql(judged, "ALTER TABLE tthc.results DROP COLUMN apology_before_due")
    told = example("run", "--as-of", NEXT, "--db", judged)
    assert first_word(told) == (2, "PG-schema")
    assert "apology_before_due" in told[1]
    assert example("setup", "--db", judged)[0] == 0
    assert example("run", "--full", "--as-of", FIRST, "--db", judged)[0] == 1
    assert server.psql(judged, "SELECT count(*) > 100 FROM tthc.results WHERE apology_before_due <> ''") == "t\n"


def test_a_column_that_these_rules_do_not_write(server: Server, judged: str, example: Example) -> None:
    """It would go on telling of the old law."""
    server.psql(judged, "ALTER TABLE tthc.results ADD COLUMN duty_of_before text DEFAULT 'missed'")
    told = example("run", "--as-of", NEXT, "--db", judged)
    assert first_word(told) == (2, "PG-schema")
    assert "duty_of_before" in told[1]


def test_an_account_with_no_rights_and_one_with_those_of_a_run(server: Server, portal: str, example: Example) -> None:
    name = "người \"chấm'"
    server.psql(portal, 'CREATE ROLE "người ""chấm\'" LOGIN')
    quoted = "ng%C6%B0%E1%BB%9Di%20%22ch%E1%BA%A5m%27"
    uri = portal.replace("//tthc@", f"//{quoted}@")
    told = example("run", "--as-of", FIRST, "--db", uri)
    assert first_word(told) == (2, "PG-permission"), told
    assert example("setup", "--runner", name, "--db", portal)[0] == 0
    assert example("run", "--as-of", FIRST, "--db", uri)[0] == 1
    for table in ("cong.ho_so", "cong.lich_su"):
        with pytest.raises(AssertionError, match="permission denied"):
            server.psql(uri, f"SELECT * FROM {table}")
    assert first_word(example("setup", "--db", uri))[0] == 2


def test_two_runs_at_once(server: Server, judged: str, example: Example) -> None:
    with example.server.session(judged) as other:
        other.lock()
        assert first_word(example("run", "--as-of", NEXT, "--db", judged)) == (2, "PG-busy")
    assert example("run", "--as-of", NEXT, "--db", judged)[0] == 1


def test_a_view_that_gives_a_dossier_twice(server: Server, bare: Callable[[str], str], example: Example) -> None:
    uri = bare(
        "CREATE TYPE tthc.event AS (kind text, at text); CREATE VIEW tthc.dossiers AS"
        " SELECT 'HS-1'::text AS dossier_id, ARRAY[]::tthc.event[] AS events FROM generate_series(1, 2)"
    )
    assert first_word(example("run", "--as-of", FIRST, "--db", uri)) == (2, "PG-twice")


def test_a_misspelt_column_stops_the_run_before_any_row(
    server: Server, bare: Callable[[str], str], example: Example
) -> None:
    uri = bare(
        "CREATE TYPE tthc.event AS (kind text, appointed_deu text); CREATE VIEW tthc.dossiers AS"
        " SELECT 'HS-1'::text AS dossier_id, ARRAY[ROW ('dossier_accepted', '2026-11-02')::tthc.event] AS events"
    )
    assert first_word(example("run", "--as-of", FIRST, "--db", uri)) == (2, "TR-input-misspelt")


def test_nothing_of_others_is_filled_over(server: Server, portal: str, example: Example) -> None:
    for arguments in (("--dossiers", "401", "--until", NEXT), ("--dossiers", "400", "--until", "2026-11-01")):
        assert first_word(example("fill", *arguments, "--db", portal)) == (2, "PG-exists")
    strange = server.database()
    server.psql(strange, "CREATE SCHEMA cong", "CREATE TABLE cong.ho_so (ma_ho_so text)")
    assert first_word(example("setup", "--demo", "--db", strange)) == (2, "PG-exists")
    assert server.psql(strange, "SELECT to_regnamespace('tthc') IS NULL") == "t\n"


def test_set_up_twice_changes_nothing(server: Server, judged: str, example: Example) -> None:
    before = rows(server, judged)
    assert example("setup", "--demo", "--db", judged)[0] == 0
    assert rows(server, judged) == before


def test_what_is_typed_wrong(example: Example) -> None:
    assert first_word(example("run", "--as-of", "12/11/2026"))[1] == "PG-date"
    assert first_word(example("run")) == (2, "PG-usage")
    assert first_word(example("run", "--as-of", FIRST, "--lateness", "later")) == (2, "PG-usage")
    code, said = example("--help")
    assert (code, "setup" in said, "tthc.results" in said) == (0, True, True)


def test_without_the_driver(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    told = example("run", "--as-of", FIRST, "--db", "postgresql://")
    assert first_word(told) == (2, "PG-driver")
    assert "pip install adbc-driver-postgresql" in told[1]

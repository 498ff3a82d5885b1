"""A JSON file of any size in the memory of its largest item (report x15_gz_json_bomb), and broken at its place."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tthc_rules.errors import InputFileError
from tthc_rules.law.jsontext import JsonError, read_json
from tthc_rules.logs import files, jsonstream
from tthc_rules.logs.eventlog import read_dossiers
from tthc_rules.logs.json import read_value

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='a"\\[]{},:é \n', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet='b"]{\\', max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def value_of(path: Path) -> tuple[Any, str]:
    """The value of the file, or the place where it is broken."""
    try:
        return read_value(path), ""
    except InputFileError as error:
        return None, error.place


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=values, indent=st.sampled_from([None, 1]), size=st.sampled_from([1, 2, 3, 7, 4096]))
def test_every_text_is_the_value_that_python_reads(tmp_path: Path, value: Any, indent: int | None, size: int) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_CHUNK", size)
        assert value_of(path) == (value, "")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=values, cut=st.integers(0, 200), put=st.sampled_from(["", ",", "]", "[", "}", "{", '"', "\\", "x"]))
def test_a_text_is_broken_where_python_says_it_is(tmp_path: Path, value: Any, cut: int, put: str) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    text = text[:cut] + put + text[cut + 1 :]
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8", newline="")
    found, place = value_of(path)
    try:
        wanted, at = json.loads(text), ""
    except json.JSONDecodeError:
        with pytest.raises(JsonError) as broken:  # every Python's place of a comma too many
            read_json(text)
        wanted, at = None, f"{path}:{broken.value.line}:{broken.value.column}"
    if "twice" not in place and not (at == "" and place):  # a key given twice is broken for us alone
        assert (found, place) == (wanted, at)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", ":1:1"),
        ("[", ":1:2"),
        ("[1", ":1:3"),
        ("[1,", ":1:4"),
        ("[1,]", ":1:4"),
        ("[,1]", ":1:2"),
        ("[1]x", ":1:4"),
        ("[1]\n\n [", ":3:2"),
        ('[{"a": 1},\n {"a": }]', ":2:8"),
        ('[1, "a]', ":1:5"),
    ],
)
def test_what_is_around_the_items_is_looked_at_too(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    assert value_of(tmp_path / "a.json") == (None, f"{tmp_path / 'a.json'}{place}")


def test_bytes_that_are_no_text_are_found_at_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'[{"dossier_id": "A"},\n {"x\xff": 1}]')
    with pytest.raises(InputFileError) as caught:
        read_value(tmp_path / "a.json")
    assert (caught.value.code, caught.value.place) == ("TR-file-encoding", f"{tmp_path / 'a.json'}:2:5")


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        (b'[{"dossier_id": "', b"a"),
        (b"[", b" "),
        (b"", b" "),
        (b"", b"["),
        (b'[{"events": [', b"1,"),
        (b'{"dossier_id": "', b"a"),
        (b'[{"dossier_id": "A"}] ', b"x"),
        (b"", b"1"),
    ],
)
def test_a_bomb_is_our_error_long_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: bytes, rest: bytes
) -> None:
    path = tmp_path / "log.json"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(head)
        for _ in range(200):
            file.write(rest * (1_000_000 // len(rest)))
    assert path.stat().st_size < 2_000_000
    unpacked = 0
    real: Any = vars(jsonstream)["chunks"]

    def counted(path: Path) -> Iterator[bytes]:
        nonlocal unpacked
        for chunk in real(path):
            unpacked += len(chunk)
            yield chunk

    monkeypatch.setattr(jsonstream, "chunks", counted)
    with pytest.raises(InputFileError) as caught:
        list(read_dossiers(path))
    assert caught.value.code in ("TR-file-size", "TR-row-json")
    assert unpacked < 3 * files.MAX_LINE


def test_a_file_larger_than_any_item_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "MAX_LINE", 2_000)
    path = tmp_path / "log.json"
    path.write_text(json.dumps([{"dossier_id": f"HS-{k}", "events": []} for k in range(1_000)]), encoding="utf-8")
    assert [raw.dossier_id for raw in read_dossiers(path)] == [f"HS-{k}" for k in range(1_000)]

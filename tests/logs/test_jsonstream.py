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


SIZES = (1, 2, 3, 7, 4096)
"""Bytes that are read at a time."""


def written(folder: Path, text: str | bytes) -> Path:
    """A file of that text."""
    path = folder / "a.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


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
        ("[1 ", ":1:4"),
        ("[1\n", ":2:1"),
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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'["\xc3\xa9", "\xff"]', ":1:9"),
        (b'[1,\n2,\n"\xc3\xa9\xff"]', ":3:4"),
        (b"\n\n[1,\xff]", ":3:4"),
        (b'["\xc3\xa9\xe1\xbb', ":1:5"),
    ],
)
def test_a_byte_that_is_no_text_is_found_however_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, place: str, size: int
) -> None:
    monkeypatch.setattr(files, "_CHUNK", size)
    path = written(tmp_path, text)
    with pytest.raises(InputFileError) as caught:
        read_value(path)
    assert (caught.value.code, caught.value.place) == ("TR-file-encoding", f"{path}{place}")


def test_a_mark_is_passed_over_at_the_beginning_of_the_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_CHUNK", 7)
    assert value_of(written(tmp_path, '["abcde\ufeff"]')) == (["abcde\ufeff"], "")
    assert value_of(written(tmp_path, '\ufeff["b"]')) == (["b"], "")


@pytest.mark.parametrize("size", SIZES)
def test_each_item_is_known_by_its_place_and_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(files, "_CHUNK", size)
    path = written(tmp_path, ' [[1], "]\\"",\n  {"a": [2]},\n\n3]')
    found = [(one.text, one.line, one.column, one.number) for one in jsonstream.items(path)]
    assert found == [("[1]", 1, 3, 0), ('"]\\""', 1, 8, 1), ('{"a": [2]}', 2, 3, 2), ("3", 4, 1, 3)]
    found = [(one.text, one.line, one.column, one.number) for one in jsonstream.items(written(tmp_path, '\n{"a": 1}'))]
    assert found == [('\n{"a": 1}', 1, 1, None)]
    assert value_of(written(tmp_path, '\n{"a": ]')) == (None, f"{path}:2:7")


@pytest.mark.parametrize(("size", "text", "first"), [(3, b"[1,\xff]", "1"), (4, b'["abc",\n\xff]', '"abc"')])
def test_an_item_is_given_before_what_follows_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, text: bytes, first: str
) -> None:
    monkeypatch.setattr(files, "_CHUNK", size)
    assert next(jsonstream.items(written(tmp_path, text))).text == first


@pytest.mark.parametrize(
    ("text", "why"), [("[1", "Expecting ',' delimiter"), ("[1,", "Expecting value"), ("[1, ", "Expecting value")]
)
def test_what_is_missing_where_a_list_does_not_end_is_told_in_the_words_of_python(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(InputFileError, match=why):
        read_value(written(tmp_path, text))


def test_an_item_may_be_as_long_as_a_line_and_no_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "MAX_LINE", 10)
    monkeypatch.setattr(files, "_CHUNK", 1)
    assert value_of(written(tmp_path, '["12345678","12345678"]')) == (["12345678", "12345678"], "")
    assert value_of(written(tmp_path, '"12345678"')) == ("12345678", "")
    path = written(tmp_path, '[\n1,"123456789"]')
    with pytest.raises(InputFileError) as caught:
        read_value(path)
    assert (caught.value.code, caught.value.place) == ("TR-file-size", f"{path}:2:3")
    with pytest.raises(InputFileError) as caught:
        read_value(written(tmp_path, '"123456789"'))
    assert (caught.value.code, caught.value.place) == ("TR-file-size", str(path))


def test_a_file_larger_than_any_item_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "MAX_LINE", 2_000)
    path = tmp_path / "log.json"
    path.write_text(json.dumps([{"dossier_id": f"HS-{k}", "events": []} for k in range(1_000)]), encoding="utf-8")
    assert [raw.dossier_id for raw in read_dossiers(path)] == [f"HS-{k}" for k in range(1_000)]


# -- an envelope -------------------------------------------------------------------------------------------------------


def opened(path: Path) -> tuple[dict[str, Any], str, list[Any]]:
    """What stands around the list of an envelope, its name, its items."""
    around, name = jsonstream.envelope(path, ("data", "content"))
    return around, name, [read_json(one.text) for one in jsonstream.items(path, name)] if name else []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"a": 1, "data": [1, {"b": [2, "]"]}], "c": {"data": [3]}}', "data"),
        ('{"a": {"data": [3]}, "data": [1]}', "data"),
        ('{"a": [["data", [3]]], "b": [], "data": [1]}', "data"),
        ('{"a": "data", "b": "[{,\\"", "data": [1, 2, 3]}', "data"),
        ('{"data": {"x": 1, "y": 2}, "content": [2], "z": [4]}', "content"),
        ('{"data": 1, "z": [4], "content": [2]}', "content"),
        ('{"content": [1], "data": [2]}', "content"),
        ('{"content": "see [1] above", "data": [2]}', "data"),
        ('{"content": "\\" [", "data": [2]}', "data"),
        ('{"data": [], "z": "é"}', "data"),
        (' \n{ "data" : [ 1 , 2 ] } \n', "data"),
    ],
)
def test_the_first_list_of_these_names_is_read_apart_from_what_is_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, name: str, size: int
) -> None:
    monkeypatch.setattr(files, "_CHUNK", size)
    wanted = json.loads(text)
    assert opened(written(tmp_path, text)) == ({key: wanted[key] for key in wanted if key != name}, name, wanted[name])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    around=st.dictionaries(st.sampled_from(["a", "[", '"data"', "", "}"]), values, max_size=3),
    before=st.integers(0, 3),
    listed=st.lists(values, max_size=4),
    size=st.sampled_from(SIZES),
)
def test_a_list_is_found_whatever_stands_around_it(
    tmp_path: Path, around: dict[str, Any], before: int, listed: list[Any], size: int
) -> None:
    pairs = list(around.items())
    body = dict([*pairs[:before], ("data", listed), *pairs[before:]])
    path = written(tmp_path, json.dumps(body, ensure_ascii=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_CHUNK", size)
        assert opened(path) == (around, "data", listed)


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "[1]", "{}", '["data", [1]]', '[{"data": [1]}]', '{"a": [1]}', '{"data": "x", "other": [2]}',
        '{"data": {"x": [1]}}', '{"a": {"b": 1, "data": [1]}}', '"data" {[1]}', '{"a": [1, "data"] [2]}',
        '{"a": "data" [1]}', "{xdatax: [1]}",
    ],
)  # fmt: skip
def test_what_is_no_envelope_has_no_list(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    assert opened(path) == ({}, "", [])
    assert list(jsonstream.items(path, "data")) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('{"a": 1,\n "data": [10,\n  20, 30]}', [(2, 11, 0), (3, 3, 1), (3, 7, 2)]),
        ('{"data": [10, 20]}', [(1, 11, 0), (1, 15, 1)]),
        ('{"é": 1, "data": [\n10]}', [(2, 1, 0)]),
    ],
)
def test_an_item_of_an_envelope_is_known_by_its_place_in_the_file(
    tmp_path: Path, text: str, places: list[tuple[int, int, int]]
) -> None:
    found = jsonstream.items(written(tmp_path, text), "data")
    assert [(one.line, one.column, one.number) for one in found] == places


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"data": [1', "Expecting ',' delimiter"),
        ('{"data": [1, {"a": 2}', "Expecting ',' delimiter"),
        ('{"a": x, "data": [1', "Expecting ',' delimiter"),
        ('{"data": [1]', "Expecting ',' delimiter"),
        ('{"a": x, "data": [1]}', "Expecting value"),
        ('{"data": [1]} x', "Extra data"),
        ('{"data": [1], "data": [2]}', "key repeated;"),
        ('{"Nguyễn Văn Mẫu": 1, "data": [1], "Nguyễn Văn Mẫu": 2}', "key repeated;"),
    ],
)
def test_an_envelope_that_is_broken_around_its_list_is_told_without_its_words(
    tmp_path: Path, text: str, why: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputFileError) as caught:
        opened(path)
    assert (caught.value.code, caught.value.place) == ("TR-row-json", str(path))
    assert why in caught.value.render()
    assert "Mẫu" not in caught.value.render()


MIB = 1024 * 1024
"""So many characters may stand before the list and behind it."""


def test_a_list_is_looked_for_in_the_first_million_characters(tmp_path: Path) -> None:
    for blanks, found in ((MIB - 8, True), (2 * MIB, False)):
        path = written(tmp_path, '{"data":' + " " * blanks + "[1]}")
        assert jsonstream.envelope(path, ("data",)) == ({}, "data" if found else "")
        assert len(list(jsonstream.items(path, "data"))) == found


def test_no_more_than_a_million_characters_may_stand_behind_the_list(tmp_path: Path) -> None:
    assert jsonstream.envelope(written(tmp_path, '{"data": [1]' + " " * (MIB - 1) + "}"), ("data",)) == ({}, "data")
    path = written(tmp_path, '{"data": [1]' + " " * MIB + "}")
    with pytest.raises(InputFileError) as caught:
        jsonstream.envelope(path, ("data",))
    assert (caught.value.code, caught.value.place) == ("TR-file-size", str(path))

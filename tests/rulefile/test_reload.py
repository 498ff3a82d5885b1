"""The shipped law is read once and kept: what comes back is the same law, and never that of other files or choices."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest

from tthc_rules import Rulebook, RuleFileError, cachefolder
from tthc_rules.law.corpus import Corpus
from tthc_rules.library import shipped_rulesets
from tthc_rules.rulefile import load as loading
from tthc_rules.rulefile import reload


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(cachefolder.CACHE_VARIABLE, str(folder))
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the calendars, which is a law like any other."""
    shutil.copytree(shipped_rulesets() / "calendars", tmp_path / "rules" / "calendars")
    return tmp_path / "rules"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A row for each time that rule files were read in full."""
    counted: list[object] = []
    load = loading.load

    def watched(*given: object) -> Corpus:
        counted.append(given)
        return load(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "load", watched)
    return counted


def test_the_law_comes_back_as_it_was_read(cache: Path, book: Rulebook, reads: list[object]) -> None:
    assert Rulebook.load().corpus == book.corpus
    assert len(reads) == 1
    assert Rulebook.load().corpus == book.corpus
    assert len(reads) == 1
    assert [path.suffix for path in cache.iterdir()] == [".pickle"]


def test_another_byte_path_or_choice_is_another_law(cache: Path, rules: Path, reads: list[object]) -> None:
    first = reload.shipped_law(rules, None, False)
    file = next(iter(sorted(rules.rglob("2024.yaml"))))
    file.write_text(file.read_text(encoding="utf-8") + "# looked through\n", encoding="utf-8")
    second = reload.shipped_law(rules, None, False)
    assert (len(reads), first.digest != second.digest) == (2, True)
    reload.shipped_law(rules, None, True)
    assert len(reads) == 3
    moved = rules.rename(rules.with_name("moved"))
    reload.shipped_law(moved, None, False)  # errors name the file where it lies
    assert len(reads) == 4


def test_other_code_reads_anew(cache: Path, rules: Path, reads: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    reload.shipped_law(rules, None, False)
    monkeypatch.setattr(reload, "code_digest", lambda layers: "another")
    reload.shipped_law(rules, None, False)
    assert len(reads) == 2


def test_what_is_wrong_is_told_each_time(cache: Path, rules: Path, reads: list[object]) -> None:
    (rules / "x.yaml").write_text("rule: [", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RuleFileError):
            reload.shipped_law(rules, None, False)
    with pytest.raises(RuleFileError):
        Rulebook.load(interpretations={"no_such_reading": "restart"})
    assert len(reads) == 3
    assert not list(cache.glob("*.pickle"))


@pytest.mark.parametrize("content", [b"", b"no pickle", pickle.dumps(["another thing"]), pickle.dumps(None)])
def test_garbage_under_a_right_seal_is_read_anew(cache: Path, rules: Path, reads: list[object], content: bytes) -> None:
    first = reload.shipped_law(rules, None, False)
    (file,) = cache.iterdir()
    cachefolder.keep(file.name, content)
    assert reload.shipped_law(rules, None, False) == first
    assert len(reads) == 2


@pytest.mark.skipif(os.name == "nt", reason="chủ và quyền tệp của Unix / owners and modes of Unix")
def test_a_law_that_others_may_write_is_not_believed(cache: Path, rules: Path, reads: list[object]) -> None:
    reload.shipped_law(rules, None, False)
    (file,) = cache.iterdir()
    file.chmod(0o666)
    reload.shipped_law(rules, None, False)
    cache.chmod(0o777)
    reload.shipped_law(rules, None, False)
    assert len(reads) == 3


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    cache: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = loading.load

    def changing(*given: object) -> Corpus:
        found = load(*given)  # type: ignore[arg-type]
        file = next(iter(sorted(rules.rglob("2024.yaml"))))
        file.write_text(file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        return found

    monkeypatch.setattr(loading, "load", changing)
    reload.shipped_law(rules, None, False)
    assert not list(cache.glob("*.pickle"))

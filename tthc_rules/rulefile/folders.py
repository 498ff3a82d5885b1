"""Which files of a folder are rule files: all of them or an error, since a rule passed over changes verdicts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from tthc_rules.errors import Problem, reason_of

SUFFIX: Final = ".yaml"
_MEANT: Final = frozenset({".yaml", ".yml"})
_DEEPEST: Final = 16
"""Folders in one another; rules of a place lie three below."""
_MOST: Final = 20_000
"""Entries that are looked at: a few links that fork lead to more than anybody can wait for."""


def each_once(folders: Iterable[Path]) -> list[Path]:
    """The folders in order, one that is named twice (by a case and by `--rules`) once; the first name stands."""
    found: dict[str, Path] = {}
    for folder in folders:
        is_there = folder.is_dir()  # of what is not, `rule_files` says so
        found.setdefault(os.path.normcase(os.path.realpath(folder) if is_there else folder), folder)
    return list(found.values())


def rule_files(folder: Path, problems: list[Problem]) -> list[Path]:
    """The rule files below a folder, by name; what cannot be read as one is added to the problems."""
    if not folder.is_dir():
        problems.append(_problem("TR-rule-folder", folder, "không có thư mục này", "there is no such folder"))
        return []
    before = len(problems)
    found = sorted(_RuleWalk(folder.resolve(), problems).below(folder, (folder.resolve(),)))
    if not found and len(problems) == before:
        problems.append(_empty(folder))
    return found


@dataclass(slots=True)
class _RuleWalk:
    """One look through a rule folder; links are followed, and must stay in it."""

    root: Path
    problems: list[Problem]
    seen: int = 0

    def below(self, folder: Path, above: tuple[Path, ...]) -> Iterator[Path]:
        """The rule files in and below a folder; `above` are the folders around it and itself, without links."""
        for entry in self.entries(folder, above):
            if self.is_too_much():
                return
            path = folder / entry.name
            try:
                real = path.resolve(strict=True) if entry.is_symlink() else above[-1] / entry.name
                is_folder, is_file = entry.is_dir(), entry.is_file()
            except (OSError, RuntimeError) as error:
                self.problems.append(_unreadable(path, error))
                continue
            is_meant = path.suffix.lower() in _MEANT
            if not (is_folder or is_meant) or (is_folder and entry.name.startswith(".")):
                continue  # what is hidden belongs to version control, or to an editor
            if not real.is_relative_to(self.root):
                self.problems.append(_leaves(path, real))
            elif is_folder and real in above:
                self.problems.append(
                    _problem("TR-rule-link", path, "liên kết quay vòng", "this link leads into itself")
                )
            elif is_folder and is_meant:
                self.problems.append(_problem("TR-rule-unreadable", path, "là một thư mục", "this is a folder"))
            elif is_folder:
                yield from self.below(path, (*above, real))
            elif not is_file:
                words = ("không phải tệp thường", "this is no plain file")
                self.problems.append(_problem("TR-rule-unreadable", path, *words))
            elif path.suffix != SUFFIX:
                self.problems.append(_suffix(path))
            else:
                yield path

    def entries(self, folder: Path, above: tuple[Path, ...]) -> list[os.DirEntry[str]]:
        """What lies in a folder, by name; nothing where it cannot be read or lies too deep."""
        if len(above) > _DEEPEST:
            words = (f"thư mục lồng quá {_DEEPEST} lớp", f"folders are nested deeper than {_DEEPEST}")
            self.problems.append(_problem("TR-rule-unreadable", folder, *words))
            return []
        try:
            with os.scandir(folder) as found:
                entries = sorted(islice(found, _MOST + 1), key=lambda entry: entry.name)
        except OSError as error:
            self.problems.append(_unreadable(folder, error))
            return []
        if not entries and len(above) > 1:
            self.problems.append(_empty(folder))
        return entries

    def is_too_much(self) -> bool:
        """Whether more has been seen than is looked at; said once."""
        self.seen += 1
        if self.seen == _MOST + 1:
            words = (
                f"có hơn {_MOST} mục, tính cả qua liên kết",
                f"there are more than {_MOST} entries, links followed",
            )
            self.problems.append(_problem("TR-rule-unreadable", self.root, *words))
        return self.seen > _MOST


def _problem(code: str, path: Path, vi: str, en: str) -> Problem:
    return Problem(code, str(path), vi, en)


def _empty(folder: Path) -> Problem:
    return _problem(
        "TR-rule-empty",
        folder,
        "không có tệp quy tắc (.yaml) nào trong thư mục này; kiểm tra đường dẫn, hoặc bỏ thư mục",
        "there is no rule file (.yaml) in this folder; check the path, or remove the folder",
    )


def _suffix(path: Path) -> Problem:
    return Problem(
        "TR-rule-suffix",
        str(path),
        f"tệp quy tắc phải có đuôi {SUFFIX}: đổi tên tệp này, nếu không nó không được nạp",
        f"a rule file ends in {SUFFIX}: rename this one, which else is not loaded",
        nearest=path.with_suffix(SUFFIX).name,
    )


def _leaves(path: Path, real: Path) -> Problem:
    return _problem(
        "TR-rule-link",
        path,
        f"liên kết dẫn ra ngoài thư mục quy tắc ({real}); chép vào đây, hoặc nêu thư mục đó bằng --rules",
        f"this link leaves the rule folder ({real}); copy what it leads to, or name that folder with --rules",
    )


def _unreadable(path: Path, error: Exception) -> Problem:
    vi, en = reason_of(error) if isinstance(error, OSError) else ("liên kết quay vòng", "this link leads into itself")
    return _problem("TR-rule-unreadable", path, f"không đọc được: {vi}", f"it cannot be read: {en}")

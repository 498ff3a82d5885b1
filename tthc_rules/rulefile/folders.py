"""Which files of a folder are rule files: all of them or an error, since a rule passed over changes verdicts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tthc_rules.errors import Problem, reason_of

SUFFIX: Final = ".yaml"
_MEANT: Final = frozenset({".yaml", ".yml"})


def rule_files(folder: Path, problems: list[Problem]) -> list[Path]:
    """The rule files below a folder, by name; what cannot be read as one is added to the problems."""
    if not folder.is_dir():
        problems.append(_problem("TR-rule-folder", folder, "không có thư mục này", "there is no such folder"))
        return []
    before = len(problems)
    found = sorted(_below(folder, folder.resolve(), (folder.resolve(),), problems))
    if not found and len(problems) == before:
        problems.append(_empty(folder))
    return found


def _below(folder: Path, root: Path, above: tuple[Path, ...], problems: list[Problem]) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        problems.append(_unreadable(folder, error))
        return
    if not entries and len(above) > 1:
        problems.append(_empty(folder))
    for entry in entries:
        path = folder / entry.name
        try:
            real = path.resolve(strict=True) if entry.is_symlink() else above[-1] / entry.name
            is_folder, is_file = entry.is_dir(), entry.is_file()
        except (OSError, RuntimeError) as error:
            problems.append(_unreadable(path, error))
            continue
        is_meant = path.suffix.lower() in _MEANT
        if not (is_folder or is_meant) or (is_folder and entry.name.startswith(".")):
            continue  # what is hidden belongs to version control, or to an editor
        if not real.is_relative_to(root):
            problems.append(_leaves(path, real))
        elif is_folder and real in above:
            problems.append(_problem("TR-rule-link", path, "liên kết quay vòng", "this link leads into itself"))
        elif is_folder and is_meant:
            problems.append(_problem("TR-rule-unreadable", path, "là một thư mục", "this is a folder"))
        elif is_folder:
            yield from _below(path, root, (*above, real), problems)
        elif not is_file:
            problems.append(_problem("TR-rule-unreadable", path, "không phải tệp thường", "this is no plain file"))
        elif path.suffix != SUFFIX:
            problems.append(_suffix(path))
        else:
            yield path


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

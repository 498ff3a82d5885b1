"""What a night says of a state that it cannot go on with, and of what it does not do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tthc_rules.errors import Problem


def no_state(path: Path) -> Problem:
    """There is no state beside the result of the night before."""
    return Problem(
        "TR-night-state",
        str(path),
        "kết quả trước không có tệp trạng thái bên cạnh; chạy một lần với nhật ký đầy đủ và --keep-state",
        "the earlier result has no state beside it; run once with the whole log and --keep-state",
    )


def foreign_state(path: Path) -> Problem:
    """What stands in its place is none of ours."""
    return Problem(
        "TR-night-state",
        str(path),
        "tệp này không phải trạng thái của thư viện, hoặc đã hỏng; chạy lại với nhật ký đầy đủ và --keep-state",
        "this is no state of ours, or it is damaged; run again with the whole log and --keep-state",
    )


def older_state(path: Path, format: object) -> Problem:
    """A state that another version of the library wrote."""
    return Problem(
        "TR-night-state",
        str(path),
        f"trạng thái này do phiên bản khác của thư viện ghi (dạng {format}); chạy lại với nhật ký đầy đủ, --keep-state",
        f"another version wrote this state (format {format}); run again with the whole log and --keep-state",
    )


def other_result(path: Path) -> Problem:
    """The result is not the one with which its state was written."""
    return Problem(
        "TR-night-result",
        str(path),
        "kết quả trước không phải là tệp đã ghi cùng trạng thái bên cạnh nó (bị sửa, bị thay, hoặc lần chạy trước đứt "
        "giữa chừng); chạy lại với nhật ký đầy đủ và --keep-state",
        "the earlier result is not the file that its state was written with (changed, replaced, or the run was cut "
        "off); run again with the whole log and --keep-state",
    )


def other_log(path: Path, before: str, now: str) -> Problem:
    """The night before read another kind of log."""
    return Problem(
        "TR-night-log",
        str(path),
        f"kết quả trước được chấm từ nhật ký loại «{before}», không phải «{now}»; dùng đúng --format của đêm trước",
        f"the earlier result was made from a log of the kind “{before}”, not “{now}”; use the --format of that night",
    )


def other_code(path: Path) -> Problem:
    """What is kept was read by other code: only the whole log can be read anew."""
    return Problem(
        "TR-night-code",
        str(path),
        "thư viện đã đổi từ đêm trước, phần giữ lại do mã cũ đọc; chạy một lần với nhật ký đầy đủ, bỏ --delta",
        "the library has changed since, and what was kept was read by the old code; run once with the whole log, "
        "without --delta",
    )


def not_kept(path: Path, what: str, known: Iterable[str]) -> Problem:
    """A state is kept of text results, from logs that are read row by row."""
    return Problem(
        "TR-night-format",
        str(path),
        f"không giữ được trạng thái cho {what}",
        f"no state is kept for {what}",
        known=tuple(known),
    )


def foreign_place(path: Path) -> Problem:
    """What stands where the state will stand is none of ours."""
    return Problem(
        "TR-output-foreign",
        str(path),
        "chỗ của tệp trạng thái có một tệp không phải của thư viện, nên không thay; dời nó đi hoặc nêu tên khác",
        "a file that is not ours stands where the state belongs; it is not replaced: move it, or give another name",
    )


def not_told(sender: str) -> Problem:
    """A sender of somebody else's that does not say what its dossiers share."""
    return Problem(
        "TR-night-sender",
        sender,
        "nguồn này không cho biết hồ sơ nào đọc theo hồ sơ nào (SenderBatch.ties, .facts); chấm không có --keep-state",
        "this sender does not say which dossiers hang together (SenderBatch.ties, .facts); run without --keep-state",
    )

"""What a run that is stopped leaves, and how to go on: looked up where it lies, so that it is true at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from tthc_rules.cli.options import INTERRUPTED, UNUSABLE
from tthc_rules.cli.terminal import Terminated


class WhatIsLeft(StrEnum):
    """What is there after a stop, in the words that are said of it."""

    nothing = (
        "Không ghi kết quả nào, kết quả cũ còn nguyên; chạy lại đúng lệnh này. / "
        "Nothing was written, an older result is as it was; run the same command again."
    )
    parts = (
        "Phần đã xong còn đó: thêm --resume để làm tiếp. / "
        "What is done is kept: the same command with --resume goes on."
    )
    some = (
        "Mới thay một số tệp kết quả; chạy lại lệnh này để ghi đủ. / "
        "Only some files of the result were replaced; the same command makes them all."
    )
    whole = "Kết quả đã ghi trọn, không phải chạy lại. / The result is written and whole: nothing is left to do."


class StoppedRun(BaseException):
    """A run was stopped: with the code to exit with, and what is kept of it."""

    def __init__(self, code: int, kept: WhatIsLeft) -> None:
        super().__init__(code, kept)
        self.code, self.kept = code, kept


@contextmanager
def stoppable(*results: Path) -> Iterator[None]:
    """Within, results are written; a stop tells what came of them."""
    from tthc_rules.runs.output import OutputPlace

    before = [_identity(path) for path in results]
    try:
        yield
    except (KeyboardInterrupt, Terminated) as stop:
        replaced = sum(_identity(path) != one for path, one in zip(results, before, strict=True))
        if replaced:
            kept = WhatIsLeft.whole if replaced == len(results) else WhatIsLeft.some
        else:
            kept = (
                WhatIsLeft.parts if any(OutputPlace.of(path).work.is_dir() for path in results) else WhatIsLeft.nothing
            )
        raise StoppedRun(UNUSABLE if isinstance(stop, Terminated) else INTERRUPTED, kept) from None


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells the file or folder of that name from the one that takes its place."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return None
    return about.st_dev, about.st_ino

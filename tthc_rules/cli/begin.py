"""The command that makes a folder to begin with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from tthc_rules.cli.options import Lang, LangOption
from tthc_rules.cli.terminal import say

_EDITED: Final = ("time_limits", "hours", "calendar", "jurisdictions", "rule", "case", "mapping")
"""The formats that people write, for which an editor asks a schema."""


def init(
    folder: Annotated[Path, typer.Argument(help="Thư mục mới, hoặc thư mục có sẵn / a new folder, or one that is.")],
    lang: LangOption = Lang.vi,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Không nói gì khi xong / say nothing.")] = False,
) -> None:
    """Lập thư mục để bắt đầu: quy tắc riêng, ca kiểm thử, tệp ánh xạ, sổ mẫu, lược đồ cho trình soạn thảo. / A folder
    to begin with: rules of your own, cases, a mapping, a register, schemas for your editor. Nothing is replaced.
    """
    from tthc_rules.integrations.jsonschema import json_schema
    from tthc_rules.runs.starter.begin import begin

    schemas = {name: json.dumps(json_schema(name), ensure_ascii=False, indent=2) + "\n" for name in _EDITED}
    made = begin(folder, schemas)
    if quiet:
        return
    for name in made:
        say(f"→ {folder / name}", err=True)
    for line in _next_steps(folder, lang):
        say(line)


def _next_steps(folder: Path, lang: Lang) -> list[str]:
    """What to type now, each on its own line."""
    rules, log = _typed(folder / "rules"), _typed(folder / "so-vi-du.csv")
    results, mapping = _typed(folder / "ket-qua.csv"), _typed(folder / "mapping.yaml")
    steps = (
        ("Kiểm tra quy tắc", "Check the rules", f"tthc-rules check {rules}"),
        ("Chạy các ca kiểm thử", "Run the cases", f"tthc-rules test {_typed(folder / 'cases')}"),
        (
            "Chấm sổ mẫu, rồi sổ của đơn vị",
            "Judge the register, then your own",
            f"tthc-rules rescore {log} --mapping {mapping} --rules {rules} --as-of 2026-11-30 -o {results}",
        ),
    )
    vi = lang is Lang.vi
    lines = ["Việc tiếp theo:" if vi else "What next:"]
    for at, (said, in_english, typed) in enumerate(steps, 1):
        lines += [f"  {at}. {said if vi else in_english}", f"     {typed}"]
    return lines


def _typed(path: Path) -> str:
    """A path as it is typed: in quotes where it has blanks."""
    return f'"{path}"' if " " in str(path) else str(path)

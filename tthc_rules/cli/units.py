"""The command on units and their heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_rules.cli.options import (
    FOUND,
    KnownOn,
    Lang,
    LangOption,
    Plain,
    Readings,
    Rules,
    open_book,
    read_date,
)
from tthc_rules.cli.progress import ROWS, Tick, progress
from tthc_rules.cli.results import STDIO
from tthc_rules.cli.stdin import takes_stdin
from tthc_rules.cli.stopped import stoppable
from tthc_rules.cli.terminal import say, show_json

if TYPE_CHECKING:
    from tthc_rules.account.statement import Account
    from tthc_rules.runs.output import OutputPlace


class ResultsFormat(StrEnum):
    csv = "csv"
    ndjson = "ndjson"
    parquet = "parquet"


@takes_stdin("results", "format", "--format")
def account(
    results: Annotated[
        Path, typer.Argument(help="Kết quả của rescore: .parquet, .csv, .ndjson; - là stdin / results of rescore.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Sổ: .html, .json hoặc .csv; - in JSON ra stdout / the account.")
    ],
    period: Annotated[str, typer.Option("--period", help="Kỳ: 2026-07, 2026-Q3, 2026-H2, 2026 / the period.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Ngày xét; mặc định là ngày cuối kỳ / the day.")
    ] = None,
    known_on: KnownOn = None,
    units: Annotated[Path | None, typer.Option("--units", help="Danh mục đơn vị / the register of units.")] = None,
    posts: Annotated[
        Path | None, typer.Option("--posts", help="Ai giữ chức vụ nào, khi nào / who held which post.")
    ] = None,
    unit_events: Annotated[
        Path | None, typer.Option("--unit-events", help="Sự kiện của đơn vị / events of units.")
    ] = None,
    complete: Annotated[
        Path | None, typer.Option("--complete", help="Sổ sự kiện đầy đủ cho loại, khoảng nào / what is complete.")
    ] = None,
    unit_facts: Annotated[
        Path | None, typer.Option("--unit-facts", help="Số liệu mà hồ sơ không có / facts that no dossier tells.")
    ] = None,
    petitions: Annotated[Path | None, typer.Option("--petitions", help="Phản ánh về hồ sơ / petitions.")] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="Cấu hình (JSON) ở chỗ luật không nêu số / settings.")
    ] = None,
    format: Annotated[
        ResultsFormat | None, typer.Option("--format", help="Định dạng của kết quả đọc từ stdin / of stdin.")
    ] = None,
    delimiter: Annotated[str, typer.Option("--delimiter", help="Dấu ngăn cột của CSV / CSV delimiter.")] = ",",
    rules: Rules = None,
    reading: Readings = None,
    plain: Plain = False,
    lang: LangOption = Lang.vi,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Không hiện tiến độ, tổng kết / no progress, no summary.")
    ] = False,
) -> None:
    """Sổ của đơn vị và người đứng đầu trong một kỳ, từ kết quả của rescore. / The account of units and heads."""
    from tthc_rules.logs import records
    from tthc_rules.runs import accounts as files
    from tthc_rules.runs.output import claimed

    places = [] if output == STDIO else [path for path in files.targets(output) if path is not None]
    beside = {
        "units": units,
        "posts": posts,
        "unit_events": unit_events,
        "complete": complete,
        "unit_facts": unit_facts,
        "petitions": petitions,
    }
    given = [path for path in (results, settings, *beside.values(), *(rules or ())) if path is not None]
    with stoppable(*places), claimed(places, given) as targets, progress(quiet, lang.value, ROWS) as tick:
        made = open_book(rules, reading).account(
            _counted(records.read_results(results, delimiter), tick),
            period=period,
            as_of=read_date(as_of, "--as-of") if as_of else None,
            known_on=read_date(known_on, "--known-on") if known_on else None,
            settings=records.read_settings(settings) if settings else None,
            **{name: records.read_records(path, name, delimiter) for name, path in beside.items() if path is not None},
        )
        if targets:
            _write(made, targets, plain, lang)
        else:
            show_json(made.to_json(1))
    for line in files.problem_lines(made, lang.value):
        say(line, err=True)
    if not quiet:
        say(f"{len(made.data['units'])} đơn vị / units → {', '.join(map(str, places)) or 'stdout'}", err=True)
    if any(problem["level"] == "error" for problem in made.data["problems"]):
        raise typer.Exit(FOUND)


def _counted(results: Any, tick: Tick) -> Any:
    """Rows as they are read, counted; a table is there at once."""
    if not isinstance(results, Iterator):
        return results

    def rows() -> Iterator[Any]:
        for done, row in enumerate(results, 1):
            tick(done, None)
            yield row

    return rows()


def _write(made: Account, targets: Sequence[OutputPlace], plain: bool, lang: Lang) -> None:
    """The account in each of its forms."""
    from tthc_rules.runs import accounts as files
    from tthc_rules.runs.output import write_text

    as_json, as_table, *as_page = targets
    write_text(as_json.path, made.to_json(1) + "\n")
    write_text(as_table.path, files.as_csv(made, plain))
    for target in as_page:
        write_text(target.path, made.to_html(lang.value))

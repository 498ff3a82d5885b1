"""Commands on catalogues and formats."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from tthc_rules.cli.options import (
    FOUND,
    Lang,
    Quiet,
    fail_option,
    open_book,
    read_date,
)
from tthc_rules.cli.progress import PROCEDURES, progress
from tthc_rules.cli.results import STDIO, result_place
from tthc_rules.cli.stdin import takes_stdin
from tthc_rules.cli.terminal import say, show, show_json


class CatalogueForm(StrEnum):
    json = "json"
    csv = "csv"
    ndjson = "ndjson"


@takes_stdin("published", "format", "--format")
def catalogue(
    published: Annotated[
        Path, typer.Argument(help="Danh mục: JSON của cổng quốc gia, hoặc bảng .csv, .ndjson; - là stdin / the list.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Tệp quy tắc .yaml, thường trong procedures/ / the rule file.")
    ],
    rest: Annotated[
        Path | None, typer.Option("--rest", help="Tệp .csv: mọi dòng để lại, và vì sao / what is left out, and why.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help="Ngày công bố, nếu dòng không ghi / day of publication."),
    ] = None,
    regime: Annotated[
        str, typer.Option("--regime", help="Dòng văn bản chạy thời hạn / family of the clock.")
    ] = "one_stop",
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", help="Địa phương công bố / the place whose catalogue this is.")
    ] = None,
    format: Annotated[
        CatalogueForm | None,
        typer.Option("--format", help="Định dạng, nếu đuôi tệp không nói / its form."),
    ] = None,
    delimiter: Annotated[str, typer.Option("--delimiter", help="Dấu ngăn cột của CSV / CSV delimiter.")] = ",",
    lang: Annotated[
        Lang, typer.Option("--lang", help="Ngôn ngữ của phần tóm tắt / language of the summary.")
    ] = Lang.vi,
    quiet: Quiet = False,
) -> None:
    """Lập tệp thời hạn từ danh mục thủ tục; chỗ mâu thuẫn, không chắc để lại. / Published limits as a rule file."""
    from tthc_rules.logs.catalogue import read_catalogue
    from tthc_rules.runs.catalogue import catalogue as made

    book = open_book(None, None)
    for option, written, known in (
        ("--regime", regime, tuple(book.corpus.clocks)),
        ("--jurisdiction", jurisdiction or "", ("", *book.corpus.jurisdictions)),
    ):
        if written not in known and (option != "--regime" or not _NAME.fullmatch(written)):
            fail_option(option, written, known)
    with progress(quiet, lang.value, PROCEDURES) as tick:
        outcome = made(
            read_catalogue(published, delimiter, format),
            output,
            rest=rest,
            since=read_date(since, "--from") if since else None,
            regime=regime,
            jurisdiction=jurisdiction,
            inputs=[published],
            progress=lambda done: tick(done, None),
        )
    for problem in outcome.problems[:20]:
        show(problem.render(lang.value), err=True)
    for line in outcome.summary(lang.value):
        say(line, err=True)
    for path in outcome.files:
        say(f"→ {path}", err=True)
    if outcome.problems or outcome.conflicts:
        raise typer.Exit(FOUND)


_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")  # a family of the reader's own folders


def schema(
    name: Annotated[
        str, typer.Argument(help="dossier, verdict, account, rule, case, calendar, time_limits, hours, mapping…")
    ],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Tệp .json; - là stdout / the file.")] = None,
) -> None:
    """In JSON Schema (draft-07) của một định dạng. / Print the JSON Schema of a format."""
    from tthc_rules.integrations.jsonschema import json_schema

    text = json.dumps(json_schema(name), ensure_ascii=False, indent=2)
    if output in (None, STDIO):
        show_json(text)
        return
    from tthc_rules.runs.output import write_text

    with result_place(output) as place:
        write_text(place, text + "\n")

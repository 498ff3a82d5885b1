"""A file of dossiers in, a file of verdicts out, on the fast core: the rows of `onebyone`, thousands at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tthc_rules.bulk.rescore import Rescorer
from tthc_rules.bulk.result import rows_between
from tthc_rules.errors import DossierError, EngineError, OptionError, TthcError
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.csvblocks import Block
from tthc_rules.result.row import Row, error_row
from tthc_rules.result.verdict import Verdict
from tthc_rules.runs import tally
from tthc_rules.runs.onebyone import Summary
from tthc_rules.runs.output import claimed
from tthc_rules.runs.parts import judged
from tthc_rules.runs.plaincsv import JudgedPiece, Piece, PlainHeader, PlainSource
from tthc_rules.runs.writers import result_format, writer_for

AT_ONCE: Final = 5_000
"""Dossiers that are held in memory and judged together."""


def rescore(
    book: Rulebook,
    question: Question,
    dossiers: Iterable[RawDossier],
    target: Path,
    *,
    format: str | None = None,
    plain: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    explained: int = 0,
    each: Callable[[Verdict], None] = lambda verdict: None,
    at_end: Callable[[], None] = lambda: None,
    inputs: Iterable[Path] = (),
) -> Summary:
    """Judge every dossier and write one row each to `target`, as `onebyone.rescore` does; returns what was counted.

    `each` sees the first `explained` verdicts; `at_end` comes behind the last dossier and may still refuse.
    """
    rescorer = Rescorer(book.plans, question)
    summary, first = Summary(core="fast"), ""
    form = result_format(target, format)
    with (
        claimed((target,), inputs) as (place,),
        writer_for(place.path, tuple(rescorer.schema.names), form, plain) as writer,
    ):
        for raws in _parts(dossiers):
            first = first or raws[0].place
            for raw in raws:
                summary.see_kinds(raw.data)
                summary.left_out.update(raw.left_out)
            good, refused = validated(raws)
            for dossier in good:
                if explained <= 0:
                    break
                explained -= _explain(rescorer, dossier, each)
            made = rows_between(rescorer.together(good), refused)
            writer.write_batch(made)
            tally.add(summary, made)
            progress(summary.dossiers + summary.nameless)
        at_end()
        summary.ended(first)
    return summary


def rescore_plain(
    book: Rulebook,
    question: Question,
    log: Path,
    delimiter: str,
    target: Path,
    *,
    scattered: bool,
    format: str | None = None,
    plain: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    explained: int = 0,
    each: Callable[[Verdict], None] = lambda verdict: None,
    at_end: Callable[[], None] = lambda: None,
    inputs: Iterable[Path] = (),
) -> Summary:
    """The same for a CSV that the native reader reads; for others raises `NotPlainError` or `NotGroupedError`.

    Where dossiers are not `scattered`, the rows of each stand together, and few are held in memory.
    """
    rescorer = Rescorer(book.plans, question)
    summary = Summary(core="fast")
    form = result_format(target, format)
    with claimed((target,), inputs) as (place,):
        source = PlainSource(PlainHeader.of(log, delimiter), scattered)
        seen: list[Verdict] = []

        def one(raw: RawDossier) -> Row:
            good, refused = validated([raw])
            return rescorer.alone(good[0]) if good else refused[0]

        def judge(block: Block) -> tuple[Piece, JudgedPiece]:
            piece = Piece(block, source.layout)
            return piece, piece.judge(rescorer, one)

        with (
            writer_for(place.path, tuple(rescorer.schema.names), form, plain) as writer,
            closing(judged(judge, source, 0, None)) as pieces,
        ):
            for piece, made in pieces:
                for row in range(len(piece)):
                    if len(seen) >= explained:
                        break
                    for dossier in validated([piece.raw(row)])[0]:
                        _explain(rescorer, dossier, seen.append)
                writer.write_batch(made.rows)
                tally.add(summary, made.rows)
                summary.left_out.update(made.left_out)
                summary.kinds.update(made.kinds)
                progress(summary.dossiers + summary.nameless)
            source.check()
            at_end()
            summary.ended(str(log))
    for verdict in seen:
        each(verdict)
    return summary


def _parts(dossiers: Iterable[RawDossier]) -> Iterator[list[RawDossier]]:
    coming = iter(dossiers)
    while part := list(islice(coming, AT_ONCE)):
        yield part


def validated(raws: Sequence[RawDossier]) -> tuple[list[Dossier], dict[int, Row]]:
    """The dossiers that the border takes; and the rows of those that it refuses, by their place."""
    good: list[Dossier] = []
    refused: dict[int, Row] = {}
    for place, raw in enumerate(raws):
        try:
            if raw.problems:
                raise DossierError(raw.problems)
            good.append(Dossier.model_validate(raw.data))
        except TthcError as error:
            refused[place] = error_row(raw.dossier_id, error)
    return good, refused


def _explain(rescorer: Rescorer, dossier: Dossier, each: Callable[[Any], None]) -> bool:
    """Show the verdict on a dossier, where it has one."""
    try:
        verdict = rescorer.scorer.plans.evaluate(dossier, rescorer.question)
    except (EngineError, OptionError):
        raise
    except TthcError:
        return False
    each(verdict)
    return True

"""The slips of a dossier on a day, drawn up: name, number, fields, and what must be known of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from tthc_rules.law.evidence import instrument
from tthc_rules.law.forms import Forms
from tthc_rules.result.slip import words as slip_words
from tthc_rules.result.slip.calls import FORM_NAMES, SlipCall, SlipCase
from tthc_rules.result.slip.data import SLIP_KINDS, Slip, SlipClause, SlipForm, SlipKind, SlipRemark
from tthc_rules.result.slip.fields import SlipGround

_SEEN: Final = frozenset({"apology", "supplement", "refusal"})
"""Papers of which a print was seen."""


def slips_of(case: SlipCase, names: Mapping[str, str], kinds: Collection[SlipKind] | None = None) -> Iterator[Slip]:
    """Those that are owed; or those of these kinds, whatever their standing. `names` are those of units, by id."""
    for kind in SLIP_KINDS:
        if kinds is None or kind in kinds:
            call = case.call(kind)
            if call is not None and (kinds is not None or call.standing == "owed"):
                yield _slip(case, kind, call, names)


def _slip(case: SlipCase, kind: SlipKind, call: SlipCall, names: Mapping[str, str]) -> Slip:
    verdict, form = case.verdict, _form(kind, case.circular)
    ground = SlipGround(kind, verdict, case.dossier, names, call.issued_by, call.citations)
    return Slip(
        kind=kind,
        title=_title(kind, case.circular),
        form=form,
        dossier_id=verdict.dossier_id,
        as_of=verdict.as_of,
        known_on=verdict.known_on,
        standing=call.standing,
        only_if=call.only_if,
        by=call.by,
        by_time=call.by_time,
        not_before=call.not_before,
        overdue=call.overdue,
        past_due=case.is_late,
        serves=call.duties,
        issued_by=call.issued_by,
        fields=tuple(ground.fields()),
        warnings=call.warnings,
        remarks=tuple(_remarks(kind, form)),
        citations=tuple(map(SlipClause.of, call.citations)),
        assumptions=verdict.assumptions,
        digests=verdict.digests,
    )


def _form(kind: SlipKind, circular: Forms | None) -> SlipForm | None:
    name = FORM_NAMES.get(kind)
    if name is None or circular is None or name not in circular.labels:
        return None
    said = (*circular.grounds.get(name, ()), *circular.citations)
    return SlipForm(
        name,
        circular.numbers.get(name),
        circular.document,
        _called(circular, name),
        circular.version,
        tuple(map(SlipClause.of, said)),
        None if circular.note is None else dict(circular.note),
    )


def _title(kind: SlipKind, circular: Forms | None) -> dict[str, str]:
    label = None if circular is None else circular.labels.get(FORM_NAMES.get(kind, ""))
    if label is not None:
        return dict(label)
    vi, en = slip_words.TITLES[kind]
    return {"vi": vi, "en": en}


def _called(circular: Forms, name: str) -> dict[str, str]:
    """The form by its number and its circular."""
    number = circular.numbers.get(name)
    vi, en = instrument(circular.document, "vi"), instrument(circular.document, "en")
    if number is None:
        return {"vi": f"Mẫu của {vi}", "en": f"Form of {en}"}
    return {"vi": f"Mẫu số {number}, {vi}", "en": f"Form {number}, {en}"}


def _remarks(kind: SlipKind, form: SlipForm | None) -> Iterator[SlipRemark]:
    if form is None:
        yield "no_form"
    yield "layout_unconfirmed"
    yield "wording_secondary" if kind in _SEEN else "wording_own"
    yield "signer_open"

"""Slips as one page: each a sheet of A4 that is printed as it is, and below it, on the screen, why and from what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tthc_rules.report.letter import (
    DRAFT,
    LAYOUT,
    MOTTO,
    SIGN,
    STATE,
    UNSIGNED,
    Entry,
    Gap,
    Run,
    SlipLetter,
    letter,
    standing,
    times,
)
from tthc_rules.report.markup import body, both, day, english, esc, items, label, row, table, word
from tthc_rules.report.shell import document
from tthc_rules.report.units import clause
from tthc_rules.result import words
from tthc_rules.result.slip import words as slip_words

PURPOSE: Final = (
    "Bản dự thảo do máy lập từ nhật ký: máy không nêu lý do, không hẹn ngày, không ký thay ai.",
    "A draft made from the log: it gives no reason, sets no date and signs for nobody.",
)


def slip_page(slips: Sequence[Entry]) -> str:
    """Slips, as their JSON has them, as one HTML text; it needs no network and no script."""
    dossier = esc(slips[0].get("dossier_id")) if slips else ""
    sheets = "".join(_slip(letter(one), place) for place, one in enumerate(slips, 1))
    inside = (
        '<body><a class="skip" href="#noi-dung">Đến nội dung chính</a>'
        f'<header class="screen"><p class="kicker">Dự thảo phiếu gửi tổ chức, cá nhân'
        f"{english('Drafts of slips for the applicant')}</p><h1>Hồ sơ {dossier}</h1>"
        f'<p class="purpose"><strong>{both(PURPOSE)}</strong></p>'
        '<p><label><input type="checkbox" id="tieng-anh"> <span lang="en">English beside</span></label></p></header>'
        f'<main id="noi-dung" tabindex="-1">{sheets}</main>'
        f'<footer class="screen"><p>In: chỉ in các phiếu, khổ A4.{english("Only the slips are printed, on A4.")}</p>'
        "</footer></body>"
    )
    return document("vi", f"Dự thảo phiếu – hồ sơ {dossier}", inside, ("base.css", "slip.css"))


def _slip(one: SlipLetter, place: int) -> str:
    return (
        f'<article class="slip" aria-labelledby="phieu-{place}"><div class="sheet">{_sheet(one, place)}</div>'
        f'<section class="why screen" aria-label="Về phiếu này">{"".join(_why(one.slip))}</section></article>'
    )


# -- the sheet ---------------------------------------------------------------------------------------------------------


def _sheet(one: SlipLetter, place: int) -> str:
    paragraphs = "".join(_paragraph(runs) for runs in one.paragraphs)
    return (
        f'<p class="draft"><strong>{DRAFT}</strong> – {UNSIGNED}; {LAYOUT}</p><p class="form">{esc(one.form)}</p>'
        f'<div class="head"><div><p>{_upper(one.parent)}</p><p class="under"><b>{_upper(one.issuer)}</b></p>'
        f"<p>Số: {_gap(one.number)}</p></div>"
        f'<div><p><b>{STATE}</b></p><p class="motto under"><b>{MOTTO}</b></p>'
        f'<p class="issued">{_blank("địa danh, ngày ban hành", "………, ngày …… tháng …… năm ………")}</p></div></div>'
        f'<h2 id="phieu-{place}">{esc(one.title)}</h2><div class="body">{paragraphs}</div>{_foot(one)}'
    )


def _paragraph(runs: Sequence[Run]) -> str:
    last = runs[-1] if runs else ""
    if not isinstance(last, Gap) or not last.lines:
        return f"<p>{''.join(map(_run, runs))}</p>"
    said = "".join(map(_run, runs[:-1]))
    hidden = _hidden(last)
    more = '<span class="line"></span>' * (last.lines - 1)
    if not said:
        return f'<p>{hidden}<span class="line"></span>{more}</p>'
    return f'<p class="rest"><span>{said}</span><span class="blank">{hidden}</span></p>' + (
        f'<p aria-hidden="true">{more}</p>' if more else ""
    )


def _run(one: Run) -> str:
    return _gap(one) if isinstance(one, Gap) else esc(one)


def _gap(gap: Gap) -> str:
    return esc(gap.text) if gap.text else _blank(gap.name, gap.dots)


def _blank(what: str, dots: str) -> str:
    """A blank: dots for who looks, a word for who listens."""
    css = "dots run" if set(dots) == {"…"} else "dots"
    return f'<span class="vh">(để trống: {esc(what)})</span><span class="{css}" aria-hidden="true">{dots}</span>'


def _hidden(gap: Gap) -> str:
    return f'<span class="vh">(để trống: {esc(gap.name)})</span>'


def _upper(gap: Gap) -> str:
    return esc(gap.text.upper()) if gap.text else _gap(gap)


def _foot(one: SlipLetter) -> str:
    if len(one.signed_by) > 1:
        signs = "".join(_sign(name) for name in one.signed_by)
        return f'<div class="foot"><div class="signs">{signs}</div></div>'
    to = "".join(f"<p>{''.join(map(_run, runs))}</p>" for runs in one.recipients)
    recipients = f'<div class="to"><p>Nơi nhận:</p>{to}</div>' if to else "<div></div>"
    return f'<div class="foot">{recipients}{_sign(one.signed_by[0] if one.signed_by else "")}</div>'


def _sign(name: str) -> str:
    title = f"<b>{name}</b>" if name else _blank("chức vụ người ký", "……………………………")
    return f'<div class="sign"><p>{title}</p><p><i>{SIGN}</i></p></div>'


# -- why, and from what ------------------------------------------------------------------------------------------------


def _why(slip: Entry) -> Iterator[str]:
    yield f"<h3>Vì sao có phiếu này{english('Why this slip')}</h3>{items(_reasons(slip))}"
    for warning in slip.get("warnings") or []:
        outcome = word(words.OUTCOMES, warning.get("outcome"))
        yield (
            f'<p class="alert"><strong>Gửi vào ngày {day(slip.get("as_of"))} thì: {outcome}</strong> – '
            f"{label((warning.get('duty') or {}).get('label'), str(warning.get('id')))}</p>"
        )
    remarks = [word(slip_words.REMARKS, one) for one in slip.get("remarks") or []]
    if note := (slip.get("form") or {}).get("note"):
        remarks.append(label(note))
    yield f"<h3>Điều phải biết{english('What must be known')}</h3>{items(remarks)}"
    yield f"<h3>Căn cứ{english('Clauses')}</h3>" + items(clause(one) for one in _clauses(slip))
    yield _fields(slip)


def _reasons(slip: Entry) -> Iterator[str]:
    in_english = words.say(slip_words.STANDINGS, str(slip.get("standing")), "en")
    if slip.get("only_if"):
        in_english += f": {words.say(slip_words.ONLY_IF, str(slip['only_if']), 'en')}"
    yield f"<b>{esc(standing(slip))}</b>{english(in_english)}"
    yield f"Lập theo dữ liệu và mẫu của ngày {day(slip.get('as_of'))}{english('drawn up as of that day')}"
    yield from map(esc, times(slip))
    for duty in slip.get("serves") or []:
        yield f"Gửi phiếu này là thực hiện: {label(duty.get('label'), str(duty.get('id')))}"


def _clauses(slip: Entry) -> list[Any]:
    return [*(slip.get("citations") or []), *((slip.get("form") or {}).get("citations") or [])]


def _fields(slip: Entry) -> str:
    rows = []
    for one in slip.get("fields") or []:
        value = esc(one["printed"]) if one.get("printed") else '<span class="none">để trống</span>'
        source = f" <code>{esc(one['source'])}</code>" if one.get("source") else ""
        rows.append(row(label(one.get("label"), str(one.get("name"))), [value, label(one.get("origin")) + source]))
    title = f"Từng ô: ghi gì, lấy từ đâu{english('each field, and where it comes from')}"
    return table(title, ["Ô", "Ghi", "Lấy từ đâu, hoặc ai phải ghi"], [body(rows)])

"""The rates of an account: each definition against each due date, and how many dossiers are in none of them."""

from __future__ import annotations

from typing import Any, Final

from tthc_rules.report import words
from tthc_rules.report.markup import body, both, count, esc, fraction, label, num, row, table, unknown, value_of
from tthc_rules.report.sheet import LAWFUL, Entry, Sheet
from tthc_rules.result.words import Pair

_IN_DOUBT: Final = ("Hồ sơ chưa rõ, ngoài mọi tỷ lệ của hạn ấy", "Undetermined, in no rate by that date")


def rates_table(sheet: Sheet, figures: Entry, counts: Entry, caption: Pair, *, in_full: bool = False) -> str:
    """The competing definitions side by side, against each due date, with what is in none; `in_full`: with formulas."""
    if not sheet.rates:
        return f"<p>{unknown(('sổ không nêu cách tính nào', 'no definition is stated'))}</p>"
    rows = []
    for name in sheet.rates:
        definition, figure = sheet.definitions[name], figures.get(name)
        by_due = figure.get("by_due") or {LAWFUL: figure} if isinstance(figure, dict) else {}
        said = link(sheet, name)
        if in_full:
            said += f"<br><small><code>{esc(name)}</code></small><small>{label(definition.get('formula'))}</small>"
        rows.append(row(said, [num(_with_fraction(by_due.get(due), definition)) for due in words.DUES]))
    if any(in_doubt := [(counts.get(due) or {}).get("undetermined") for due in words.DUES]):
        rows.append(row(both(_IN_DOUBT), [num(count(one)) for one in in_doubt]))
    head = [both(("Cách tính", "definition")), *(num(both(pair)) for pair in words.DUES.values())]
    return table(caption, head, [body(rows)], "rates", said_above=not in_full)


def link(sheet: Sheet, name: str) -> str:
    """A link to a definition by its label."""
    return f'<a href="#{sheet.anchor("rate", name)}">{label(sheet.definitions[name].get("label"), name)}</a>'


def _with_fraction(figure: Any, definition: Entry) -> str:
    of = f"<small>{fraction(figure)}</small>" if fraction(figure) else ""
    return value_of(figure, definition) + of

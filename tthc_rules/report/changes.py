"""The page of a comparison: what a change would change, dossier by dossier, for who decides about the change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tthc_rules.report.markup import body, day, esc, items, num, row, table
from tthc_rules.report.shell import document
from tthc_rules.result import words

Entry = Mapping[str, Any]
_TITLE: Final = ("Thay đổi này làm đổi kết luận nào", "What this change would change")


def page(comparison: Entry, lang: str) -> str:
    """The comparison, as JSON has it (`runs/diff/comparison.py`), as one HTML text without network and script."""
    made = _ChangesPage(comparison, lang)
    return document(lang, words.of(_TITLE, lang), "".join(made.body()), ("base.css", "changes.css"))


class _ChangesPage:
    """One comparison in one language."""

    def __init__(self, found: Entry, lang: str) -> None:
        self.found, self.lang = found, lang

    def t(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.lang == "vi" else english

    def number(self, value: int) -> str:
        return f"{value:,}".replace(",", "." if self.lang == "vi" else ",")

    def body(self) -> Iterator[str]:
        yield f'<body><a class="skip" href="#noi-dung">{self.t("Đến nội dung chính", "To the content")}</a>'
        yield self._header()
        yield '<main id="noi-dung" tabindex="-1">'
        yield self._section("tom-tat", self.t("Đổi gì, bao nhiêu hồ sơ", "What changes, how often"), self._counts())
        if self.found["listed"]:
            yield self._section("ho-so", self.t("Từng hồ sơ", "Dossier by dossier"), self._dossiers())
        yield f"</main><footer>{self._footer()}</footer></body>"

    def _section(self, name: str, title: str, inside: str) -> str:
        return f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{title}</h2>{inside}</section>'

    def _header(self) -> str:
        found = self.found
        facts = (
            (self.t("Trước", "Before"), self._side(found["before"])),
            (self.t("Sau", "After"), self._side(found["after"])),
            (self.t("Xét đến hết ngày", "As of the end of"), day(found["as_of"])),
        )
        said = "".join(f"<span>{name}: <b>{value}</b></span>" for name, value in facts)
        letters = items(self._letter(one) for one in found["letters"]) if found["letters"] else ""
        return (
            f'<header><p class="kicker">{self.t("So sánh hai cách xét", "Two ways of judging compared")}</p>'
            f'<h1>{words.of(_TITLE, self.lang)}</h1><p class="facts">{said}</p>{letters}'
            f'<p class="total"><b>{self.number(found["changed"])}</b> {self._what()} '
            f"<b>{self.number(found['dossiers'])}</b></p></header>"
        )

    def _what(self) -> str:
        if self.found["open_only"]:
            return self.t("hồ sơ đang giải quyết đổi hạn, trong số", "dossiers in hand are due on another day, of")
        return self.t("hồ sơ thay đổi, trong số", "dossiers change, of")

    def _side(self, side: Entry) -> str:
        known = side["known_on"]
        if known is None or f"known_on={known}" in side["name"]:
            return esc(side["name"])
        return f"{esc(side['name'])}, {self.t('biết đến', 'known on')} {day(known)}"

    def _letter(self, letter: Entry) -> str:
        days = "; ".join(
            f"{day(one['day'])} {esc(words.say(words.DAYS, one['kind'], self.lang))}" for one in letter["days"]
        )
        return f"{esc(letter['instrument'])} ({day(letter['published_on'])}): {days}"

    def _counts(self) -> str:
        if not self.found["columns"]:
            return f"<p>{self.t('Không có gì đổi.', 'Nothing changes.')}</p>"
        rows = (row(esc(one["name"][self.lang]), [num(self.number(one["dossiers"]))]) for one in self.found["columns"])
        head = (self.t("Điều đổi", "What"), num(self.t("Số hồ sơ", "Dossiers")))
        return table(self.t("Điều đổi", "What changes"), head, [body(rows)], said_above=True)

    def _dossiers(self) -> str:
        head = (self.t("Điều đổi", "What"), self.t("Trước", "Before"), self.t("Sau", "After"))
        bodies = (self._dossier(one) for one in self.found["listed"])
        more = self.found["changed"] - len(self.found["listed"])
        note = self.t(
            f"Còn {self.number(more)} hồ sơ không nêu ở trang này: -o TỆP.csv có đủ.",
            f"{self.number(more)} more are not on this page: -o FILE.csv has all.",
        )
        made = table(self.t("Từng hồ sơ", "Dossier by dossier"), head, bodies, "changes", said_above=True, wide=True)
        return made + (f'<p class="note">{note}</p>' if more else "")

    def _dossier(self, one: Entry) -> str:
        beside = " · ".join(esc(text) for text in (one["procedure"], one["handling_agency"]) if text)
        small = f" <small>{beside}</small>" if beside else ""
        first = f'<tr class="of"><th scope="rowgroup" colspan="3">{esc(one["dossier_id"])}{small}</th></tr>'
        return f"<tbody>{first}{''.join(self._changes(one['changes']))}</tbody>"

    def _changes(self, changes: Sequence[Entry]) -> Iterator[str]:
        for one in changes:
            before, after = (esc(one[side][self.lang]) for side in ("before_said", "after_said"))
            yield row(esc(one["name"][self.lang]), [before, after])

    def _footer(self) -> str:
        digests = [self.found[side]["rules_digest"][:12] for side in ("before", "after")]
        said = self.t("Dấu của bộ quy tắc, trước và sau", "Digest of the rules, before and after")
        return f"<p>{said}: <code>{digests[0]}</code>, <code>{digests[1]}</code></p>"

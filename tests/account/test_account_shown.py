"""An account and a rulebook where they are shown: short in a program; a page, rows, a frame where asked for."""

from __future__ import annotations

import json
import pickle
from datetime import date
from importlib.util import find_spec

import pytest

from tthc_rules import Account, AccountError, Dossier, OptionError, Rulebook
from tthc_rules.runs.accounts import as_csv


def dossier(name: str, accepted: str, ended: str) -> Dossier:
    events = [{"kind": "dossier_accepted", "at": accepted}, {"kind": "result_issued", "at": ended}]
    limit = {"amount": 5, "unit": "workday"}
    units = {"handling_agency": "so-xay-dung"}
    return Dossier.model_validate({"dossier_id": name, "time_limit": limit, "units": units, "events": events})


@pytest.fixture(scope="module")
def account(book: Rulebook) -> Account:
    """Two dossiers of September 2026 and three of August; one of each month was late.

    From Wednesday 5/8 five workdays end on the 12th, from Monday 7/9 on the 14th.
    """
    given = [
        dossier("a", "2026-08-05", "2026-08-12"),
        dossier("b", "2026-08-05", "2026-08-11"),
        dossier("c", "2026-08-05", "2026-08-13"),
        dossier("d", "2026-09-07", "2026-09-14"),
        dossier("e", "2026-09-07", "2026-09-15"),
    ]
    asked = date(2026, 10, 1)
    return book.account([(book.evaluate(one, asked), one) for one in given], period="2026-09", as_of=asked)


def test_the_period_before_is_counted_of_the_same_results(account: Account) -> None:
    before = account.data["before"]
    assert before["period"] == "2026-08"
    assert (before["counts"]["received"], before["counts"]["finished_late"]) == (3, 1)
    assert before["indicators"]["on_time_qd766"] == 66.67
    page = account.to_html()
    assert "So với tháng 08/2026: tỷ lệ đúng hạn giảm 16,67 điểm phần trăm" in page
    assert "hồ sơ trễ 1 → 1" in page


def test_without_a_dossier_of_the_period_before_there_is_nothing_to_compare(book: Rulebook) -> None:
    one = dossier("d", "2026-09-07", "2026-09-14")
    made = book.account([(book.evaluate(one, date(2026, 10, 1)), one)], period="2026-09")
    assert made.data["before"] is None
    assert "Không so được với kỳ trước" in made.to_html()


def test_an_account_is_short_where_it_is_shown(account: Account) -> None:
    assert repr(account).startswith("<Account 2026-09 as of 2026-10-01; ")
    assert "2 dossiers; 1 late" in repr(account)
    assert len(repr(account)) < 150
    assert account._repr_html_().startswith("<b>Account 2026-09 as of 2026-10-01</b><br>")


def test_a_notebook_shows_the_same_in_lines(account: Account) -> None:
    first, *rest = repr(account).removeprefix("<").removesuffix(">").split("; ")
    assert account._repr_html_() == "<br>".join((f"<b>{first}</b>", *rest))


def test_its_page_is_in_vietnamese_first(account: Account) -> None:
    assert account.to_html() == account.to_html("vi")
    assert "tieng-anh" in account.to_html("en")
    with pytest.raises(OptionError, match="TR-option-lang"):
        account.to_html("fr")


def test_an_account_that_was_read_back_has_its_data_and_no_page(account: Account) -> None:
    again = Account(json.loads(account.to_json()))
    assert repr(again) == repr(account)
    assert again.to_rows() == account.to_rows()
    with pytest.raises(AccountError, match="TR-account-no-page"):
        again.to_html()
    assert pickle.loads(pickle.dumps(account)) == account


def test_its_rows_are_those_of_the_file(account: Account) -> None:
    rows = account.to_rows()
    assert len(rows) == len(as_csv(account).splitlines()) - 1
    own = [row for row in rows if row["unit"] == "so-xay-dung"]
    assert [row["value"] for row in own if (row["what"], row["name"]) == ("count", "received")] == [2]


def test_its_frame_is_the_same_rows_or_says_what_to_install(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(AccountError, match="pip install pandas"):
        account.to_frame()


def test_its_frame_has_a_line_for_each_row(account: Account) -> None:
    if find_spec("pandas") is None:
        pytest.skip("chưa cài pandas / pandas is not installed")
    frame = account.to_frame()
    assert len(frame) == len(account.to_rows())
    assert list(frame.columns)[:4] == ["unit", "kind", "what", "name"]


def test_a_rulebook_is_short_where_it_is_shown(book: Rulebook) -> None:
    law, year = book.corpus, book.calendar().law.last_published_year
    assert repr(book) == f"<Rulebook law {law.digest[:12]}; {len(law.files)} files; calendar published to {year}>"
    assert book._repr_html_().startswith("<b>Rulebook</b><br>law ")

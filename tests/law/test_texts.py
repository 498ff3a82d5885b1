"""Every quote of the shipped rules stands word for word where it is cited, in the official texts that are held."""

from __future__ import annotations

from pathlib import Path

import pytest

from tthc_rules import Rulebook
from tthc_rules.check.quotes import check_quotes, read_texts

TEXTS = Path(__file__).parents[3] / "shared" / "law" / "texts"


def test_every_quote_stands_in_its_clause() -> None:
    if not TEXTS.is_dir():
        pytest.skip("không có thư mục văn bản bên cạnh mã nguồn / the official texts do not lie beside this checkout")
    checked = check_quotes(Rulebook.load(unconfirmed=True).corpus, read_texts(TEXTS))
    assert [problem.render("vi") for problem in checked.wrong] == []
    assert checked.held >= 100

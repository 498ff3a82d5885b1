"""What all tests share: the shipped rulebook, and the data that lies beside a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tthc_rules import Rulebook

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The shipped law."""
    return Rulebook.load()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data for tests; it may not be redistributed, so it is not in the checkout."""
    if not (SHARED / "data").is_dir():
        pytest.skip("dữ liệu thật không có bên cạnh bản sao này / the real data is not beside this checkout")
    return SHARED / "data"

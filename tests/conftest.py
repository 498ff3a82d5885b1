"""What all tests share: the shipped rulebook, and the data that lies beside a checkout."""

from __future__ import annotations

import sys
from importlib.util import find_spec
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


@pytest.fixture(scope="session")
def durable() -> None:
    """Asked for by every test that runs rules on durable-rules."""
    if sys.version_info >= (3, 13):
        pytest.skip("durable-rules không chạy từ Python 3.13 / durable-rules does not import from Python 3.13 on")
    if find_spec("durable") is None:
        pytest.skip('chưa cài durable-rules / not installed: pip install "tthc-rules[durable]"')


@pytest.fixture(scope="session")
def both(durable: None) -> Rulebook:
    """The shipped law, to be asked with either engine."""
    return Rulebook.load()

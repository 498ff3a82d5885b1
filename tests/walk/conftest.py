"""One rulebook for all tests of the walk."""

from __future__ import annotations

import pytest

from tthc_rules import Rulebook

from .compare import law


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped law, and a catalogue that knows two procedures under decrees of their own."""
    return law(tmp_path_factory.mktemp("catalogue"))

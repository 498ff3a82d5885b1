"""For the tests of those who use the library: dossiers in a line, verdicts asserted, dossiers and logs drawn at random.

    from tthc_rules.testing import assert_verdict, dossier, event
    from tthc_rules.testing import strategies    # asks for hypothesis: pip install "tthc-rules[testing]"

Invariants: what is expected is compared and never filled in; a name that nobody knows fails; nothing here is imported
by any other room.
"""

from tthc_rules.testing.assertions import assert_verdict
from tthc_rules.testing.builder import dossier, event

__all__ = ["assert_verdict", "dossier", "event"]

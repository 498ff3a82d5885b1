"""The only place that knows durable-rules, in the one way of running it that was found safe.

No timer threads (they race with the engine), one constant sid (sids are told apart by 32 bits only), assert and then
retract whatever happens, never `delete_state` (it crashes), actions that only append a name, a catch-all rule that
fires last, and the ruleset freed at the end. What the engine swallows is looked for after every question.
"""

from __future__ import annotations

import sys
import time
import weakref
from collections.abc import Callable, Mapping
from typing import Any, Final

from tthc_rules.durable import complaints
from tthc_rules.durable.branches import Scalar
from tthc_rules.durable.rulesets import EVERY_TIME, MARK, SID

PYTHON: Final = sys.version_info[:2]
PYTHON_TOO_NEW: Final = (3, 13)
"""From this version on the released package does not import."""
_NAME: Final = "law"
_PLACE: Final = "durable"


def package() -> Any:
    """The package's engine module and its native part, or an error that says what to do."""
    if PYTHON >= PYTHON_TOO_NEW:
        raise complaints.not_installed(f"Python {PYTHON[0]}.{PYTHON[1]}")
    try:
        import durable_rules_engine
        from durable import engine
    except ImportError as error:
        raise complaints.not_installed(str(error)) from error
    # Only differences of this clock are used. The package's own is deprecated from Python 3.12 on, an error under
    # strict filters, and jumps with the clock on the wall.
    engine._unix_now = time.monotonic
    return engine, durable_rules_engine


def _quiet(engine: Any) -> Any:
    """A host of the package that starts no timer threads."""
    return type("Quiet", (engine.Host,), {"_run": lambda _host: None})()


class GuardedHost:
    """One ruleset and the host that runs it; not to be used by two threads at once."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        engine, native = package()
        self._fired: list[str] = []
        # The package takes the actions out of the rules that it is given, and touches nothing below.
        definition = {name: {**rule, "run": self.action(name)} for name, rule in rules.items()}
        host = _quiet(engine)
        try:
            host.register_rulesets({_NAME: definition})
        except Exception as error:
            raise complaints.failed(_PLACE, repr(error)) from error
        definition.clear()  # the engine has its own copy
        self._host = host
        self._free = weakref.finalize(self, native.delete_ruleset, host.get_ruleset(_NAME)._handle)

    def action(self, name: str) -> Callable[[Any], None]:
        """What a rule does when it fires: nothing that could fail."""
        fired = self._fired

        def append(_context: Any) -> None:
            fired.append(name)

        return append

    def ask(self, fact: Mapping[str, Scalar]) -> list[str]:
        """The rules that fire on this fact, the catch-all left out; anything odd is an error."""
        if not self._free.alive:
            raise complaints.failed(_PLACE, "the host is closed")
        fired = self._fired
        fired.clear()
        told = {SID: "one", MARK: 1, **fact}
        try:
            try:
                state = self._host.assert_fact(_NAME, told)
            finally:
                self._host.retract_fact(_NAME, told)
        except Exception as error:
            raise complaints.failed(_PLACE, repr(error)) from error
        swallowed = (state or {}).get("exception")
        if swallowed:
            raise complaints.failed(_PLACE, str(swallowed))
        if not fired or fired[-1] != EVERY_TIME or fired.count(EVERY_TIME) != 1:
            raise complaints.failed(_PLACE, "the catch-all rule did not fire last")
        return fired[:-1]

    def close(self) -> None:
        """Give back what the engine holds; a second time does nothing."""
        self._free()

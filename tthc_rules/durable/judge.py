"""The judge that is given to the engine instead of the interpreter: each statute compiled once, one question a time."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from types import TracebackType
from typing import Final

from tthc_rules.durable.decided import CompiledLaw
from tthc_rules.durable.host import package
from tthc_rules.law.facts import Facts
from tthc_rules.law.rule import Overlay, Rule
from tthc_rules.law.statute import Statute
from tthc_rules.result.found import Found

_ONE_AT_A_TIME: Final = Lock()
"""Of all hosts of the process: the native engine makes no promise about threads."""
MOST_LAWS: Final = 64
"""Four megabytes each; the one compiled first makes room."""


class DurableJudge:
    """Compiles what it is asked about and keeps it; `close` frees it, and the next question compiles it again."""

    def __init__(self) -> None:
        package()
        self._known: dict[Statute, CompiledLaw] = {}
        self._laws: dict[tuple[object, ...], CompiledLaw] = {}

    def __call__(self, statute: Statute, facts: Facts, overlays: Sequence[Overlay] = ()) -> list[Found]:
        """Every duty and limit that is in force and applies, with what the place adds or excepts."""
        with _ONE_AT_A_TIME:
            law = self._law(statute, overlays)
            try:
                return law.judge(facts)
            except BaseException:
                # What the engine swallowed, or was stopped in, stays in its state: this one is not asked again.
                self._forget(law)
                raise

    def _law(self, statute: Statute, overlays: Sequence[Overlay]) -> CompiledLaw:
        known = self._known.get(statute)
        if known is not None and known.overlays == tuple(overlays):
            return known
        content = (
            *((name, *map(_told, spans)) for name, spans in statute.spans.items()),
            *(tuple(map(_told, spans)) for spans in statute.by_request),
            *((overlay.version, overlay.id) for overlay in overlays),
        )
        law = self._laws.get(content)
        if law is not None and not law.is_made_of(statute, overlays):
            self._forget(law)
            law = None
        if law is None:
            if len(self._laws) >= MOST_LAWS:
                self._forget(next(iter(self._laws.values())))
            law = self._laws[content] = CompiledLaw(statute, overlays)
        self._known[statute] = law
        return law

    def _forget(self, law: CompiledLaw) -> None:
        law.close()
        self._known = {key: known for key, known in self._known.items() if known is not law}
        self._laws = {key: known for key, known in self._laws.items() if known is not law}

    def close(self) -> None:
        """Free every host."""
        with _ONE_AT_A_TIME:
            for law in self._laws.values():
                law.close()
            self._known, self._laws = {}, {}

    def __enter__(self) -> DurableJudge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _told(span: tuple[int, int, Rule]) -> tuple[int, int, str, str]:
    """A span by the name of its rule: two statutes of the same rules share one compilation."""
    return span[0], span[1], span[2].version, span[2].id

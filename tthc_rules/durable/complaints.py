"""What the durable engine says when it cannot answer; a wrong answer is never given instead."""

from __future__ import annotations

from typing import Never

from tthc_rules.errors import EngineError, Problem, shown

INSTALL = 'pip install "tthc-rules[durable]"'


def not_installed(why: str) -> EngineError:
    """The package is not there, or cannot be imported."""
    return EngineError(
        Problem(
            "TR-engine-durable",
            "engine",
            f"bộ máy «durable» cần gói durable-rules và Python dưới 3.13 ({shown(why, 120)}); "
            f"cài bằng: {INSTALL}, hoặc dùng bộ máy «reference»",
            f"the engine “durable” needs the package durable-rules and Python below 3.13 ({shown(why, 120)}); "
            f"install it with: {INSTALL}, or use the engine “reference”",
        )
    )


def node_unknown(place: str, node: Never) -> EngineError:
    """A node of a rule that has no translation: it is refused and never skipped; no checked program comes here."""
    return name_unknown(place, str(node) if isinstance(node, str) else type(node).__name__)


def name_unknown(place: str, name: str) -> EngineError:
    """A part of a rule that has no translation: it is refused and never skipped."""
    kind = shown(name)
    return EngineError(
        Problem(
            "TR-engine-node",
            place,
            f"bộ máy «durable» chưa dịch được «{kind}»; dùng bộ máy «reference» cho bộ quy tắc này",
            f"the engine “durable” has no translation of “{kind}”; use the engine “reference” for these rules",
        )
    )


def too_large(place: str, found: int, limit: int, vi: str, en: str) -> EngineError:
    """One decision does not fit into a ruleset of its own."""
    return EngineError(
        Problem(
            "TR-engine-size",
            place,
            f"có {found} {vi}, durable-rules chịu được {limit}; tách quy tắc này, hoặc dùng bộ máy «reference»",
            f"{found} {en}, durable-rules bears {limit}; split this rule, or use the engine “reference”",
        )
    )


def failed(place: str, why: str) -> EngineError:
    """The engine raised, swallowed an exception, or fired too few or too many rules: its answer is thrown away."""
    return EngineError(
        Problem(
            "TR-engine-failed",
            place,
            f"durable-rules không trả lời trọn vẹn ({shown(why, 300)}); kết quả bị bỏ. "
            "Dùng bộ máy «reference» và báo lỗi này cho chúng tôi",
            f"durable-rules gave no whole answer ({shown(why, 300)}); it was thrown away. "
            "Use the engine “reference” and report this to us",
        )
    )

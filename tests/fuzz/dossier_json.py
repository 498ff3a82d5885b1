"""Dossiers as JSON and as mappings, at every door that takes one."""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from random import Random

from tthc_rules import Rulebook
from tthc_rules.errors import TthcError
from tthc_rules.law.dossier import Dossier
from tthc_rules.result.row import error_row, row_of

from .drive import command
from .spoil import Json, misspelt, odd, spoil_text, spoil_tree


class Dossiers:
    """A dossier of the generator of edges, spoilt in shape or in text."""

    def prepare(self, folder: Path) -> None:
        """The law, and dossiers to begin with."""
        self.book = Rulebook.load()
        # beside this package, under the name by which this one was imported
        blocks = import_module(f"{__package__.rpartition('fuzz')[0]}agreement.generate").blocks
        self.stock = [json.dumps(made) for _, block in blocks(7, 400, self.book, 40) for _, made in block]
        self.bulk: bool = True

    def make(self, rng: Random) -> tuple[str, str]:
        """A text, and the day asked about."""
        tree: Json = json.loads(rng.choice(self.stock))
        if rng.random() < 0.3 and isinstance(events := tree.get("events"), list) and events:
            event = rng.choice(events)
            if isinstance(event, dict) and isinstance(event.get("kind"), str):
                event["kind"] = misspelt(rng, event["kind"])
        if rng.random() < 0.2:
            tree[rng.choice(("observes", "unknown", "other_level", "officers", "units"))] = rng.choice(
                ([], ["apology_sent"], ["pauses"], ["finish", "acceptance"], "pauses", odd(rng))
            )
        text = json.dumps(spoil_tree(rng, tree), ensure_ascii=rng.random() < 0.5)
        if rng.random() < 0.25:
            text = spoil_text(rng, text)
        return text, rng.choice(("2024-09-20", "2026-11-21", "2028-03-31", "2099-12-31", "2007-01-01"))

    def give(self, made: tuple[str, str]) -> str:
        """The text to the JSON door; what JSON it is to the others, which must answer alike."""
        text, day = made
        as_of = date.fromisoformat(day)
        try:
            verdict = self.book.evaluate(Dossier.model_validate_json(text), as_of)
            verdict.explain("vi"), verdict.model_dump_json()
            answer: str = verdict.punctuality
        except TthcError as error:
            error.render()
            answer = f"error {error.code}"
        try:
            tree = json.loads(text)
        except (ValueError, RecursionError):
            return answer
        if not isinstance(tree, dict):
            return answer
        try:
            one = row_of(self.book.evaluate(tree, as_of))
        except TthcError as error:
            name = tree.get("dossier_id")
            one = error_row(name if isinstance(name, str) else "", error)
        (row,) = self.book.rescore_dossiers([tree], as_of)
        said = [(each.get("error_code") or None, each.get("punctuality") or None) for each in (one, row)]
        if said[0] != said[1]:
            raise AssertionError(f"reference and bulk differ: {said}")
        return answer


TARGET = Dossiers()

if __name__ == "__main__":
    sys.exit(command("tests.fuzz.dossier_json"))

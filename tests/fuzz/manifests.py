"""Manifests of stopped runs, from another hand: `rescore --resume` beside a folder that is nearly ours."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from random import Random
from typing import Final

from .by_command import answer, emptied, with_one_rulebook
from .drive import command
from .spoil import Json, encoded, odd, spoil_text, spoil_tree

MANIFEST: Final = "_manifest.json"
ARGUMENTS: Final = ("--as-of", "2024-10-01", "-q")


class Manifests:
    """The work folder of a run, with a manifest spoilt, a part gone, or a stranger in it."""

    def prepare(self, folder: Path) -> None:
        """A finished run, whose folder serves as that of a stopped one."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.book = with_one_rulebook()
        self.stock, self.folder = folder / "stock", folder / "files"
        self.stock.mkdir()
        ids = [name for number in range(3) for name in (f"HS-{number}", f"HS-{number}")]
        log = {"dossier_id": ids, "kind": ["dossier_accepted", "result_issued"] * 3}
        limit = {"time_limit.amount": [5] * 6, "time_limit.unit": ["workday"] * 6}
        table = pa.table({**log, "at": ["2024-08-23T08:30", "2024-08-28T10:00"] * 3, **limit})
        pq.write_table(table, self.stock / "log.parquet")
        self._lay(emptied(self.folder))
        said = answer("rescore", self.folder / "log.parquet", "-o", self.folder / "out.parquet", *ARGUMENTS)
        if said != "exit 0":
            raise AssertionError(said)
        shutil.copytree(self.folder / "out.parquet", self.stock / "out.parquet")
        self.right = (self.stock / "out.parquet" / MANIFEST).read_text(encoding="utf-8")

    def _lay(self, folder: Path) -> None:
        shutil.copy2(self.stock / "log.parquet", folder / "log.parquet")  # its times are in the manifest

    def make(self, rng: Random) -> tuple[bytes, str, str]:
        """A manifest, what is done to the parts, and where it all lies."""
        tree: Json = json.loads(self.right)
        if rng.random() < 0.15:
            tree = odd(rng)
        if rng.random() < 0.3 and isinstance(tree, dict) and tree.get("parts"):
            part = rng.choice(tree["parts"])
            part[rng.choice(list(part))] = rng.choice(("../log.parquet", "/etc/passwd", "part-1.parquet", -1, odd(rng)))
        text = json.dumps(spoil_tree(rng, tree, 2))
        if rng.random() < 0.2:
            text = spoil_text(rng, text)
        if rng.random() < 0.02:
            text = "[" * 100_000
        parts = rng.choice(("", "", "gone", "cut", "folder", "stranger"))
        return encoded(rng, text), parts, rng.choice((".out.parquet.partial", ".out.parquet.partial", "out.parquet"))

    def give(self, made: tuple[bytes, str, str]) -> str:
        """The run goes on, or is refused; what is a stranger's stays."""
        manifest, parts, where = made
        folder = emptied(self.folder)
        self._lay(folder)
        before = (folder / "log.parquet").read_bytes()
        work = folder / where
        shutil.copytree(self.stock / "out.parquet", work)
        (work / MANIFEST).write_bytes(manifest)
        part = work / "part-00000.parquet"
        if parts in ("gone", "folder") and part.exists():
            part.unlink()
        if parts == "folder":
            part.mkdir()
        if parts == "cut" and part.exists():
            os.truncate(part, part.stat().st_size // 2)
        if parts == "stranger":
            (work / "mine.txt").write_text("mine", encoding="utf-8")
        resume = ["--resume"] if where.startswith(".") else []
        said = answer("rescore", folder / "log.parquet", "-o", folder / "out.parquet", *ARGUMENTS, *resume)
        if (folder / "log.parquet").read_bytes() != before:
            raise AssertionError("the log is no longer what it was")
        if parts == "stranger" and not any(path.name == "mine.txt" for path in folder.rglob("*")):
            raise AssertionError("a file of the user is gone")
        return f"{'resume' if resume else 'replace'} {said}"


TARGET = Manifests()

if __name__ == "__main__":
    sys.exit(command("tests.fuzz.manifests"))

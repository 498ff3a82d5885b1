"""The shipped law as it was loaded before: read once for each content of its files, and kept in the cache folder.

Reading and resolving some two hundred rule files takes longer than all else a short program does. The key is the digest
of every file and its path, of the readings that were chosen, and of the code that reads.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from tthc_rules import cachefolder
from tthc_rules.code import code_digest
from tthc_rules.errors import Problem
from tthc_rules.law.corpus import Corpus
from tthc_rules.rulefile.collector import collector_at_rest
from tthc_rules.rulefile.folders import rule_files

READING: Final = ("errors.py", "law", "rulefile")
"""What decides what a rule file comes to."""


def shipped_law(folder: Path, alternatives: Mapping[str, str] | None, unconfirmed: bool) -> Corpus:
    """The law of that folder as `load` gives it, raising what it raises; from the cache where nothing has changed."""
    before = _name(folder, alternatives or {}, unconfirmed)
    if before is not None and (corpus := _kept(before)) is not None:
        return corpus
    from tthc_rules.rulefile.load import load

    corpus = load([folder], alternatives, unconfirmed)
    if before is not None and before == _name(folder, alternatives or {}, unconfirmed):  # not changed under way
        cachefolder.keep(before, pickle.dumps(corpus, pickle.HIGHEST_PROTOCOL))
    return corpus


def _kept(name: str) -> Corpus | None:
    content = cachefolder.kept(name)
    if content is None:
        return None
    with suppress(Exception), collector_at_rest():  # whatever garbage says: the law is read anew
        corpus = pickle.loads(content)
        return corpus if isinstance(corpus, Corpus) else None
    return None


def _name(folder: Path, alternatives: Mapping[str, str], unconfirmed: bool) -> str | None:
    """The name of the file that holds the law of these files and choices; none where they cannot all be read."""
    problems: list[Problem] = []
    with suppress(OSError, TypeError, AttributeError):  # `load` says what is wrong
        asked = (sys.version, str(folder), sorted(alternatives.items()), unconfirmed, code_digest(READING))
        digest = sha256(repr(asked).encode("utf-8", "surrogatepass"))
        for path in rule_files(folder, problems):
            content = path.read_bytes()
            digest.update(f"{path}\0{len(content)}\0".encode("utf-8", "surrogatepass") + content)
        if not problems:
            return f"law-{digest.hexdigest()[:40]}.pickle"
    return None

"""Messages of senders, nearly right in values, shape, text and bytes; given at once, one by one and as a file."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

from tthc_rules import Rulebook
from tthc_rules.errors import TthcError
from tthc_rules.logs.diagnostics import CODES
from tthc_rules.logs.messagefiles import messages_in
from tthc_rules.logs.messages import Message, MessageReader, read_messages

from .drive import command
from .spoil import Json, encoded, misspelt, odd, places, spoil_text, spoil_tree

SAMPLES: Final = Path(__file__).parents[1] / "samples"
SECRET: Final = "NGƯỜI MẪU"
"""Stands under every key of people, and is never to come out."""
PEOPLE: Final = {
    "MaTTHC": "ChuHoSo", "TrangThai": "NguoiXuLy", "dossierNo": "applicantName", "dossierStatus": "accepter",
}  # fmt: skip
DATES: Final = (
    *("20240904083000", "20240911000000", "20240231080000", "2024091110300", "0001-01-01T00:00:00", "null", "", None),
    *(1725413400000, 1725413400, 0, -1, 10**20, 1e300, "04/09/2024 08:30:00", "31/02/2024", "2024-09-04T08:30:00.000Z"),
    *("2024-09-04T08:30:00.000+0700", "9999-12-31T23:59:59+0000", "20240904083000 ", "٢٠٢٤", SECRET, "undefined", True),
)
STATES: Final = (
    *map(str, range(12)),
    4,
    9,
    "",
    None,
    "done",
    "waiting",
    "denied",
    "Tạm dừng",
    "Yêu cầu bổ sung",
    "PAUSE",
)
ARRIVALS: Final = (None, "2024-09-04T09:00:00", "2024-09-10T09:00:00", "2024-10-01", "hôm qua", "9999-12-31T23:59:59Z")
Made = tuple[str, list[tuple[Json | str, str | None]], bytes | None]


class Messages:
    """A sample's messages, spoilt; now and then a file of them instead."""

    def prepare(self, folder: Path) -> None:
        """The law, the samples, and a place for files."""
        self.book = Rulebook.load()
        self.folder = folder
        self.stock: list[tuple[str, Any]] = []
        for path in sorted(SAMPLES.glob("*/[0-9][0-9].json")):
            given = json.loads(path.read_text(encoding="utf-8"))
            self.stock += [(path.parent.name, [part["body"] for part in given["transport"]])]
        self.senders = sorted({sender for sender, _ in self.stock})

    def make(self, rng: Random) -> Made:
        """Whose messages they are, each with its arrival; or a file of them."""
        sender, bodies = rng.choice(self.stock)
        if rng.random() < 0.05:
            sender = rng.choice(self.senders)  # messages of another
        told: list[tuple[Json | str, str | None]] = []
        for body in json.loads(json.dumps(bodies)):
            arrival = rng.choice(ARRIVALS)
            for _ in range(rng.choice((1, 1, 1, 2))):
                spoilt = _spoilt(rng, body)
                told.append((_written(rng, spoilt) if rng.random() < 0.4 else spoilt, arrival))
        rng.shuffle(told) if rng.random() < 0.2 else None
        file = None
        if rng.random() < 0.25:
            lines = [body if isinstance(body, str) else json.dumps(body) for body, _ in told]
            text = "\n".join(lines) if rng.random() < 0.5 else f"[{','.join(lines)}]"
            file = encoded(rng, spoil_text(rng, text) if rng.random() < 0.3 else text)
        return sender, told, file

    def give(self, made: Made) -> str:
        """One reading; nothing secret is in it, it is the same again, and every dossier can be judged or is refused."""
        sender, told, file = made
        if file is not None:
            path = self.folder / "messages.json"
            path.write_bytes(file)
            try:
                given = list(messages_in(path, ("dossierNo", "referenceUid")))
            except TthcError as error:
                return f"file {_clean(error.render(), error.code)}"
        else:
            given = [Message(body, arrival) for body, arrival in told]
        reading = read_messages(sender, given, {"1.000001": {"amount": 5, "unit": "workday"}})
        again = MessageReader(sender, {"1.000001": {"amount": 5, "unit": "workday"}}, memory=2000)
        for message in given:
            again.feed(message)
        if again.reading() != reading:
            raise AssertionError("another reading gave another answer")
        _clean(repr(reading) + reading.report() + "".join(one.render() for one in reading.broken), "")
        for one in reading.diagnostics:
            if one.level not in CODES[one.code].levels:
                raise AssertionError(f"{one.code} is no {one.level}")
        said = "no dossier"
        for read in reading.dossiers[:4]:
            try:
                said = self.book.evaluate(read.data, date(2024, 10, 15)).punctuality
            except TthcError as error:
                said = f"error {_clean(error.render(), error.code)}"
        return f"{sender} {said}"


def _clean(text: str, answer: str) -> str:
    if SECRET.casefold() in text.casefold():
        raise AssertionError("words about people came out")
    return answer


def _spoilt(rng: Random, body: Json) -> Json:
    """The body with dates, states and parts changed; keys of people keep what they must never show."""
    tree: Json = json.loads(json.dumps(body)) if not isinstance(body, str) else body
    if isinstance(tree, str):
        return spoil_text(rng, tree)
    for holder, key in places(tree):
        if not isinstance(holder, dict) or rng.random() > 0.12:
            continue
        name = key.casefold()
        if "ngay" in name or "date" in name or name.startswith("thoi"):
            holder[key] = rng.choice(DATES)
        elif "trangthai" in name or "status" in name or name in ("lockstate", "name"):
            holder[key] = rng.choice(STATES)
        elif rng.random() < 0.1:
            holder[misspelt(rng, key)] = holder[key]
        elif rng.random() < 0.1 and holder[key] != SECRET:
            holder[key] = odd(rng)
    tree = spoil_tree(rng, tree, 1) if rng.random() < 0.3 else tree
    for holder, _ in places([tree]):
        for each in holder.values() if isinstance(holder, dict) else holder:
            if isinstance(each, dict) and (key := next((name for name in PEOPLE if name in each), None)):
                each[PEOPLE[key]] = SECRET  # where it is known, it is found again under every other key
    return tree


def _written(rng: Random, body: Json) -> str:
    text = json.dumps(body, ensure_ascii=rng.random() < 0.5)
    pick = rng.random()
    if pick < 0.1:
        return text[: rng.randrange(len(text) + 1)]
    if pick < 0.2:
        return text.replace('"', f'"{SECRET}": 1, "', 1) if rng.random() < 0.5 else "[" * rng.choice((70, 5000)) + text
    return spoil_text(rng, text) if pick < 0.3 else text


TARGET = Messages()

if __name__ == "__main__":
    sys.exit(command("tests.fuzz.messages"))

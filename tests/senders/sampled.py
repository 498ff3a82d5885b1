"""The samples of messages, with what a correct reading of each yields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from tthc_rules.logs.messages import Message, MessageReading, read_messages

SAMPLES: Final = Path(__file__).parents[1] / "samples"


@dataclass(frozen=True)
class Sample:
    """One file of messages and what is expected of it."""

    sender: str
    name: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.sender}-{self.name}"

    @property
    def as_of(self) -> date:
        """The day asked about."""
        return date.fromisoformat(self.given["given"]["as_of"])

    @property
    def messages(self) -> list[Message]:
        """What arrives, in order."""
        return [Message(part["body"], part["received_at"], part["url"]) for part in self.given["transport"]]

    def read(self, messages: list[Message] | None = None) -> MessageReading:
        """The reading of the messages, or of others in their place."""
        found = self.messages if messages is None else messages
        return read_messages(self.sender, found, self.given["given"]["catalogue"], fetched_on=self.as_of)


def samples(*senders: str) -> Iterator[Sample]:
    """The samples of these senders."""
    for sender in senders:
        for path in sorted((SAMPLES / sender).glob("*.expect.json")):
            given = path.with_name(path.name.replace(".expect", ""))
            yield Sample(sender, given.stem, _json(given), _json(path))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))

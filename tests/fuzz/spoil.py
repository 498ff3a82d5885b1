"""How a right input is made nearly right: in its values, in its shape, in its text, in its bytes."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any

MOMENTS: Final = (
    *("2024-08-23T08:30", "2024-08-23", "2024-08-30T15:00:30", "2024-09-04T23:59:59.999999+07:00", "2025-07-01T08:00Z"),
    *("2024-02-30", "2024-02-29T24:00", "20240823083000", "1989-12-31", "2100-12-31", "2101-01-01", "0000-00-00"),
    *("2024-08-23T08:30+07", "2024-08-23 08:30:00+0700", "2024-13-01", "9999-12-31T23:59", "2024-08-23T08:30+99:99"),
    *("23/08/2024", "08/23/2024 08:30", "2024-W34-5", "hôm nay", "2024-08-23T08:30:60", "-2024-08-23", "2024-8-3"),
)
TEXTS: Final = (
    *(
        "",
        " ",
        "\u00a0",
        "a",
        "HS-1",
        "Sở Xây dựng",
        "Sở Xây dựng",
        "so-xay-dung",
        "online",
        "workday",
        "son-la",
        "tru",
    ),
    *("\u200b", "\u202eabc", "\x00", "\x1b[31m", "\ud800", "\ufeff", "=1+1", "-1", "'=a", "|", "a|b", "a=b", "🙂", "ß"),
    *(
        "null",
        "true",
        "FALSE",
        "NaN",
        "1e5",
        "05",
        "5.0",
        "∞",
        "٣",
        "x" * 300,
        "../..",
        "%s%n",
        "{0}",
        "{",
        "</script>",
    ),
)
NUMBERS: Final = (0, 1, 5, -1, 2, 30, 366, 10**4, 2**31, 2**63 - 1, 2**63, 2**70, -(2**63), 0.5, 5.0, 1e300, -0.0)
NOTHINGS: Final[tuple[Json, ...]] = (None, True, False, [], {}, [[]], [None], {"a": 1}, {"": ""}, [1, "a"])


def odd(rng: Random) -> Json:
    """Any value that stands somewhere in such a file, or never should."""
    pick = rng.random()
    if pick < 0.3:
        return rng.choice(MOMENTS)
    if pick < 0.6:
        return rng.choice(TEXTS)
    if pick < 0.8:
        return rng.choice(NUMBERS)
    if pick < 0.97:
        return deepcopy(rng.choice(NOTHINGS))  # what is made is changed again
    return deep(rng)


def deep(rng: Random) -> Json:
    """Lists or objects in one another, deeper than anyone writes and not as deep as Python fails."""
    made: Json = 1
    for _ in range(rng.choice((3, 30, 60, 150))):
        made = [made] if rng.random() < 0.5 else {"a": made}
    return made


def misspelt(rng: Random, name: str) -> str:
    """A name with one slip in it."""
    at = rng.randrange(len(name) + 1)
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz_-. áđA\u0430\u200b")
    match rng.randrange(6):
        case 0:
            return name[:at] + letter + name[at:]
        case 1:
            return name[:at] + name[at + 1 :]
        case 2:
            return name[:at] + letter + name[at + 1 :]
        case 3:
            return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]
        case 4:
            return name.upper() if rng.random() < 0.5 else name.replace("_", "-")
    return name + "s"


def places(tree: Json) -> list[tuple[Json, Any]]:
    """Every place in a tree: what holds it, and its key or index."""
    found: list[tuple[Json, Any]] = []
    todo = [tree]
    while todo:
        at = todo.pop()
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        for key in keys:
            found.append((at, key))
            todo.append(at[key])
    return found


def spoil_tree(rng: Random, tree: Json, most: int = 3) -> Json:
    """The tree with a few of its values, keys or parts changed; it is changed itself."""
    for _ in range(rng.randrange(most + 1)):
        known = places(tree)
        if not known:
            return tree
        holder, key = rng.choice(known)
        match rng.randrange(7):
            case 0 | 1:
                holder[key] = odd(rng)
            case 2:
                del holder[key]
            case 3 if isinstance(holder, dict):
                holder[misspelt(rng, str(key)) if str(key) else "x"] = holder.pop(key)
            case 3 | 4 if isinstance(holder, list):
                holder.insert(rng.randrange(len(holder) + 1), json.loads(json.dumps(holder[key])))
            case 4:
                holder[rng.choice(TEXTS)] = odd(rng)
            case 5 if isinstance(holder, list):
                rng.shuffle(holder)
            case _:
                other, its = rng.choice(known)
                value = holder[key]
                if its in other if isinstance(other, dict) else its < len(other):
                    holder[key] = json.loads(json.dumps(other[its]))
                    if isinstance(value, str | int | float | None):
                        other[its] = value
    return tree


def spoil_text(rng: Random, text: str) -> str:
    """A text with a piece cut, doubled, or written in."""
    for _ in range(rng.randrange(3)):
        at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        to = min(to, at + rng.choice((1, 1, 2, 8, 40)))
        match rng.randrange(5):
            case 0:
                text = text[:at] + text[to:]
            case 1:
                text = text[:to] + text[at:to] + text[to:]
            case 2:
                text = text[:at]
            case 3:
                text = (
                    text[:at]
                    + rng.choice(('"', ",", "\n", "\r", "\t", ";", "[", "{", "}", ":", "NaN", "\\"))
                    + text[at:]
                )
            case _:
                text = text[:at] + rng.choice(TEXTS) + text[to:]
    return text


def spoil_bytes(rng: Random, data: bytes, most: int = 4) -> bytes:
    """Bytes of which a few are others, or whose end is missing."""
    made = bytearray(data)
    for _ in range(rng.randrange(most + 1)):
        if made:
            made[rng.randrange(len(made))] = rng.choice((0, 1, 0x7F, 0x80, 0xC3, 0xFF, rng.randrange(256)))
    if rng.random() < 0.1:
        del made[rng.randrange(len(made) + 1) :]
    return bytes(made)


def encoded(rng: Random, text: str) -> bytes:
    """The text as files have it, now and then in another encoding or a little broken."""
    pick = rng.random()
    data = text.encode("utf-8", "surrogatepass")
    if pick < 0.05:
        return b"\xef\xbb\xbf" + data
    if pick < 0.08:
        return text.encode("utf-16", "surrogatepass")
    if pick < 0.1:
        return text.encode("cp1258", "replace")
    return spoil_bytes(rng, data, 2) if pick < 0.2 else data

"""Tables of any shape and type, the same for the same number: good columns, odd ones, chunks, slices, dictionaries."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from tthc_rules.law.fields import DOSSIER_FIELDS, EVENT_FIELDS

WORDS: Final = (
    "dossier_accepted", "result_issued", "apology_sent", "reappointed", "tea", "", "a", "a|b", "hồ sơ", "workday",
    "2024-08-23", "2024-08-23T08:30", "2024-09-05 10:00Z", "online", "son-la", "15:00", "payment", "\u200b", "=1", "|",
)  # fmt: skip
NUMBERS: Final = (0, 1, 5, -1, 127, 255, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1, 1724398200000000)
FRACTIONS: Final = (0.0, 5.0, 2.5, -1.0, 1e300, float("nan"), float("inf"), 2.0**63)
SIMPLE: Final = (
    pa.null(), pa.bool_(), pa.int8(), pa.uint8(), pa.int16(), pa.int32(), pa.int64(), pa.uint64(), pa.float16(),
    pa.float32(), pa.float64(), pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(),
    pa.binary_view(), pa.binary(3), pa.decimal128(20, 0), pa.decimal256(40, 3), pa.date32(), pa.date64(),
    pa.time32("s"), pa.time64("ns"), pa.timestamp("s"), pa.timestamp("ms", "UTC"), pa.timestamp("us", "+07:00"),
    pa.timestamp("ns"), pa.timestamp("us", "Mars/Olympus"), pa.duration("us"), pa.month_day_nano_interval(),
)  # fmt: skip
NAMES: Final = (
    "mood", "events", "units", "time_limit", "case:concept:name", "concept:name", "case:at", "tthc:problem", "",
    "Unnamed: 0", "__index_level_0__", "units.floor", "time_limit.floor", "Kind", "kin d", "\u200b", "x" * 300, "at ",
)  # fmt: skip


class Odd:
    """One table, made with the chances of its number."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)

    def table(self) -> pa.Table:
        """A flat log, a nested one, or neither; sometimes in chunks, sometimes a slice."""
        n = self.chance.choice((0, 1, 2, 3, 7, 30))
        names = ["dossier_id", "kind", "at", *self.some([*EVENT_FIELDS, *DOSSIER_FIELDS], 5)]
        columns = {name: self.column(name, n) for name in names}
        if self.chance.random() < 0.4:
            for name in ("kind", "at"):
                del columns[name]
            columns["events"] = self.logs(n)
        if self.chance.random() < 0.3:
            columns["units"] = self.group("units", n)
        if self.chance.random() < 0.3:
            columns["time_limit"] = self.group("time_limit", n)
        pairs = list(columns.items())
        pairs += [(self.chance.choice(NAMES), self.any(n)) for _ in range(self.chance.choice((0, 0, 1, 2)))]
        self.chance.shuffle(pairs)
        table = pa.table([cells for _, cells in pairs], names=[name for name, _ in pairs])
        if self.chance.random() < 0.2:
            table = table.slice(self.chance.randrange(n + 1), self.chance.randrange(n + 1))
        return table

    def some(self, names: list[str], most: int) -> list[str]:
        return self.chance.sample(names, self.chance.randrange(most + 1))

    def column(self, name: str, n: int, inside: bool = False) -> Any:
        """A column of its proper type, or of any; inside of a struct in one piece."""
        if self.chance.random() < 0.08:
            return self.cells(self.kind(3), n) if inside else self.any(n)
        meaning = EVENT_FIELDS.get(name) or DOSSIER_FIELDS.get(name, "text")
        proper: dict[str, tuple[pa.DataType, ...]] = {
            "text": (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())),
            "moment": (pa.string(), pa.timestamp("us"), pa.timestamp("ns", "UTC"), pa.date32(), pa.date64()),
            "flag": (pa.bool_(), pa.dictionary(pa.int8(), pa.bool_()), pa.null()),
            "number": (pa.int8(), pa.uint64(), pa.float64(), pa.dictionary(pa.int16(), pa.int64())),
            "list": (pa.string(), pa.list_(pa.string()), pa.large_list(pa.string()), pa.list_(pa.string(), 2)),
        }
        kind = self.chance.choice(proper[meaning])
        return self.cells(kind, n) if inside else self.chunked(lambda size: self.cells(kind, size), n)

    def any(self, n: int) -> Any:
        kind = self.kind(3)
        return self.chunked(lambda size: self.cells(kind, size), n)

    def chunked(self, make: Callable[[int], Any], n: int) -> Any:
        """The cells in one piece or in two, one of which is a slice."""
        first = make(n)
        if self.chance.random() < 0.7:
            return first
        cut = self.chance.randrange(n + 1)
        longer = self.cells(first.type, n - cut + 2)
        return pa.chunked_array([self.cells(first.type, cut), longer.slice(1, n - cut)], first.type)

    def kind(self, depth: int) -> pa.DataType:
        if depth == 0 or self.chance.random() < 0.5:
            return self.chance.choice(SIMPLE)
        inner = self.kind(depth - 1)
        match self.chance.randrange(9):
            case 0:
                return pa.list_(inner)
            case 1:
                return pa.large_list(inner)
            case 2:
                return pa.list_(inner, 2)
            case 3:
                return pa.list_view(inner)
            case 4:
                return pa.map_(pa.string(), inner)
            case 5:
                return pa.dictionary(pa.int8(), self.chance.choice(SIMPLE))
            case 6:
                return pa.run_end_encoded(pa.int32(), self.chance.choice(SIMPLE))
            case 7:
                return pa.sparse_union([pa.field("a", inner), pa.field("b", pa.int8())])
            case _:
                return pa.struct([("a", inner), (self.chance.choice("ab"), self.kind(depth - 1))])

    def cells(self, kind: pa.DataType, n: int) -> Any:
        """Cells of a type, some of them null."""
        if pa.types.is_dictionary(kind):
            words = self.cells(kind.value_type, 4)
            places = [None if self.null() else self.chance.randrange(4) for _ in range(n)]
            return pa.DictionaryArray.from_arrays(pa.array(places, kind.index_type), words)
        if pa.types.is_struct(kind):
            inner = [self.cells(field.type, n) for field in kind]
            mask = pa.array([self.null() for _ in range(n)], pa.bool_())
            return pa.StructArray.from_arrays(inner, fields=list(kind), mask=mask)
        if pa.types.is_union(kind):
            inner = [self.cells(kind.field(k).type, n) for k in range(kind.num_fields)]
            tags = pa.array([self.chance.randrange(2) for _ in range(n)], pa.int8())
            return pa.UnionArray.from_sparse(tags, inner, field_names=["a", "b"])
        if pa.types.is_run_end_encoded(kind):
            ends = [n] if n else []
            return pa.RunEndEncodedArray.from_arrays(pa.array(ends, pa.int32()), self.cells(kind.value_type, len(ends)))
        if pa.types.is_fixed_size_list(kind):
            return pa.FixedSizeListArray.from_arrays(self.cells(kind.value_type, 2 * n), 2)
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return self.lists(kind, n, lambda size: self.cells(kind.value_type, size))
        if pa.types.is_map(kind) or pa.types.is_list_view(kind):
            return pa.nulls(n, kind)
        return self.simple(kind, n)

    def lists(self, kind: pa.DataType, n: int, make: Callable[[int], Any]) -> Any:
        sizes = [self.chance.choice((0, 1, 2, 3)) for _ in range(n)]
        ends = [sum(sizes[:k]) for k in range(n + 1)]
        shape = pa.LargeListArray if pa.types.is_large_list(kind) else pa.ListArray
        offset = pa.int64() if pa.types.is_large_list(kind) else pa.int32()
        mask = pa.array([self.null() for _ in range(n)], pa.bool_())
        return shape.from_arrays(pa.array(ends, offset), make(ends[-1]), mask=mask)

    def logs(self, n: int) -> Any:
        """Lists of events."""
        if self.chance.random() < 0.08:
            return self.any(n)

        def events(size: int) -> Any:
            names = ["kind", "at", *self.some(list(EVENT_FIELDS), 4), *self.some(list(NAMES), 1)]
            inner = [self.column(name, size, inside=True) for name in dict.fromkeys(names)]
            return pa.StructArray.from_arrays(inner, list(dict.fromkeys(names)))

        return self.lists(self.chance.choice((pa.list_(pa.null()), pa.large_list(pa.null()))), n, events)

    def group(self, name: str, n: int) -> Any:
        """A struct of the fields of a group."""
        if self.chance.random() < 0.1:
            return self.any(n)
        names = [*(field.partition(".")[2] for field in DOSSIER_FIELDS if field.startswith(f"{name}.")), "floor"]
        chosen = self.some(names, 3)
        inner = [self.column(f"{name}.{one}", n, inside=True) for one in chosen]
        mask = pa.array([self.null() for _ in range(n)], pa.bool_())
        return pa.StructArray.from_arrays(inner, chosen, mask=mask) if chosen else pa.nulls(n, pa.struct([]))

    def null(self) -> bool:
        return self.chance.random() < 0.2

    def simple(self, kind: pa.DataType, n: int) -> Any:
        if pa.types.is_null(kind):
            return pa.nulls(n)
        made = [None if self.null() else self.value(kind) for _ in range(n)]
        if pa.types.is_temporal(kind) and not pa.types.is_interval(kind):
            width = pa.int32() if kind.bit_width == 32 else pa.int64()
            if pa.types.is_date64(kind):
                made = [None if one is None else int(one / 86_400_000) * 86_400_000 for one in made]
            if pa.types.is_time(kind):
                made = [None if one is None else one % 86_400 for one in made]
            return pa.array(made, width).view(kind)
        return pa.array(made, kind)

    def value(self, kind: pa.DataType) -> Any:
        if pa.types.is_boolean(kind):
            return self.chance.random() < 0.5
        if pa.types.is_floating(kind):
            return self.chance.choice(FRACTIONS) if kind != pa.float16() else self.chance.choice((0.0, 5.0, 2.5))
        if pa.types.is_decimal(kind):
            return Decimal(self.chance.choice((0, 5, -1)))
        if pa.types.is_interval(kind):
            return (1, 2, 3)
        if pa.types.is_fixed_size_binary(kind):
            return b"abc"
        if pa.types.is_integer(kind) or pa.types.is_temporal(kind):
            bits = min(kind.bit_width, 64)
            signed = not str(kind).startswith("u")
            least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
            return self.chance.choice([number for number in NUMBERS if least <= number <= most])
        word = self.chance.choice(WORDS)
        return word if is_words(kind) else word.encode()


def is_words(kind: pa.DataType) -> bool:
    """Whether cells of this type are text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))

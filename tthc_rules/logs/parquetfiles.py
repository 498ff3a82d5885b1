"""Files of Parquet as they are read: by their names, and nothing else.

A file is the file of that name; a folder is its own `*.parquet` files in order of name, and no folder in it. No name is
a pattern, and no part of a path becomes a column: the same bytes are the same rows wherever they lie.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from tthc_rules.arrow import reason
from tthc_rules.errors import InputFileError, Problem, TthcError, file_name_not_text, reason_of
from tthc_rules.logs.files import files_in


def files_of(path: Path) -> list[Path]:
    """The files of a log: itself, or those of a folder; raises for what would be read in part or not at all."""
    if not path.is_dir():
        return [_checked_name(path)]
    with reading(path):
        files = files_in(path, lambda each: each.suffix.lower() == ".parquet", "TR-bulk-file")
    if not files:
        raise InputFileError(unreadable(path, "không có tệp .parquet nào", "no .parquet file in it"))
    return [_checked_name(each) for each in files]


def _checked_name(path: Path) -> Path:
    if (problem := file_name_not_text(str(path))) is not None:
        raise InputFileError(problem)
    return path


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A Parquet file of that very name."""
    with reading(path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputFileError(unreadable(path, "không phải tệp thường", "not a plain file"))
        with pa.OSFile(str(path)) as source, parquet.ParquetFile(source, buffer_size=1 << 20, pre_buffer=False) as file:
            yield file


def schema_of(path: Path) -> Any:
    """The columns of all its files: one that some of them lack is empty there."""
    schemas = []
    for file in files_of(path):
        with opened(file) as source, reading(file):
            schemas.append(source.schema_arrow.remove_metadata())
    if all(schema == schemas[0] for schema in schemas):
        return schemas[0]
    with reading(path):
        return pa.unify_schemas([_decoded(schema) for schema in schemas], promote_options="permissive")


def _decoded(schema: Any) -> Any:
    """Words as text, whichever way each file stores them."""
    kinds = [kind.value_type if pa.types.is_dictionary(kind) else kind for kind in schema.types]
    return pa.schema(list(zip(schema.names, kinds, strict=True)))


def read_whole(path: Path) -> Any:
    """All rows of a file or folder in memory, with the metadata of the first file."""
    tables = []
    for file in files_of(path):
        with opened(file) as source, reading(file):
            tables.append(source.read())
            tables[-1].validate(full=True)
    with reading(path):
        return pa.concat_tables(tables, promote_options="permissive")


def rows_of(path: Path) -> int:
    """How many rows its files have."""
    total = 0
    for file in files_of(path):
        with opened(file) as source:
            total += source.metadata.num_rows
    return total


def identity(path: Path) -> dict[str, Any]:
    """What tells an input from another: every byte of it, at about a second a gigabyte."""
    found = []
    for file in files_of(path):
        with reading(path), file.open("rb") as source:
            made = blake2b(digest_size=32)
            while block := source.read(1 << 20):
                made.update(block)
            found.append({"name": file.name, "size": source.tell(), "digest": made.hexdigest()})
    return {"files": found}


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever the disk or pyarrow says of a file is our error: over broken bytes it raises what it likes."""
    try:
        yield
    except TthcError:
        raise
    except UnicodeDecodeError:
        said = "tên cột không phải văn bản UTF-8", "the name of a column is no UTF-8 text"
        raise InputFileError(unreadable(path, *said)) from None
    except OSError as error:
        raise InputFileError(unreadable(path, *reason_of(error))) from None
    except Exception as error:
        raise InputFileError(unreadable(path, *reason_of(reason(error)))) from None


def unreadable(path: Path, vi: str, en: str) -> Problem:
    """The file is no Parquet, or cannot be read."""
    said = f"không đọc được tệp Parquet: {vi}", f"cannot read the Parquet file: {en}"
    return Problem("TR-bulk-file", str(path), *said)

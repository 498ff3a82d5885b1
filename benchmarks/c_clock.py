"""`law/clock.py` written out as C, statement by statement, and compiled when it is asked for: the same loop in C.

A clock written in C by hand falls behind the law; this one is made from the source that is judged by.
"""

from __future__ import annotations

import ast
import ctypes
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import signature
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import numpy as np

from tthc_rules.bulk.objects import clock_function
from tthc_rules.law import clock

FLAGS: Final = ("-O3", "-march=native", "-shared", "-fPIC")
PARAMETERS: Final = tuple(signature(clock.run).parameters)
_SHAPE: Final = clock_function().shape
_KINDS: Final[Mapping[str, Any]] = {"int8": np.int8, "int32": np.int32, "int64": np.int64}
_REGIMES: Final = "regimes"
"""How many versions of the clock there are: C does not know how long an array is."""
_HEAD: Final = """#include <stdint.h>
#define restrict __restrict__
typedef int64_t whole;
static inline whole least(whole a, whole b) { return a < b ? a : b; }
static inline whole most(whole a, whole b) { return a > b ? a : b; }
/* as Python divides: downwards */
static inline whole over(whole a, whole b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }
static inline whole rest_of(whole a, whole b) { return a - over(a, b) * b; }
"""
_SIGNS: Final[Mapping[type, str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.BitAnd: "&", ast.BitOr: "|", ast.LShift: "<<", ast.RShift: ">>",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_CALLS: Final[Mapping[type | str, str]] = {ast.FloorDiv: "over", ast.Mod: "rest_of", "min": "least", "max": "most"}


class NoCompilerError(Exception):
    """Nothing here can compile C."""


# -- Python's statements in C ------------------------------------------------------------------------------------------


def written() -> str:
    """The clock as a C function with the parameters of `clock.run`, but for those that are for the explanation."""
    tree = ast.parse(clock_function().source)
    run = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == clock.run.__name__)
    names = {node.id for node in ast.walk(run) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    parameters = []
    for name in PARAMETERS:
        if name == "regime_from":
            parameters.append(f"whole {_REGIMES}")
        kind = _SHAPE[name]
        if kind != "nothing":
            parameters.append(f"whole {name}" if kind == "number" else f"{kind}_t *restrict {name}")
    local = ", ".join(f"{name} = 0" for name in sorted(names - set(PARAMETERS)))
    body = "\n".join(_lines(run.body))
    return f"{_HEAD}\nvoid run({', '.join(parameters)}) {{\nwhole {local};\n{body}\n}}\n"


def _lines(body: Sequence[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.If(test, then, other):
                if "mark is not None" in ast.unparse(test):
                    assert not other
                    continue
                yield f"if ({_said(test)}) {{"
                yield from _lines(then)
                yield "} else {"
                yield from _lines(other)
                yield "}"
            case ast.While(test, then):
                yield f"while ({_said(test)}) {{"
                yield from _lines(then)
                yield "}"
            case ast.For(ast.Name(name), ast.Call(_, given), then):
                bounds = [_said(each) for each in given]
                first, stop = bounds[:2] if len(bounds) > 1 else ("0", bounds[0])
                step = bounds[2] if len(bounds) > 2 else "1"
                at = f"at_{statement.lineno}"
                yield f"for (whole {at} = {first}, to_{at} = {stop}; {at} < to_{at}; {at} += {step}) {{ {name} = {at};"
                yield from _lines(then)
                yield "}"
            case ast.Assign([target], value):
                yield f"{_said(target)} = {_said(value)};"
            case ast.AugAssign(target, sign, value):
                yield f"{_said(target)} = {_said(ast.BinOp(target, sign, value))};"
            case ast.Break() | ast.Continue():
                yield f"{ast.unparse(statement)};"
            case ast.Expr(ast.Constant()) | ast.Pass():  # what is said of the function
                continue
            case _:
                raise NotImplementedError(ast.unparse(statement))


def _said(node: ast.expr) -> str:  # noqa: C901, PLR0912 - one case a node
    """An expression."""
    match node:
        case ast.Constant(value):
            assert isinstance(value, int)
            return str(int(value))
        case ast.Name(name):
            known = clock_function().numbers
            return f"({known[name]}LL)" if name in known else name
        case ast.Subscript(ast.Name(name), at):
            return f"{name}[{_said(at)}]"
        case ast.BinOp(left, sign, right) if type(sign) in _CALLS:
            return f"{_CALLS[type(sign)]}({_said(left)}, {_said(right)})"
        case ast.BinOp(left, sign, right):
            return f"((whole){_said(left)} {_SIGNS[type(sign)]} {_said(right)})"
        case ast.UnaryOp(ast.Not(), of):
            return f"!({_said(of)})"
        case ast.UnaryOp(ast.USub(), of):
            return f"(-(whole){_said(of)})"
        case ast.BoolOp(sign, parts):
            return "(" + (" && " if isinstance(sign, ast.And) else " || ").join(map(_said, parts)) + ")"
        case ast.Compare(left, signs, rights):
            sides = [left, *rights]
            pairs = [f"({_said(sides[k])} {_SIGNS[type(sign)]} {_said(sides[k + 1])})" for k, sign in enumerate(signs)]
            return "(" + " && ".join(pairs) + ")"
        case ast.IfExp(test, then, other):
            return f"({_said(test)} ? {_said(then)} : {_said(other)})"
        case ast.Call(ast.Name("len"), [ast.Name("regime_from")]):
            return _REGIMES
        case ast.Call(ast.Name(name), [first, second]):
            return f"{_CALLS[name]}({_said(first)}, {_said(second)})"
        case _:
            raise NotImplementedError(ast.unparse(node))


# -- compiled, and called ----------------------------------------------------------------------------------------------


def compiler() -> str:
    """The first line that the compiler says of itself."""
    found = shutil.which("cc")
    if found is None:
        raise NoCompilerError("no `cc` on this machine: the loop in C is left out")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0]


def compiled() -> Any:
    """The library."""
    compiler()
    folder = Path(mkdtemp(prefix="tthc-bench-"))
    source, path = folder / "clock.c", folder / "clock.so"
    source.write_text(written(), encoding="utf-8")
    subprocess.run(["cc", *FLAGS, "-o", str(path), str(source)], check=True)
    library = ctypes.CDLL(str(path))
    library.run.restype = None
    return library


def prepared(library: Any, arguments: Sequence[Any]) -> Callable[[], None]:
    """A call of the C loop with the kernel's arguments, which must be alive as long as it is."""
    given: list[Any] = []
    for name, value in zip(PARAMETERS, arguments, strict=True):
        if _SHAPE[name] == "nothing":
            continue
        if isinstance(value, np.ndarray):
            assert value.dtype == _KINDS[_SHAPE[name]], (name, value.dtype)
            assert value.flags.c_contiguous, name
            if name == "regime_from":
                given.append(ctypes.c_int64(len(value)))
            given.append(ctypes.c_void_p(value.ctypes.data))
        else:
            given.append(ctypes.c_int64(int(value)))
    run = library.run
    return lambda: run(*given)

"""Python's integers as machine code: a flat loop over whole numbers and arrays of them, through LLVM.

It takes what `law/clock.py`, `prepare.py` and `telling.py` are written in and nothing else: whole numbers, arrays,
`for … in range`, `while`, `if`, comparisons and arithmetic, with Python's own meaning (floor division, chained
comparison, an `if` that looks at one side only), `bit_length`, and calls of another such function with arrays or what
is left of them. Anything else is refused, so that no line can mean something else here than in CPython. Every number
has 64 bits; arrays hold 8, 32 or 64.
"""

from __future__ import annotations

import ast
import ctypes
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from llvmlite import binding, ir

from tthc_rules.bulk.loaded import LoadedCode

LONG: Final = ir.IntType(64)
BIT: Final = ir.IntType(1)
WIDTHS: Final = {"int8": 8, "int32": 32, "int64": 64}

_FLAG_MAX: Final = 7
"""How LLVM joins a flag of two modules: the larger one stands."""

Shape = Mapping[str, str]
"""For each parameter: `number`, `nothing` (always None), or the kind of an array's numbers (`int32`)."""


class NotFlatError(Exception):
    """A line of the source that is not whole numbers, arrays and loops."""


def object_code(
    source: str,
    name: str,
    shape: Shape,
    machine: binding.TargetMachine,
    numbers: Mapping[str, int] | None = None,
    others: Mapping[str, Shape] | None = None,
    vectors: bool = False,
) -> bytes:
    """The function `name` of the source, compiled; `others` that it may call are compiled apart.

    `numbers` are the names of its module that it may read. A call of `f[i](…)` is one of the i-th function of an array
    of places in memory, each of the shape of `f`.
    """
    tree = ast.parse(source)
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
    module = ir.Module(name)
    _Function(module, function, shape, numbers or {}, others or {})
    if _is_in_one_piece(machine):
        _call_through_a_table(module)
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    tuning = binding.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = vectors
    tuning.slp_vectorization = False
    builder = binding.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(parsed, builder)
    code: bytes = machine.emit_object(parsed)
    return code


def this_machine() -> binding.TargetMachine:
    """The processor that this runs on."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = binding.Target.from_default_triple()
    features = binding.get_host_cpu_features().flatten()
    made: binding.TargetMachine = target.create_target_machine(
        cpu=binding.get_host_cpu_name(), features=features, opt=2, reloc="pic", codemodel="default"
    )
    return made


def fingerprint(
    source: str, name: str, shape: Shape, machine: binding.TargetMachine, numbers: Mapping[str, int], *more: str
) -> str:
    """What compiled code depends on, as a name: its source, this translator, the compiler and the processor."""
    features = binding.get_host_cpu_features().flatten()
    own = Path(__file__).read_text(encoding="utf-8")
    parts = (
        source,
        own,
        repr(dict(numbers)),
        name,
        repr(dict(shape)),
        machine.triple,
        binding.get_host_cpu_name(),
        features,
        *more,
    )
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def _is_in_one_piece(machine: binding.TargetMachine) -> bool:
    """Whether all that belongs to one function must be put into one piece of memory by us.

    LLVM asks for the parts of an object one by one; in a large process they may come to lie more than 2 GB apart, too
    far for what one says of another, and LLVM ends the process. llvmlite's manager of memory takes one piece for all:
    on ARM of itself, on x86-64 when it is told to.
    """
    return machine.triple.startswith("x86_64") and "linux" in machine.triple


def _call_through_a_table(module: ir.Module) -> None:
    """Let calls look up where to go in the table of the object: a piece of memory has room for it, for jumps not."""
    for function in module.functions:
        if function.is_declaration:
            function.attributes.add("nonlazybind")
    number = ir.IntType(32)
    module.add_named_metadata("llvm.module.flags", [number(_FLAG_MAX), "RtLibUseGOT", number(1)])  # of memset, too


def loaded(code: bytes, name: str, shape: Shape, machine: binding.TargetMachine, *others: bytes) -> LoadedCode:
    """Compiled code, ready to be called, with the code of the functions that it calls."""
    empty = binding.parse_assembly("")
    engine = binding.create_mcjit_compiler(empty, machine, use_lmm=_is_in_one_piece(machine) or None)
    for each in (*others, code):
        engine.add_object_file(binding.ObjectFileRef.from_data(each))
    engine.finalize_object()
    kinds: list[Any] = []
    for kind in shape.values():
        if kind != "nothing":
            kinds += [ctypes.c_int64] if kind == "number" else [ctypes.c_void_p, ctypes.c_int64]
    address = engine.get_function_address(name)
    call = ctypes.CFUNCTYPE(None, *kinds)(address)
    return LoadedCode(
        engine, address, call, tuple(np.dtype(kind) if kind in WIDTHS else kind for kind in shape.values())
    )


class _Function:
    """One function on its way from Python's tree to LLVM's blocks."""

    def __init__(
        self, module: ir.Module, node: ast.FunctionDef, shape: Shape, constants: Mapping[str, int],
        others: Mapping[str, Shape],
    ) -> None:  # fmt: skip
        names = [argument.arg for argument in node.args.args]
        if names != list(shape):
            raise NotFlatError(f"{node.name}: {sorted(set(names) ^ set(shape))}")
        self.function = ir.Function(module, _signature(shape), node.name)
        self.others = {name: (ir.Function(module, _signature(of), name), of) for name, of in others.items()}
        self.constants = constants
        self.numbers: dict[str, ir.Value] = {}
        self.arrays: dict[str, tuple[ir.Value, ir.Value]] = {}
        self.nothing = {name for name, kind in shape.items() if kind == "nothing"}
        self.loops: list[tuple[ir.Block, ir.Block]] = []
        entry = self.function.append_basic_block("entry")
        self.at = ir.IRBuilder(entry)
        given = iter(self.function.args)
        for name, kind in shape.items():
            if kind == "number":
                self._slot(name)
                self.at.store(next(given), self.numbers[name])
            elif kind != "nothing":
                pointer, length = next(given), next(given)
                pointer.add_attribute("noalias")  # the arrays are apart from each other, as the caller promises
                self.arrays[name] = (pointer, length)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store) and inner.id not in self.numbers:
                self._slot(inner.id)
        self._body(node.body)
        if not self.at.block.is_terminated:
            self.at.ret_void()

    def _slot(self, name: str) -> None:
        self.numbers[name] = self.at.alloca(LONG, name=name)
        self.at.store(_long(0), self.numbers[name])

    # -- statements ----------------------------------------------------------------------------------------------------

    def _body(self, nodes: Sequence[ast.stmt]) -> None:
        for node in nodes:
            if self.at.block.is_terminated:
                return
            step = getattr(self, f"_{type(node).__name__}", None)
            if step is None:
                raise NotFlatError(f"line {node.lineno}: {type(node).__name__}")
            step(node)

    def _Expr(self, node: ast.Expr) -> None:
        call = node.value
        name = _called(call)
        if isinstance(call, ast.Call) and name in self.others:
            function, shape = self.others[name]
            if isinstance(call.func, ast.Subscript):  # one of several, by where it lies in memory
                function = self.at.inttoptr(self._value(call.func), function.type)
            self._other(call, function, shape)
        elif not isinstance(call, ast.Constant):
            raise NotFlatError(f"line {node.lineno}: an expression that does nothing")

    def _other(self, node: ast.Call, function: ir.Function, shape: Shape) -> None:
        """A call of another function: numbers by value, arrays whole or from a place on."""
        given: list[ir.Value] = []
        for kind, argument in zip(shape.values(), node.args, strict=True):
            if kind == "number":
                given.append(self._value(argument))
            elif kind != "nothing":
                array = self._array(argument)
                if array[0].type.pointee.width != WIDTHS[kind]:
                    raise NotFlatError(f"line {node.lineno}: {ast.unparse(argument)} where {kind} is needed")
                given += array
        self.at.call(function, given)

    def _array(self, node: ast.expr) -> tuple[ir.Value, ir.Value]:
        """An array, or what is left of it from a place on, and its length."""
        match node:
            case ast.Name(name) if name in self.arrays:
                return self.arrays[name]
            case ast.Subscript(ast.Name(name), ast.Slice(ast.expr() as lower, None, None)) if name in self.arrays:
                pointer, length = self.arrays[name]
                place = self._value(lower)
                return self.at.gep(pointer, [place], inbounds=True), self.at.sub(length, place)
            case _:
                raise NotFlatError(f"line {node.lineno}: {ast.unparse(node)}")

    def _Assign(self, node: ast.Assign) -> None:
        (target,) = node.targets
        self._store(target, self._value(node.value))

    def _AugAssign(self, node: ast.AugAssign) -> None:
        target = ast.copy_location(_loading(node.target), node.target)
        self._store(node.target, self._value(ast.copy_location(ast.BinOp(target, node.op, node.value), node)))

    def _store(self, target: ast.expr, value: ir.Value) -> None:
        if isinstance(target, ast.Name):
            self.at.store(value, self.numbers[target.id])
        elif isinstance(target, ast.Subscript):
            pointer = self._place(target)
            self.at.store(
                self.at.trunc(value, pointer.type.pointee) if pointer.type.pointee != LONG else value, pointer
            )
        else:
            raise NotFlatError(f"line {target.lineno}: {type(target).__name__}")

    def _If(self, node: ast.If) -> None:
        known = self._known(node.test)
        if known is not None:
            self._body(node.body if known else node.orelse)
            return
        test = self._truth(node.test)
        then, after = self.function.append_basic_block(), self.function.append_basic_block()
        other = self.function.append_basic_block() if node.orelse else after
        self.at.cbranch(test, then, other)
        self._block(then, node.body, after)
        if node.orelse:
            self._block(other, node.orelse, after)
        self.at.position_at_end(after)

    def _block(self, block: ir.Block, nodes: Sequence[ast.stmt], after: ir.Block) -> None:
        self.at.position_at_end(block)
        self._body(nodes)
        if not self.at.block.is_terminated:
            self.at.branch(after)

    def _While(self, node: ast.While) -> None:
        head, body, after = (self.function.append_basic_block() for _ in range(3))
        self.at.branch(head)
        self.at.position_at_end(head)
        self.at.cbranch(self._truth(node.test), body, after)
        self.loops.append((head, after))
        self._block(body, node.body, head)
        self.loops.pop()
        self.at.position_at_end(after)

    def _For(self, node: ast.For) -> None:
        call = node.iter
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range"):
            raise NotFlatError(f"line {node.lineno}: only range")
        bounds = [self._value(argument) for argument in call.args]
        start, stop = (_long(0), bounds[0]) if len(bounds) == 1 else bounds[:2]
        step = call.args[2].value if len(bounds) == 3 and isinstance(call.args[2], ast.Constant) else 1
        if len(bounds) == 3 and (not isinstance(call.args[2], ast.Constant) or not int(step) > 0):  # type: ignore[arg-type]
            raise NotFlatError(f"line {node.lineno}: only a constant step forwards")
        before = self.at.block
        head, body, again, after = (self.function.append_basic_block() for _ in range(4))
        self.at.branch(head)
        self.at.position_at_end(head)
        count = self.at.phi(LONG)
        count.add_incoming(start, before)
        self.at.cbranch(self.at.icmp_signed("<", count, stop), body, after)
        self.at.position_at_end(body)
        assert isinstance(node.target, ast.Name)
        self.at.store(count, self.numbers[node.target.id])
        self.loops.append((again, after))
        self._body(node.body)
        self.loops.pop()
        if not self.at.block.is_terminated:
            self.at.branch(again)
        self.at.position_at_end(again)
        count.add_incoming(self.at.add(count, _long(int(step))), again)  # type: ignore[arg-type]
        self.at.branch(head)
        self.at.position_at_end(after)

    def _Break(self, _: ast.Break) -> None:
        self.at.branch(self.loops[-1][1])

    def _Continue(self, _: ast.Continue) -> None:
        self.at.branch(self.loops[-1][0])

    # -- expressions ---------------------------------------------------------------------------------------------------

    def _known(self, node: ast.expr) -> bool | None:
        """What is true or false before the code runs: whether a parameter is there at all."""
        if isinstance(node, ast.BoolOp):
            known = [self._known(value) for value in node.values]
            decides = isinstance(node.op, ast.Or)
            if decides in known:
                return decides
            return None if None in known else not decides
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.IsNot):
            assert isinstance(node.left, ast.Name)
            return (node.left.id in self.nothing) == isinstance(node.ops[0], ast.Is)
        return None

    def _truth(self, node: ast.expr) -> ir.Value:
        known = self._known(node)
        if known is not None:
            return ir.Constant(BIT, int(known))
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.BoolOp):
            return self._both(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.at.not_(self._truth(node.operand))
        return self.at.icmp_signed("!=", self._value(node), _long(0))

    def _comparison(self, node: ast.Compare) -> ir.Value:
        left = self._value(node.left)
        found: ir.Value | None = None
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self._value(right_node)  # reading twice or once more does no harm: nothing here has an effect
            here = self.at.icmp_signed(_COMPARISONS[type(op)], left, right)
            found = here if found is None else self.at.and_(found, here)
            left = right
        assert found is not None
        return found

    def _both(self, node: ast.BoolOp) -> ir.Value:
        """`and`, `or`: the second side is looked at only where the first leaves it open, as in Python."""
        stops = isinstance(node.op, ast.Or)
        after = self.function.append_basic_block()
        sources: list[ir.Block] = []
        for value in node.values[:-1]:
            test = self._truth(value)
            other = self.function.append_basic_block()
            sources.append(self.at.block)
            self.at.cbranch(test, *((after, other) if stops else (other, after)))
            self.at.position_at_end(other)
        last = self._truth(node.values[-1])
        end = self.at.block
        self.at.branch(after)
        self.at.position_at_end(after)
        found = self.at.phi(BIT)
        for block in sources:
            found.add_incoming(ir.Constant(BIT, int(stops)), block)
        found.add_incoming(last, end)
        return found

    def _value(self, node: ast.expr) -> ir.Value:
        if isinstance(node, ast.Constant):
            return _long(int(node.value))  # type: ignore[arg-type]
        if isinstance(node, ast.Name):
            if node.id in self.numbers:
                return self.at.load(self.numbers[node.id])
            return _long(self.constants[node.id])
        if isinstance(node, ast.Subscript):
            found = self.at.load(self._place(node))
            return found if found.type == LONG else self.at.sext(found, LONG)
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self.at.neg(self._value(node.operand))
        if isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp):
            return self.at.zext(self._truth(node), LONG)
        if isinstance(node, ast.IfExp):
            return self._either(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node, node.func.id)
        match node:
            case ast.Call(ast.Attribute(of, "bit_length"), []):
                return self._bit_length(self._value(of))
        raise NotFlatError(f"line {node.lineno}: {ast.unparse(node)}")

    def _call(self, node: ast.Call, name: str) -> ir.Value:
        if name == "len" and isinstance(node.args[0], ast.Name):
            return self.arrays[node.args[0].id][1]
        if name in ("min", "max") and len(node.args) == 2:
            left, right = (self._value(argument) for argument in node.args)
            test = self.at.icmp_signed("<" if name == "min" else ">", right, left)
            return self.at.select(test, right, left)
        raise NotFlatError(f"line {node.lineno}: {name}()")

    def _bit_length(self, value: ir.Value) -> ir.Value:
        size = self.at.select(self.at.icmp_signed("<", value, _long(0)), self.at.neg(value), value)
        return self.at.sub(_long(64), self.at.ctlz(size, ir.Constant(BIT, 0)))

    def _either(self, node: ast.IfExp) -> ir.Value:
        test = self._truth(node.test)
        then, other, after = (self.function.append_basic_block() for _ in range(3))
        self.at.cbranch(test, then, other)
        sources = []
        for block, side in ((then, node.body), (other, node.orelse)):
            self.at.position_at_end(block)
            sources.append((self._value(side), self.at.block))
            self.at.branch(after)
        self.at.position_at_end(after)
        found = self.at.phi(LONG)
        for value, block in sources:
            found.add_incoming(value, block)
        return found

    def _place(self, node: ast.Subscript) -> ir.Value:
        assert isinstance(node.value, ast.Name)
        pointer, _ = self.arrays[node.value.id]
        return self.at.gep(pointer, [self._value(node.slice)], inbounds=True)

    def _arithmetic(self, node: ast.BinOp) -> ir.Value:
        left, right = self._value(node.left), self._value(node.right)
        plain = _ARITHMETIC.get(type(node.op))
        if plain is not None:
            return getattr(self.at, plain)(left, right)
        if isinstance(node.op, ast.FloorDiv | ast.Mod) and isinstance(right, ir.Constant) and right.constant > 0:
            # Python rounds down, the processor towards zero.
            rest = self.at.srem(left, right)
            below = self.at.icmp_signed("<", rest, _long(0))
            if isinstance(node.op, ast.Mod):
                return self.at.select(below, self.at.add(rest, right), rest)
            quotient = self.at.sdiv(left, right)
            return self.at.sub(quotient, self.at.zext(below, LONG))
        raise NotFlatError(f"line {node.lineno}: {ast.unparse(node)}")


def _called(node: ast.expr) -> str:
    """The name of the function, or of the list of functions, that is called."""
    match node:
        case ast.Call(ast.Name(name)) | ast.Call(ast.Subscript(ast.Name(name))):
            return name
        case _:
            return ""


def _signature(shape: Shape) -> ir.FunctionType:
    """Numbers by value; of an array where it begins, and its length."""
    kinds: list[ir.Type] = []
    for kind in shape.values():
        if kind != "nothing":
            kinds += [LONG] if kind == "number" else [ir.IntType(WIDTHS[kind]).as_pointer(), LONG]
    return ir.FunctionType(ir.VoidType(), kinds)


_ARITHMETIC: Final = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitOr: "or_",
    ast.BitAnd: "and_",
    ast.BitXor: "xor",
    ast.LShift: "shl",
    ast.RShift: "ashr",
}
_COMPARISONS: Final = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def _long(value: int) -> ir.Constant:
    return ir.Constant(LONG, value)


def _loading(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    assert isinstance(target, ast.Subscript)
    return ast.Subscript(target.value, target.slice, ast.Load())

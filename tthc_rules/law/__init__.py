"""What the law talks about: days, dossiers, clocks, duties. Immutable data, pure functions, no input or output.

Invariants: nothing here reads a clock or a file; the clock and the composed rules are integers only; a name, a field, a
code stands in one place (`fields`, `codes`, `names`).
"""

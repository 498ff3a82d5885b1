"""Where the library meets other tools: pytest, frames, Spark, JSON Schema.

Invariants: a tool is imported when it is asked for and not before; what comes back through it is what the library says,
row for row, or an error of the library.
"""

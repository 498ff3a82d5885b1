"""The engine that defines and explains: it reads the rules node by node.

Invariants: `interpret` is what a rule means; `composed` runs the same rules as one function and is asked to agree
before anything is explained.
"""

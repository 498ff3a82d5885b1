"""The fourth reading: the same nodes as rules of durable-rules, behind a guard.

Invariants: only `host` knows the package; every decision fires exactly once or there is no verdict; it never imports
the reference engine, against which it is held.
"""

"""A folder to begin with: rules of one's own, cases, a mapping and a register, and the schemas that an editor asks for.

Invariants: what is written loads, passes and is judged as it stands; no file of anybody is ever replaced.
"""

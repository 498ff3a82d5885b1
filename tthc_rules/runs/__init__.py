"""Long work: one by one or in parts, resumed, compared, written.

Invariants: no result takes the place of an input or of anything that we did not make; what is stopped can go on, by the
same code alone.
"""

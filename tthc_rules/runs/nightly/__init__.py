"""Nights: a result that is made from the night before, and says the same as if all of it had been judged anew.

Invariants: a row is carried only if nothing that it hangs on is another; whatever cannot be told is judged; a state is
believed only beside the very result that it was written with; nothing of the night before is written to.
"""

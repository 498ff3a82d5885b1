"""What is said, for every engine: verdict, row, columns, words.

Invariants: it knows the law and no engine; a verdict that was read back has no one behind it and says so; the
columns of a result are listed once.
"""

"""The walk: SEMANTICS read aloud as slow code, and compared with the library on dossiers that are grown at the edges.

Nothing here but `compare` and the tests knows the library: `days` reads the calendar files itself, `counting` goes
from one day (or one office minute) to the next, `judge` takes the events one by one, `qd766` and `unseen` say what one
lateness policy and a source of gaps make of it. `grown` grows dossiers; `python -m tests.walk` compares many of them.
"""

"""Mutants: one small wrong in a module at a time, and whether the tests that are quick enough to be asked notice it.

    python -m tests.mutants law.outcome law.steps              # every mutant of these modules
    python -m tests.mutants law.clock --sample 300 --seed 1    # 300 of them
    python -m tests.mutants law.clock --list                   # which there are

A mutant is killed by a test that fails, or by time: by a test that takes many times the processor's time that it takes
otherwise. What survives is killed by a new test, written from text and calendar, or has its argument in
`equivalent/MODULE.toml`: why nobody could tell it from the sound line. Each is known by a key made of its line, the
lines beside it and what they become, so that an argument goes stale with the line that it speaks of.

Why not mutmut (3.8.1) or cosmic-ray, which are kept by others. mutmut writes each mutant as a whole copy of its
function beside the sound one: of `law/steps`, one function of 60 lines, 8,800 lines; of `law/clock`, one function of a
thousand lines, the copies were not written within 120 seconds of the processor. It leaves out what a module does while
it is imported, and takes out no statement. cosmic-ray writes each mutant into the source tree, which others read at the
same time, and starts the tests anew for each: the imports, the law and the collecting of tests would be paid thousands
of times. Here they are paid once. The tests are collected and measured in one process, which is forked for each mutant;
in the child the code of the functions that differ is exchanged in place, so that nothing that imported them need know
(`exchange.py`); the tests that reach the changed lines are run, those first that killed its neighbours (`trial.py`).

It needs `os.fork`, so it does not run on Windows. Left out are strings, which are words for people and are read by the
golden files, and annotations.
"""

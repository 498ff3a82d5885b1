"""Inputs that are nearly right, by the thousand: `python -m tests.fuzz.dossier_json --minutes 10 --seed 1`.

Also `adapters`, `workbooks`, `tables`, `account_files`, `manifests`. A finding is an exception that is not ours, an
answer that takes more than 250 ms of the processor, or a process that dies or hangs. An input is made from seed and
number alone.
"""

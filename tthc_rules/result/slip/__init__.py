"""A slip: the paper that goes to an applicant, as a draft. Which is owed, by what form, and what each field says.

Invariants: nothing that a person must say (a reason, a signer, a new date) is ever filled, and no applicant is named; a
value says where it comes from. Forms are named by the circular in force on the day; the law is asked of the engine.
"""

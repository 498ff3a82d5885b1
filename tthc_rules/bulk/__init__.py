"""The fast core: the same clock compiled, the same rules as steps over columns, Arrow in and Arrow out.

On its way a table passes `grouping` (flat logs made nested), `intake` (checked, as integer columns), `arrange` (in
order), `score` (the clock of `compiled`, then the rules of `steps`, by the law that `plans` lays out) and `result`.
"""

"""The fast core: the same clock compiled, the rules composed and compiled beside it, Arrow in and Arrow out.

On its way a table passes `grouping` (flat logs made nested), `intake` (checked, as integer columns), `arrange` (in
order), `score` (the clock of `compiled`, then the composed rules, by the law that `plans` lays out) and `result`.
"""

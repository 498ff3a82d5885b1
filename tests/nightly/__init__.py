"""Nights against full runs: a generated province, each reason by hand, states that are not believed."""

"""Runs that are stopped, starved of room or deceived: killed at every border, on a full disk, over a changing input."""

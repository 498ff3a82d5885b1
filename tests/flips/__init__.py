"""Bytes of Arrow and Parquet flipped, read in a child process: a crash ends the child, and is counted, not suffered."""

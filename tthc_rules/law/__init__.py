"""What the law talks about: days, dossiers, clocks, duties. Immutable data, pure functions, no input or output."""

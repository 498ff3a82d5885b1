"""One log in every form, under other seeds, zones, locales, threads, blocks, orders and Pythons: the same bytes."""

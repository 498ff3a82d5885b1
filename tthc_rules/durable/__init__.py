"""The third engine: the rule layer compiled to durable-rules, behind a guard."""

"""What people check with: cases, examples inside rules, lint, coverage."""

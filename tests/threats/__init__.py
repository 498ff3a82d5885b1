"""What a stranger can send, each guard against it, and that a test fails where the guard is taken away."""

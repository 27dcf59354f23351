"""What the receptions mean by today's definitions: the one way from the journal to values."""

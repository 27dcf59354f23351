"""What was received, out again and in again: for spreadsheets, other programs, and next year."""

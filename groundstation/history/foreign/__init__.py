"""Files of other programs, read: frames with their times, and settings of stations."""

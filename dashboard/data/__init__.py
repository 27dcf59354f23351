"""What the pages read: the files of the station, their tail, and what is in the sky."""

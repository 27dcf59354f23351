"""The ground-station runtime: links, journal, followers, orbits, command line."""

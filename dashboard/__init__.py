"""The web pages and the HTTP interface: a read-only process beside the station."""

"""From a link's bytes to the journal: deframe, note what happened, put it on the disk."""

"""Who follows the journal, each from its own saved place."""

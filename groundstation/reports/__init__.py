"""Reports of passes: what was predicted, what was heard, as JSON, text, pictures and a web page."""

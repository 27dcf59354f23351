"""The interface document of a satellite: a web page or Markdown, made of its definition alone."""

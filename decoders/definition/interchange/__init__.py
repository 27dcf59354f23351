"""Definitions to and from other formats; all pure: text in, text out."""

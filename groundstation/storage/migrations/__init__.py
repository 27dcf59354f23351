"""Older files brought forward, a step a version; see
:mod:`groundstation.storage.migrations.steps`."""

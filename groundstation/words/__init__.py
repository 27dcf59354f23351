"""Every word of the program that people read: one gettext catalogue, one way to look a phrase up.

The sources are English; ``ru.po`` and ``ky.po`` are the translations, ``en.po`` is the empty form
that a new language begins with. They are read as they are: no compiled copy can be out of date.
"""

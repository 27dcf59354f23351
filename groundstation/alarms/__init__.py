"""PURE: values with times in, alarm events out. No files, no clock; the same in, the same out.

``levels`` judges columns of values, ``counting`` turns judged values into events, ``presence``
and ``silence`` notice what does not come, ``watch`` does all of it for one satellite;
``faults`` says what is wrong with the station, ``lifecycle`` what people made of an alarm.
"""

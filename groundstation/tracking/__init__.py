"""Antenna and radio during a pass: Hamlib's daemons, the rotator's path, and the tracker."""

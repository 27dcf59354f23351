"""A classroom satellite that flies without a launch: physics, orbit and a virtual serial port."""

"""What is served: pages, interface, live stream."""

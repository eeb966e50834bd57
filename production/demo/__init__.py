"""The demonstration: real establishments of 1972, invented people, simulated figures."""

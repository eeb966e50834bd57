"""Attacks from outside: the black-box harness and drivers of our own against sites started for it (``make attack``)."""

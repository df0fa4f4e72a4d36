"""The native programs, and whatever has to behave the same way."""

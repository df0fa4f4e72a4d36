"""Deliveries against servers on loopback."""

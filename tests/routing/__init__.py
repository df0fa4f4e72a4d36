"""Routing: pure."""

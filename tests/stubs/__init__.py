"""Stub servers: small stand-ins that enforce what vendors document (limits, forms of errors). No vendor's code."""

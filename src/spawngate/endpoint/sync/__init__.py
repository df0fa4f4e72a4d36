"""SHELL. The endpoint's side of the fleet: enrolment, and the process that speaks with the server.

Must not be here: the messages (`sync`), the server's side (`server.intake`).
"""

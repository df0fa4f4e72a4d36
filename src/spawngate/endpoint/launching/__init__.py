"""SHELL. The daemon's side of launches: what a start would really run, whether it is approved, what is kept of it.

Must not be here: rules about identities and approvals (`launch.identity`, `policy.approvals`), the relay
(`endpoint.launcher`), and the protocol (`protocol`).
"""

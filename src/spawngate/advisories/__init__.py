"""Advisories: known faults and malicious releases, and what on this machine they hit.

Belongs here, all of it pure: OSV-shaped records and the ones in the wheel (`data`), orders of versions, what launches,
lock files and installations say about versions, and the answer to each pair of record and subject.
Must not be here: reading disks (`endpoint.projects`, `endpoint.advisories`), asking any service, and rules about
launches (`rules`).
"""

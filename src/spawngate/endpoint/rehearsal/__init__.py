"""SHELL. Rehearsals: real agents, started headless in a throw-away home against a loopback model of ours.

Belongs here: the model (`model`), what each agent needs to run without its vendor (`headless`), one rehearsal of the
hook (`rehearse`). Must not be here: hooks and their registration (`endpoint.protect`), installing agents (`bench`).
"""

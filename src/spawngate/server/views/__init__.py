"""Read models: what lists and pages show, asked from fleet data and events, for the console and the API alike.

Belongs here: functions from `Services`, the teams that may be seen (None: all), filters and a cursor to typed rows, the
next cursor and facets. Must not be here: HTTP, markup, permission, and anything that changes data.
"""

"""The launcher and its relay, against servers and a daemon that do as they are told."""

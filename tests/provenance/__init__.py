"""Tests of `spawngate.provenance`."""

"""The store: its port, its adapters."""

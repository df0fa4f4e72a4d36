"""Events in ClickHouse."""

"""Tables of ClickHouse, as they are asked for. What makes them real: test_events."""

from spawngate.server.store.clickhouse.settings import Settings
from spawngate.server.store.clickhouse.tables import COLUMNS, TEXTS, drop_partition, statements


def test_one_server() -> None:
    made, index = statements(Settings())
    assert made.startswith("CREATE TABLE IF NOT EXISTS `default`.`spawngate_events` (id UInt64 CODEC(Delta, ZSTD(1)), ")
    assert made.endswith(
        " ENGINE=MergeTree PARTITION BY day ORDER BY (time, id) "
        "SETTINGS ttl_only_drop_parts=1, index_granularity=2048, non_replicated_deduplication_window=10000"
    )
    assert "c_agent Array(LowCardinality(String))," in made
    assert "c_command Array(String) CODEC(ZSTD(1))," in made
    assert index == f"ALTER TABLE `default`.`spawngate_events` ADD INDEX IF NOT EXISTS {TEXTS}"
    assert f"INDEX {TEXTS})" in made
    assert all(f"{name} " in made for name in COLUMNS)
    assert drop_partition(Settings(), "2026-11-21") == (
        "ALTER TABLE `default`.`spawngate_events` DROP PARTITION '2026-11-21'"
    )


def test_a_cluster_of_replicated_shards() -> None:
    settings = Settings(database="db", table="t", cluster="main", replicated=True, distributed=True, ttl_days=400)
    local, index, distributed = statements(settings)
    assert index == f"ALTER TABLE `db`.`t_local` ON CLUSTER `main` ADD INDEX IF NOT EXISTS {TEXTS}"
    assert local.startswith("CREATE TABLE IF NOT EXISTS `db`.`t_local` ON CLUSTER `main` (id UInt64")
    assert local.endswith(
        " ENGINE=ReplicatedMergeTree('/clickhouse/tables/{shard}/db/t', '{replica}') PARTITION BY day "
        "ORDER BY (time, id) TTL day + INTERVAL 400 DAY "
        "SETTINGS ttl_only_drop_parts=1, index_granularity=2048, replicated_deduplication_window=10000"
    )
    assert distributed == (
        "CREATE TABLE IF NOT EXISTS `db`.`t` ON CLUSTER `main` AS `db`.`t_local` "
        "ENGINE=Distributed(`main`, `db`, `t_local`, cityHash64(id))"
    )
    assert drop_partition(settings, "2026-11-21") == (
        "ALTER TABLE `db`.`t_local` ON CLUSTER `main` DROP PARTITION '2026-11-21'"
    )

"""The embedded PostgreSQL's settings, with the reason of each."""

import psutil

_MB = 1024 * 1024


def settings(*, socket: str, durable: bool = True) -> dict[str, str]:
    """Settings for this machine. `durable=False` gives up crash safety: for tests' throw-away data only."""
    memory = psutil.virtual_memory().total // _MB
    chosen = {
        # Reached through a socket in a closed folder, never by network.
        "listen_addresses": "",
        "unix_socket_directories": '"' + socket.replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "100",
        "password_encryption": "scram-sha-256",
        # An eighth of the memory: the application and the person's own programs live here too.
        "shared_buffers": f"{min(max(memory // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        "work_mem": "16MB",
        # Solid-state disks everywhere; the default of 4 makes the planner shun indexes.
        "random_page_cost": "1.1",
        # Compiling costs more than our short statements take.
        "jit": "off",
        # Imports of a million rows would otherwise force a checkpoint every few seconds.
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        # An import into a large table logs about four whole pages a row; compressing them with pglz, all that is
        # built in, took three times as long as the whole insert without.
        "wal_compression": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "datestyle": "ISO, YMD",
        "lc_messages": "C",
        # One file per weekday, overwritten a week later.
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgres-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        # Failing statements carry people's data as literals; the application logs what may be logged.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if not durable:
        chosen |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "autovacuum": "off",
            "shared_buffers": "128MB",
            "logging_collector": "off",
            "max_locks_per_transaction": "256",
        }
    return chosen


def as_file(chosen: dict[str, str]) -> str:
    """The text of a configuration file."""
    lines = ["# Written at every start. Your own settings belong into local.conf beside this file."]
    for name, value in chosen.items():
        quoted = value.replace("'", "''")
        lines.append(f"{name} = '{quoted}'")
    return "\n".join(lines) + "\n"

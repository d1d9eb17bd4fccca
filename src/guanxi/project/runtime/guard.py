"""The guard's own process: reads what to watch from standard input, acts when that ends. See `processes`."""

import json
import shutil
import signal
import sys
from itertools import groupby
from threading import Thread

from .processes import Watched, end


def main() -> None:
    # Only the end of the pipe ends us: a signal to everybody must still find somebody to tidy up.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    entries: dict[int, Watched] = {}
    folders: list[str] = []
    for line in sys.stdin:
        message = json.loads(line)
        if "watch" in message:
            entry = Watched(**message["watch"])
            entries[entry.pid] = entry
        elif "forget" in message:
            entries.pop(message["forget"], None)
        elif "remove" in message:
            folders.append(message["remove"])
    ordered = sorted(entries.values(), key=lambda entry: entry.order)
    for _order, together in groupby(ordered, key=lambda entry: entry.order):
        threads = [Thread(target=end, args=[entry]) for entry in together]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

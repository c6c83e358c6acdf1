"""What is wrong with a chain of events. Stands alone: any Python from 3.9 on runs it, and it reads nothing else.

python rules.py HEAD < EVENTS.jsonl     one event a line; HEAD is the last event's hash, noted elsewhere, or left out

Each event holds the hash of the one before, so that none can be altered, removed, inserted or moved without a trace.
Only the end can be cut off, or the whole written anew: that is what a HEAD noted elsewhere finds.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator

START = "0" * 64


def hash_of(event: dict[str, object]) -> str:
    """The SHA-256 of the event without its own hash, written as JSON with sorted keys and no spaces."""
    body = {name: value for name, value in event.items() if name != "hash"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def faults(events: Iterable[dict[str, object]], head: str = "") -> Iterator[str]:
    """A sentence for each event that is altered, missing, inserted or out of order; none where the chain is whole."""
    number, last = 0, START
    for event in events:
        stated, is_next = event["number"], event["number"] == number + 1
        if hash_of(event) != event["hash"]:
            yield f"Event {stated} was altered."
        if not is_next and isinstance(stated, int) and stated > number + 1:
            missing = f"event {number + 1}" if stated == number + 2 else f"events {number + 1} to {stated - 1}"
            yield f"Before event {stated}, {missing} must stand: removed or moved."
        elif not is_next:
            yield f"Event {stated} stands after event {number}: inserted or moved."
        elif event["previous"] != last:
            yield f"Event {stated} does not follow event {number} as it is now: one of the two was replaced."
        number, last = int(str(stated)), str(event["hash"])
    if head and head != last:
        yield f"The chain ends with event {number}, which is not the one noted: its end was cut off or replaced."


def main(head: str = "") -> int:
    """0 where the chain on standard input is whole, else 1; every fault is printed."""
    found = list(faults((json.loads(line) for line in sys.stdin if line.strip()), head))
    sys.stdout.write("\n".join(found or ["The chain is whole."]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

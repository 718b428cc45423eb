"""How the child process tells the parent what it decoded: numbers, texts, bytes, and nodes that refer to them.

After `MAGIC` comes a head (JSON), then the texts (JSON), then the sections of numbers, then each run of bytes, all of
them behind their length. Every value has a number, in the order in which values are first met; `kinds` has one letter
for each of them. The other sections hold the contents of the values of their kind one after another; a node's content
is a run of numbers of values in `slots`, as long as `sizes` says. Nothing in it is code, and every number is checked.
"""

from __future__ import annotations

import struct

NONE, TRUE, FALSE = b"NTF"
INT, LONG, FLOAT, TEXT, BYTES, OCTETS = b"iIfsbB"
LIST, TUPLE, DICT, SET, FROZENSET = b"ltdzZ"
SYMBOL, PERSISTENT, CALL, CHANGE = b"ypcC"

NODES = frozenset((LIST, TUPLE, DICT, SET, FROZENSET, SYMBOL, PERSISTENT, CALL, CHANGE))
WAYS = {"call": CALL, "change": CHANGE}
CALL_PARTS = 6
"""Function, arguments, keywords, states, items, pairs."""

MAGIC = b"qtui-pickle-1\n"
LENGTH = struct.Struct("<Q")
INT_BOUND = 1 << 63

SECTIONS = {"kinds": "B", "sizes": "I", "slots": "I", "ints": "q", "floats": "d"}
"""The sections of numbers with their form, in the order in which they follow the head and the texts."""

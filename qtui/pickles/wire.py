"""The format in which the child process sends decoded values: numbers, strings, bytes, and nodes referring to them.

`MAGIC`, a header (JSON), the strings (JSON), the number sections, then the byte strings; all are length-prefixed.
Values are numbered in order of first occurrence; `kinds` has one letter per value. The other sections hold the contents
of the values of their kind in sequence; a node's content is a run of value numbers in `slots` of the length in `sizes`.
Nothing in it is code, and the parent validates every number.
"""

from __future__ import annotations

import struct

NONE, TRUE, FALSE = b"NTF"
INT, LONG, FLOAT, TEXT, BYTES, BYTEARRAY = b"iIfsbB"
LIST, TUPLE, DICT, SET, FROZENSET = b"ltdzZ"
SYMBOL, PERSISTENT, CALL, CHANGE = b"ypcC"

NODES = frozenset((LIST, TUPLE, DICT, SET, FROZENSET, SYMBOL, PERSISTENT, CALL, CHANGE))
CALL_KINDS = {"call": CALL, "change": CHANGE}

MAGIC = b"qtui-pickle-1\n"
LENGTH = struct.Struct("<Q")
INT_BOUND = 1 << 63

SECTIONS = {"kinds": "B", "sizes": "I", "slots": "I", "ints": "q", "floats": "d"}
"""The number sections with their array type codes, in order."""

"""Binary number formats of pickle opcodes."""

from __future__ import annotations

import struct

UINT1 = struct.Struct("<B")
UINT2 = struct.Struct("<H")
UINT4 = struct.Struct("<I")
UINT8 = struct.Struct("<Q")
INT4 = struct.Struct("<i")
FLOAT8 = struct.Struct(">d")

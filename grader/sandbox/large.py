"""Large pages, of which a fork copies one entry where it copies 512 of small ones."""

import ctypes
from pathlib import Path

from libc import LIBC

#: MADV_COLLAPSE; systems before Linux 6.1 do not know it
_COLLAPSE = 25


def use_large_pages() -> None:
    """Puts the memory of this process into large pages, as far as the system does it.

    Nothing else depends on it: what it refuses stays in small ones.
    """
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, rights, _, _, file, *_ = line.split()
        if rights == "rw-p" and file == "0":
            first, last = (int(number, 16) for number in place.split("-"))
            size = ctypes.c_size_t(last - first)
            LIBC.madvise(ctypes.c_void_p(first), size, _COLLAPSE)

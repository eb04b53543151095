"""What a trial takes is its own, not what was loaded before it was forked."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import os, sys, time
from archdsl.searching.supervising.reading import own_memory, usage

loaded = bytearray(os.urandom(1024) * 1024 * 120)
to_child, of_parent = os.pipe()
to_parent, of_child = os.pipe()
pid = os.fork()
if not pid:
    os.write(of_child, b"x")
    os.read(to_child, 1)
    taken = bytearray(os.urandom(1024) * 1024 * 60)
    os.write(of_child, b"x")
    os.read(to_child, 1)
    os._exit(0)
os.read(to_parent, 1)
print(usage(pid).memory >> 20, own_memory(pid) >> 20)
os.write(of_parent, b"x")
os.read(to_parent, 1)
print(usage(pid).memory >> 20, own_memory(pid) >> 20)
os.write(of_parent, b"x")
os.waitpid(pid, 0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells what a process takes")
def test_what_was_there_before_the_fork_is_not_its_own() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    (first, own), (second, more) = (map(int, line.split()) for line in ran.stdout.splitlines())
    assert first >= 120 > 30 > own
    assert second >= 180 > 120 > more >= 60

#!/usr/bin/env python3
"""One round of LiveBench by a plain script: one thread, nothing but the standard library.

Usage: live_smmu.py SOCKET RAMFILE RAMBASE SINGLES LONE PAUSE BURSTS SIZE. The emulator runs, its stream table and its devices are
set up. The script has the event queue set up, makes devices fault and drains; prints a line of nanoseconds for each kind.
"""
import mmap
import socket
import struct
import sys
import time

SMMU, ECAM = 0x09050000, 0x4010000000
EDU, EDU_BAR, EDU_RAISE, EDU_SID = ECAM + (0x28 << 12), 0x10200000, 0x10200060, 0x28
AHCI_PORT, AHCI_SID = 0x10400100, 0x38
LOG2 = 10
MASK = (2 << LOG2) - 1

path, ramfile, base = sys.argv[1], sys.argv[2], int(sys.argv[3], 0)
singles, lone, pause, bursts, size = (int(x) for x in sys.argv[4:9])
EVQ = base + (48 << 20)

link = socket.socket(socket.AF_UNIX)
link.settimeout(20)
link.connect(path)
lines = link.makefile("rb")
with open(ramfile, "r+b") as f:
    ram = mmap.mmap(f.fileno(), 64 << 20)
record = struct.Struct("<4Q")


def answer():
    while True:
        line = lines.readline()
        if line.startswith(b"OK"):
            return line[3:]
        if not line.startswith(b"IRQ"):
            raise SystemExit(f"QEMU says {line}")


def cmd(text):
    link.sendall(text.encode() + b"\n")
    return answer()


def w32(address, value):
    cmd(f"writel 0x{address:x} 0x{value:x}")


def w64(address, value):
    cmd(f"writeq 0x{address:x} 0x{value:x}")


def r32(address):
    return int(cmd(f"readl 0x{address:x}"), 16)


cons = 0
expected = []       # (StreamID, address) of each fault to come
seen = 0            # how many the handler was given
done = 0            # when it was given the last of them


def handle(sid, kind, write, address):
    global seen, done
    if (sid, address) != expected[seen] or kind != 0x10 or not write:
        raise SystemExit(f"fault {seen}: {sid:x} {kind:x} {write} {address:x}, expected {expected[seen]}")
    seen += 1
    if seen == len(expected):
        done = time.perf_counter_ns()


def drain():
    """What is there: one read of PROD, each record to the handler, one write of CONS."""
    global cons
    prod = r32(SMMU + 0x100A8) & MASK
    while cons != prod:
        w = record.unpack_from(ram, EVQ - base + 32 * (cons & (MASK >> 1)))
        handle(w[0] >> 32, w[0] & 0xFF, not w[1] >> 35 & 1, w[2])
        cons = (cons + 1) & MASK
    w32(SMMU + 0x100AC, cons)


def timed(faults, prepare, trigger):
    """From the trigger to the handler of the last fault."""
    global expected, seen
    expected, seen = faults, 0
    prepare()
    begin = time.perf_counter_ns()
    trigger()
    while seen < len(faults):
        drain()
    return done - begin


def many(count, first):
    """That many writes of one device, each told by itself; sent at once, answers are read afterwards."""

    def trigger():
        text = "".join(f"writel 0x{EDU + msi + 4:x} 0x{first + 4096 * i:x}\nwritel 0x{EDU_RAISE:x} 0x1\n" for i in range(count))
        link.sendall(text.encode())
        for _ in range(2 * count):
            answer()

    return trigger


w32(SMMU + 0x20, 1)
w64(SMMU + 0xA0, EVQ | LOG2)
w32(SMMU + 0x100A8, 0)
w32(SMMU + 0x100AC, 0)
w32(SMMU + 0x50, 4)
w32(SMMU + 0x20, 5)
msi = r32(EDU + 0x34) & 0xFF
w32(EDU + msi + 8, 0)
w32(AHCI_PORT + 4, 0)

one, alone, told, storm = [], [], [], []
for i in range(singles):
    at = 0x1000000 + i * 0x1000
    one.append(timed([(EDU_SID, at)], lambda: w32(EDU + msi + 4, at), lambda: w32(EDU_RAISE, 1)))
for i in range(lone):
    at = 0x1000000 + i * 0x1000

    def idle():
        w32(EDU + msi + 4, at)
        time.sleep(pause / 1000)

    alone.append(timed([(EDU_SID, at)], idle, lambda: w32(EDU_RAISE, 1)))
for i in range(bursts):
    at = 0x20000000 + i * 0x100000
    told.append(timed([(EDU_SID, at + 4096 * k) for k in range(size)], lambda: None, many(size, at)))
for i in range(bursts):
    at = 0x10000000 + i * 0x1000

    def start():
        global expected
        wanted = expected
        w32(AHCI_PORT, at)
        expected = [(AHCI_SID, at)]
        w32(AHCI_PORT + 0x18, 1)
        drain()
        restart(wanted)

    def restart(wanted):
        global expected, seen
        expected, seen = wanted, 0

    storm.append(timed([(AHCI_SID, at + 4 * k) for k in range(256)], start, lambda: w32(AHCI_PORT + 0x18, 0)))
w32(SMMU + 0x20, 1)
for name, times in (("one", one), ("lone", alone), ("told", told), ("storm", storm)):
    print(name, *times)

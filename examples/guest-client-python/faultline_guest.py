#!/usr/bin/env python3
"""A guest of Faultline: claims a device, takes its page requests and events, answers them.

The protocol is in docs/guest-protocol.md; this needs nothing but Python's own library.

    with Guest("/run/faultline/guest.sock") as guest:
        grant = guest.claim("smmu0", "0000:01:00.0", pasids=[(1, 7)])
        for frame in guest.frames():
            if frame.type == FAULTS:
                guest.answer([(cookie, SUCCESS) for cookie in groups(frame)])
"""
import argparse
import socket
import struct
import sys

HELLO, GRANT, FAULTS, EVENTS, WITHDRAWN, ANSWERS, RESULT, DETACH, PAUSE, ERROR, RECORDS, COMMANDS = range(1, 13)
SUCCESS, INVALID, FAILURE = 0, 1, 2
PASID_VALID, LAST_PAGE = 1, 2
NO_PASID, ALL_PASIDS, WANTS_FAILURE = 1, 2, 4
NO_EVENTS, VEVENT, RAW = 0, 1, 2
NO_TOKEN = bytes(16)


class Frame:
    def __init__(self, kind, count, payload):
        self.type, self.count, self.payload = kind, count, payload

    def faults(self):
        """The page requests: flags, dev_id, pasid, grpid, perm, 0, addr, length, cookie."""
        return list(struct.iter_unpack("<6IQ2I", self.payload))

    def events(self):
        """(flags, sequence, record) of each event; a header alone says that events were lost."""
        size = len(self.payload) // self.count
        for at in range(0, len(self.payload), size):
            flags, sequence = struct.unpack_from("<2I", self.payload, at)
            yield flags, sequence, self.payload[at + 8 : at + size]

    def pairs(self):
        """(cookie, reason) of a withdrawn frame."""
        return list(struct.iter_unpack("<2I", self.payload))

    def error(self):
        """(code, value, text) of an error frame."""
        code, value = struct.unpack_from("<2I", self.payload)
        return code, value, self.payload[8:].decode()


class Refused(Exception):
    def __init__(self, code, value, text):
        super().__init__("error %d (%d): %s" % (code, value, text))
        self.code, self.value = code, value


class Guest:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.buffer = b""
        self.token = NO_TOKEN
        self.depth = self.largest_group = 0
        self.early = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, kind, count, payload):
        self.socket.sendall(struct.pack("<IHH", 8 + len(payload), kind, count) + payload)

    def read(self):
        """The next frame; None when the connection has ended."""
        while True:
            if len(self.buffer) >= 8:
                length, kind, count = struct.unpack_from("<IHH", self.buffer)
                if len(self.buffer) >= length:
                    payload, self.buffer = self.buffer[8:length], self.buffer[length:]
                    return Frame(kind, count, payload)
            more = self.socket.recv(1 << 16)
            if not more:
                return None
            self.buffer += more

    def frames(self):
        while True:
            frame = self.early.pop(0) if self.early else self.read()
            if frame is None:
                return
            yield frame

    def await_reply(self, kind):
        """Faults that come before the reply are kept for frames()."""
        while True:
            frame = self.read()
            if frame is None:
                raise ConnectionError("the connection ended")
            if frame.type == ERROR:
                raise Refused(*frame.error())
            if frame.type == kind:
                return frame
            self.early.append(frame)

    def claim(self, unit, device, pasids=None, flags=NO_PASID | ALL_PASIDS, virtual_id=1, events=NO_EVENTS, depth=1024):
        """Claims one device; the grant's words as a dictionary."""
        ranges = pasids or []
        if pasids is not None:
            flags &= ~(ALL_PASIDS | NO_PASID)
        words = [word for first_last in ranges for word in first_last] + [0] * (16 - 2 * len(ranges))
        claim = struct.pack("<64s32s4I16I", unit.encode(), device.encode(), flags, virtual_id, events, len(ranges), *words)
        self.send(HELLO, 1, struct.pack("<HHIQ16s", 1, 0, depth, 0, NO_TOKEN) + claim)
        return self.granted()[0]

    def resume(self, token):
        """Takes back what the session of a former connection had claimed."""
        self.send(HELLO, 0, struct.pack("<HHIQ16s", 1, 0, 0, 0, token))
        return self.granted()

    def granted(self):
        frame = self.await_reply(GRANT)
        _, _, self.depth, self.largest_group, _, self.token = struct.unpack_from("<HHIII16s", frame.payload)
        names = ("dev_id", "virtual_id", "flags", "pasid_bits", "outstanding", "deadline_ms", "stall_deadline_ms",
                 "events", "page_sizes", "arch", "event_bytes", "requester")
        grants = []
        for words in struct.iter_unpack("<8IQ16s2I", frame.payload[32:]):
            grant = dict(zip(names, words))
            grant["arch"] = grant["arch"].rstrip(b"\0").decode()
            grants.append(grant)
        return grants

    def raw(self, queue, unit, depth=1024):
        """Becomes the hardware of a unit; the length of a record."""
        self.send(HELLO, 1, struct.pack("<HHIQ16s", 1, 1, depth, 0, NO_TOKEN)
                  + struct.pack("<64s64s", queue.encode(), unit.encode()))
        return self.granted()[0]["event_bytes"]

    def records(self, data, size):
        """Writes raw records; (taken, lost)."""
        self.send(RECORDS, len(data) // size, data)
        return self.result(RECORDS)

    def result(self, of):
        _, value, second, _ = struct.unpack("<4I", self.await_reply(RESULT).payload)
        return value, second

    def answer(self, answers):
        self.send(ANSWERS, len(answers), b"".join(struct.pack("<2I", *answer) for answer in answers))

    def detach(self, dev_id):
        self.send(DETACH, 1, struct.pack("<I", dev_id))
        return self.result(DETACH)

    def pause(self, dev_id, millis):
        """Pauses a claim; how long it was granted."""
        self.send(PAUSE, 1, struct.pack("<2I", dev_id, millis))
        return self.result(PAUSE)[1]


def groups(frame):
    """The cookie of each group of a faults frame, in order."""
    return [fault[8] for fault in frame.faults() if fault[0] & LAST_PAGE]


def main():
    parser = argparse.ArgumentParser(description="Claims a device of Faultline and answers its page requests.")
    parser.add_argument("socket")
    parser.add_argument("unit")
    parser.add_argument("device", nargs="+", help="requester id or PCI address")
    parser.add_argument("--code", type=int, default=SUCCESS, help="the answer: 0 SUCCESS, 1 INVALID")
    parser.add_argument("--groups", type=int, default=0, help="end after so many groups")
    parser.add_argument("--events", type=int, default=NO_EVENTS, help="0 none, 1 iommufd, 2 raw")
    options = parser.parse_args()
    requests = answered = events = 0
    with Guest(options.socket) as guest:
        for number, device in enumerate(options.device):
            grant = guest.claim(options.unit, device, virtual_id=number + 1, events=options.events)
            print("granted", device, "depth", guest.depth, grant, flush=True)
        for frame in guest.frames():
            if frame.type == FAULTS:
                cookies = groups(frame)
                requests += frame.count
                print("batch of %d requests, %d groups" % (frame.count, len(cookies)), flush=True)
                guest.answer([(cookie, options.code) for cookie in cookies])
                answered += len(cookies)
            elif frame.type == EVENTS:
                for flags, sequence, record in frame.events():
                    events += len(record) > 0
                    print("event", sequence, record.hex() or "lost", flush=True)
            elif frame.type == WITHDRAWN:
                print("withdrawn", frame.pairs(), flush=True)
            elif frame.type == ERROR:
                print("error", *frame.error(), file=sys.stderr)
            if options.groups and answered >= options.groups:
                break
    print("%d requests, %d groups answered, %d events" % (requests, answered, events))


if __name__ == "__main__":
    main()

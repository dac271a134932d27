"""Does all that a guest can ask, step by step with the test that reads this."""
import sys

from faultline_guest import FAULTS, INVALID, SUCCESS, Guest, Refused, groups

UNIT, DEVICE = "smmu0", "0x100"


def say(text):
    print(text, flush=True)


def answer(guest, code):
    frame = next(guest.frames())
    assert frame.type == FAULTS, frame.type
    cookies = groups(frame)
    guest.answer([(cookie, code) for cookie in cookies])
    return len(cookies)


path = sys.argv[1]
guest = Guest(path)
grant = guest.claim(UNIT, DEVICE)
assert grant["pasid_bits"] == 20 and grant["page_sizes"] == 4096, grant
try:
    guest.claim(UNIT, DEVICE, virtual_id=2)
    say("claimed twice")
except Refused as refused:
    assert refused.code == 5, refused
say("paused %d" % guest.pause(grant["dev_id"], 400_000))
sys.stdin.readline()
assert guest.pause(grant["dev_id"], 0) == 0
say("answered %d group behind the pause" % answer(guest, SUCCESS))
token = guest.token
guest.socket.close()
say("gone")
sys.stdin.readline()

again = Guest(path)
assert again.resume(token)[0]["dev_id"] == grant["dev_id"]
assert again.token == token
say("taken back")
answer(again, INVALID)
say("answered another")
again.detach(grant["dev_id"])
say("detached")

model = Guest(path)
size = model.raw("raw:smmuv3:evtq", "model0", depth=4)
taken, lost = model.records(bytes(6 * size), size)
say("wrote %d records of %d bytes, %d lost" % (taken, size, lost))
say("command " + model.read().payload.hex())

// A guest of Faultline: claims devices, prints batches of page requests and events, answers them.
// The protocol is in docs/guest-protocol.md.
//
//     cc -O2 -Wall -Wextra -o faultline-guest faultline-guest.c
//     ./faultline-guest ~/.local/state/faultline/guest.sock smmu0 0x100 01:00.0

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HELLO = 1, GRANT, FAULTS, EVENTS, WITHDRAWN, ANSWERS, RESULT, DETACH, PAUSE, ERROR };
enum {
    LATE = 9,      // an error that is none: the group ended while its answer was under way
    RESTART = 15,  // an update: the session waits for its token
};
enum { LAST_PAGE = 2, LOST_EVENTS = 1, NO_PASID = 1, ALL_PASIDS = 2 };
enum { LONGEST_FRAME = 65536, MOST_ANSWERS = (LONGEST_FRAME - 8) / 8, MOST_DEVICES = 256 };

// All little-endian, without padding: a big-endian host would have to swap.
struct frame { uint32_t length; uint16_t type, count; };

struct hello { uint16_t version, kind; uint32_t depth; uint64_t reserved; uint8_t token[16]; };

struct claim {
    char unit[64], device[32];
    uint32_t flags, virtual_id, events, ranges, pasids[16];
};

struct session { uint16_t version, flags; uint32_t depth, largest_group, wake_us; uint8_t token[16]; };

struct grant {
    uint32_t dev_id, virtual_id, flags, pasid_bits, outstanding, deadline_ms, stall_deadline_ms, events;
    uint64_t page_sizes;
    char arch[16];
    uint32_t event_bytes, requester;
};

// struct iommu_hwpt_pgfault of linux/iommufd.h
struct fault { uint32_t flags, dev_id, pasid, grpid, perm, reserved; uint64_t addr; uint32_t length, cookie; };

struct answer { uint32_t cookie, code; };

_Static_assert(sizeof(struct hello) == 32 && sizeof(struct claim) == 176, "as in the protocol");
_Static_assert(sizeof(struct session) == 32 && sizeof(struct grant) == 64, "as in the protocol");
_Static_assert(sizeof(struct fault) == 40 && sizeof(struct answer) == 8, "as in linux/iommufd.h");

static struct {
    bool quiet;
    uint32_t code, events, depth;
    uint64_t most;
} options = {.depth = 1024};

static struct { uint64_t reads, batches, requests, groups, answered, events, lost, withdrawn, late, errors; } counts;
static struct { uint32_t ids[MOST_DEVICES]; int count, detached; bool leaving; } devices;
static struct { uint8_t token[16]; uint32_t restart_ms; } session_kept;
static volatile sig_atomic_t stopped;

static void stop(int signal_number) {
    (void)signal_number;
    stopped = 1;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void write_all(int to, const void *bytes, size_t length) {
    for (const char *at = bytes; length > 0;) {
        ssize_t n = write(to, at, length);
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) return;  // the next read says it, too
        if (n < 0 && errno != EINTR) fail("write");
        if (n > 0) at += n, length -= (size_t)n;
    }
}

static void say_hello(int to, const char *unit, char **devices, int count) {
    size_t length = sizeof(struct frame) + sizeof(struct hello) + (size_t)count * sizeof(struct claim);
    char *message = calloc(1, length);
    if (!message) fail("calloc");
    struct frame frame = {(uint32_t)length, HELLO, (uint16_t)count};
    struct hello hello = {.version = 1, .depth = options.depth};
    memcpy(message, &frame, sizeof frame);
    memcpy(message + sizeof frame, &hello, sizeof hello);
    for (int i = 0; i < count; i++) {
        struct claim claim = {
            .flags = NO_PASID | ALL_PASIDS, .virtual_id = (uint32_t)i + 1, .events = options.events};
        snprintf(claim.unit, sizeof claim.unit, "%s", unit);
        snprintf(claim.device, sizeof claim.device, "%s", devices[i]);
        memcpy(message + sizeof frame + sizeof hello + (size_t)i * sizeof claim, &claim, sizeof claim);
    }
    write_all(to, message, length);
    free(message);
}

// Takes the session back after an update; its devices are as they were.
static void say_hello_again(int to) {
    struct { struct frame frame; struct hello hello; } message = {
        {sizeof message, HELLO, 0}, {.version = 1, .depth = options.depth}};
    memcpy(message.hello.token, session_kept.token, sizeof session_kept.token);
    devices.count = 0;
    write_all(to, &message, sizeof message);
}

static int connect_to(const struct sockaddr_un *address) {
    int to = socket(AF_UNIX, SOCK_STREAM, 0);
    if (to < 0) fail("socket");
    if (connect(to, (const struct sockaddr *)address, sizeof *address) == 0) return to;
    close(to);
    return -1;
}

// The socket is gone for a moment.
static int connect_again(const struct sockaddr_un *address) {
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    for (uint32_t waited = 0; waited < session_kept.restart_ms && !stopped; waited += 20) {
        int to = connect_to(address);
        if (to >= 0) return to;
        nanosleep(&pause, NULL);
    }
    return -1;
}

static void take_grant(const char *payload, const struct frame *frame) {
    struct session session;
    memcpy(&session, payload, sizeof session);
    memcpy(session_kept.token, session.token, sizeof session.token);
    printf("granted: depth %" PRIu32 ", largest group %" PRIu32 "\n", session.depth, session.largest_group);
    for (int i = 0; i < frame->count; i++) {
        struct grant grant;
        memcpy(&grant, payload + sizeof session + (size_t)i * sizeof grant, sizeof grant);
        if (devices.count < MOST_DEVICES) devices.ids[devices.count++] = grant.dev_id;
        char arch[sizeof grant.arch + 1] = "";  // ends in a zero byte, unless it has 16 letters
        memcpy(arch, grant.arch, sizeof grant.arch);
        printf("    device %" PRIu32 ": requester 0x%" PRIx32 ", %s, deadline %" PRIu32 " ms\n", grant.dev_id,
               grant.requester, arch[0] ? arch : "(no such unit yet)", grant.deadline_ms);
    }
}

static void take_faults(int to, const char *payload, const struct frame *frame) {
    static struct { struct frame frame; struct answer answers[MOST_ANSWERS]; } reply;
    uint16_t groups = 0;
    for (int i = 0; i < frame->count; i++) {
        struct fault fault;
        memcpy(&fault, payload + (size_t)i * sizeof fault, sizeof fault);
        if (!options.quiet) {
            printf("    device %" PRIu32 " pasid 0x%" PRIx32 " group %" PRIu32 " addr 0x%" PRIx64 " perm %" PRIu32
                   " cookie %" PRIu32 "%s\n", fault.dev_id, fault.pasid, fault.grpid, fault.addr, fault.perm,
                   fault.cookie, fault.flags & LAST_PAGE ? " last" : "");
        }
        if (fault.flags & LAST_PAGE) reply.answers[groups++] = (struct answer){fault.cookie, options.code};
    }
    counts.batches++;
    counts.requests += frame->count;
    counts.groups += groups;
    if (!options.quiet) {
        printf("batch of %" PRIu16 " requests, %" PRIu16 " groups: %s\n", frame->count, groups,
               devices.leaving ? "left to others" : "answered");
    }
    // behind a detach nothing is ours any more: each answer has been judged when the result comes
    if (devices.leaving) return;
    counts.answered += groups;
    reply.frame = (struct frame){(uint32_t)(sizeof reply.frame + groups * sizeof(struct answer)), ANSWERS, groups};
    write_all(to, &reply, reply.frame.length);
}

static void take_events(const char *payload, const struct frame *frame) {
    size_t size = (frame->length - sizeof *frame) / (frame->count ? frame->count : 1);
    for (int i = 0; i < frame->count; i++) {
        uint32_t header[2];
        memcpy(header, payload + (size_t)i * size, sizeof header);
        if (header[0] & LOST_EVENTS) counts.lost++; else counts.events++;
        if (!options.quiet) printf("event %" PRIu32 "%s\n", header[1], header[0] & LOST_EVENTS ? ": some were lost" : "");
    }
}

// Gives the devices back. What comes before the results has been delivered, and counts.
static void detach_all(int to) {
    devices.leaving = true;
    for (int i = 0; i < devices.count; i++) {
        struct { struct frame frame; uint32_t device; } detach = {{sizeof detach, DETACH, 1}, devices.ids[i]};
        write_all(to, &detach, sizeof detach);
    }
}

static void take(int to, const char *payload, const struct frame *frame) {
    switch (frame->type) {
        case GRANT: take_grant(payload, frame); break;
        case FAULTS: take_faults(to, payload, frame); break;
        case EVENTS: take_events(payload, frame); break;
        case WITHDRAWN: counts.withdrawn += frame->count; break;
        case RESULT: {
            uint32_t of;
            memcpy(&of, payload, sizeof of);
            if (of == DETACH) devices.detached++;
            break;
        }
        case ERROR: {
            uint32_t words[2];
            memcpy(words, payload, sizeof words);
            if (words[0] == RESTART) {
                session_kept.restart_ms = words[1];
                break;
            }
            if (words[0] == LATE) {
                counts.late++;
                break;
            }
            counts.errors++;
            fprintf(stderr, "error %" PRIu32 " (%" PRIu32 "): %.*s\n", words[0], words[1],
                    (int)(frame->length - sizeof *frame - sizeof words), payload + sizeof words);
            break;
        }
        default: break;  // later versions may say more
    }
    fflush(stdout);
}

int main(int argc, char **argv) {
    int option;
    while ((option = getopt(argc, argv, "c:d:e:n:q")) != -1) {
        switch (option) {
            case 'c': options.code = (uint32_t)strtoul(optarg, NULL, 0); break;
            case 'd': options.depth = (uint32_t)strtoul(optarg, NULL, 0); break;
            case 'e': options.events = (uint32_t)strtoul(optarg, NULL, 0); break;
            case 'n': options.most = strtoull(optarg, NULL, 0); break;
            case 'q': options.quiet = true; break;
            default: argc = 0;
        }
    }
    if (argc - optind < 3) {
        fprintf(stderr,
                "usage: faultline-guest [-c CODE] [-d DEPTH] [-e FORMAT] [-n RECORDS] [-q] SOCKET UNIT DEVICE...\n"
                "  -c  the answer: 0 SUCCESS (default), 1 INVALID\n  -d  wished depth, in records\n"
                "  -e  events: 0 none (default), 1 as iommufd has them, 2 raw\n"
                "  -n  end after so many requests and events\n  -q  print no requests\n");
        return 2;
    }
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(argv[optind]) >= sizeof address.sun_path) {
        fprintf(stderr, "%s: too long for a Unix socket\n", argv[optind]);
        return 2;
    }
    strcpy(address.sun_path, argv[optind]);
    int to = connect_to(&address);
    if (to < 0) fail(argv[optind]);
    say_hello(to, argv[optind + 1], argv + optind + 2, argc - optind - 2);

    static char buffer[4 * LONGEST_FRAME];
    size_t have = 0;
    while (!devices.leaving || devices.detached < devices.count) {
        if (!devices.leaving && (stopped || (options.most > 0 && counts.requests + counts.events >= options.most))) {
            signal(SIGINT, SIG_DFL);  // a second one ends it at once
            detach_all(to);
            continue;
        }
        ssize_t n = read(to, buffer + have, sizeof buffer - have);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            close(to);
            if (devices.leaving || session_kept.restart_ms == 0 || (to = connect_again(&address)) < 0) break;
            session_kept.restart_ms = 0;
            have = 0;
            say_hello_again(to);
            continue;
        }
        counts.reads++;
        have += (size_t)n;
        size_t at = 0;
        struct frame frame;
        while (have - at >= sizeof frame) {
            memcpy(&frame, buffer + at, sizeof frame);
            if (frame.length < sizeof frame || frame.length > LONGEST_FRAME) {
                fprintf(stderr, "not a frame: length %" PRIu32 "\n", frame.length);
                return 1;
            }
            if (have - at < frame.length) break;
            take(to, buffer + at + sizeof frame, &frame);
            at += frame.length;
        }
        memmove(buffer, buffer + at, have - at);
        have -= at;
    }
    printf("%" PRIu64 " requests, %" PRIu64 " groups, %" PRIu64 " answered, %" PRIu64 " events, %" PRIu64 " losses, %" PRIu64
           " withdrawn, %" PRIu64 " late, %" PRIu64 " errors in %" PRIu64 " reads\n",
           counts.requests, counts.groups, counts.answered, counts.events, counts.lost, counts.withdrawn, counts.late, counts.errors,
           counts.reads);
    return counts.errors ? 1 : 0;
}

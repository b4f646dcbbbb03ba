/*
 * Both ends of a bulk copy through a port forwarder: sends streams to the forwarder and receives
 * them from it, in one thread.
 *
 *     copy PORT LISTENER MIB STREAMS [PID]
 *
 * LISTENER is the number of an inherited descriptor: the listening socket that the forwarder at
 * PORT connects to. MIB mebibytes are sent, shared among STREAMS connections, and each stream is
 * compared byte for byte and to its end. Prints one JSON line: see measure.h; a "request" is a
 * mebibyte.
 */
#define _GNU_SOURCE
#include "measure.h"
#include "net.h"
#include "pattern.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MIB = 1024 * 1024 };

struct stream {
    int out, in; /* in is -1 once it has come to its end */
    uint64_t sent, received, bytes;
};

static void open_stream(struct stream *s, int port, int listener, uint64_t bytes) {
    s->bytes = bytes;
    s->out = connect_to(SOCK_STREAM, port);
    s->in = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (s->in < 0) die("accept from the forwarder");
    set_nonblocking(s->out);
    set_nonblocking(s->in);
}

static size_t at_most(uint64_t bytes) {
    return bytes < PATTERN_PIECE ? bytes : PATTERN_PIECE;
}

static void send_some(struct stream *s) {
    while (s->sent < s->bytes) {
        ssize_t sent = send(s->out, pattern_at(s->sent), at_most(s->bytes - s->sent), 0);
        if (sent < 0 && errno == EAGAIN) return;
        if (sent < 0) die("send");
        s->sent += sent;
        if (s->sent == s->bytes) shutdown(s->out, SHUT_WR);
    }
}

/* Receives until there is no more for now; true if the stream has ended, and rightly. */
static bool receive_some(struct stream *s) {
    static char buffer[PATTERN_PIECE];
    ssize_t got;
    while ((got = recv(s->in, buffer, sizeof buffer, 0)) > 0) {
        if (s->received + got > s->bytes || memcmp(buffer, pattern_at(s->received), got) != 0) {
            fprintf(stderr, "wrong bytes after %lu\n", s->received);
            exit(1);
        }
        s->received += got;
    }
    if (got < 0 && errno == EAGAIN) return false;
    if (got < 0) die("recv");
    if (s->received != s->bytes) {
        fprintf(stderr, "%lu of %lu bytes came through\n", s->received, s->bytes);
        exit(1);
    }
    return true;
}

static void copy(struct stream *all, int streams) {
    struct pollfd *waits = calloc(streams, 2 * sizeof *waits);
    if (waits == NULL) die("calloc");
    for (int open = streams; open > 0;) {
        for (int i = 0; i < streams; i++) {
            bool sends = all[i].sent < all[i].bytes;
            waits[2 * i] = (struct pollfd){.fd = sends ? all[i].out : -1, .events = POLLOUT};
            waits[2 * i + 1] = (struct pollfd){.fd = all[i].in, .events = POLLIN};
        }
        int ready = poll(waits, streams * 2, REPLY_TIMEOUT_SECONDS * 1000);
        if (ready == 0) errno = ETIMEDOUT;
        if (ready <= 0) die("poll");
        for (int i = 0; i < streams; i++) {
            if (waits[2 * i].revents != 0) send_some(&all[i]);
            if (waits[2 * i + 1].revents != 0 && receive_some(&all[i])) {
                close(all[i].out);
                close(all[i].in);
                all[i].in = -1;
                open--;
            }
        }
    }
}

int main(int argc, char **argv) {
    if (argc < 5 || argc > 6) {
        fprintf(stderr, "usage: %s PORT LISTENER MIB STREAMS [PID]\n", argv[0]);
        return 2;
    }
    int listener = atoi(argv[2]), mib = atoi(argv[3]), streams = atoi(argv[4]);
    int pid = argc == 6 ? atoi(argv[5]) : 0;
    signal(SIGPIPE, SIG_IGN);
    limit_waiting(listener);

    struct stream *all = calloc(streams, sizeof *all);
    if (all == NULL) die("calloc");
    uint64_t share = (uint64_t)mib * MIB / streams;
    for (int i = 0; i < streams; i++) open_stream(&all[i], atoi(argv[1]), listener, share);
    struct usage from = use_until_now(pid);
    copy(all, streams);
    count(mib);
    struct usage to = use_until_now(pid);
    report(&from, &to);
    return 0;
}

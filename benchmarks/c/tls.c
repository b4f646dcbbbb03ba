/*
 * TLS 1.3 clients of an echo server, one thread; always the same key exchange and cipher, whatever
 * the server would rather have, and never a resumed session.
 *
 *     tls handshake PORT CONNS SECONDS WARMUP [PID]
 *     tls bulk PORT MIB STREAMS [PID]
 *
 * handshake  CONNS clients, each of which connects, shakes hands, exchanges MESSAGE_BYTES bytes,
 *            says goodbye, closes and begins again. A latency is from before connecting to the
 *            answer.
 * bulk       sends MIB mebibytes, shared among STREAMS connections, each with up to WINDOW bytes on
 *            their way, and compares what comes back byte for byte.
 *
 * Prints one JSON line: see measure.h; a "request" is a handshake or a mebibyte.
 */
#define _GNU_SOURCE
#include "measure.h"
#include "net.h"
#include "pattern.h"
#include "tls_client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 64, RECORD_BYTES = 16 * 1024, WINDOW = 256 * 1024, MIB = 1024 * 1024 };
enum { EVENTS = 64, WAIT_MILLIS = 100 };

static SSL *start_tls(int fd) {
    SSL *tls = new_tls(fd);
    SSL_set_connect_state(tls);
    set_nonblocking(fd);
    return tls;
}

static void end_tls(SSL *tls) {
    int fd = SSL_get_fd(tls);
    SSL_shutdown(tls);
    SSL_free(tls);
    close(fd);
}

/* Handshakes */

struct client {
    SSL *tls;
    uint64_t number; /* what its message begins with */
    bool asked;
    int received;
    uint64_t began_at;
};

static void begin(struct client *c, int epoll, int port) {
    c->number++;
    c->asked = false;
    c->received = 0;
    c->began_at = now();
    int fd = connect_briefly(port);
    c->tls = start_tls(fd);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

/* Goes as far as it can without waiting; true if the answer is there. */
static bool advance(struct client *c) {
    char message[MESSAGE_BYTES] = {0}, answer[MESSAGE_BYTES];
    memcpy(message, &c->number, sizeof c->number);
    if (!c->asked) {
        int sent = SSL_write(c->tls, message, MESSAGE_BYTES); /* shakes hands before it sends */
        if (sent <= 0) return !is_early(c->tls, sent, "handshake");
        c->asked = true;
    }
    while (c->received < MESSAGE_BYTES) {
        int got = SSL_read(c->tls, answer, MESSAGE_BYTES - c->received);
        if (got <= 0) return !is_early(c->tls, got, "answer");
        if (memcmp(answer, message + c->received, got) != 0) die_of_tls("wrong answer");
        c->received += got;
    }
    return true;
}

static void shake_hands_until(int epoll, int port, uint64_t end, bool measuring) {
    struct epoll_event events[EVENTS];
    while (now() < end) {
        int ready = epoll_wait(epoll, events, EVENTS, WAIT_MILLIS);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct client *c = events[i].data.ptr;
            if (!advance(c)) continue;
            if (measuring) record(now() - c->began_at);
            end_tls(c->tls);
            begin(c, epoll, port);
            advance(c); /* sends the first flight */
        }
    }
}

static void measure_handshakes(int port, int clients, double seconds, double warmup, int pid) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct client *all = calloc(clients, sizeof *all);
    if (epoll < 0 || all == NULL) die("set-up");
    for (int i = 0; i < clients; i++) {
        all[i].number = (uint64_t)i << 40;
        begin(&all[i], epoll, port);
        advance(&all[i]);
    }
    shake_hands_until(epoll, port, now() + (uint64_t)(warmup * 1e9), false);
    struct usage from = use_until_now(pid);
    shake_hands_until(epoll, port, from.nanos + (uint64_t)(seconds * 1e9), true);
    struct usage to = use_until_now(pid);
    report(&from, &to);
}

/* Bulk */

struct stream {
    SSL *tls;
    uint64_t sent, received, bytes;
};

static bool may_send(const struct stream *s) {
    return s->sent < s->bytes && s->sent - s->received < WINDOW;
}

static void send_some(struct stream *s) {
    while (may_send(s)) {
        uint64_t left = s->bytes - s->sent;
        int length = left < RECORD_BYTES ? left : RECORD_BYTES;
        int sent = SSL_write(s->tls, pattern_at(s->sent), length);
        if (sent <= 0 && is_early(s->tls, sent, "send")) return;
        s->sent += sent;
    }
}

static void receive_some(struct stream *s) {
    static char buffer[RECORD_BYTES];
    while (s->received < s->bytes) {
        int got = SSL_read(s->tls, buffer, sizeof buffer);
        if (got <= 0 && is_early(s->tls, got, "receive")) return;
        if (s->received + got > s->sent || memcmp(buffer, pattern_at(s->received), got) != 0) {
            fprintf(stderr, "wrong bytes after %lu\n", s->received);
            exit(1);
        }
        s->received += got;
    }
}

static void copy(struct stream *all, int streams) {
    struct pollfd *waits = calloc(streams, sizeof *waits);
    if (waits == NULL) die("calloc");
    for (int i = 0; i < streams; i++) waits[i].fd = SSL_get_fd(all[i].tls);
    for (int open = streams; open > 0;) {
        for (int i = 0; i < streams; i++)
            waits[i].events = POLLIN | (may_send(&all[i]) ? POLLOUT : 0);
        int ready = poll(waits, streams, REPLY_TIMEOUT_SECONDS * 1000);
        if (ready == 0) errno = ETIMEDOUT;
        if (ready <= 0) die("poll");
        for (int i = 0; i < streams; i++) {
            if (waits[i].revents == 0) continue;
            receive_some(&all[i]);
            send_some(&all[i]);
            if (all[i].received < all[i].bytes) continue;
            end_tls(all[i].tls);
            waits[i].fd = -1;
            open--;
        }
    }
}

static void measure_bulk(int port, int mib, int streams, int pid) {
    struct stream *all = calloc(streams, sizeof *all);
    if (all == NULL) die("calloc");
    for (int i = 0; i < streams; i++) {
        all[i].bytes = (uint64_t)mib * MIB / streams;
        all[i].tls = connect_tls(connect_to(SOCK_STREAM, port));
    }
    struct usage from = use_until_now(pid);
    copy(all, streams);
    count(mib);
    struct usage to = use_until_now(pid);
    report(&from, &to);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    if (argc >= 6 && argc <= 7 && strcmp(argv[1], "handshake") == 0) {
        int pid = argc == 7 ? atoi(argv[6]) : 0;
        measure_handshakes(atoi(argv[2]), atoi(argv[3]), atof(argv[4]), atof(argv[5]), pid);
        return 0;
    }
    if (argc >= 5 && argc <= 6 && strcmp(argv[1], "bulk") == 0) {
        measure_bulk(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), argc == 6 ? atoi(argv[5]) : 0);
        return 0;
    }
    fprintf(stderr, "usage: tls handshake PORT CONNS SECONDS WARMUP [PID]\n"
                    "       tls bulk PORT MIB STREAMS [PID]\n");
    return 2;
}

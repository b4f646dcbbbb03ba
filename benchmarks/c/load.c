/*
 * Closed-loop load generator: one thread, one epoll set, CONNS connections, one request in flight on
 * each; the next request leaves when the response is complete.
 *
 *     load PORT echo|udp|hello BYTES CONNS SECONDS WARMUP [PID]
 *
 * echo   messages of BYTES bytes over TCP, which come back.
 * udp    the same as datagrams, from CONNS sockets.
 * hello  an HTTP request; BYTES is not used.
 *
 * Prints one JSON line about the SECONDS after the WARMUP seconds: see measure.h. A latency is from
 * just before a request is written to just after the last of its response is read.
 *
 * An echoed message begins with its number and is compared byte for byte; of an HTTP response, the
 * status and the length are. A wrong one ends its connection and counts as an error, and so does
 * one that is not complete at the end though its request is older than the window and STALL_NANOS.
 * A datagram that has not come back after RESEND_NANOS counts as lost and is sent again.
 *
 * Every connection does one blocking round trip when it is made, so the server's accept queue never
 * overflows, and the length of a response is learnt from the first one.
 */
#define _GNU_SOURCE
#include "measure.h"
#include "net.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_BYTES = 32 * 1024, RESPONSE_BYTES = 64 * 1024, EVENTS = 1024, WAIT_MILLIS = 100 };
static const uint64_t RESEND_NANOS = 500 * 1000 * 1000, STALL_NANOS = 2000ull * 1000 * 1000;

struct connection {
    int fd;
    uint64_t number; /* what the current message begins with */
    size_t expected; /* bytes in a response */
    size_t received; /* of the current one */
    uint64_t sent_at;
};

static char request[MAX_BYTES];
static size_t request_bytes;
static bool hello, udp;
static struct connection *all;
static int connections;

/* The length of the response that buffer starts with; 0 if it is not complete, -1 if it is wrong. */
static ssize_t response_bytes(const char *buffer, size_t length) {
    if (!hello) return length < request_bytes ? 0 : (ssize_t)request_bytes;
    const char *end = memmem(buffer, length, "\r\n\r\n", 4);
    if (end == NULL) return 0;
    if (strncmp(buffer, "HTTP/1.1 200", 12) != 0) return -1;
    for (const char *p = buffer; p < end; p++) {
        if (strncasecmp(p, "\r\ncontent-length:", 17) == 0) {
            size_t bytes = end + 4 - buffer + strtoul(p + 17, NULL, 10);
            return bytes <= length ? (ssize_t)bytes : 0;
        }
    }
    return -1;
}

/* Numbers the message of a connection; an HTTP request has no number. */
static void number_request(const struct connection *c) {
    if (!hello) memcpy(request, &c->number, sizeof c->number);
}

/* Whether a piece of a response is what it should be, from the place where it begins. */
static bool right(const struct connection *c, const char *piece, size_t length) {
    if (hello) return c->received > 0 || strncmp(piece, "HTTP/1.1 200", 12) == 0;
    number_request(c);
    return memcmp(piece, request + c->received, length) == 0;
}

static void open_connection(struct connection *c, int port) {
    char buffer[RESPONSE_BYTES];
    c->fd = connect_to(udp ? SOCK_DGRAM : SOCK_STREAM, port);
    limit_waiting(c->fd);
    number_request(c);
    if (write(c->fd, request, request_bytes) != (ssize_t)request_bytes) die("write");
    size_t length = 0;
    ssize_t bytes;
    while ((bytes = response_bytes(buffer, length)) == 0) {
        ssize_t got = read(c->fd, buffer + length, sizeof buffer - length);
        if (got <= 0) {
            if (got == 0) errno = ECONNRESET;
            die("first response");
        }
        length += got;
    }
    if (bytes != (ssize_t)length || !right(c, buffer, length)) {
        fprintf(stderr, "first response is wrong: %.*s\n", (int)length, buffer);
        exit(1);
    }
    c->expected = bytes;
    set_nonblocking(c->fd);
}

static void send_request(struct connection *c, uint64_t at) {
    c->number++;
    c->received = 0;
    c->sent_at = at;
    number_request(c);
    if (send(c->fd, request, request_bytes, 0) != (ssize_t)request_bytes) errors++;
}

static void give_up(struct connection *c) {
    errors++;
    close(c->fd);
    c->fd = -1;
}

/* The answer to a datagram that was sent again is of no use any more. */
static bool is_late(const struct connection *c, const char *buffer, size_t length) {
    uint64_t number = 0;
    if (length >= sizeof number) memcpy(&number, buffer, sizeof number);
    return length == c->expected && number < c->number;
}

/* Reads what has come and, if that ends the response, sends the next request. A read always empties
 * the socket, for no response is as large as the buffer. */
static void advance(struct connection *c, bool measuring) {
    static char buffer[RESPONSE_BYTES];
    if (c->fd < 0) return;
    ssize_t got = recv(c->fd, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (udp && got > 0 && is_late(c, buffer, got)) return;
    if (got <= 0 || c->received + got > c->expected || !right(c, buffer, got)) return give_up(c);
    c->received += got;
    if (c->received < c->expected) return;
    uint64_t at = now();
    if (measuring) record(at - c->sent_at);
    send_request(c, at);
}

static void resend_lost(bool measuring) {
    uint64_t at = now();
    for (int i = 0; i < connections; i++) {
        if (all[i].fd < 0 || at - all[i].sent_at < RESEND_NANOS) continue;
        if (measuring) lost++;
        send_request(&all[i], at);
    }
}

static void run_until(int epoll, uint64_t end, bool measuring) {
    static struct epoll_event events[EVENTS];
    uint64_t look_at = now() + RESEND_NANOS;
    while (now() < end) {
        int ready = epoll_wait(epoll, events, EVENTS, WAIT_MILLIS);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) advance(events[i].data.ptr, measuring);
        if (udp && now() >= look_at) {
            resend_lost(measuring);
            look_at = now() + RESEND_NANOS;
        }
    }
}

/* Counts the connections that have been waiting since before the window. */
static void count_stalled(uint64_t from, uint64_t to) {
    for (int i = 0; i < connections; i++)
        if (all[i].fd >= 0 && all[i].sent_at < from && to - all[i].sent_at > STALL_NANOS) errors++;
}

static bool set_mode(const char *mode, size_t bytes, const char *port) {
    hello = strcmp(mode, "hello") == 0;
    udp = strcmp(mode, "udp") == 0;
    if (!hello && !udp && strcmp(mode, "echo") != 0) return false;
    if (hello) {
        request_bytes = snprintf(request, sizeof request,
                                 "GET /hello HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nAccept: */*\r\n\r\n",
                                 port);
    } else {
        request_bytes = bytes;
        for (size_t i = 0; i < sizeof request; i++) request[i] = 'a' + i % 26;
    }
    return request_bytes >= sizeof(uint64_t) && request_bytes <= MAX_BYTES;
}

int main(int argc, char **argv) {
    if (argc < 7 || argc > 8 || !set_mode(argv[2], atoi(argv[3]), argv[1])) {
        fprintf(stderr,
                "usage: %s PORT echo|udp|hello BYTES CONNS SECONDS WARMUP [PID]; BYTES 8 to %d\n",
                argv[0], MAX_BYTES);
        return 2;
    }
    connections = atoi(argv[4]);
    double seconds = atof(argv[5]), warmup = atof(argv[6]);
    int pid = argc == 8 ? atoi(argv[7]) : 0;
    signal(SIGPIPE, SIG_IGN);

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    all = calloc(connections, sizeof *all);
    if (epoll < 0 || all == NULL) die("set-up");
    for (int i = 0; i < connections; i++) {
        all[i].number = (uint64_t)i << 40; /* so that no two connections send the same */
        open_connection(&all[i], atoi(argv[1]));
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = &all[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &event) < 0) die("epoll_ctl");
    }

    for (int i = 0; i < connections; i++) send_request(&all[i], now());
    run_until(epoll, now() + (uint64_t)(warmup * 1e9), false);
    struct usage from = use_until_now(pid);
    run_until(epoll, from.nanos + (uint64_t)(seconds * 1e9), true);
    struct usage to = use_until_now(pid);
    count_stalled(from.nanos, to.nanos);
    report(&from, &to);
    return 0;
}

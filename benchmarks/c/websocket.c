/*
 * Closed-loop load generator for WebSockets: one thread, one epoll set, CONNS connections, one message
 * in flight on each; the next leaves when the echo is complete.
 *
 *     websocket PORT plain|deflate BYTES CONNS SECONDS WARMUP [PID]
 *
 * Prints one JSON line about the SECONDS after the WARMUP seconds: see measure.h.
 *
 * Messages are binary and masked. A plain one begins with its number, and its echo is compared byte
 * for byte, in however many frames it comes. With deflate, neither side keeps its context, so that all
 * messages and all echoes are the same bytes: the first echo is inflated and compared, later ones must
 * be like it.
 */
#define _GNU_SOURCE
#include "measure.h"
#include "net.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

enum { MAX_BYTES = 64 * 1024, MAX_FRAME = MAX_BYTES + 1024, BUFFER = 256 * 1024, EVENTS = 1024 };
enum { WAIT_MILLIS = 100, SEND_BUFFER = 200 * 1024, HEAD_BYTES = 4096, RSV1 = 0x40 };
static const uint64_t STALL_NANOS = 2000ull * 1000 * 1000;
static const unsigned char KEY[4] = {0x37, 0xfa, 0x21, 0x3d};

struct connection {
    int fd;
    uint64_t number;
    unsigned char header[10]; /* of the frame that is coming in */
    size_t header_bytes;
    size_t frame_left; /* of its payload */
    size_t received;   /* of the message's payload */
    uint64_t sent_at;
};

static bool deflated;
static unsigned char message[MAX_BYTES];
static size_t message_bytes;
static unsigned char frame[MAX_FRAME]; /* what is sent */
static size_t frame_bytes, payload_at;
static unsigned char echo[MAX_FRAME]; /* what has to come back */
static size_t echo_bytes;
static struct connection *all;
static int connections;

/* Text of words in no order, which deflate makes some three times smaller. */
static void make_message(void) {
    static const char *words[] = {"green", "thread", "hub", "socket", "frame", "mask", "echo", "close",
                                  "{\"id\":", "\"name\":", "},", "1024", "message", "from", "\n", "wait"};
    uint32_t state = 1;
    size_t at = 0;
    while (at < message_bytes) {
        state = state * 1664525 + 1013904223;
        const char *word = words[state >> 28];
        for (; *word && at < message_bytes; word++) message[at++] = *word;
        if (at < message_bytes) message[at++] = ' ' + (state >> 20) % 3;
    }
}

static size_t deflate_message(unsigned char *out, size_t room) {
    z_stream z = {0};
    if (deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) die("deflateInit2");
    z.next_in = message;
    z.avail_in = message_bytes;
    z.next_out = out;
    z.avail_out = room;
    deflate(&z, Z_SYNC_FLUSH);
    size_t length = room - z.avail_out;
    deflateEnd(&z);
    return length - 4; /* the flush's 00 00 ff ff is left out */
}

/* Whether the first echo is the message. */
static bool inflates_to_message(void) {
    static unsigned char out[MAX_BYTES + 1];
    static const unsigned char tail[4] = {0, 0, 0xff, 0xff};
    z_stream z = {0};
    if (inflateInit2(&z, -15) != Z_OK) die("inflateInit2");
    memcpy(echo + echo_bytes, tail, sizeof tail);
    z.next_in = echo;
    z.avail_in = echo_bytes + sizeof tail;
    z.next_out = out;
    z.avail_out = sizeof out;
    inflate(&z, Z_SYNC_FLUSH);
    size_t length = sizeof out - z.avail_out;
    inflateEnd(&z);
    return length == message_bytes && memcmp(out, message, length) == 0;
}

static void make_frame(void) {
    static unsigned char payload[MAX_FRAME];
    size_t length = message_bytes;
    memcpy(payload, message, message_bytes);
    if (deflated) length = deflate_message(payload, sizeof payload);
    frame[0] = 0x82 | (deflated ? RSV1 : 0);
    payload_at = 2;
    if (length < 126) {
        frame[1] = 0x80 | length;
    } else if (length < 65536) {
        frame[1] = 0x80 | 126;
        frame[2] = length >> 8;
        frame[3] = length;
        payload_at = 4;
    } else {
        frame[1] = 0x80 | 127;
        for (int i = 0; i < 8; i++) frame[2 + i] = (uint64_t)length >> (56 - 8 * i);
        payload_at = 10;
    }
    memcpy(frame + payload_at, KEY, sizeof KEY);
    payload_at += sizeof KEY;
    for (size_t i = 0; i < length; i++) frame[payload_at + i] = payload[i] ^ KEY[i % 4];
    frame_bytes = payload_at + length;
    if (!deflated) {
        memcpy(echo, message, message_bytes);
        echo_bytes = message_bytes;
    }
}

/* Puts a connection's number into what is sent and into what has to come back. */
static void number_message(const struct connection *c) {
    if (deflated) return;
    memcpy(echo, &c->number, sizeof c->number);
    for (size_t i = 0; i < sizeof c->number; i++) frame[payload_at + i] = echo[i] ^ KEY[i % 4];
}

static void send_all(struct connection *c, const void *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t sent = send(c->fd, (const char *)bytes + done, length - done, 0);
        if (sent > 0) {
            done += sent;
        } else if (errno == EAGAIN) { /* the server takes all of a message before it answers */
            struct pollfd wait = {.fd = c->fd, .events = POLLOUT};
            poll(&wait, 1, WAIT_MILLIS);
        } else {
            errors++;
            return;
        }
    }
}

static void send_message(struct connection *c, uint64_t at) {
    c->number++;
    c->received = 0;
    c->sent_at = at;
    number_message(c);
    send_all(c, frame, frame_bytes);
}

/* Bytes of a header that begins like this; 0 while that is not known. */
static size_t header_size(const struct connection *c) {
    if (c->header_bytes < 2) return 0;
    return c->header[1] < 126 ? 2 : c->header[1] == 126 ? 4 : 10;
}

static void begin_frame(struct connection *c) {
    uint64_t length = c->header[1];
    if (length >= 126) {
        length = 0;
        for (size_t i = 2; i < header_size(c); i++) length = length << 8 | c->header[i];
    }
    c->frame_left = length;
}

/* Takes a piece of an echo; 1 if that ends the message, 0 if not, -1 if it is wrong. */
static int take(struct connection *c, const unsigned char *piece, size_t length, bool learning) {
    while (length > 0) {
        if (c->header_bytes == 0 || c->header_bytes != header_size(c)) {
            c->header[c->header_bytes++] = *piece++;
            length--;
            if (c->header_bytes != header_size(c)) continue;
            begin_frame(c);
        }
        size_t n = length < c->frame_left ? length : c->frame_left;
        if (c->received + n > (learning ? sizeof echo - 4 : echo_bytes)) return -1;
        if (learning) memcpy(echo + c->received, piece, n);
        else if (memcmp(echo + c->received, piece, n) != 0) return -1;
        c->received += n;
        c->frame_left -= n;
        piece += n;
        length -= n;
        if (c->frame_left > 0) break;
        c->header_bytes = 0;
        if (c->header[0] & 0x80) return length == 0 ? 1 : -1;
    }
    return 0;
}

static void fail(const char *why, const char *what) {
    fprintf(stderr, "%s: %s\n", why, what);
    exit(1);
}

static void shake_hands(struct connection *c, int port) {
    char head[HEAD_BYTES];
    int length = snprintf(head, sizeof head,
                          "GET /echo HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Key: d9MXuOzlVQ0h+qRllvSCIg==\r\n"
                          "Sec-WebSocket-Version: 13\r\n%s\r\n",
                          port,
                          deflated ? "Sec-WebSocket-Extensions: permessage-deflate; "
                                     "client_no_context_takeover; server_no_context_takeover\r\n"
                                   : "");
    if (write(c->fd, head, length) != length) die("write");
    size_t got = 0;
    do {
        if (got == sizeof head - 1 || read(c->fd, head + got, 1) != 1) die("handshake");
        head[++got] = 0;
    } while (strstr(head, "\r\n\r\n") == NULL);
    if (strncmp(head, "HTTP/1.1 101", 12) != 0) fail("handshake", head);
    if (deflated && strcasestr(head, "permessage-deflate") == NULL) fail("no compression", head);
}

/* Connects, and sends one message to and fro. */
static void open_connection(struct connection *c, int port) {
    static unsigned char buffer[BUFFER];
    c->fd = connect_to(SOCK_STREAM, port);
    int size = SEND_BUFFER;
    setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    limit_waiting(c->fd);
    shake_hands(c, port);
    send_message(c, now());
    bool learning = echo_bytes == 0;
    int ended = 0;
    while (ended == 0) {
        ssize_t got = read(c->fd, buffer, sizeof buffer);
        if (got <= 0) die("first echo");
        ended = take(c, buffer, got, learning);
    }
    if (learning) echo_bytes = c->received;
    if (ended < 0 || (learning && !inflates_to_message())) fail("first echo", "is wrong");
    set_nonblocking(c->fd);
}

static void give_up(struct connection *c) {
    errors++;
    close(c->fd);
    c->fd = -1;
}

static void advance(struct connection *c, bool measuring) {
    static unsigned char buffer[BUFFER];
    if (c->fd < 0) return;
    ssize_t got = recv(c->fd, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return give_up(c);
    number_message(c);
    int ended = take(c, buffer, got, false);
    if (ended == 0) return;
    if (ended < 0 || c->received != echo_bytes) return give_up(c);
    uint64_t at = now();
    if (measuring) record(at - c->sent_at);
    send_message(c, at);
}

static void run_until(int epoll, uint64_t end, bool measuring) {
    static struct epoll_event events[EVENTS];
    while (now() < end) {
        int ready = epoll_wait(epoll, events, EVENTS, WAIT_MILLIS);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) advance(events[i].data.ptr, measuring);
    }
}

int main(int argc, char **argv) {
    deflated = argc > 2 && strcmp(argv[2], "deflate") == 0;
    message_bytes = argc > 3 ? atoi(argv[3]) : 0;
    if (argc < 7 || argc > 8 || (!deflated && strcmp(argv[2], "plain") != 0) ||
        message_bytes < sizeof(uint64_t) || message_bytes > MAX_BYTES) {
        fprintf(stderr,
                "usage: %s PORT plain|deflate BYTES CONNS SECONDS WARMUP [PID]; BYTES 8 to %d\n",
                argv[0], MAX_BYTES);
        return 2;
    }
    connections = atoi(argv[4]);
    double seconds = atof(argv[5]), warmup = atof(argv[6]);
    int pid = argc == 8 ? atoi(argv[7]) : 0;
    signal(SIGPIPE, SIG_IGN);
    make_message();
    make_frame();

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    all = calloc(connections, sizeof *all);
    if (epoll < 0 || all == NULL) die("set-up");
    for (int i = 0; i < connections; i++) {
        all[i].number = (uint64_t)i << 40; /* so that no two connections send the same */
        open_connection(&all[i], atoi(argv[1]));
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = &all[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &event) < 0) die("epoll_ctl");
    }

    for (int i = 0; i < connections; i++) send_message(&all[i], now());
    run_until(epoll, now() + (uint64_t)(warmup * 1e9), false);
    struct usage from = use_until_now(pid);
    run_until(epoll, from.nanos + (uint64_t)(seconds * 1e9), true);
    struct usage to = use_until_now(pid);
    for (int i = 0; i < connections; i++) /* those that have waited since before the window */
        if (all[i].fd >= 0 && all[i].sent_at < from.nanos && to.nanos - all[i].sent_at > STALL_NANOS) errors++;
    report(&from, &to);
    return 0;
}

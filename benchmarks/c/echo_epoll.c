/*
 * The floor the Java servers are compared with: one thread, one edge-triggered epoll set, one read
 * and one write per request and nothing else.
 *
 *     echo_epoll echo|hello PORT        PORT 0 takes any free port; prints "listening PORT"
 *
 * echo   sends back whatever arrives.
 * hello  reads up to an empty line and answers with a fixed response, for every such request.
 *
 * A descriptor is registered once, for both directions. A read shorter than the buffer has emptied
 * the socket, so no second read is made to see EAGAIN: a later byte is a new edge.
 */
#define _GNU_SOURCE
#include "net.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024 };

static const char RESPONSE[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 13\r\n"
    "Connection: keep-alive\r\n"
    "\r\n"
    "Hello, World!";

/* What a connection holds between two events; both buffers are empty in the common case. */
struct connection {
    int fd;
    char *rest; /* an incomplete request, rest_bytes long, at most BUFFER_BYTES */
    size_t rest_bytes;
    char *unsent; /* output the socket did not take, unsent_bytes long */
    size_t unsent_bytes;
};

static bool hello;
static int epoll;

static void drop(struct connection *c) {
    close(c->fd);
    free(c->rest);
    free(c->unsent);
    free(c);
}

static void keep(char **buffer, size_t *bytes, const char *data, size_t length) {
    char *grown = realloc(*buffer, *bytes + length);
    if (grown == NULL) die("realloc");
    memcpy(grown + *bytes, data, length);
    *buffer = grown;
    *bytes += length;
}

/* Sends what was left over; true if nothing is left. A broken socket is found by the next read. */
static bool flush(struct connection *c) {
    if (c->unsent_bytes == 0) return true;
    ssize_t sent = send(c->fd, c->unsent, c->unsent_bytes, MSG_NOSIGNAL);
    if (sent < 0) return errno != EAGAIN;
    c->unsent_bytes -= sent;
    memmove(c->unsent, c->unsent + sent, c->unsent_bytes);
    return c->unsent_bytes == 0;
}

static void answer(struct connection *c, const char *data, size_t length) {
    ssize_t sent = c->unsent_bytes == 0 ? send(c->fd, data, length, MSG_NOSIGNAL) : 0;
    if (sent < 0) sent = errno == EAGAIN ? 0 : (ssize_t)length;
    if ((size_t)sent < length) keep(&c->unsent, &c->unsent_bytes, data + sent, length - sent);
}

/* Answers each complete request in data and returns how many bytes they took. */
static size_t answer_requests(struct connection *c, const char *data, size_t length) {
    size_t done = 0;
    const char *end;
    while ((end = memmem(data + done, length - done, "\r\n\r\n", 4)) != NULL) {
        done = end + 4 - data;
        answer(c, RESPONSE, sizeof RESPONSE - 1);
    }
    return done;
}

/* Reads and answers until the socket is empty, or until it takes no more output. */
static void serve(struct connection *c, bool hang_up) {
    static char buffer[BUFFER_BYTES];
    while (flush(c)) {
        size_t have = c->rest_bytes;
        if (have == BUFFER_BYTES) return drop(c); /* a request that does not fit */
        if (have > 0) memcpy(buffer, c->rest, have);
        c->rest_bytes = 0;

        size_t room = BUFFER_BYTES - have;
        ssize_t got = recv(c->fd, buffer + have, room, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) return drop(c);
        if (got > 0 && !hello) answer(c, buffer, got);
        if (got < 0) got = 0;
        if (hello) {
            size_t length = have + got;
            size_t done = answer_requests(c, buffer, length);
            if (done < length) keep(&c->rest, &c->rest_bytes, buffer + done, length - done);
        }
        if ((size_t)got < room && !hang_up) return;
    }
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        set_no_delay(fd);
        struct connection *c = calloc(1, sizeof *c);
        if (c == NULL) die("calloc");
        c->fd = fd;
        struct epoll_event event = {
            .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
    }
}

int main(int argc, char **argv) {
    if (argc != 3 || (strcmp(argv[1], "echo") != 0 && strcmp(argv[1], "hello") != 0)) {
        fprintf(stderr, "usage: %s echo|hello PORT\n", argv[0]);
        return 2;
    }
    hello = argv[1][0] == 'h';

    int listener = serve_on(SOCK_STREAM, atoi(argv[2]));
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) die("epoll_ctl");

    static struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (c == NULL) {
                accept_all(listener);
            } else {
                serve(c, events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));
            }
        }
    }
}

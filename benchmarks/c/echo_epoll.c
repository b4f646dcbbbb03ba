/*
 * The floor the Java servers are compared with: one thread, one edge-triggered epoll set, one read
 * and one write per request and nothing else.
 *
 *     echo_epoll MODE PORT        PORT 0 takes any free port; prints "listening PORT"
 *
 * echo                sends back whatever arrives.
 * hello, json, body   reads up to an empty line and answers with a fixed response that has this
 *                     page, for every such request; those that came together in one piece.
 * upload              the same behind UPLOAD_BYTES more, whatever the request says.
 * close               as hello, and closes the connection.
 *
 * A descriptor is registered once, for both directions. A read shorter than the buffer has emptied
 * the socket, so no second read is made to see EAGAIN: a later byte is a new edge.
 */
#define _GNU_SOURCE
#include "net.h"
#include "page.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024, TOGETHER = 16, RESPONSE_ROOM = 128 * 1024 };

/* What a connection holds between two events; both buffers are empty in the common case. */
struct connection {
    int fd;
    char *rest; /* an incomplete request, rest_bytes long, at most BUFFER_BYTES */
    size_t rest_bytes;
    size_t body_left; /* of the request that is being read */
    char *unsent;     /* output the socket did not take, unsent_bytes long */
    size_t unsent_bytes;
};

static bool echo, closing;
static size_t body_bytes; /* of each request */
static char responses[RESPONSE_ROOM];
static size_t response_bytes, together; /* so long is one, so many are there */
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
    size_t done = 0, answers = 0;
    while (done < length) {
        if (c->body_left == 0) {
            const char *end = memmem(data + done, length - done, "\r\n\r\n", 4);
            if (end == NULL) break;
            done = end + 4 - data;
            c->body_left = body_bytes;
        }
        size_t body = length - done < c->body_left ? length - done : c->body_left;
        done += body;
        c->body_left -= body;
        answers += c->body_left == 0;
    }
    for (size_t n; answers > 0; answers -= n) {
        n = answers < together ? answers : together;
        answer(c, responses, n * response_bytes);
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
        if (got > 0 && echo) answer(c, buffer, got);
        if (got < 0) got = 0;
        if (!echo) {
            size_t length = have + got;
            size_t done = answer_requests(c, buffer, length);
            if (done < length) keep(&c->rest, &c->rest_bytes, buffer + done, length - done);
            if (done > 0 && closing) return drop(c);
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

static void make_responses(const struct page *page) {
    response_bytes =
        snprintf(responses, sizeof responses,
                 "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                 "Content-Type: %s\r\nContent-Length: %zu\r\n%s\r\n",
                 page->type, page->bytes, closing ? "Connection: close\r\n" : "");
    memcpy(responses + response_bytes, page->body, page->bytes);
    response_bytes += page->bytes;
    for (together = 1; together < TOGETHER; together++) {
        if ((together + 1) * response_bytes > sizeof responses) break;
        memcpy(responses + together * response_bytes, responses, response_bytes);
    }
}

static bool set_mode(const char *mode) {
    echo = strcmp(mode, "echo") == 0;
    closing = strcmp(mode, "close") == 0;
    const struct page *page = page_of(closing ? "hello" : mode);
    if (strcmp(mode, "upload") == 0) body_bytes = UPLOAD_BYTES;
    if (page != NULL) make_responses(page);
    return echo || page != NULL;
}

int main(int argc, char **argv) {
    if (argc != 3 || !set_mode(argv[1])) {
        fprintf(stderr, "usage: %s echo|hello|json|body|upload|close PORT\n", argv[0]);
        return 2;
    }

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

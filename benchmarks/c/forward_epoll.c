/*
 * The floor the Java port forwarders are compared with: one thread, one edge-triggered epoll set, a
 * buffer a direction, one recv and one send a piece.
 *
 *     forward_epoll forward PORT UPSTREAM    PORT 0 takes any free port; prints "listening PORT"
 *
 * Each end's output ends when the other's input has; the pair is closed when both have ended.
 */
#define _GNU_SOURCE
#include "net.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024 };

/* One direction; the bytes from begin to end have been received and not yet sent. */
struct direction {
    int from, to;
    size_t begin, end;
    bool ended;
    char buffer[BUFFER_BYTES];
};

struct pair {
    struct direction there, back;
    struct pair *next_dead;
    bool dead;
};

static int epoll;
static struct pair *dead;

/* Moves bytes until there are none, or they are not taken; false if a socket is broken. */
static bool move(struct direction *d) {
    while (!d->ended) {
        if (d->begin == d->end) {
            ssize_t got = recv(d->from, d->buffer, BUFFER_BYTES, 0);
            if (got < 0) return errno == EAGAIN;
            if (got == 0) {
                d->ended = true;
                shutdown(d->to, SHUT_WR);
                return true;
            }
            d->begin = 0;
            d->end = got;
        }
        ssize_t sent = send(d->to, d->buffer + d->begin, d->end - d->begin, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN;
        d->begin += sent;
    }
    return true;
}

/* Another event of the same batch may still name the pair: it is freed after the batch. */
static void bury(struct pair *p) {
    close(p->there.from);
    close(p->there.to);
    p->dead = true;
    p->next_dead = dead;
    dead = p;
}

static void advance(struct pair *p) {
    if (p->dead) return;
    bool works = move(&p->there) && move(&p->back);
    if (!works || (p->there.ended && p->back.ended)) bury(p);
}

static void free_dead(void) {
    while (dead != NULL) {
        struct pair *next = dead->next_dead;
        free(dead);
        dead = next;
    }
}

static void watch(int fd, struct pair *p) {
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = p};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

/* On loopback a connection is made, or refused, at once: no need to wait for it by epoll. */
static void accept_all(int listener, int upstream) {
    int client;
    while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int server = connect_to(SOCK_STREAM, upstream);
        set_nonblocking(server);
        set_no_delay(client);
        struct pair *p = calloc(1, sizeof *p);
        if (p == NULL) die("calloc");
        p->there.from = p->back.to = client;
        p->there.to = p->back.from = server;
        watch(client, p);
        watch(server, p);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: %s forward PORT UPSTREAM\n", argv[0]);
        return 2;
    }
    int listener = serve_on(SOCK_STREAM, atoi(argv[2]));
    epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(listener, NULL);

    static struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct pair *p = events[i].data.ptr;
            if (p == NULL) {
                accept_all(listener, atoi(argv[3]));
            } else {
                advance(p);
            }
        }
        free_dead();
    }
}

/*
 * The floor the Java datagram servers are compared with: one thread, one edge-triggered epoll set
 * with one socket in it; sends each datagram back to where it came from.
 *
 *     udp_epoll udp PORT                PORT 0 takes any free port; prints "listening PORT"
 */
#define _GNU_SOURCE
#include "net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { DATAGRAM_BYTES = 2048 };

static void answer_all(int fd) {
    char buffer[DATAGRAM_BYTES];
    for (;;) {
        struct sockaddr_in peer;
        socklen_t size = sizeof peer;
        ssize_t got = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &size);
        if (got < 0 && errno == EAGAIN) return;
        if (got < 0) continue; /* the error of an earlier answer to a peer that has gone */
        sendto(fd, buffer, got, 0, (struct sockaddr *)&peer, size);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s udp PORT\n", argv[0]);
        return 2;
    }
    int fd = serve_on(SOCK_DGRAM, atoi(argv[2]));
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
    for (;;) {
        int ready = epoll_wait(epoll, &event, 1, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        if (ready > 0) answer_all(fd);
    }
}

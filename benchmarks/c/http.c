/*
 * Closed-loop load generator for HTTP servers: one thread, one epoll set, CONNS connections.
 *
 *     http PORT PAGE plain|tls|close TOGETHER CONNS SECONDS WARMUP [PID]
 *
 * PAGE      a page of page.h, at the path of this name: a GET, or a POST of UPLOAD_BYTES bytes.
 * plain     connections are kept; TOGETHER requests are sent at once, and the next when all of
 *           their responses are complete.
 * tls       the same over TLS.
 * close     a connection for each request, which says so, and is closed when the response is
 *           complete: some servers wait for that, whatever they were told.
 *
 * Prints one JSON line about the SECONDS after the WARMUP seconds: see measure.h. A latency is from
 * just before a request is sent (of close: before it connects) to just after the last of its
 * response is read.
 *
 * The first response has to have the fields that are compared, and of its body each byte; all others
 * its status and its length. A wrong one ends its connection and counts as an error, and so does one
 * that is not complete at the end though its request is older than the window and STALL_NANOS.
 */
#define _GNU_SOURCE
#include "measure.h"
#include "net.h"
#include "page.h"
#include "tls_client.h"

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

enum { BUFFER = 256 * 1024, EVENTS = 1024, WAIT_MILLIS = 100, SEND_BUFFER = 200 * 1024 };
static const uint64_t STALL_NANOS = 2000ull * 1000 * 1000;
static const char STATUS[] = "HTTP/1.1 200 ";
enum { STATUS_BYTES = sizeof STATUS - 1 };

struct connection {
    int fd;
    SSL *tls;        /* NULL if plain */
    int awaited;     /* responses that are not complete */
    size_t received; /* of the current one */
    uint64_t sent_at;
};

static const struct page *page;
static bool upload, tls, brief;
static int port, together;
static char requests[BUFFER]; /* what is sent at once */
static size_t requests_bytes;
static size_t response_bytes; /* as the first was */
static struct connection *all;
static int connections;
static int epoll;

static _Noreturn void wrong(const char *why, const char *response) {
    fprintf(stderr, "%s: %.400s\n", why, response);
    exit(1);
}

static void make_requests(void) {
    char head[512];
    int head_bytes =
        snprintf(head, sizeof head,
                 "%s /%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n%s",
                 upload ? "POST" : "GET", page->name, port, brief ? "Connection: close\r\n" : "");
    if (upload)
        head_bytes += snprintf(head + head_bytes, sizeof head - head_bytes,
                               "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n",
                               UPLOAD_BYTES);
    head_bytes += snprintf(head + head_bytes, sizeof head - head_bytes, "\r\n");
    size_t body_bytes = upload ? UPLOAD_BYTES : 0;
    if (together < 1 || together * (head_bytes + body_bytes) > sizeof requests) {
        fprintf(stderr, "cannot send %d requests together\n", together);
        exit(2);
    }
    for (int i = 0; i < together; i++) {
        memcpy(requests + requests_bytes, head, head_bytes);
        requests_bytes += head_bytes;
        memset(requests + requests_bytes, 'u', body_bytes);
        requests_bytes += body_bytes;
    }
}

/* As recv and send do it on a non-blocking socket. */
static ssize_t result(const struct connection *c, int done) {
    if (done > 0) return done;
    int error = SSL_get_error(c->tls, done);
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    bool early = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    errno = early ? EAGAIN : EPROTO;
    return -1;
}

static ssize_t receive(struct connection *c, char *buffer, size_t room) {
    if (c->tls != NULL) return result(c, SSL_read(c->tls, buffer, room));
    return recv(c->fd, buffer, room, 0);
}

static ssize_t transmit(struct connection *c, const char *bytes, size_t length) {
    if (c->tls != NULL) return result(c, SSL_write(c->tls, bytes, length));
    return send(c->fd, bytes, length, 0);
}

static void await(const struct connection *c, int events) {
    struct pollfd wait = {.fd = c->fd, .events = events};
    if (poll(&wait, 1, REPLY_TIMEOUT_SECONDS * 1000) != 1) die("waiting");
}

static void close_connection(struct connection *c) {
    if (c->tls != NULL) SSL_free(c->tls);
    close(c->fd);
    c->tls = NULL;
    c->fd = -1;
}

static void give_up(struct connection *c) {
    errors++;
    close_connection(c);
}

/* The server takes all of a request before it answers, so it can be waited for. */
static void send_requests(struct connection *c, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t sent = transmit(c, requests + done, length - done);
        if (sent > 0) {
            done += sent;
        } else if (errno == EAGAIN) {
            await(c, POLLOUT);
        } else {
            return give_up(c);
        }
    }
}

static void send_next(struct connection *c, uint64_t at) {
    c->awaited = together;
    c->received = 0;
    c->sent_at = at;
    send_requests(c, requests_bytes);
}

static void open_connection(struct connection *c) {
    c->fd = brief ? connect_briefly(port) : connect_to(SOCK_STREAM, port);
    int size = SEND_BUFFER;
    if (upload) setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (tls) {
        limit_waiting(c->fd);
        c->tls = connect_tls(c->fd);
    } else {
        set_nonblocking(c->fd);
    }
}

static bool has_field(const char *response, const char *name) {
    return strcasestr(response, name) != NULL;
}

/* The length of the response that buffer, which ends with a zero, begins with; 0 if it is not
 * complete. Checks all of it. */
static size_t checked(const char *buffer, size_t length) {
    const char *end = strstr(buffer, "\r\n\r\n");
    if (end == NULL) return 0;
    const char *announced = strcasestr(buffer, "\r\nContent-Length:");
    if (strncmp(buffer, STATUS, STATUS_BYTES) != 0 || announced == NULL || announced > end ||
        strtoul(announced + 17, NULL, 10) != page->bytes)
        wrong("wrong status or length", buffer);
    if (!has_field(buffer, "\r\nDate:") || !has_field(buffer, "\r\nContent-Type:"))
        wrong("no Date or Content-Type", buffer);
    size_t bytes = end + 4 - buffer + page->bytes;
    if (length > bytes) wrong("too long", buffer);
    if (length == bytes && memcmp(end + 4, page->body, page->bytes) != 0) wrong("wrong body", buffer);
    return length == bytes ? bytes : 0;
}

/* Sends one request, checks the response and learns how long responses are. */
static void learn(void) {
    static char buffer[BUFFER];
    struct connection c = {0};
    open_connection(&c);
    send_requests(&c, requests_bytes / together);
    size_t length = 0;
    while ((response_bytes = checked(buffer, length)) == 0) {
        ssize_t got = receive(&c, buffer + length, sizeof buffer - length - 1);
        if (got == 0 || (got < 0 && errno != EAGAIN)) die("first response");
        if (got < 0) await(&c, POLLIN);
        if (got > 0) length += got;
    }
    close_connection(&c);
}

static void begin(struct connection *c) {
    uint64_t at = now();
    open_connection(c);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) < 0) die("epoll_ctl");
    send_next(c, at);
}

/* Whether a piece of a response is what it should be, from the place where it begins. */
static bool right(const struct connection *c, const char *piece, size_t length) {
    if (c->received >= STATUS_BYTES) return true;
    size_t left = STATUS_BYTES - c->received;
    return memcmp(piece, STATUS + c->received, length < left ? length : left) == 0;
}

/* Takes what was received; false if it is wrong. */
static bool take(struct connection *c, const char *piece, size_t length, bool measuring) {
    uint64_t at = now();
    while (length > 0) {
        size_t left = response_bytes - c->received, n = length < left ? length : left;
        if (c->awaited == 0 || !right(c, piece, n)) return false;
        c->received += n;
        piece += n;
        length -= n;
        if (c->received < response_bytes) break;
        c->received = 0;
        c->awaited--;
        if (measuring) record(at - c->sent_at);
    }
    return true;
}

static void advance(struct connection *c, bool measuring) {
    static char buffer[BUFFER];
    if (c->fd < 0) return;
    ssize_t got = receive(c, buffer, sizeof buffer);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0 || !take(c, buffer, got, measuring)) return give_up(c);
    if (c->awaited > 0) return;
    if (!brief) return send_next(c, now());
    close_connection(c);
    begin(c);
}

static void run_until(uint64_t end, bool measuring) {
    static struct epoll_event events[EVENTS];
    while (now() < end) {
        int ready = epoll_wait(epoll, events, EVENTS, WAIT_MILLIS);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) advance(events[i].data.ptr, measuring);
    }
}

static bool set_mode(int argc, char **argv) {
    if (argc < 8 || argc > 9) return false;
    port = atoi(argv[1]);
    page = page_of(argv[2]);
    upload = strcmp(argv[2], "upload") == 0;
    tls = strcmp(argv[3], "tls") == 0;
    brief = strcmp(argv[3], "close") == 0;
    together = atoi(argv[4]);
    connections = atoi(argv[5]);
    return page != NULL && (tls || brief || strcmp(argv[3], "plain") == 0);
}

int main(int argc, char **argv) {
    if (!set_mode(argc, argv)) {
        fprintf(stderr, "usage: %s PORT PAGE plain|tls|close TOGETHER CONNS SECONDS WARMUP [PID]\n",
                argv[0]);
        return 2;
    }
    double seconds = atof(argv[6]), warmup = atof(argv[7]);
    int pid = argc == 9 ? atoi(argv[8]) : 0;
    signal(SIGPIPE, SIG_IGN);
    make_requests();
    learn();

    epoll = epoll_create1(EPOLL_CLOEXEC);
    all = calloc(connections, sizeof *all);
    if (epoll < 0 || all == NULL) die("set-up");
    for (int i = 0; i < connections; i++) begin(&all[i]);
    run_until(now() + (uint64_t)(warmup * 1e9), false);
    struct usage from = use_until_now(pid);
    run_until(from.nanos + (uint64_t)(seconds * 1e9), true);
    struct usage to = use_until_now(pid);
    for (int i = 0; i < connections; i++) /* those that have waited since before the window */
        if (all[i].fd >= 0 && all[i].sent_at < from.nanos && to.nanos - all[i].sent_at > STALL_NANOS) errors++;
    report(&from, &to);
    return 0;
}

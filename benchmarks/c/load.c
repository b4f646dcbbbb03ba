/*
 * Closed-loop load generator: one thread, one epoll set, CONNS connections, one request in flight on
 * each; the next request leaves when the response is complete.
 *
 *     load HOST PORT echo|hello CONNS SECONDS WARMUP [PID]
 *
 * Prints one JSON line about the SECONDS after the WARMUP seconds:
 *
 *   requests, seconds, rps     responses completed in the window, its real length, their quotient
 *   mean_us p50_us ... max_us  from just before a request is written to just after its response is
 *                              read; a histogram with buckets 1.6 % wide
 *   errors                     wrong responses and lost connections (such a connection is given up)
 *   load_cpu_us                CPU time of this program; near 1e6 per second it is the bottleneck
 *   server_cpu_us              with PID: user + system time of that process in the same window
 *   server_system_us           the system part of it
 *   steal                      largest share of a core that the host took away in the window
 *   foreign                    cores' worth of time spent by programs that are neither this one, PID
 *                              nor niced (the spinners are); only meaningful with PID
 *
 * Every connection does one blocking round trip when it is made, so the server's accept queue never
 * overflows, and the length of a response is learnt from the first one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 64, BUFFER_BYTES = 4096, EVENTS = 1024, MAX_CPUS = 256 };
enum { SUB_BITS = 6, SUB = 1 << SUB_BITS, BUCKETS = (64 - SUB_BITS + 1) * SUB };
enum { REPLY_TIMEOUT_SECONDS = 10, WAIT_MILLIS = 100 };

struct connection {
    int fd;
    size_t expected; /* bytes in a response */
    size_t received; /* of the current one */
    uint64_t sent_at;
};

/* What the machine and the two programs had used up at one moment. */
struct usage {
    uint64_t nanos;
    double load_us, server_us, server_system_us;
    double busy_us; /* all cores, without niced programs */
    double steal_us[MAX_CPUS];
    int cpus;
};

static char request[256];
static size_t request_bytes;
static int echo;
static uint64_t histogram[BUCKETS], requests, errors, total_nanos, max_nanos;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int bucket(uint64_t value) {
    if (value < SUB) return value;
    int shift = 63 - __builtin_clzll(value) - SUB_BITS;
    return (shift + 1) * SUB + (int)((value >> shift) - SUB);
}

static double bucket_middle(int index) {
    if (index < SUB) return index;
    int shift = index / SUB - 1;
    return ((uint64_t)(SUB + index % SUB) << shift) + (double)(1ull << shift) / 2;
}

static double percentile_us(double share) {
    uint64_t rank = (uint64_t)(share * requests), seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += histogram[i];
        if (seen > rank) return bucket_middle(i) / 1000;
    }
    return max_nanos / 1000.0;
}

static void record(uint64_t nanos) {
    histogram[bucket(nanos)]++;
    requests++;
    total_nanos += nanos;
    if (nanos > max_nanos) max_nanos = nanos;
}

static void read_process(int pid, struct usage *u) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) return;
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    unsigned long user = 0, system = 0;
    char *after_name = strrchr(line, ')');
    if (after_name != NULL)
        sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
               &user, &system);
    double tick_us = 1e6 / sysconf(_SC_CLK_TCK);
    u->server_us = (user + system) * tick_us;
    u->server_system_us = system * tick_us;
}

static void read_machine(struct usage *u) {
    FILE *file = fopen("/proc/stat", "r");
    if (file == NULL) return;
    double tick_us = 1e6 / sysconf(_SC_CLK_TCK);
    char line[512];
    while (fgets(line, sizeof line, file) != NULL && strncmp(line, "cpu", 3) == 0) {
        unsigned long user, nice, system, idle, iowait, irq, softirq, steal;
        if (sscanf(line, "%*s %lu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle,
                   &iowait, &irq, &softirq, &steal) != 8)
            continue;
        if (line[3] == ' ') {
            u->busy_us = (user + system + irq + softirq) * tick_us;
        } else if (u->cpus < MAX_CPUS) {
            u->steal_us[u->cpus++] = steal * tick_us;
        }
    }
    fclose(file);
}

static struct usage use_until_now(int pid) {
    struct usage u = {0};
    struct rusage own;
    getrusage(RUSAGE_SELF, &own);
    u.load_us = own.ru_utime.tv_sec * 1e6 + own.ru_utime.tv_usec + own.ru_stime.tv_sec * 1e6 +
                own.ru_stime.tv_usec;
    if (pid > 0) read_process(pid, &u);
    read_machine(&u);
    u.nanos = now();
    return u;
}

/* The length of the response that buffer starts with; 0 if it is not complete, -1 if it is wrong. */
static ssize_t response_bytes(const char *buffer, size_t length) {
    if (echo) return length < MESSAGE_BYTES ? 0 : MESSAGE_BYTES;
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

static int right(const char *buffer) {
    return echo ? memcmp(buffer, request, MESSAGE_BYTES) == 0
                : memcmp(buffer, "HTTP/1.1 200", 12) == 0;
}

static void open_connection(struct connection *c, const struct sockaddr_in *address) {
    char buffer[BUFFER_BYTES];
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0) die("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct timeval limit = {.tv_sec = REPLY_TIMEOUT_SECONDS};
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(c->fd, (const struct sockaddr *)address, sizeof *address) < 0) die("connect");

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
    if (bytes != (ssize_t)length || !right(buffer)) {
        fprintf(stderr, "first response is wrong: %.*s\n", (int)length, buffer);
        exit(1);
    }
    c->expected = bytes;
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

static void send_request(struct connection *c, uint64_t at) {
    c->received = 0;
    c->sent_at = at;
    if (send(c->fd, request, request_bytes, 0) != (ssize_t)request_bytes) errors++;
}

/* Reads what has come and, if that ends the response, sends the next request. */
static void advance(struct connection *c, int measuring) {
    static char buffer[BUFFER_BYTES];
    ssize_t got = recv(c->fd, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN) return;
    int wrong = got <= 0 || c->received + got > c->expected;
    /* Only a response that comes in one piece is looked into. */
    if (!wrong && c->received == 0 && (size_t)got == c->expected) wrong = !right(buffer);
    if (wrong) {
        errors++;
        close(c->fd);
        return;
    }
    c->received += got;
    if (c->received < c->expected) return;
    uint64_t at = now();
    if (measuring) record(at - c->sent_at);
    send_request(c, at);
}

static void run_until(int epoll, uint64_t end, int measuring) {
    static struct epoll_event events[EVENTS];
    while (now() < end) {
        int ready = epoll_wait(epoll, events, EVENTS, WAIT_MILLIS);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) advance(events[i].data.ptr, measuring);
    }
}

static void report(const struct usage *from, const struct usage *to) {
    double seconds = (to->nanos - from->nanos) / 1e9;
    double load_us = to->load_us - from->load_us, server_us = to->server_us - from->server_us;
    double steal = 0;
    for (int i = 0; i < to->cpus; i++) {
        double share = (to->steal_us[i] - from->steal_us[i]) / 1e6 / seconds;
        if (share > steal) steal = share;
    }
    double foreign = (to->busy_us - from->busy_us - load_us - server_us) / 1e6 / seconds;
    printf("{\"requests\": %lu, \"seconds\": %.4f, \"rps\": %.1f, \"mean_us\": %.2f, "
           "\"p50_us\": %.2f, \"p99_us\": %.2f, \"p99_9_us\": %.2f, \"max_us\": %.2f, "
           "\"errors\": %lu, \"load_cpu_us\": %.0f, \"server_cpu_us\": %.0f, "
           "\"server_system_us\": %.0f, \"steal\": %.4f, \"foreign\": %.4f}\n",
           requests, seconds, requests / seconds,
           requests == 0 ? 0.0 : total_nanos / 1000.0 / requests, percentile_us(0.5),
           percentile_us(0.99), percentile_us(0.999), max_nanos / 1000.0, errors, load_us,
           server_us, to->server_system_us - from->server_system_us, steal, foreign);
}

int main(int argc, char **argv) {
    if (argc < 7 || argc > 8 || (strcmp(argv[3], "echo") != 0 && strcmp(argv[3], "hello") != 0)) {
        fprintf(stderr, "usage: %s HOST PORT echo|hello CONNS SECONDS WARMUP [PID]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    if (inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) {
        fprintf(stderr, "HOST must be an IPv4 address: %s\n", argv[1]);
        return 2;
    }
    echo = argv[3][0] == 'e';
    int connections = atoi(argv[4]);
    double seconds = atof(argv[5]), warmup = atof(argv[6]);
    int pid = argc == 8 ? atoi(argv[7]) : 0;
    signal(SIGPIPE, SIG_IGN);

    if (echo) {
        request_bytes = MESSAGE_BYTES;
        for (int i = 0; i < MESSAGE_BYTES; i++) request[i] = 'a' + i % 26;
    } else {
        request_bytes = snprintf(request, sizeof request,
                                 "GET /hello HTTP/1.1\r\nHost: %s:%s\r\nAccept: */*\r\n\r\n",
                                 argv[1], argv[2]);
    }

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct connection *all = calloc(connections, sizeof *all);
    if (epoll < 0 || all == NULL) die("set-up");
    for (int i = 0; i < connections; i++) {
        open_connection(&all[i], &address);
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = &all[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &event) < 0) die("epoll_ctl");
    }

    for (int i = 0; i < connections; i++) send_request(&all[i], now());
    run_until(epoll, now() + (uint64_t)(warmup * 1e9), 0);
    struct usage from = use_until_now(pid);
    run_until(epoll, from.nanos + (uint64_t)(seconds * 1e9), 1);
    struct usage to = use_until_now(pid);
    report(&from, &to);
    return 0;
}

/*
 * ZeroMQ by libzmq: one end of a measurement, the same as servers/ZmqProgram.java.
 *
 *     zmq pull SIZE COUNT             prints where it is bound, then messages a second
 *     zmq push ADDRESS SIZE COUNT
 *     zmq rep SIZE COUNT              prints where it is bound
 *     zmq req ADDRESS SIZE COUNT      prints the median and the 99th percentile of a round trip in us
 *
 * As many messages as are counted go ahead of them uncounted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

static void must(int ok, const char *what) {
    if (!ok) {
        fprintf(stderr, "zmq: %s: %s\n", what, zmq_strerror(zmq_errno()));
        exit(1);
    }
}

static long long nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void take(void *socket, size_t size) {
    zmq_msg_t message;
    zmq_msg_init(&message);
    must(zmq_msg_recv(&message, socket, 0) == (int)size, "receive");
    zmq_msg_close(&message);
}

static void give(void *socket, const void *bytes, size_t size) {
    must(zmq_send(socket, bytes, size, 0) == (int)size, "send");
}

static int by_value(const void *a, const void *b) {
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

static void ask(void *socket, const char *bytes, size_t size, long count) {
    long long *trips = malloc(count * sizeof *trips);
    for (long i = -count; i < count; i++) {
        long long start = nanos();
        give(socket, bytes, size);
        take(socket, size);
        trips[i < 0 ? i + count : i] = nanos() - start;
    }
    qsort(trips, count, sizeof *trips, by_value);
    printf("%.2f %.2f\n", trips[count / 2] / 1e3, trips[count * 99 / 100] / 1e3);
    free(trips);
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    int connects = !strcmp(role, "push") || !strcmp(role, "req");
    if (argc != (connects ? 5 : 4)) {
        fprintf(stderr, "usage: zmq pull|rep SIZE COUNT, or zmq push|req ADDRESS SIZE COUNT\n");
        return 2;
    }
    size_t size = strtoul(argv[argc - 2], NULL, 10);
    long count = strtol(argv[argc - 1], NULL, 10);
    int type = !strcmp(role, "pull")   ? ZMQ_PULL
               : !strcmp(role, "push") ? ZMQ_PUSH
               : !strcmp(role, "rep")  ? ZMQ_REP
                                       : ZMQ_REQ;
    char *bytes = calloc(1, size);
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, type);
    if (connects) {
        must(zmq_connect(socket, argv[2]) == 0, "connect");
    } else {
        char address[100];
        size_t length = sizeof address;
        must(zmq_bind(socket, "tcp://127.0.0.1:*") == 0, "bind");
        must(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, address, &length) == 0, "endpoint");
        printf("%s\n", address);
        fflush(stdout);
    }
    if (type == ZMQ_REQ) {
        ask(socket, bytes, size, count);
    } else if (type == ZMQ_PUSH) {
        for (long i = 0; i < 2 * count; i++) {
            give(socket, bytes, size);
        }
    } else {
        long long start = 0;
        for (long i = 0; i < 2 * count; i++) {
            take(socket, size);
            if (type == ZMQ_REP) {
                give(socket, bytes, size);
            } else if (i == count - 1) {
                start = nanos();
            }
        }
        if (type == ZMQ_PULL) {
            printf("%.0f\n", count * 1e9 / (nanos() - start));
        }
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    free(bytes);
    return 0;
}

/*
 * Keeps one core from halting, without taking time from anything else: spins at the scheduling class
 * SCHED_IDLE, which any ordinary thread displaces at once.
 *
 *     spin CPU SECONDS
 *
 * Ends after SECONDS, or when its parent ends. It is niced too, so /proc/stat books its time apart.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { TURNS_BETWEEN_LOOKS = 1 << 20 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s CPU SECONDS\n", argv[0]);
        return 2;
    }
    pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);

    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(atoi(argv[1]), &cpus);
    struct sched_param priority = {0};
    if (sched_setaffinity(0, sizeof cpus, &cpus) < 0 ||
        sched_setscheduler(0, SCHED_IDLE, &priority) < 0 || setpriority(PRIO_PROCESS, 0, 19) < 0) {
        perror("spin");
        return 1;
    }

    /* No pause instruction: under a hypervisor a pause loop may hand the core back to the host. */
    double end = now() + atof(argv[2]);
    while (now() < end && getppid() == parent) {
        for (volatile uint32_t turn = 0; turn < TURNS_BETWEEN_LOOKS; turn++) {
        }
    }
    return 0;
}

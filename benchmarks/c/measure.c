/* See measure.h. */
#define _GNU_SOURCE
#include "measure.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SUB_BITS = 6, SUB = 1 << SUB_BITS, BUCKETS = (64 - SUB_BITS + 1) * SUB };

uint64_t errors, lost;
static uint64_t histogram[BUCKETS], operations, timed, total_nanos, max_nanos;

uint64_t now(void) {
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
    uint64_t rank = (uint64_t)(share * timed), seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += histogram[i];
        if (seen > rank) return bucket_middle(i) / 1000;
    }
    return max_nanos / 1000.0;
}

void record(uint64_t nanos) {
    histogram[bucket(nanos)]++;
    operations++;
    timed++;
    total_nanos += nanos;
    if (nanos > max_nanos) max_nanos = nanos;
}

void count(uint64_t more) {
    operations += more;
}

static void read_memory(int pid, struct usage *u) {
    char path[64];
    unsigned long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) return;
    if (fscanf(file, "%*u %lu", &pages) == 1) u->server_rss = (double)pages * sysconf(_SC_PAGESIZE);
    fclose(file);
}

/* The clock of a process is exact; its system part is known in ticks only. */
static void read_process(int pid, struct usage *u) {
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) < 0) return;
    u->server_us = t.tv_sec * 1e6 + t.tv_nsec / 1e3;

    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) return;
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    unsigned long system = 0;
    char *after_name = strrchr(line, ')');
    if (after_name != NULL)
        sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %lu", &system);
    u->server_system_us = system * 1e6 / sysconf(_SC_CLK_TCK);
    read_memory(pid, u);
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

struct usage use_until_now(int pid) {
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

static void report_latencies(void) {
    static const struct {
        const char *name;
        double share;
    } percentiles[] = {{"p50_us", 0.5}, {"p99_us", 0.99}, {"p99_9_us", 0.999}};
    enum { PERCENTILES = sizeof percentiles / sizeof *percentiles };

    if (timed == 0) {
        printf("\"mean_us\": null, ");
        for (int i = 0; i < PERCENTILES; i++) printf("\"%s\": null, ", percentiles[i].name);
        printf("\"max_us\": null, ");
        return;
    }
    printf("\"mean_us\": %.2f, ", total_nanos / 1000.0 / timed);
    for (int i = 0; i < PERCENTILES; i++)
        printf("\"%s\": %.2f, ", percentiles[i].name, percentile_us(percentiles[i].share));
    printf("\"max_us\": %.2f, ", max_nanos / 1000.0);
}

void report(const struct usage *from, const struct usage *to) {
    double seconds = (to->nanos - from->nanos) / 1e9;
    double load_us = to->load_us - from->load_us, server_us = to->server_us - from->server_us;
    double steal = 0;
    for (int i = 0; i < to->cpus; i++) {
        double share = (to->steal_us[i] - from->steal_us[i]) / 1e6 / seconds;
        if (share > steal) steal = share;
    }
    double foreign = (to->busy_us - from->busy_us - load_us - server_us) / 1e6 / seconds;
    printf("{\"requests\": %lu, \"seconds\": %.4f, \"rps\": %.1f, ", operations, seconds,
           operations / seconds);
    report_latencies();
    printf("\"errors\": %lu, \"lost\": %lu, \"load_cpu_us\": %.0f, \"server_cpu_us\": %.0f, "
           "\"server_system_us\": %.0f, \"server_rss\": %.0f, \"steal\": %.4f, \"foreign\": %.4f}\n",
           errors, lost, load_us, server_us, to->server_system_us - from->server_system_us,
           to->server_rss, steal, foreign);
}

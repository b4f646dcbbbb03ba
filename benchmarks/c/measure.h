/*
 * What the load generators have in common: a clock, a histogram of latencies, what the machine and
 * the two programs used up, and the JSON line about it all:
 *
 *   requests, seconds, rps     operations completed in the window, its real length, their quotient
 *   mean_us p50_us ... max_us  latencies, from a histogram with buckets 1.6 % wide; null if the
 *                              operations are parts of a stream
 *   errors                     wrong answers and lost connections
 *   lost                       datagrams that never came back
 *   load_cpu_us                CPU time of this program; near 1e6 per second it is the bottleneck
 *   server_cpu_us              with PID: user + system time of that process in the same window
 *   server_system_us           the system part of it
 *   server_rss                 with PID: the memory it has at the end of the window, in bytes
 *   steal                      largest share of a core that the host took away in the window
 *   foreign                    cores' worth of time spent by programs that are neither this one, PID
 *                              nor niced (the spinners are); only meaningful with PID
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

enum { MAX_CPUS = 256 };

/* What the machine and the two programs had used up at one moment. */
struct usage {
    uint64_t nanos;
    double load_us, server_us, server_system_us;
    double server_rss;
    double busy_us; /* all cores, without niced programs */
    double steal_us[MAX_CPUS];
    int cpus;
};

/* Wrong answers and lost connections; datagrams that never came back. */
extern uint64_t errors, lost;

/* Nanoseconds of a clock that only goes forward. */
uint64_t now(void);

/* Counts one operation that took so long. */
void record(uint64_t nanos);

/* Counts operations that have no latency of their own. */
void count(uint64_t operations);

struct usage use_until_now(int pid);

/* Prints the JSON line about what was recorded between two moments. */
void report(const struct usage *from, const struct usage *to);

#endif

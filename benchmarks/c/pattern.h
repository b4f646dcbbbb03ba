/* An endless stream of bytes of which any part can be made and checked without the rest. */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdint.h>
#include <stdlib.h>

/* The period is prime, so that a piece that is lost or doubled does not go unnoticed. */
enum { PATTERN_PERIOD = 65521, PATTERN_PIECE = 64 * 1024 };

/* What the stream has at a position; PATTERN_PIECE bytes can be read there. */
static inline const char *pattern_at(uint64_t position) {
    static char pattern[PATTERN_PERIOD + PATTERN_PIECE];
    if (pattern[0] == 0) {
        uint32_t state = 1;
        for (int i = 0; i < PATTERN_PERIOD; i++) {
            state = state * 1664525 + 1013904223;
            pattern[i] = (char)(state >> 24 | 1);
        }
        for (int i = 0; i < PATTERN_PIECE; i++) pattern[PATTERN_PERIOD + i] = pattern[i];
    }
    return pattern + position % PATTERN_PERIOD;
}

#endif

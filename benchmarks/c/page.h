/* The pages that HTTP servers are asked for, so that load generators can check each byte. */
#ifndef PAGE_H
#define PAGE_H

#include <stddef.h>

enum { UPLOAD_BYTES = 100 * 1024 };

struct page {
    const char *name; /* its path, after the slash */
    const char *type; /* of its content */
    const char *body;
    size_t bytes;
};

/* hello, json, body, or upload, which says how many bytes were sent; NULL if it is another. */
const struct page *page_of(const char *name);

#endif

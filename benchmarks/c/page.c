/* See page.h. */
#define _GNU_SOURCE
#include "page.h"

#include <stdio.h>
#include <string.h>

enum { ITEMS = 16, JSON_ROOM = 2048, BODY_BYTES = 64 * 1024 };

static char json[JSON_ROOM], body[BODY_BYTES], uploaded[16];
static struct page pages[] = {
    {"hello", "text/plain", "Hello, World!", 13},
    {"json", "application/json", json, 0},
    {"body", "application/octet-stream", body, BODY_BYTES},
    {"upload", "text/plain", uploaded, 0},
};

static void append(struct page *page, char *text, const char *piece) {
    strcpy(text + page->bytes, piece);
    page->bytes += strlen(piece);
}

static void make_json(struct page *page) {
    char item[JSON_ROOM / ITEMS];
    append(page, json, "{\"items\":[");
    for (int i = 0; i < ITEMS; i++) {
        snprintf(item, sizeof item, "%s{\"id\":%d,\"name\":\"item number %d\",\"price\":%d,\"stocked\":%s}",
                 i == 0 ? "" : ",", 1000 + i, i, 99 + 7 * i, i % 2 == 0 ? "true" : "false");
        append(page, json, item);
    }
    append(page, json, "]}");
}

static void make_pages(void) {
    make_json(&pages[1]);
    for (int i = 0; i < BODY_BYTES; i++) body[i] = 'a' + i % 26;
    pages[3].bytes = snprintf(uploaded, sizeof uploaded, "%d", UPLOAD_BYTES);
}

const struct page *page_of(const char *name) {
    if (pages[1].bytes == 0) make_pages();
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(pages[i].name, name) == 0) return &pages[i];
    return NULL;
}

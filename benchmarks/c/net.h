/* Sockets on loopback, as the C servers and load generators use them. */
#ifndef NET_H
#define NET_H

#include <netinet/in.h>

enum { BUFFER_BYTES = 16 * 1024, BACKLOG = 4096, REPLY_TIMEOUT_SECONDS = 10 };

_Noreturn void die(const char *what);

/* A non-blocking socket bound to a port, 0 for any, and listening if it is a SOCK_STREAM; prints
 * "listening PORT". */
int serve_on(int type, int port);

/* A blocking socket that is connected to a port. */
int connect_to(int type, int port);

/* The same for a connection that ends soon: each from another address of this machine than the one
 * before, as one address has not enough ports for those that were closed within the last minute. */
int connect_briefly(int port);

/* Makes a read or an accept give up after REPLY_TIMEOUT_SECONDS. */
void limit_waiting(int fd);

void set_nonblocking(int fd);

/* Without Nagle's delay. */
void set_no_delay(int fd);

#endif

/* The clients of TLS servers: TLS 1.3, always the same key exchange and cipher, whatever the server
 * would rather have, and never a resumed session. */
#ifndef TLS_CLIENT_H
#define TLS_CLIENT_H

#include <openssl/ssl.h>
#include <stdbool.h>

_Noreturn void die_of_tls(const char *what);

/* A connection over a socket, which has not shaken hands. */
SSL *new_tls(int fd);

/* One that has, over a blocking socket, which it makes non-blocking. */
SSL *connect_tls(int fd);

/* Whether a call that returned so has only to be made again later; any other failure is the end. */
bool is_early(SSL *tls, int returned, const char *what);

#endif

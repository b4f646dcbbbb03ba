/* See tls_client.h. */
#include "tls_client.h"
#include "net.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void die_of_tls(const char *what) {
    fprintf(stderr, "%s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static SSL_CTX *make_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") != 1 ||
        SSL_CTX_set1_groups_list(context, "X25519") != 1)
        die_of_tls("context");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

SSL *new_tls(int fd) {
    static SSL_CTX *context;
    if (context == NULL) context = make_context();
    SSL *tls = SSL_new(context);
    if (tls == NULL || SSL_set_fd(tls, fd) != 1) die_of_tls("connection");
    return tls;
}

SSL *connect_tls(int fd) {
    SSL *tls = new_tls(fd);
    if (SSL_connect(tls) != 1) die_of_tls("handshake");
    set_nonblocking(fd);
    return tls;
}

bool is_early(SSL *tls, int returned, const char *what) {
    int error = SSL_get_error(tls, returned);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return true;
    die_of_tls(what);
}

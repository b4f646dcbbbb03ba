/**
 * TLS over green sockets: both ends, certificates from PEM files, verification on unless it is
 * turned off by name.
 *
 * {@snippet :
 * var options = TlsOptions.server(Path.of("chain.pem"), Path.of("key.pem"));
 * try (var server = Tls.wrap(Evy.listen(6443), options)) {
 *     Evy.serve(server, client -> handle(client));
 * }
 * }
 *
 * <p>Begin with {@link evy.io.tls.Tls} and {@link evy.io.tls.TlsOptions}; what comes out is a
 * {@link javax.net.ssl.SSLSocket}.
 *
 * <p>Guide: {@code docs/guide/tls.md}.
 */
@NullMarked
package evy.io.tls;

import org.jspecify.annotations.NullMarked;

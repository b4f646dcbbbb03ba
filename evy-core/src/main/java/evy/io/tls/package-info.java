/**
 * TLS over green sockets: both ends, certificates from PEM files, verification on unless it is
 * turned off by name.
 */
@NullMarked
package evy.io.tls;

import org.jspecify.annotations.NullMarked;

package evy.io.tls;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLContext;

/** What {@link TlsOptions} say. Changed only while it is being made. */
final class Settings implements Cloneable {
    final boolean server;

    // what a context is made of
    List<Credential> credentials = List.of();
    @Nullable Path caCerts;
    Verify verify;
    @Nullable SSLContext given;

    // what an engine is told
    boolean hostnameCheck = true;
    @Nullable String serverHostname;
    List<String> alpn = List.of();
    List<String> versions = List.of("TLSv1.3", "TLSv1.2");
    List<String> ciphers = List.of();

    // what a connection does
    long handshakeTimeoutNanos = Duration.ofSeconds(30).toNanos();
    long closeTimeoutNanos = Duration.ofSeconds(5).toNanos();
    boolean handshakeOnConnect = true;
    boolean suppressRaggedEofs = true;
    boolean tasksOffHub = true;

    Settings(boolean server) {
        this.server = server;
        this.verify = server ? Verify.NONE : Verify.REQUIRED;
    }

    Settings copy() {
        try {
            return (Settings) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}

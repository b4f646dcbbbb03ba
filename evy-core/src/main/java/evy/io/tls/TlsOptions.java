package evy.io.tls;

import evy.hubs.Hub;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * How to speak TLS: which end, which certificates, what is asked of the peer's. Immutable; each
 * {@code with…} gives changed options. Make them once and use them for all connections: they hold
 * the {@link SSLContext}, and with it the sessions that make a second handshake cheap.
 *
 * {@snippet :
 * TlsOptions server = TlsOptions.server(Path.of("chain.pem"), Path.of("key.pem"));
 * TlsOptions client = TlsOptions.client().withCaCerts(Path.of("our-ca.pem"));
 * }
 *
 * <p>A client verifies the server's certificate, and that it is for the host it asked for. Each can
 * be turned off by a call that says so.
 *
 * @source eventlet {@code convenience.wrap_ssl}
 */
public final class TlsOptions {
    private final Settings settings;
    private final Contexts contexts;

    // the context with which these have been found good
    private volatile @Nullable SSLContext checked;

    private TlsOptions(Settings settings, Contexts contexts) {
        this.settings = settings;
        this.contexts = contexts;
    }

    /** {@return options of a client: the system's authorities, verification and host check on} */
    public static TlsOptions client() {
        Settings settings = new Settings(false);
        return new TlsOptions(settings, new Contexts(settings));
    }

    /** {@return options of a server that has no certificate yet} */
    public static TlsOptions server() {
        Settings settings = new Settings(true);
        return new TlsOptions(settings, new Contexts(settings));
    }

    /**
     * Options of a server.
     *
     * @param certfile PEM file with its certificate, and those that lead from it to the authority
     * @param keyfile PEM file with the key; may be the same file
     * @return the options; the files are read when they are first used
     */
    public static TlsOptions server(Path certfile, Path keyfile) {
        return server().withCertificate(certfile, keyfile);
    }

    private TlsOptions with(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new TlsOptions(changed, contexts);
    }

    private TlsOptions withNewContext(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new TlsOptions(changed, new Contexts(changed));
    }

    /**
     * The same with one certificate more. A server that has several chooses by the name that the
     * client asks for; the first is for those whose name none of them has.
     *
     * @param certfile PEM file with the certificate, and those that lead from it to the authority
     * @param keyfile PEM file with the key; may be the same file
     * @return the new options
     */
    public TlsOptions withCertificate(Path certfile, Path keyfile) {
        return withCredential(new Credential.Files(certfile, keyfile, null));
    }

    /**
     * The same with one certificate more, whose key is encrypted.
     *
     * @param certfile PEM file with the certificate, and those that lead from it to the authority
     * @param keyfile PEM file with the key
     * @param password of the key; copied
     * @return the new options
     */
    public TlsOptions withCertificate(Path certfile, Path keyfile, char[] password) {
        return withCredential(new Credential.Files(certfile, keyfile, password.clone()));
    }

    /**
     * The same with one certificate more.
     *
     * @param key the private key
     * @param chain the certificate, and those that lead from it to the authority
     * @return the new options
     * @throws IllegalArgumentException if the chain is empty
     */
    public TlsOptions withCertificate(PrivateKey key, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("the certificate chain is empty");
        }
        return withCredential(new Credential.Loaded(key, chain));
    }

    private TlsOptions withCredential(Credential credential) {
        List<Credential> all = new ArrayList<>(settings.credentials);
        all.add(credential);
        return withNewContext(s -> s.credentials = List.copyOf(all));
    }

    /**
     * The same with other authorities to trust, instead of the system's.
     *
     * @param file PEM file with their certificates
     * @return the new options; the file is read when they are first used
     */
    public TlsOptions withCaCerts(Path file) {
        Objects.requireNonNull(file, "file");
        return withNewContext(s -> s.caCerts = file);
    }

    /**
     * The same with something else asked of the peer's certificate. {@link Verify#NONE} makes a
     * client talk to anybody.
     *
     * @param verify what is asked; a client asks for {@link Verify#REQUIRED} unless told otherwise,
     *     a server for {@link Verify#NONE}
     * @return the new options
     */
    public TlsOptions withVerify(Verify verify) {
        Objects.requireNonNull(verify, "verify");
        return withNewContext(s -> s.verify = verify);
    }

    /**
     * The same with a context made elsewhere: certificates, authorities and verification are its
     * own, and the calls about those are of no effect.
     *
     * @param context an initialised context
     * @return the new options
     */
    public TlsOptions withContext(SSLContext context) {
        Objects.requireNonNull(context, "context");
        return withNewContext(s -> s.given = context);
    }

    /**
     * The same without the check that the server's certificate is for the host asked for: any
     * certificate that is trusted will do.
     *
     * @return the new options
     */
    public TlsOptions withoutHostnameCheck() {
        return with(s -> s.hostnameCheck = false);
    }

    /**
     * The same with the name of the server: the one its certificate must have, and by which it may
     * choose the certificate. {@link Tls#connect} and {@link GreenTlsSocket#connect} know it
     * without; a socket that is connected when it is wrapped most often knows an address only.
     *
     * @param host name or address
     * @return the new options
     */
    public TlsOptions withServerHostname(String host) {
        Objects.requireNonNull(host, "host");
        return with(s -> s.serverHostname = host);
    }

    /**
     * The same with application protocols to agree on (ALPN), the preferred first. {@link
     * GreenTlsSocket#getApplicationProtocol} tells which it is. A server that shares none with the
     * client refuses it.
     *
     * @param protocols such as {@code h2}, {@code http/1.1}
     * @return the new options
     */
    public TlsOptions withAlpn(String... protocols) {
        List<String> list = List.of(protocols);
        return with(s -> s.alpn = list);
    }

    /**
     * The same with other versions of the protocol. TLS 1.3 and 1.2 unless told otherwise.
     *
     * @param versions such as {@code TLSv1.3}
     * @return the new options
     * @throws IllegalArgumentException if there is none
     */
    public TlsOptions withVersions(String... versions) {
        List<String> list = nonEmpty("versions", versions);
        return with(s -> s.versions = list);
    }

    /**
     * The same with other cipher suites, instead of those the JDK thinks good.
     *
     * @param ciphers by their standard names, such as {@code TLS_AES_128_GCM_SHA256}
     * @return the new options
     * @throws IllegalArgumentException if there is none
     */
    public TlsOptions withCiphers(String... ciphers) {
        List<String> list = nonEmpty("ciphers", ciphers);
        return with(s -> s.ciphers = list);
    }

    private static List<String> nonEmpty(String what, String... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException(what + ": at least one is needed");
        }
        return List.of(values);
    }

    /**
     * The same with another limit to a handshake, so that who connects and says nothing does not
     * hold a green thread for ever. 30 s unless told otherwise.
     *
     * @param timeout positive; the socket's own timeout holds, too
     * @return the new options
     * @throws IllegalArgumentException if {@code timeout} is zero or negative
     */
    public TlsOptions withHandshakeTimeout(Duration timeout) {
        long nanos = positiveNanos("handshake timeout", timeout);
        return with(s -> s.handshakeTimeoutNanos = nanos);
    }

    /**
     * The same with another limit to how long a close waits for a peer that does not read, to tell
     * it goodbye. 5 s unless told otherwise.
     *
     * @param timeout positive
     * @return the new options
     * @throws IllegalArgumentException if {@code timeout} is zero or negative
     */
    public TlsOptions withCloseTimeout(Duration timeout) {
        long nanos = positiveNanos("close timeout", timeout);
        return with(s -> s.closeTimeoutNanos = nanos);
    }

    /**
     * The same, saying whether {@link GreenTlsSocket#connect} shakes hands at once. It does unless
     * told otherwise. A socket that is connected when it is wrapped, or accepted, always does so
     * upon its first use.
     *
     * @param atOnce false to do so when first used
     * @return the new options
     */
    public TlsOptions withHandshakeOnConnect(boolean atOnce) {
        return with(s -> s.handshakeOnConnect = atOnce);
    }

    /**
     * The same, saying what it means if the peer closes the connection without TLS's goodbye. Many
     * peers do. It is taken for the end of the stream unless told otherwise; where a protocol has
     * no other way to tell that all has come, somebody in between could cut the end off unnoticed.
     *
     * @param suppress false to make it an {@link javax.net.ssl.SSLException}
     * @return the new options
     */
    public TlsOptions withSuppressRaggedEofs(boolean suppress) {
        return with(s -> s.suppressRaggedEofs = suppress);
    }

    /**
     * The same, saying where handshakes compute, a millisecond or some each, the first of a program
     * far longer. In native threads, those of {@link evy.tpool.Tpool}, the hub runs on meanwhile;
     * on the hub nobody else of it runs.
     *
     * @param offHub true, the default, for the native threads, false for the hub's
     * @return the new options
     */
    public TlsOptions withTasksOffHub(boolean offHub) {
        return with(s -> s.tasksOffHub = offHub);
    }

    /**
     * Reads the files again: connections made from now on have the new certificates, those there
     * are go on. Options made from these by calls that do not change the certificates or what is
     * trusted take part.
     *
     * @checkpoint on a green thread
     * @throws IOException if they cannot be used; the old ones stay in use
     */
    public void reload() throws IOException {
        contexts.reload();
    }

    /**
     * The context, which holds certificates, authorities and sessions.
     *
     * @checkpoint on a green thread, the first time
     * @return the same until {@link #reload}
     * @throws java.nio.file.NoSuchFileException if a file is not there
     * @throws javax.net.ssl.SSLException if the content of one is of no use
     * @throws IOException if one cannot be read
     */
    public SSLContext context() throws IOException {
        return contexts.get();
    }

    /** {@return whether this is the server's end} */
    public boolean isServer() {
        return settings.server;
    }

    /** Checks that there is all that is needed. */
    void check() throws IOException {
        if (settings.server && settings.credentials.isEmpty() && settings.given == null) {
            throw new IllegalArgumentException(
                    "a TLS server needs a certificate: withCertificate(certfile, keyfile)");
        }
        SSLContext context = context();
        if (context != checked) {
            checked = Tpool.executeIo(() -> Engines.check(context, settings));
        }
    }

    SSLEngine engine(String host, int port) throws IOException {
        return Engines.create(context(), settings, host, port);
    }

    /** An engine for another host, with what was set on this one. */
    SSLEngine engineLike(SSLEngine old, String host, int port) throws IOException {
        return Engines.createLike(old, context(), settings, host, port);
    }

    long handshakeTimeoutNanos() {
        return settings.handshakeTimeoutNanos;
    }

    long closeTimeoutNanos() {
        return settings.closeTimeoutNanos;
    }

    boolean handshakeOnConnect() {
        return settings.handshakeOnConnect;
    }

    boolean suppressRaggedEofs() {
        return settings.suppressRaggedEofs;
    }

    boolean tasksOffHub() {
        return settings.tasksOffHub;
    }

    static long positiveNanos(String what, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(what + " must be > 0: " + timeout);
        }
        return Hub.saturatedNanos(timeout);
    }
}

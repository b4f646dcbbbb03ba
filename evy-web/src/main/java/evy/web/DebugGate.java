package evy.web;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;

/**
 * Says who may see the {@link DebugPages}.
 *
 * <p>That a connection comes from a loopback address says little by itself: it may be a proxy that
 * asks for somebody else, or a browser that a web page has told a name that means this machine. So
 * without a token requests that came through a proxy are refused, and those for another host.
 */
final class DebugGate {
    /** Fewer characters than this are guessed too easily. */
    static final int MIN_TOKEN_LENGTH = 16;

    /** This machine only, without a token. */
    static final DebugGate LOCAL = new DebugGate(null, false);

    private static final String SCHEME = "bearer ";
    private static final List<String> OF_PROXIES =
            List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via");

    /* Of the token; null if none is needed. */
    private final byte @Nullable [] digest;

    private final boolean remote;

    private DebugGate(byte @Nullable [] digest, boolean remote) {
        this.digest = digest;
        this.remote = remote;
    }

    /** The same for clients that send a token. */
    DebugGate withToken(String token) {
        if (token.length() < MIN_TOKEN_LENGTH) {
            throw new IllegalArgumentException(
                    "token must have at least "
                            + MIN_TOKEN_LENGTH
                            + " characters: it has "
                            + token.length());
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("token must be printable ASCII without blanks");
        }
        return new DebugGate(digest(token), remote);
    }

    /** The same for clients on other machines, too. */
    DebugGate withRemote() {
        if (digest == null) {
            throw new IllegalStateException(
                    "clients on other machines need a token; call withToken first");
        }
        return new DebugGate(digest, true);
    }

    /** Null if the client may see them. */
    @Nullable Response refusal(Request request) {
        if (!remote && !isLocal(request.remoteAddress())) {
            return forbidden("these pages are for clients on this machine only");
        }
        if (digest != null) {
            return MessageDigest.isEqual(digest(given(request)), digest) ? null : unauthorized();
        }
        for (String field : OF_PROXIES) {
            if (request.header(field) != null) {
                return forbidden(
                        "the request came through a proxy (" + field + "): that needs a token");
            }
        }
        if (request.remoteAddress() instanceof InetSocketAddress && !isLocal(request.host())) {
            return forbidden("ask for localhost, 127.0.0.1 or [::1], not for another host");
        }
        return null;
    }

    private static boolean isLocal(SocketAddress address) {
        return !(address instanceof InetSocketAddress inet)
                || (inet.getAddress() != null && inet.getAddress().isLoopbackAddress());
    }

    private static boolean isLocal(@Nullable String host) {
        if (host == null) {
            return true; // HTTP/1.0: no browser
        }
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        return name.equals("[::1]")
                || name.toLowerCase(Locale.ROOT).equals("localhost")
                || name.matches("127(\\.\\d{1,3}){3}");
    }

    private static String given(Request request) {
        String credentials = request.header("Authorization");
        return credentials != null && credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? credentials.substring(SCHEME.length()).strip()
                : "";
    }

    private static Response forbidden(String why) {
        return Response.text("forbidden: " + why + "\n").withStatus(403);
    }

    private static Response unauthorized() {
        return Response.text("unauthorized: send the field 'Authorization: Bearer TOKEN'\n")
                .withStatus(401)
                .withHeader("WWW-Authenticate", "Bearer realm=\"evy\"");
    }

    /* Digests have one length, so that not even that can be told from the time a comparison takes. */
    private static byte[] digest(String token) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return sha.digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

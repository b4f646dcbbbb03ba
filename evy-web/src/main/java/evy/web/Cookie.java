package evy.web;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A cookie to set, as RFC 6265 has it. Immutable: each {@code with} method gives another.
 *
 * <pre>{@code
 * response.header("Set-Cookie", Cookie.of("session", id).withHttpOnly().withSecure().toString())
 * }</pre>
 *
 * @param name a token
 * @param value visible ASCII without blanks, quotes, commas, semicolons, backslashes; encode what
 *     may hold others, as by {@link java.net.URLEncoder}
 * @param path sent along to this path and below; null for the folder of the request
 * @param domain sent along to this host and those under it; null for this host alone
 * @param maxAge how long to keep it, in whole seconds, zero to forget it; null until the browser
 *     ends
 * @param secure sent over TLS only
 * @param httpOnly hidden from scripts
 * @param sameSite whether it is sent with requests that other sites cause; null for the browser's
 *     default
 * @source RFC 6265 section 4.1; SameSite from draft-ietf-httpbis-rfc6265bis
 */
public record Cookie(
        String name,
        String value,
        @Nullable String path,
        @Nullable String domain,
        @Nullable Duration maxAge,
        boolean secure,
        boolean httpOnly,
        @Nullable SameSite sameSite) {

    private static final DateTimeFormatter LONG_AGO =
            DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    /** When a cookie goes along with a request that another site caused. */
    public enum SameSite {
        /** Never. */
        STRICT("Strict"),
        /** When the user follows a link. */
        LAX("Lax"),
        /** Always; browsers ask for {@link Cookie#secure} with it. */
        NONE("None");

        private final String word;

        SameSite(String word) {
            this.word = word;
        }
    }

    /** Checks every part, so that nobody can smuggle attributes or headers in. */
    public Cookie {
        if (name.isEmpty() || !name.chars().allMatch(Cookie::isTokenPart)) {
            throw new IllegalArgumentException("cookie name must be a token: '" + name + "'");
        }
        int bad = firstBad(value);
        if (bad >= 0) {
            throw new IllegalArgumentException(
                    String.format(
                            "cookie '%s': value has U+%04X at %d; encode it, as by URLEncoder",
                            name, (int) value.charAt(bad), bad));
        }
        checkAttribute(name, "path", path);
        checkAttribute(name, "domain", domain);
        if (maxAge != null && maxAge.isNegative()) {
            throw new IllegalArgumentException(
                    "cookie '" + name + "': maxAge must be >= 0: " + maxAge);
        }
        if (sameSite == SameSite.NONE && !secure) {
            throw new IllegalArgumentException(
                    "cookie '"
                            + name
                            + "': SameSite=None needs secure; browsers drop it otherwise");
        }
    }

    /**
     * A cookie for this host, until the browser ends.
     *
     * @param name a token
     * @param value see {@link #value}
     * @return the cookie
     * @throws IllegalArgumentException if a character is not allowed there
     */
    public static Cookie of(String name, String value) {
        return new Cookie(name, value, null, null, null, false, false, null);
    }

    /**
     * What makes browsers forget a cookie. Path and domain must be those it was set with.
     *
     * @param name its name
     * @return a cookie of no value that has expired
     */
    public static Cookie expired(String name) {
        return of(name, "").withMaxAge(Duration.ZERO);
    }

    /**
     * Reads a request's {@code Cookie} header. What is no cookie in it is passed over, as servers
     * must be able to live with others' cookies; of two with one name the first counts.
     *
     * @param header the field's value; null if there was none
     * @return values by name, in the order sent
     * @source RFC 6265 section 5.4
     */
    public static Map<String, String> parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return Map.of();
        }
        Map<String, String> cookies = new LinkedHashMap<>();
        for (String pair : header.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String name = pair.substring(0, equals).strip();
                String value = unquoted(pair.substring(equals + 1).strip());
                if (!name.isEmpty() && name.chars().allMatch(Cookie::isTokenPart)) {
                    cookies.putIfAbsent(name, value);
                }
            }
        }
        return Collections.unmodifiableMap(cookies);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /**
     * The same for another path.
     *
     * @param newPath begins with a slash
     * @return another cookie
     */
    public Cookie withPath(String newPath) {
        return new Cookie(name, value, newPath, domain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * The same for a domain and the hosts under it.
     *
     * @param newDomain a domain the host belongs to
     * @return another cookie
     */
    public Cookie withDomain(String newDomain) {
        return new Cookie(name, value, path, newDomain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * The same, kept for a time.
     *
     * @param newMaxAge zero to have it forgotten
     * @return another cookie
     */
    public Cookie withMaxAge(Duration newMaxAge) {
        return new Cookie(name, value, path, domain, newMaxAge, secure, httpOnly, sameSite);
    }

    /** {@return the same, sent over TLS only} */
    public Cookie withSecure() {
        return new Cookie(name, value, path, domain, maxAge, true, httpOnly, sameSite);
    }

    /** {@return the same, hidden from scripts} */
    public Cookie withHttpOnly() {
        return new Cookie(name, value, path, domain, maxAge, secure, true, sameSite);
    }

    /**
     * The same with a rule for requests that other sites cause.
     *
     * @param rule {@link SameSite#NONE} only for a {@link #secure} cookie
     * @return another cookie
     */
    public Cookie withSameSite(SameSite rule) {
        return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, rule);
    }

    /** {@return the value of a {@code Set-Cookie} field} */
    @Override
    public String toString() {
        StringBuilder field = new StringBuilder(name).append('=').append(value);
        if (path != null) {
            field.append("; Path=").append(path);
        }
        if (domain != null) {
            field.append("; Domain=").append(domain);
        }
        if (maxAge != null) {
            field.append("; Max-Age=").append(maxAge.toSeconds());
            if (maxAge.isZero()) { // for clients that know no Max-Age
                field.append("; Expires=").append(LONG_AGO.format(Instant.EPOCH));
            }
        }
        if (secure) {
            field.append("; Secure");
        }
        if (httpOnly) {
            field.append("; HttpOnly");
        }
        if (sameSite != null) {
            field.append("; SameSite=").append(sameSite.word);
        }
        return field.toString();
    }

    private static int firstBad(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
                return i;
            }
        }
        return -1;
    }

    private static void checkAttribute(String cookie, String what, @Nullable String value) {
        if (value != null && !value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ';')) {
            throw new IllegalArgumentException(
                    "cookie '"
                            + cookie
                            + "': "
                            + what
                            + " must be ASCII without ';': '"
                            + value
                            + "'");
        }
    }

    private static boolean isTokenPart(int c) {
        return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
    }
}

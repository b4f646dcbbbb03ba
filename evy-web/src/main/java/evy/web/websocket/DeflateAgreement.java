package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What both ends have agreed on about permessage-deflate.
 *
 * @param wanted this end's wishes
 * @param keepOwnContext whether this end may refer to its earlier messages
 * @param keepPeerContext whether the peer may
 * @param reply the element a server answers with
 * @source RFC 7692 section 7.1
 */
record DeflateAgreement(
        Compression wanted, boolean keepOwnContext, boolean keepPeerContext, Extension reply) {
    private static final String NAME = "permessage-deflate";
    private static final String SERVER_RESETS = "server_no_context_takeover";
    private static final String CLIENT_RESETS = "client_no_context_takeover";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final Set<String> KNOWN =
            Set.of(SERVER_RESETS, CLIENT_RESETS, SERVER_BITS, CLIENT_BITS);
    private static final int LEAST_BITS = 8;
    private static final int MOST_BITS = 15;

    /**
     * A server's choice.
     *
     * @param offers the client's, best first
     * @return by the first offer that can be honoured; null if none can
     */
    static @Nullable DeflateAgreement choose(List<Extension> offers, Compression wanted) {
        for (Extension offer : offers) {
            if (isUsable(offer) && bits(offer, SERVER_BITS) == MOST_BITS) {
                return accept(offer, wanted);
            }
        }
        return null;
    }

    private static DeflateAgreement accept(Extension offer, Compression wanted) {
        boolean keepOwn = wanted.keepOwnContext() && !offer.parameters().containsKey(SERVER_RESETS);
        boolean keepPeer =
                wanted.keepPeerContext() && !offer.parameters().containsKey(CLIENT_RESETS);
        Map<String, String> reply = new LinkedHashMap<>();
        if (!keepOwn) {
            reply.put(SERVER_RESETS, "");
        }
        if (!keepPeer) {
            reply.put(CLIENT_RESETS, "");
        }
        for (String name : List.of(SERVER_BITS, CLIENT_BITS)) {
            if (offer.parameters().containsKey(name)) {
                reply.put(name, Integer.toString(bits(offer, name)));
            }
        }
        return new DeflateAgreement(wanted, keepOwn, keepPeer, new Extension(NAME, reply));
    }

    /** A client's offer. It does not offer to use a smaller window, as it could not. */
    static Extension offer(Compression wanted) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (!wanted.keepPeerContext()) {
            parameters.put(SERVER_RESETS, "");
        }
        if (!wanted.keepOwnContext()) {
            parameters.put(CLIENT_RESETS, "");
        }
        return new Extension(NAME, parameters);
    }

    /**
     * What a client makes of the server's answer.
     *
     * @return null if the answer is not one to its offer, and the connection must fail
     */
    static @Nullable DeflateAgreement confirm(Extension answer, Compression wanted) {
        Map<String, String> parameters = answer.parameters();
        boolean unasked = parameters.containsKey(CLIENT_BITS);
        boolean ignored = !wanted.keepPeerContext() && !parameters.containsKey(SERVER_RESETS);
        if (!isUsable(answer) || unasked || ignored) {
            return null;
        }
        boolean keepOwn = wanted.keepOwnContext() && !parameters.containsKey(CLIENT_RESETS);
        boolean keepPeer = !parameters.containsKey(SERVER_RESETS);
        return new DeflateAgreement(wanted, keepOwn, keepPeer, answer);
    }

    private static boolean isUsable(Extension e) {
        return e.name().equals(NAME)
                && KNOWN.containsAll(e.parameters().keySet())
                && e.parameters().getOrDefault(SERVER_RESETS, "").isEmpty()
                && e.parameters().getOrDefault(CLIENT_RESETS, "").isEmpty()
                && bits(e, SERVER_BITS) > 0
                && bits(e, CLIENT_BITS) > 0;
    }

    /* The largest window if nothing is said, or no number; -1 if it cannot be. */
    private static int bits(Extension e, String parameter) {
        String value = e.parameters().getOrDefault(parameter, "");
        if (value.isEmpty()) {
            return MOST_BITS;
        }
        if (value.length() > 2
                || value.startsWith("0")
                || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int bits = Integer.parseInt(value);
        return bits >= LEAST_BITS && bits <= MOST_BITS ? bits : -1;
    }
}

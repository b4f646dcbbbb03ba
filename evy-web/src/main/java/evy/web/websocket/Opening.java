package evy.web.websocket;

import evy.web.Headers;

import org.jspecify.annotations.Nullable;

/**
 * What a handshake came to.
 *
 * @param target the request's, path and query as they were sent
 * @param headers a server's: the client's; a client's: the server's
 * @param subprotocol the one agreed on
 * @param compression what was agreed on; null for none
 */
record Opening(
        String target,
        Headers headers,
        @Nullable String subprotocol,
        @Nullable DeflateAgreement compression) {}

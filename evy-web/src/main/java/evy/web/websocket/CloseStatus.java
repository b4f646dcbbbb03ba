package evy.web.websocket;

import java.nio.charset.StandardCharsets;

/**
 * Why a connection was closed.
 *
 * @param code a code of RFC 6455 section 7.4; {@link #NONE} and {@link #LOST} never go over the
 *     wire
 * @param reason for people who debug; at most {@value #MAX_REASON} bytes of UTF-8
 * @source RFC 6455 section 7.4; the registry of codes at IANA
 */
public record CloseStatus(int code, String reason) {
    /** The purpose is fulfilled. */
    public static final int NORMAL = 1000;

    /** A server goes down, or a page is left. */
    public static final int GOING_AWAY = 1001;

    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;

    /** A kind of data that is not understood. */
    public static final int UNSUPPORTED_DATA = 1003;

    /** The peer closed and said no code. */
    public static final int NONE = 1005;

    /** The connection ended without a close frame. */
    public static final int LOST = 1006;

    /** Data of the wrong form, as text that is not UTF-8. */
    public static final int INVALID_DATA = 1007;

    /** Not to the receiver's liking. */
    public static final int POLICY = 1008;

    /** More than the receiver takes. */
    public static final int TOO_BIG = 1009;

    /** A client wanted an extension the server does not have. */
    public static final int EXTENSION_MISSING = 1010;

    /** The server failed. */
    public static final int INTERNAL_ERROR = 1011;

    /** The server is too busy; come again later. */
    public static final int TRY_AGAIN_LATER = 1013;

    static final int MAX_REASON = 123;

    /** Checks that the reason fits into a close frame. */
    public CloseStatus {
        int bytes = reason.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_REASON) {
            throw new IllegalArgumentException(
                    "close reason must have at most " + MAX_REASON + " bytes: " + bytes);
        }
    }

    /** Asks whether a code may be sent, by either end. */
    static boolean isSendable(int code) {
        return (code >= NORMAL && code <= UNSUPPORTED_DATA)
                || (code >= INVALID_DATA && code <= 1014)
                || (code >= 3000 && code <= 4999);
    }
}

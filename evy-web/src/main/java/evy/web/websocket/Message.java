package evy.web.websocket;

import java.util.Arrays;

/** A whole message: text or bytes. */
public sealed interface Message {
    /**
     * Text.
     *
     * @param text what was said
     */
    record Text(String text) implements Message {}

    /**
     * Bytes.
     *
     * @param bytes not copied, neither in nor out
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, see below
    record Binary(byte[] bytes) implements Message {
        @Override
        public boolean equals(Object other) {
            return other instanceof Binary b && Arrays.equals(bytes, b.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Binary[" + bytes.length + " bytes]";
        }
    }
}

package evy.web.websocket;

/**
 * What one end wants of compression, permessage-deflate.
 *
 * <p>Memory: a compressor keeps about 256 KB and a decompressor 44 KB outside the heap for as long
 * as its context lives. With context takeover that is the life of the connection; without, the
 * length of a message. So a server of many connections had better say {@link #WITHOUT_CONTEXT}.
 *
 * <p>The window is always 32 KB, as {@code java.util.zip} has no other: a peer that asks this end
 * to compress with a smaller one gets no compression by that offer.
 *
 * @param keepOwnContext whether this end may refer to its earlier messages
 * @param keepPeerContext whether the peer may refer to its earlier ones
 * @param level 1, fastest, to 9, smallest
 * @param threshold messages of fewer bytes go out as they are
 * @source RFC 7692
 */
public record Compression(
        boolean keepOwnContext, boolean keepPeerContext, int level, int threshold) {
    /** The best ratio: both ends refer to earlier messages. */
    public static final Compression WITH_CONTEXT = new Compression(true, true, 6, 64);

    /** The least memory: every message is compressed for itself. */
    public static final Compression WITHOUT_CONTEXT = new Compression(false, false, 6, 64);

    /** Checks the figures. */
    public Compression {
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("level must be in [1, 9]: " + level);
        }
        if (threshold < 0) {
            throw new IllegalArgumentException("threshold must be >= 0: " + threshold);
        }
    }
}

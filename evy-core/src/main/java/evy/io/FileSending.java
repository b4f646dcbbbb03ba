package evy.io;

import evy.hubs.Greenlet;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One file on its way to a socket, and how much of it has gone. */
final class FileSending {
    /* A peer that takes whatever it is given must not keep the hub to itself. */
    private static final long TURN = 4L * 1024 * 1024;

    private final StreamLink link;
    private final Deadline deadline;
    private long sent;

    FileSending(StreamLink link, Deadline deadline) {
        this.link = link;
        this.deadline = deadline;
    }

    static void check(long position, long count) {
        if (position < 0) {
            throw new IllegalArgumentException("position must be >= 0: " + position);
        }
        if (count < 0) {
            throw new IllegalArgumentException("count must be >= 0: " + count);
        }
    }

    /** How many bytes have gone, also after it threw. */
    long sent() {
        return sent;
    }

    void send(Path path, long position, long count) throws IOException {
        try (FileFeed feed = Offload.open(() -> open(path))) {
            send(feed, position, count);
        }
    }

    private FileFeed open(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("not a regular file: " + path);
        }
        RawFeed raw = link.isNumber() ? RawFeed.open(path) : null;
        // if it cannot be opened, this says best why
        return raw != null
                ? raw
                : new ChannelFeed(FileChannel.open(path, StandardOpenOption.READ), true);
    }

    void send(FileFeed feed, long position, long count) throws IOException {
        Greenlet.checkRaised();
        long turn = TURN;
        try {
            while (sent < count) {
                int n = feed.feed(link, position + sent, count - sent, deadline);
                if (n < 0) {
                    return;
                }
                sent += n;
                if (sent >= turn) {
                    turn = sent + TURN;
                    Greenlet.giveTurn();
                    Greenlet.checkRaised();
                }
            }
        } catch (InterruptedIOException e) {
            e.bytesTransferred = (int) Math.min(sent, Integer.MAX_VALUE);
            throw e;
        }
    }
}

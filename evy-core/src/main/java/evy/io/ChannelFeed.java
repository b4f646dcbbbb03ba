package evy.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Sends a file by way of a buffer, which a native thread fills. */
final class ChannelFeed implements FileFeed {
    private final FileChannel file;
    private final boolean owner;

    /* What was read and not sent yet. */
    private ByteBuffer ahead = ByteBuffer.allocate(0);

    /** A feed from a channel, which it closes in the end if it is the owner. */
    ChannelFeed(FileChannel file, boolean owner) {
        this.file = file;
        this.owner = owner;
    }

    @Override
    public int feed(StreamLink link, long position, long most, Deadline deadline)
            throws IOException {
        if (!ahead.hasRemaining()) {
            int n = Offload.call(() -> file.read(space(most), position));
            if (n < 0) {
                return n;
            }
            ahead.flip();
        }
        return link.write(ahead, deadline);
    }

    private ByteBuffer space(long most) {
        int size = (int) Math.min(most, CHUNK);
        if (ahead.capacity() < size) {
            ahead = ByteBuffer.allocate(size);
        }
        return ahead.clear().limit(size);
    }

    @Override
    public void close() throws IOException {
        if (owner) {
            file.close();
        }
    }
}

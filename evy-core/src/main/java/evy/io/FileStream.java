package evy.io;

import evy.hubs.Greenlet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Objects;

/**
 * A file, read and written on native threads.
 *
 * <p>A read that is torn by a kill or a timeout takes nothing: the position stays. A write that is
 * torn while it runs is finished.
 */
/*
 * Native threads work on arrays of their own, never the caller's: who was torn away uses its array
 * for other things while the system call still runs.
 */
final class FileStream implements RawStream, SeekableByteChannel {
    private static final int LARGEST_TRANSFER = 256 * 1024;

    private final String name;
    private final FileChannel channel;
    private final boolean appending;

    // written by the one who uses the file, or under the monitor by a write on its behalf
    private volatile long accepted;
    private volatile long position;

    FileStream(String name, FileChannel channel, boolean appending) throws IOException {
        this.name = name;
        this.channel = channel;
        this.appending = appending;
        this.position = appending ? channel.size() : channel.position();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        return read(ByteBuffer.wrap(buffer, offset, length));
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        ensureOpen();
        ByteBuffer own = ByteBuffer.allocate(Math.min(buffer.remaining(), LARGEST_TRANSFER));
        int n = Offload.call(() -> readHere(own));
        if (n > 0) {
            seek(position + n);
            buffer.put(own.flip());
        }
        return n;
    }

    private synchronized int readHere(ByteBuffer buffer) throws IOException {
        try {
            return channel.read(buffer, position);
        } catch (NonReadableChannelException e) {
            throw new IOException(this + " is not open for reading", e);
        }
    }

    @Override
    public int write(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        return write(ByteBuffer.wrap(buffer, offset, length));
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        ensureOpen();
        byte[] piece = new byte[Math.min(buffer.remaining(), LARGEST_TRANSFER)];
        buffer.duplicate().get(piece);
        int n = Offload.call(() -> writeHere(ByteBuffer.wrap(piece)));
        buffer.position(buffer.position() + n);
        return n;
    }

    private synchronized int writeHere(ByteBuffer piece) throws IOException {
        int size = piece.remaining();
        try {
            while (piece.hasRemaining()) {
                position = appending ? append(piece) : position + channel.write(piece, position);
            }
        } catch (NonWritableChannelException e) {
            throw new IOException(this + " is not open for writing", e);
        } finally {
            accepted = accepted + size - piece.remaining();
        }
        return size;
    }

    private long append(ByteBuffer piece) throws IOException {
        long at = channel.size(); // no matter to a system that can append by itself
        return at + channel.write(piece, at);
    }

    private void ensureOpen() throws IOException {
        Greenlet.checkRaised();
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public long accepted() {
        return accepted;
    }

    @Override
    public int available() throws IOException {
        return Math.clamp(size() - position, 0, Integer.MAX_VALUE);
    }

    @Override
    public long position() throws IOException {
        ensureOpen();
        return position;
    }

    @Override
    public void seek(long newPosition) {
        position = newPosition;
    }

    @Override
    public FileStream position(long newPosition) throws IOException {
        ensureOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position must be >= 0: " + newPosition);
        }
        seek(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        ensureOpen();
        return Offload.call(channel::size);
    }

    @Override
    public void cut(long newSize) throws IOException {
        ensureOpen();
        Offload.run(() -> cutHere(newSize));
    }

    @Override
    public FileStream truncate(long newSize) throws IOException {
        cut(newSize);
        return this;
    }

    private synchronized void cutHere(long newSize) throws IOException {
        channel.truncate(newSize);
        position = Math.min(position, newSize);
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}

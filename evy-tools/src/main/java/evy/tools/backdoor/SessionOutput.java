package evy.tools.backdoor;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.sync.LightQueue;
import evy.sync.QueueClosedException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a session prints, from any thread, on its way to the client. Who prints faster than the
 * client reads waits; a hub's callback, which may not wait, has it dropped. After the end nothing
 * is printed anywhere.
 *
 * @thread any, but {@link #sendTo} is for one
 */
final class SessionOutput extends OutputStream {
    private static final int MAX_CHUNKS = 256;
    private static final int CHUNK_BYTES = 8192;
    private static final int SEND_BYTES = 65_536;
    private static final int MAX_URGENT_BYTES = 4096;
    private static final byte[] NOTHING = {};

    private final LightQueue<byte[]> chunks = new LightQueue<>(MAX_CHUNKS);
    private final PrintStream stream = new PrintStream(this, true, StandardCharsets.UTF_8);
    private volatile byte last = '\n';
    private volatile boolean telnet;
    // guarded by this
    private byte[] urgent = NOTHING;

    /** The stream that programs print to. */
    PrintStream stream() {
        return stream;
    }

    /** True if nothing was printed yet, or a whole line. */
    boolean isAtLineStart() {
        return last == '\n';
    }

    /** What was printed last is a prompt: the client's line end follows it. */
    void setAtLineStart() {
        last = '\n';
    }

    /** From now on lines end with CR LF. */
    void setTelnet() {
        telnet = true;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        var end = offset + length;
        for (var from = offset; from < end; from += CHUNK_BYTES) {
            var chunk = new byte[Math.min(CHUNK_BYTES, end - from)];
            System.arraycopy(bytes, from, chunk, 0, chunk.length);
            put(chunk);
            last = chunk[chunk.length - 1];
        }
    }

    private void put(byte... chunk) throws IOException {
        try {
            if (Hub.currentOrNull() != null && Greenlet.currentOrNull() == null) {
                chunks.offer(chunk);
            } else {
                chunks.put(chunk);
            }
        } catch (QueueClosedException e) {
            return; // there is nobody to see it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while printing to a backdoor session");
        }
    }

    /**
     * Sends bytes as they are, ahead of what is printed. Never waits; what is too much is dropped.
     */
    void sendUrgently(byte... bytes) {
        synchronized (this) {
            if (urgent.length + bytes.length > MAX_URGENT_BYTES) {
                return;
            }
            var more = Arrays.copyOf(urgent, urgent.length + bytes.length);
            System.arraycopy(bytes, 0, more, urgent.length, bytes.length);
            urgent = more;
        }
        try {
            chunks.offer(NOTHING); // if there is no room, the sender looks soon anyway
        } catch (QueueClosedException e) {
            return;
        }
    }

    private synchronized byte[] takeUrgent() {
        var taken = urgent;
        urgent = NOTHING;
        return taken;
    }

    /** Sends all that is printed until {@link #close}. */
    void sendTo(OutputStream client) throws IOException {
        var gathered = new ByteArrayOutputStream();
        try {
            while (true) {
                var more = chunks.take();
                gathered.writeBytes(takeUrgent());
                while (more != null) {
                    add(more, gathered);
                    more = gathered.size() < SEND_BYTES ? chunks.poll() : null;
                }
                gathered.writeTo(client);
                client.flush();
                gathered.reset();
            }
        } catch (QueueClosedException e) {
            gathered.writeTo(client);
            client.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            chunks.close();
            chunks.clear();
        }
    }

    private void add(byte[] chunk, ByteArrayOutputStream gathered) {
        if (!telnet) {
            gathered.writeBytes(chunk);
            return;
        }
        for (var b : chunk) {
            if (b == '\n') {
                gathered.write('\r');
            }
            gathered.write(b);
        }
    }

    /** Prints no more; what was printed before is still sent. */
    @Override
    public void close() {
        chunks.close();
    }
}

import static java.nio.charset.StandardCharsets.US_ASCII;

import evy.Evy;
import evy.GreenThread;
import evy.io.GreenSocket;
import evy.sync.LightQueue;
import evy.sync.QueueClosedException;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What ZeroMQ costs without JeroMQ: a prototype of ZMTP 3.0 (rfc.zeromq.org/spec/23) on green
 * sockets, with no thread but the hub's. It has what a message meets in a whole one: a copy, a
 * queue with a high-water mark each way, a green thread that reads and one that writes, frames, the
 * NULL handshake, the envelopes of REQ and REP, and it talks to libzmq and JeroMQ. It has no second
 * peer, no other types, no reconnecting, options, security or monitor.
 */
final class ZmqNative extends ZmqProgram {
    private static final int HIGH_WATER_MARK = 1000;
    private static final int BATCH = 64 * 1024;
    private static final byte[] GREETING = greeting();
    private static final Map<String, String> PARTNERS =
            Map.of("PUSH", "PULL", "PULL", "PUSH", "REQ", "REP", "REP", "REQ");

    private static final int MORE = 1;
    private static final int LONG = 2;
    private static final int COMMAND = 4;

    private final LightQueue<byte[]> out = new LightQueue<>(HIGH_WATER_MARK);
    private final LightQueue<byte[]> in = new LightQueue<>(HIGH_WATER_MARK);
    private final ByteBuffer written = ByteBuffer.allocateDirect(BATCH);
    private final ByteBuffer read = ByteBuffer.allocateDirect(BATCH).flip();
    private String type = "";
    private boolean envelopes;
    private GreenSocket peer;
    private GreenThread<?> connection;

    public static void main(String... args) {
        Evy.run(
                () -> {
                    try (var program = new ZmqNative()) {
                        program.run(args);
                    }
                });
    }

    @Override
    void open(String type) {
        this.type = type;
        envelopes = type.startsWith("RE");
    }

    @Override
    String bind() {
        try {
            var server = Evy.listen(0);
            connection =
                    Evy.spawn(
                            () -> {
                                try (server) {
                                    peer = server.accept();
                                }
                                exchange(peer);
                            });
            return "tcp://127.0.0.1:" + server.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    void connect(String address) {
        URI uri = URI.create(address);
        connection =
                Evy.spawn(
                        () -> {
                            peer = Evy.connect(uri.getHost(), uri.getPort());
                            exchange(peer);
                        });
    }

    @Override
    void send(byte[] message) {
        try {
            out.put(message.clone());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    byte[] receive() {
        try {
            return in.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns once the system has everything that was sent, as does a context that lingers. */
    @Override
    public void close() {
        out.close();
        connection.join();
    }

    /**
     * Greets, then reads in a green thread of its own while it writes; returns when all is sent.
     */
    private void exchange(GreenSocket socket) throws IOException, InterruptedException {
        try (socket) {
            socket.setTcpNoDelay(true);
            written.put(GREETING);
            flush();
            need(GREETING.length);
            int version = read.get(10);
            if (read.get(0) != -1 || version < 3) {
                throw new ProtocolException("no ZMTP 3 greeting, version " + version);
            }
            read.position(read.position() + GREETING.length);
            ready();
            GreenThread<?> reader = Evy.spawn(this::read);
            try {
                write();
            } finally {
                Evy.cancel(reader);
            }
        }
    }

    private void ready() throws IOException {
        byte[] body =
                ("\5READY\13Socket-Type\0\0\0" + (char) type.length() + type).getBytes(US_ASCII);
        frame(COMMAND, body);
        flush();
        int flags = header();
        byte[] answer = body(flags);
        String said = new String(answer, US_ASCII);
        if ((flags & COMMAND) == 0 || !said.contains(PARTNERS.get(type))) {
            throw new ProtocolException("not the READY of " + PARTNERS.get(type) + ": " + said);
        }
    }

    private void write() throws IOException, InterruptedException {
        try {
            while (true) {
                for (byte[] message = out.take(); message != null; message = out.poll()) {
                    if (envelopes) {
                        frame(MORE, new byte[0]);
                    }
                    frame(0, message);
                }
                flush();
            }
        } catch (QueueClosedException e) {
            flush();
        }
    }

    private void read() throws IOException, InterruptedException {
        while (true) {
            int flags = header();
            byte[] body = body(flags);
            if ((flags & (MORE | COMMAND)) == 0) {
                in.put(body);
            }
        }
    }

    private void frame(int flags, byte[] body) throws IOException {
        if (written.remaining() < 9) {
            flush();
        }
        if (body.length < 256) {
            written.put((byte) flags).put((byte) body.length);
        } else {
            written.put((byte) (flags | LONG)).putLong(body.length);
        }
        int done = 0;
        while (true) {
            int length = Math.min(body.length - done, written.remaining());
            written.put(body, done, length);
            done += length;
            if (done == body.length) {
                return;
            }
            flush();
        }
    }

    private void flush() throws IOException {
        peer.sendAll(written.flip());
        written.clear();
    }

    private int header() throws IOException {
        need(1);
        return read.get();
    }

    private byte[] body(int flags) throws IOException {
        boolean longer = (flags & LONG) != 0;
        need(longer ? 8 : 1);
        byte[] body = new byte[longer ? Math.toIntExact(read.getLong()) : read.get() & 0xFF];
        int done = 0;
        while (true) {
            int length = Math.min(body.length - done, read.remaining());
            read.get(body, done, length);
            done += length;
            if (done == body.length) {
                return body;
            }
            need(1);
        }
    }

    /** Waits until there are so many bytes to read. */
    private void need(int bytes) throws IOException {
        if (read.remaining() >= bytes) {
            return;
        }
        read.compact();
        try {
            while (read.position() < bytes) {
                if (peer.recvInto(read) < 0) {
                    throw new EOFException("the peer has gone");
                }
            }
        } finally {
            read.flip();
        }
    }

    private static byte[] greeting() {
        var greeting = ByteBuffer.allocate(64);
        greeting.put((byte) 0xFF).position(9).put((byte) 0x7F).put((byte) 3).put((byte) 0);
        return greeting.put("NULL".getBytes(US_ASCII)).array();
    }
}

package evy.web.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Many clients in one thread, and nothing of the code under test. Says {@code open} when all are
 * connected, then {@code all got N} whenever every reader has received N messages. Sleepers are
 * connected and never read.
 *
 * <p>Arguments: port, readers, sleepers.
 */
final class Crowd {
    private static final int PER_ADDRESS = 20_000; // of the ports an address has
    private static final byte[] HANDSHAKE =
            Handshakes.rfc6455().getBytes(StandardCharsets.ISO_8859_1);

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
    private final List<Reader> readers = new ArrayList<>();

    private Crowd() throws IOException {}

    public static void main(String... args) throws IOException {
        Crowd crowd = new Crowd();
        int port = Integer.parseInt(args[0]);
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            SocketChannel channel = open(port, i);
            channel.configureBlocking(false);
            Reader reader = new Reader(channel);
            channel.register(crowd.selector, SelectionKey.OP_READ, reader);
            crowd.readers.add(reader);
        }
        List<SocketChannel> sleepers = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            sleepers.add(open(port, i));
        }
        System.out.println("open");
        crowd.run();
        System.out.println(sleepers.size() + " slept");
    }

    private static SocketChannel open(int port, int number) throws IOException {
        byte[] local = {127, 0, 0, (byte) (2 + number / PER_ADDRESS)};
        SocketAddress source = new InetSocketAddress(InetAddress.getByAddress(local), 0);
        SocketChannel channel = SocketChannel.open().bind(source);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(HANDSHAKE));
        ByteBuffer one = ByteBuffer.allocate(1);
        int state = 0; // of the empty line at the end
        while (state < 4) {
            one.clear();
            if (channel.read(one) < 0) {
                throw new IOException("refused");
            }
            state = one.get(0) == "\r\n\r\n".charAt(state) ? state + 1 : 0;
        }
        return channel;
    }

    private void run() throws IOException {
        int complete = 0;
        while (selector.isOpen()) {
            selector.select(
                    key -> {
                        try {
                            ((Reader) key.attachment()).read(buffer);
                        } catch (IOException e) {
                            key.cancel();
                        }
                    });
            int least = readers.stream().mapToInt(reader -> reader.messages).min().orElse(0);
            for (; complete < least; complete++) {
                System.out.println("all got " + (complete + 1));
            }
        }
    }

    /** Counts the unmasked frames of a connection. */
    private static final class Reader {
        private final SocketChannel channel;
        private final ByteBuffer header = ByteBuffer.allocate(10);
        private long payload; // still to come
        private int messages;

        Reader(SocketChannel channel) {
            this.channel = channel;
        }

        void read(ByteBuffer buffer) throws IOException {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                throw new IOException("closed");
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                int n = (int) Math.min(payload, buffer.remaining());
                buffer.position(buffer.position() + n);
                payload -= n;
                if (n > 0 && payload == 0) {
                    messages++;
                } else if (n == 0) {
                    header.put(buffer.get());
                    decode();
                }
            }
        }

        private void decode() {
            int length = header.position() < 2 ? 0 : header.get(1);
            int size = header.position() < 2 ? 2 : length < 126 ? 2 : length == 126 ? 4 : 10;
            if (header.position() == size) {
                payload =
                        size == 2
                                ? length
                                : size == 4 ? header.getShort(2) & 0xffff : header.getLong(2);
                header.clear();
            }
        }
    }
}

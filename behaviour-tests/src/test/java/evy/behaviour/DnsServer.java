package evy.behaviour;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A name server that does as it is told, by UDP and TCP at the same port, on plain threads. */
final class DnsServer implements Closeable {
    static final int A = 1;
    static final int CNAME = 5;
    static final int PTR = 12;
    static final int AAAA = 28;

    private static final int NO_ERROR = 0;
    private static final int SERVER_FAILURE = 2;
    private static final int NO_SUCH_DOMAIN = 3;

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Function<Query, List<Reply>> script;

    /** Everything that was asked, in order. */
    final List<Query> queries = new CopyOnWriteArrayList<>();

    /**
     * Starts it.
     *
     * @param script what it sends for each query; may block, that delays nothing else
     */
    DnsServer(Function<Query, List<Reply>> script) throws IOException {
        this.script = script;
        this.tcp = new ServerSocket(0, 50, NetFixtures.loopback());
        this.udp = new DatagramSocket(tcp.getLocalPort(), NetFixtures.loopback());
        start("test-dns-udp", this::serveUdp);
        start("test-dns-tcp", this::serveTcp);
    }

    /** A server that knows some addresses: {@code "a.test 192.0.2.1"}. */
    static DnsServer of(String... hosts) throws IOException {
        return new DnsServer(query -> List.of(answer(query, hosts)));
    }

    static Reply answer(Query query, String... hosts) {
        List<Rr> found = new ArrayList<>();
        boolean known = false;
        for (String host : hosts) {
            String[] words = host.split(" ");
            if (query.name.equalsIgnoreCase(words[0])) {
                known = true;
                InetAddress address = InetAddress.ofLiteral(words[1]);
                int type = address.getAddress().length == 4 ? A : AAAA;
                if (type == query.type) {
                    found.add(new Rr(query.name, type, 60, address.getAddress()));
                }
            }
        }
        return new Reply(known ? NO_ERROR : NO_SUCH_DOMAIN, found, false, 0, false);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    long count(int type) {
        return queries.stream().filter(query -> query.type == type).count();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        for (Socket client : clients) {
            client.close();
        }
        for (Thread thread : threads) {
            try {
                thread.join(NetFixtures.LONG);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void start(String name, Loop loop) {
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                loop.run();
                            } catch (SocketException | EOFException closed) {
                                return;
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        name,
                        0,
                        false);
        threads.add(thread);
        thread.start();
    }

    private void serveUdp() throws IOException {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            udp.receive(packet);
            Query query = Query.parse(Arrays.copyOf(packet.getData(), packet.getLength()), false);
            SocketAddress client = packet.getSocketAddress();
            queries.add(query);
            start("test-dns-query", () -> replyTo(query, client));
        }
    }

    private void replyTo(Query query, SocketAddress client) throws IOException {
        for (Reply reply : script.apply(query)) {
            byte[] bytes = reply.encode(query);
            if (reply.forgedSource) {
                try (DatagramSocket other = new DatagramSocket(0, NetFixtures.loopback())) {
                    other.send(new DatagramPacket(bytes, bytes.length, client));
                }
            } else {
                udp.send(new DatagramPacket(bytes, bytes.length, client));
            }
        }
    }

    private void serveTcp() throws IOException {
        while (true) {
            Socket client = tcp.accept();
            clients.add(client);
            start("test-dns-client", () -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            var in = new DataInputStream(client.getInputStream());
            var out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                Query query = Query.parse(bytes, true);
                queries.add(query);
                for (Reply reply : script.apply(query)) {
                    byte[] answer = reply.encode(query);
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        }
    }

    private interface Loop {
        void run() throws IOException;
    }

    /** What was asked. */
    record Query(int id, String name, int type, boolean tcp, byte[] question) {
        private static Query parse(byte[] packet, boolean tcp) {
            ByteBuffer in = ByteBuffer.wrap(packet);
            int id = in.getShort() & 0xffff;
            in.position(12);
            StringBuilder name = new StringBuilder();
            for (int length = in.get(); length > 0; length = in.get()) {
                byte[] label = new byte[length];
                in.get(label);
                name.append(name.isEmpty() ? "" : ".")
                        .append(new String(label, StandardCharsets.US_ASCII));
            }
            int type = in.getShort();
            byte[] question = Arrays.copyOfRange(packet, 12, in.position() + 2);
            return new Query(id, name.toString(), type, tcp, question);
        }
    }

    /** One record of an answer. */
    record Rr(String name, int type, int ttl, byte[] data) {
        static Rr cname(String name, String target) {
            return new Rr(name, CNAME, 60, encoded(target));
        }

        static Rr ptr(String name, String target) {
            return new Rr(name, PTR, 60, encoded(target));
        }

        static Rr a(String name, String address, int ttl) {
            return new Rr(name, A, ttl, InetAddress.ofLiteral(address).getAddress());
        }
    }

    /** What is sent. */
    record Reply(
            int code, List<Rr> records, boolean truncated, int idOffset, boolean forgedSource) {
        static Reply of(Rr... records) {
            return new Reply(NO_ERROR, List.of(records), false, 0, false);
        }

        static Reply noSuchName() {
            return new Reply(NO_SUCH_DOMAIN, List.of(), false, 0, false);
        }

        static Reply serverFailure() {
            return new Reply(SERVER_FAILURE, List.of(), false, 0, false);
        }

        Reply withTruncation() {
            return new Reply(code, List.of(), true, idOffset, forgedSource);
        }

        Reply withWrongId() {
            return new Reply(code, records, truncated, 1, forgedSource);
        }

        Reply fromElsewhere() {
            return new Reply(code, records, truncated, idOffset, true);
        }

        private byte[] encode(Query query) throws IOException {
            var bytes = new ByteArrayOutputStream();
            var out = new DataOutputStream(bytes);
            out.writeShort(query.id + idOffset);
            out.writeShort(0x8180 | (truncated ? 0x200 : 0) | code);
            out.writeShort(1);
            out.writeShort(records.size());
            out.writeShort(0);
            out.writeShort(0);
            out.write(query.question);
            for (Rr record : records) {
                out.write(encoded(record.name));
                out.writeShort(record.type);
                out.writeShort(1);
                out.writeInt(record.ttl);
                out.writeShort(record.data.length);
                out.write(record.data);
            }
            return bytes.toByteArray();
        }
    }

    private static byte[] encoded(String name) {
        var out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }
}

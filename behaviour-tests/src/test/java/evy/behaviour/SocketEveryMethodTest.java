package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.behaviour.NetFixtures.Platform;
import evy.io.GreenDatagramSocket;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * Every public method of the JDK's three kinds of sockets, found by reflection, is called in every
 * state of a socket: results and exceptions of green sockets must be those of the JDK's.
 */
@ExtendWith(LeakCheckExtension.class)
class SocketEveryMethodTest {
    private static final Pattern PORTS = Pattern.compile("\\b\\d{4,5}\\b");

    /* Green sockets say in addition which address it was about. */
    private static final Pattern ADDRESS_AT_THE_END = Pattern.compile(": [0-9.]+:0$");

    /* The JDK does nothing and says nothing; see docs/guide/sockets.md. */
    private static final String DELIBERATE =
            "public void java.net.DatagramSocket.connect(java.net.SocketAddress)";

    /* Green sockets say in addition which address or value it was about. */
    private static final Set<Class<?>> KIND_ONLY =
            Set.of(DatagramSocket.class, IllegalArgumentException.class);

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    /** Whose sockets. */
    private enum Maker {
        JDK {
            @Override
            Socket socket() {
                return new Socket();
            }

            @Override
            ServerSocket server() throws IOException {
                return new ServerSocket();
            }

            @Override
            DatagramSocket datagram(SocketAddress at) throws SocketException {
                return new DatagramSocket(at);
            }
        },
        GREEN {
            @Override
            Socket socket() throws IOException {
                return new GreenSocket();
            }

            @Override
            ServerSocket server() {
                return new GreenServerSocket();
            }

            @Override
            DatagramSocket datagram(SocketAddress at) throws SocketException {
                return new GreenDatagramSocket(at);
            }
        };

        abstract Socket socket() throws IOException;

        abstract ServerSocket server() throws IOException;

        abstract DatagramSocket datagram(SocketAddress at) throws SocketException;

        ServerSocket listener() throws IOException {
            ServerSocket server = server();
            server.bind(loopback());
            server.setSoTimeout(1);
            return server;
        }

        DatagramSocket boundDatagram() throws SocketException {
            DatagramSocket socket = datagram(loopback());
            socket.setSoTimeout(1);
            return socket;
        }
    }

    /** A socket of a class in a state, and what has to be closed with it. */
    private enum State {
        SOCKET_FRESH(Socket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                return maker.socket();
            }
        },
        SOCKET_BOUND(Socket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                Socket socket = maker.socket();
                socket.bind(loopback());
                return socket;
            }
        },
        SOCKET_CONNECTED(Socket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                return connected(maker, others);
            }
        },
        SOCKET_SHUT(Socket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                Socket socket = connected(maker, others);
                socket.shutdownInput();
                socket.shutdownOutput();
                return socket;
            }
        },
        SOCKET_CLOSED(Socket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                Socket socket = connected(maker, others);
                socket.close();
                return socket;
            }
        },
        SOCKET_REFUSED(Socket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                Socket socket = maker.socket();
                try {
                    socket.connect(NetFixtures.refusing());
                } catch (SocketException refused) {
                    return socket;
                }
                throw new AssertionError(socket + " should have been refused");
            }
        },
        SERVER_FRESH(ServerSocket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                return maker.server();
            }
        },
        SERVER_BOUND(ServerSocket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                return maker.listener();
            }
        },
        SERVER_CLOSED(ServerSocket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                ServerSocket server = maker.listener();
                server.close();
                return server;
            }
        },
        DATAGRAM_FRESH(DatagramSocket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                DatagramSocket socket = maker.datagram(null);
                socket.setSoTimeout(1);
                return socket;
            }
        },
        DATAGRAM_BOUND(DatagramSocket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                return maker.boundDatagram();
            }
        },
        DATAGRAM_CONNECTED(DatagramSocket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                DatagramSocket peer = maker.boundDatagram();
                others.add(peer);
                DatagramSocket socket = maker.boundDatagram();
                socket.connect(peer.getLocalSocketAddress());
                return socket;
            }
        },
        DATAGRAM_CLOSED(DatagramSocket.class) {
            @Override
            Closeable open(Maker maker, List<Closeable> others) throws IOException {
                DatagramSocket socket = maker.boundDatagram();
                socket.close();
                return socket;
            }
        };

        private final Class<?> type;

        State(Class<?> type) {
            this.type = type;
        }

        abstract Closeable open(Maker maker, List<Closeable> others) throws IOException;

        /* A new socket for each, so that one method does not change what the next finds. */
        List<String> callAll(Maker maker) throws Exception {
            List<String> outcomes = new ArrayList<>();
            for (Method method : methodsOf(type)) {
                if (this == DATAGRAM_CLOSED && method.toString().startsWith(DELIBERATE)) {
                    continue;
                }
                List<Closeable> others = new ArrayList<>();
                try (Closeable socket = open(maker, others)) {
                    outcomes.add(method.toGenericString() + " -> " + call(socket, method));
                } finally {
                    for (Closeable other : others) {
                        other.close();
                    }
                }
            }
            return outcomes;
        }

        private String call(Closeable socket, Method method) throws IllegalAccessException {
            Object[] arguments =
                    Arrays.stream(method.getParameterTypes())
                            .map(SocketEveryMethodTest::sample)
                            .toArray();
            try {
                return text(socket, method.invoke(socket, arguments));
            } catch (InvocationTargetException e) {
                return kind((Exception) e.getCause());
            }
        }

        private String kind(Exception e) {
            if (KIND_ONLY.contains(type) || KIND_ONLY.contains(e.getClass())) {
                boolean closed = e instanceof ClosedChannelException;
                return (closed ? SocketException.class : e.getClass()).getName();
            }
            // the JDK has a plain IOException for urgent data that nobody takes
            boolean plain = e.getClass() == IOException.class;
            String name = (plain ? SocketException.class : e.getClass()).getName();
            return name + ": " + ADDRESS_AT_THE_END.matcher(e.getMessage()).replaceAll("");
        }
    }

    private static Socket connected(Maker maker, List<Closeable> others) throws IOException {
        try (ServerSocket listener = maker.listener()) {
            Socket socket = maker.socket();
            socket.connect(listener.getLocalSocketAddress());
            listener.setSoTimeout(0);
            others.add(listener.accept());
            return socket;
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(NetFixtures.loopback(), 0);
    }

    private static List<Method> methodsOf(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass() == type)
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .sorted(Comparator.comparing(Method::toGenericString))
                .toList();
    }

    private static Object sample(Class<?> parameter) {
        if (parameter == int.class) {
            return 250; // also a traffic class; and as a timeout longer than most pauses
        }
        if (parameter == boolean.class || parameter == Object.class) {
            return true;
        }
        if (parameter == SocketOption.class) {
            return StandardSocketOptions.SO_REUSEADDR;
        }
        if (parameter == DatagramPacket.class) {
            return new DatagramPacket(new byte[3], 3);
        }
        return parameter == SocketAddress.class ? loopback() : null;
    }

    private static String text(Closeable socket, Object result) {
        if (result == socket) {
            return "itself";
        }
        if (result instanceof InputStream || result instanceof OutputStream) {
            return "a stream";
        }
        if (result instanceof Set<?> options) {
            Set<String> names = new TreeSet<>();
            options.forEach(option -> names.add(option.toString()));
            if (!NetFixtures.isEpoll()) {
                names.remove("IP_TOS"); // listening channels have it not
            }
            return names.toString();
        }
        if (result instanceof Integer number && number > 1_000) {
            return "a large number";
        }
        String text = String.valueOf(result).replaceAll("@[0-9a-f]+", "");
        return PORTS.matcher(text.replace("Green", "").replace("evy.io.", "java.net."))
                .replaceAll("<port>");
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"SOCK1", "SOCK2", "SOCK20", "SOCK23", "SOCK31", "HUB18"})
    void method_inEveryState_answersAsTheJdks(State state) throws Exception {
        List<String> expected = onPlatformThread(() -> state.callAll(Maker.JDK));
        List<String> onPlatformThread = onPlatformThread(() -> state.callAll(Maker.GREEN));
        List<String> onGreenThread = Evy.run(() -> state.callAll(Maker.GREEN));

        assertThat(expected).hasSizeGreaterThan(20);
        assertThat(differences(expected, onGreenThread)).as("green thread").isEmpty();
        assertThat(differences(expected, onPlatformThread)).as("platform thread").isEmpty();
    }

    private static List<String> differences(List<String> expected, List<String> actual) {
        assertThat(actual).hasSameSizeAs(expected);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            if (!actual.get(i).equals(expected.get(i))) {
                differences.add("JDK: " + expected.get(i) + "\nnot: " + actual.get(i));
            }
        }
        return differences;
    }

    private static List<String> onPlatformThread(Callable<List<String>> body) throws Exception {
        try (Platform<List<String>> thread = Platform.start(body)) {
            return thread.get();
        }
    }
}

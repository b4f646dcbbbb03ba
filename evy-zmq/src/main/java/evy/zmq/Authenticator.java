package evy.zmq;

import evy.Evy;
import evy.GreenThread;

import org.jspecify.annotations.Nullable;

import zmq.util.Z85;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides who may connect to the servers of a context: a ZAP handler in a green thread.
 *
 * <p>To begin with it lets every address in, but no user and no key. It is asked by sockets that
 * are {@link SocketOptions#plainServer} or {@link SocketOptions#curveServer}, and by those with
 * neither that have a {@link SocketOptions#zapDomain}. One in a context at a time; while there is
 * none, the sockets let everybody in who speaks their mechanism.
 *
 * {@snippet :
 * try (var authenticator = Authenticator.start(context)) {
 *     authenticator.allowUser("admin", "secret").denyAddress("10.0.0.7");
 *     serve();
 * }
 * }
 *
 * @thread any
 * @source RFC 27/ZAP; pyzmq {@code zmq.auth}
 */
public final class Authenticator implements AutoCloseable {
    private static final String ENDPOINT = "inproc://zeromq.zap.01";
    private static final String VERSION = "1.0";
    private static final int FIXED_PARTS = 6;

    private final Socket socket;
    private final GreenThread<@Nullable Void> thread;

    // any thread
    private final Set<String> allowed = ConcurrentHashMap.newKeySet();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private volatile boolean anyKey;

    private Authenticator(Socket socket) {
        this.socket = socket;
        this.thread = Evy.spawn(this::serve);
    }

    /**
     * Starts an authenticator on the current hub.
     *
     * @param context whose servers ask it
     * @return to be told whom to let in; the caller's to close
     * @throws ZmqException {@code EADDRINUSE} if the context has one
     */
    public static Authenticator start(Context context) {
        Socket socket = context.socket(SocketType.REP);
        try {
            socket.bind(ENDPOINT);
            return new Authenticator(socket);
        } catch (RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Lets an address in. From the first one on all others are kept out.
     *
     * @param address such as {@code 127.0.0.1}
     * @return this
     */
    public Authenticator allowAddress(String address) {
        allowed.add(address);
        return this;
    }

    /**
     * Keeps an address out, whatever else is allowed.
     *
     * @param address such as {@code 127.0.0.1}
     * @return this
     */
    public Authenticator denyAddress(String address) {
        denied.add(address);
        return this;
    }

    /**
     * Lets a user in by PLAIN.
     *
     * @param user name
     * @param password and password
     * @return this
     */
    public Authenticator allowUser(String user, String password) {
        passwords.put(user, password);
        return this;
    }

    /**
     * Takes back {@link #allowUser}. Who is in stays in.
     *
     * @param user name
     * @return this
     */
    public Authenticator removeUser(String user) {
        passwords.remove(user);
        return this;
    }

    /**
     * Lets the owner of a key in by CURVE.
     *
     * @param publicKey 40 characters of Z85
     * @return this
     */
    public Authenticator allowKey(String publicKey) {
        CurveKeyPair.check("public key", publicKey);
        keys.add(publicKey);
        return this;
    }

    /**
     * Takes back {@link #allowKey}. Who is in stays in.
     *
     * @param publicKey as given there
     * @return this
     */
    public Authenticator removeKey(String publicKey) {
        keys.remove(publicKey);
        return this;
    }

    /**
     * Lets everybody in by CURVE who has any key.
     *
     * @return this
     */
    public Authenticator allowAnyKey() {
        anyKey = true;
        return this;
    }

    private void serve() {
        try {
            while (true) {
                socket.sendMultipart(answer(socket.recvMultipart()));
            }
        } catch (ZmqException e) {
            if (!socket.isClosed()) {
                throw e;
            }
        } finally {
            socket.close();
        }
    }

    private List<byte[]> answer(List<byte[]> request) {
        byte[] id = request.size() > 1 ? request.get(1) : new byte[0];
        if (request.size() < FIXED_PARTS || !text(request.get(0)).equals(VERSION)) {
            return reply(id, "500", "not a ZAP 1.0 request", "");
        }
        String address = text(request.get(3));
        if (denied.contains(address) || !(allowed.isEmpty() || allowed.contains(address))) {
            return reply(id, "400", "address not allowed", "");
        }
        List<byte[]> credentials = request.subList(FIXED_PARTS, request.size());
        String user = user(text(request.get(5)), credentials);
        return user == null
                ? reply(id, "400", "credentials not allowed", "")
                : reply(id, "200", "OK", user);
    }

    /** Whose credentials they are; null if they are nobody's. */
    private @Nullable String user(String mechanism, List<byte[]> credentials) {
        return switch (mechanism) {
            case "NULL" -> "";
            case "PLAIN" -> credentials.size() == 2 ? plainUser(credentials) : null;
            case "CURVE" -> credentials.size() == 1 ? curveUser(credentials.getFirst()) : null;
            default -> null;
        };
    }

    private @Nullable String plainUser(List<byte[]> credentials) {
        String user = text(credentials.get(0));
        String password = passwords.get(user);
        // the time it takes must not tell how much of it is right
        return password != null && MessageDigest.isEqual(utf8(password), credentials.get(1))
                ? user
                : null;
    }

    private @Nullable String curveUser(byte[] key) {
        if (key.length != 32) {
            return null;
        }
        String publicKey = Z85.encode(key, key.length);
        return anyKey || keys.contains(publicKey) ? publicKey : null;
    }

    private static List<byte[]> reply(byte[] id, String status, String text, String user) {
        return List.of(utf8(VERSION), id, utf8(status), utf8(text), utf8(user), new byte[0]);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Stops it, and waits until its name is free.
     *
     * @checkpoint if it runs
     */
    @Override
    public void close() {
        if (!socket.isClosed()) {
            socket.unbind(ENDPOINT);
        }
        socket.close();
        thread.kill();
    }
}

package evy;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.ListenOptions;
import evy.io.Signals;
import evy.io.SocketPair;
import evy.io.Tcp;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.io.tls.TlsServerSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/**
 * The everyday API in one place.
 *
 * <p>There is no main loop to start. From a green thread everything happens on its own hub; from
 * any other thread on the default hub, and what waits blocks that thread.
 *
 * @thread all methods any; those that wait are refused in a hub's callback
 */
public final class Evy {
    private Evy() {}

    /**
     * Starts a green thread. The caller goes on; the body runs when the caller next waits or
     * yields.
     *
     * @param <T> type of the result
     * @param body what to do
     * @return to get its result by
     */
    public static <T extends @Nullable Object> GreenThread<T> spawn(Callable<? extends T> body) {
        return GreenThread.spawn(Hub.current(), body);
    }

    /**
     * Starts a green thread whose result is null; otherwise as {@link #spawn(Callable)}.
     *
     * @param body what to do
     * @return to wait for its end by
     */
    public static GreenThread<@Nullable Void> spawn(Body<?> body) {
        return spawn(Hub.current(), body);
    }

    /**
     * Puts TLS over a socket. It shakes hands when first used.
     *
     * @checkpoint on a green thread, the first time that the options are used
     * @param socket connected, or to be connected by the result
     * @param options how, and which end
     * @return a socket; closing it closes the other
     * @throws IOException if the certificates cannot be read or are of no use
     * @throws IllegalArgumentException if the options are a server's without a certificate
     * @source eventlet {@code convenience.wrap_ssl}
     */
    public static GreenTlsSocket wrapTls(Socket socket, TlsOptions options) throws IOException {
        return Tls.wrap(socket, options);
    }

    /**
     * Puts TLS over a listener. What it accepts shakes hands when first used, so that a client that
     * says nothing holds up nobody else.
     *
     * @checkpoint on a green thread, the first time that the options are used
     * @param server the listener
     * @param options a server's
     * @return a listener; closing it closes the other
     * @throws IOException if the certificates cannot be read or are of no use
     * @throws IllegalArgumentException if the options are a client's or have no certificate
     * @source eventlet {@code convenience.wrap_ssl}
     */
    public static TlsServerSocket wrapTls(ServerSocket server, TlsOptions options)
            throws IOException {
        return Tls.wrap(server, options);
    }

    /**
     * Opens two sockets that are connected to each other. Never waits.
     *
     * @return both ends; the caller's to close
     * @throws IOException if the system refuses, say for lack of descriptors
     */
    public static SocketPair socketPair() throws IOException {
        return SocketPair.open();
    }

    /**
     * Runs a handler in a green thread of the current hub whenever the system sends this program a
     * signal, instead of what the JVM does by itself.
     *
     * @param signal its name, such as TERM
     * @param handler what to do
     * @return to remove it by; the last one brings back what was before
     * @throws IllegalArgumentException if there is no such signal, or it cannot be had
     */
    public static Signals.Registration signal(String signal, Signals.Handler handler) {
        return Signals.on(signal, handler);
    }

    /**
     * Opens a scope: the green threads spawned in it live no longer than the {@code try} block it
     * is opened for.
     *
     * @return to spawn by, and to be closed by the caller
     */
    public static Scope scope() {
        return new Scope();
    }

    /**
     * Starts a green thread on a given hub; otherwise as {@link #spawn(Callable)}.
     *
     * @param <T> type of the result
     * @param hub where it runs
     * @param body what to do
     * @return to get its result by
     */
    public static <T extends @Nullable Object> GreenThread<T> spawn(
            Hub hub, Callable<? extends T> body) {
        return GreenThread.spawn(hub, body);
    }

    /**
     * Starts a green thread on a given hub; otherwise as {@link #spawn(Body)}.
     *
     * @param hub where it runs
     * @param body what to do
     * @return to wait for its end by
     */
    public static GreenThread<@Nullable Void> spawn(Hub hub, Body<?> body) {
        return GreenThread.spawn(hub, returningNull(body));
    }

    static Callable<@Nullable Void> returningNull(Body<?> body) {
        return () -> {
            body.run();
            return null;
        };
    }

    /**
     * Starts a green thread without a result: cheaper than {@link #spawn(Callable)}. An exception
     * that ends it goes to the hub's exception handler, which prints it.
     *
     * @param body what to do
     * @return a handle to kill it by
     */
    public static Greenlet spawnN(Body<?> body) {
        return Detached.spawn(Hub.current(), body);
    }

    /**
     * Starts a green thread after a delay, even if the caller has ended by then. {@link
     * GreenThread#cancel()} before prevents it.
     *
     * @param <T> type of the result
     * @param delay from now
     * @param body what to do
     * @return to get its result by
     */
    public static <T extends @Nullable Object> GreenThread<T> spawnAfter(
            Duration delay, Callable<? extends T> body) {
        return GreenThread.spawnAfter(delay, body);
    }

    /**
     * Starts a green thread after a delay; otherwise as {@link #spawnAfter(Duration, Callable)}.
     *
     * @param delay from now
     * @param body what to do
     * @return to wait for its end by
     */
    public static GreenThread<@Nullable Void> spawnAfter(Duration delay, Body<?> body) {
        return GreenThread.spawnAfter(delay, returningNull(body));
    }

    /**
     * Starts a green thread after a delay if the caller is still alive then; if not, it ends
     * without having run.
     *
     * @param <T> type of the result
     * @param delay from now
     * @param body what to do
     * @return to get its result by
     */
    public static <T extends @Nullable Object> GreenThread<T> spawnAfterLocal(
            Duration delay, Callable<? extends T> body) {
        return GreenThread.spawnAfterLocal(delay, body);
    }

    /**
     * Starts a green thread after a delay; otherwise as {@link #spawnAfterLocal(Duration,
     * Callable)}.
     *
     * @param delay from now
     * @param body what to do
     * @return to wait for its end by
     */
    public static GreenThread<@Nullable Void> spawnAfterLocal(Duration delay, Body<?> body) {
        return GreenThread.spawnAfterLocal(delay, returningNull(body));
    }

    /**
     * Runs a body as a green thread and waits for it: the way from a plain {@code main} on to the
     * hub.
     *
     * @checkpoint always
     * @param <T> type of the result
     * @param body what to do
     * @return its result
     * @throws Exception the very exception it threw
     */
    public static <T extends @Nullable Object> T run(Callable<T> body) throws Exception {
        return GreenThread.<T>spawn(Hub.current(), body).join();
    }

    /**
     * Runs a body as a green thread and waits for it; otherwise as {@link #run(Callable)}.
     *
     * @checkpoint always
     * @param <X> what it throws
     * @param body what to do
     * @throws X the very exception it threw
     */
    public static <X extends Exception> void run(Body<X> body) throws X {
        GreenThread.spawn(Hub.current(), returningNull(body)).join();
    }

    /**
     * Waits for a time.
     *
     * @checkpoint always
     * @param duration at least so long; zero or negative only lets others run, as {@link #yield}
     * @throws IllegalStateException if called in a hub's callback with a positive duration
     */
    public static void sleep(Duration duration) {
        long nanos = Hub.saturatedNanos(duration);
        if (nanos <= 0) {
            Greenlet.yieldNow();
        } else {
            Waits.await(Waiter.current("sleep"), nanos);
        }
    }

    /**
     * Lets every other green thread that can run now have a turn first.
     *
     * @checkpoint always
     */
    @SuppressWarnings(
            "NamedLikeContextualKeyword") // as in Thread; it is called with its class's name
    public static void yield() {
        Greenlet.yieldNow();
    }

    /**
     * The current green thread, or the identity of the current thread if it is not green.
     *
     * @return the same object every time for the same thread
     */
    public static Greenlet current() {
        return Greenlet.current();
    }

    /**
     * Kills a green thread with a {@link GreenThreadExit}: when the call returns, it has got the
     * exception where it was blocked, and has gone on to where it blocks next, or ended. It may
     * catch the exception and live on. One that has not started ends without running. No effect on
     * a dead one.
     *
     * @checkpoint if it is alive
     * @param thread whom; the current one gets the exception right here
     */
    public static void kill(Greenlet thread) {
        thread.kill(new GreenThreadExit());
    }

    /**
     * Kills a green thread with another exception; otherwise as {@link #kill(Greenlet)}.
     *
     * @checkpoint if it is alive
     * @param thread whom
     * @param exception thrown there as this very object, checked or not
     */
    public static void kill(Greenlet thread, Throwable exception) {
        thread.kill(exception);
    }

    /**
     * Kills a green thread if it has not started; otherwise does nothing.
     *
     * @param thread whom
     */
    public static void cancel(Greenlet thread) {
        thread.cancel(new GreenThreadExit());
    }

    /**
     * Waits for several green threads, one after the other.
     *
     * <p>Throws the very exception of the first that failed.
     *
     * @checkpoint if one has not ended
     * @param <T> type of the results
     * @param threads whom
     * @return their results in the order of the arguments
     */
    @SafeVarargs
    public static <T extends @Nullable Object> List<T> waitAll(
            GreenThread<? extends T>... threads) {
        List<T> results = new ArrayList<>(threads.length);
        for (GreenThread<? extends T> thread : threads) {
            results.add(thread.join());
        }
        return results;
    }

    /**
     * Waits for somebody else's future. A kill or timeout cancels it.
     *
     * <p>Throws the very exception it failed with; {@link GreenThreadExit} if it was cancelled.
     *
     * @checkpoint if it is not complete
     * @param <T> type of the result
     * @param stage the future
     * @return its result
     */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        return Futures.await(stage);
    }

    /**
     * Makes a call that may take a limited time: {@link Timeout#call(Duration, Call)}.
     *
     * @checkpoint as {@code call}
     * @param <T> type of the result
     * @param <X> what {@code call} throws
     * @param duration the limit
     * @param call the call
     * @return its result
     * @throws X what {@code call} throws
     * @throws Timeout if the time was over first
     */
    public static <T extends @Nullable Object, X extends Exception> T withTimeout(
            Duration duration, Call<T, X> call) throws X {
        return Timeout.call(duration, call);
    }

    /**
     * Makes a call that may take a limited time: {@link Timeout#call(Duration, Call, Object)}.
     *
     * @checkpoint as {@code call}
     * @param <T> type of the result
     * @param <X> what {@code call} throws
     * @param duration the limit
     * @param call the call
     * @param fallback the result if the time was over first; may be null
     * @return the call's result or the fallback
     * @throws X what {@code call} throws
     */
    public static <T extends @Nullable Object, X extends Exception> T withTimeout(
            Duration duration, Call<T, X> call, T fallback) throws X {
        return Timeout.call(duration, call, fallback);
    }

    /**
     * Listens on all the machine's addresses.
     *
     * @param port 0 lets the system choose one
     * @return a bound socket
     * @throws IllegalArgumentException if {@code port} is not 0 to 65535
     * @throws IOException if the port cannot be had
     */
    public static GreenServerSocket listen(int port) throws IOException {
        return listen(new InetSocketAddress(Tcp.checkPort(port)));
    }

    /**
     * Listens on one of the machine's addresses.
     *
     * @param host name or address of this machine, say {@code localhost}
     * @param port 0 lets the system choose one
     * @return a bound socket
     * @throws IllegalArgumentException if {@code port} is not 0 to 65535
     * @throws IOException if the port cannot be had
     */
    public static GreenServerSocket listen(String host, int port) throws IOException {
        return listen(new InetSocketAddress(host, Tcp.checkPort(port)));
    }

    /**
     * Listens on an address.
     *
     * @param address where; a {@link java.net.UnixDomainSocketAddress} or {@link
     *     evy.io.AbstractUnixAddress} makes a Unix socket
     * @return a bound socket
     * @throws IOException if the address cannot be had
     */
    public static GreenServerSocket listen(SocketAddress address) throws IOException {
        return listen(address, ListenOptions.DEFAULT);
    }

    /**
     * Listens on an address.
     *
     * @param address where; a {@link java.net.UnixDomainSocketAddress} or {@link
     *     evy.io.AbstractUnixAddress} makes a Unix socket
     * @param options how
     * @return a bound socket
     * @throws IOException if the address cannot be had
     */
    public static GreenServerSocket listen(SocketAddress address, ListenOptions options)
            throws IOException {
        return Tcp.listen(address, options);
    }

    /**
     * Connects to a host by name, trying its addresses in order.
     *
     * @checkpoint always
     * @param host name or address
     * @param port 0 to 65535
     * @return a connected socket; the caller's to close
     * @throws java.net.UnknownHostException if the name cannot be resolved
     * @throws IOException the error of the last attempt; nothing is left open
     * @throws IllegalArgumentException if {@code port} is out of range
     */
    public static GreenSocket connect(String host, int port) throws IOException {
        return Tcp.connect(host, port, null, null);
    }

    /**
     * Connects to an address.
     *
     * @checkpoint always
     * @param remote where to; a {@link java.net.UnixDomainSocketAddress} or {@link
     *     evy.io.AbstractUnixAddress} makes a Unix socket
     * @return a connected socket; the caller's to close
     * @throws IOException if it cannot be had; nothing is left open
     */
    public static GreenSocket connect(SocketAddress remote) throws IOException {
        return Tcp.connect(remote, null, null);
    }

    /**
     * Connects to an address from a local one.
     *
     * @checkpoint always
     * @param remote where to; a {@link java.net.UnixDomainSocketAddress} or {@link
     *     evy.io.AbstractUnixAddress} makes a Unix socket
     * @param timeout for each attempt; null for no limit but the system's
     * @param local where from; null for any
     * @return a connected socket; the caller's to close
     * @throws IOException if it cannot be had; nothing is left open
     */
    public static GreenSocket connect(
            SocketAddress remote, @Nullable Duration timeout, @Nullable SocketAddress local)
            throws IOException {
        return Tcp.connect(remote, timeout, local);
    }

    /**
     * Serves: accepts connections for ever and handles each in a green thread of its own, {@value
     * GreenPool#DEFAULT_SIZE} at once.
     *
     * @checkpoint always
     * @param server a bound socket; stays open
     * @param handler gets each connection
     * @throws Exception what a handler threw
     */
    public static void serve(ServerSocket server, Handler handler) throws Exception {
        serve(server, handler, GreenPool.DEFAULT_SIZE);
    }

    /**
     * Serves: accepts connections for ever and handles each in a green thread of its own. While
     * {@code concurrency} are handled no other is.
     *
     * <p>A connection is closed when its handler ends. An exception that a handler does not catch
     * ends this call, which throws it; {@link StopServe} makes it return; a handler that is killed
     * ends by itself. What runs then goes on. A client that does not get through the TLS handshake
     * ends its own handler only. Errors of accept that pass, such as having no free descriptor, are
     * logged and waited out.
     *
     * @checkpoint always
     * @param server a bound socket; stays open
     * @param handler gets each connection
     * @param concurrency how many are handled at once
     * @throws Exception what a handler threw, or accept if it is for good
     * @source eventlet {@code convenience.serve}
     */
    public static void serve(ServerSocket server, Handler handler, int concurrency)
            throws Exception {
        new Server(server, handler, new GreenPool(concurrency)).serve();
    }

    /** Handles a connection. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Handles one connection, in a green thread of its own.
         *
         * @param client closed when this returns or throws
         * @throws Exception ends {@link Evy#serve}
         */
        void handle(Socket client) throws Exception;
    }
}

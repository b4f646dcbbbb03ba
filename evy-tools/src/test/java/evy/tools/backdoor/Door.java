package evy.tools.backdoor;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.hubs.Hub;
import evy.io.GreenServerSocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A back door that is open on the default hub, and what it logs. */
final class Door implements AutoCloseable {
    final List<String> log = new CopyOnWriteArrayList<>();
    final GreenServerSocket listener;
    final GreenThread<?> server;

    Door(SocketAddress address, Map<String, ?> bindings, BackdoorOptions options)
            throws IOException {
        listener = Evy.listen(address);
        server =
                Evy.spawn(
                        Hub.getDefault(),
                        () -> Backdoor.serve(listener, bindings, options.withLog(log::add)));
    }

    static Door open(Map<String, ?> bindings, BackdoorOptions options) throws IOException {
        return new Door(loopback(), bindings, options);
    }

    static Door open(Map<String, ?> bindings) throws IOException {
        return open(bindings, BackdoorOptions.DEFAULT);
    }

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** A connection, before anything was said. */
    Talk connect() throws IOException {
        return new Talk(new Socket(InetAddress.getLoopbackAddress(), port()));
    }

    /** A session, after its first prompt. */
    Talk session() throws IOException {
        var talk = connect();
        talk.untilPrompt();
        return talk;
    }

    @Override
    public void close() {
        server.kill();
        try {
            server.join();
        } catch (GreenThreadExit e) {
            return; // closed as it should be
        }
    }
}

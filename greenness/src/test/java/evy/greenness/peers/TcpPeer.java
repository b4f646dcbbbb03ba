package evy.greenness.peers;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A small server: a thread a connection. */
abstract class TcpPeer implements Peer {
    private static final int BACKLOG = 200;

    private ServerSocket server;

    @Override
    public final int start() throws IOException {
        server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("accept").start(this::acceptAll);
        return server.getLocalPort();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket client = server.accept();
                client.setTcpNoDelay(true);
                Thread.startVirtualThread(() -> serveAndClose(client));
            }
        } catch (SocketException e) {
            // closed
        } catch (IOException e) {
            throw new IllegalStateException("accept", e);
        }
    }

    private void serveAndClose(Socket client) {
        try (client) {
            serve(client);
        } catch (SocketException | EOFException e) {
            // the client has gone
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    /** Talks to one client until it goes. */
    protected abstract void serve(Socket client) throws Exception;

    /** {@return a reader of lines} */
    static BufferedReader lines(Socket client) throws IOException {
        return new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Sends a text with CRLF behind it. */
    static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public final void close() throws IOException {
        server.close();
    }
}

package evy.greenness;

import evy.greenness.peers.PeerMain;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A peer in a process of its own, so that what it does is not counted. */
final class PeerProcess implements AutoCloseable {
    private static final List<String> FLAGS =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");
    private static final long GRACE_SECONDS = 20;

    private final Process process;
    private final String port;

    private PeerProcess(Process process, String port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a peer and waits until it takes connections. */
    static PeerProcess start(String name) throws Exception {
        Process process =
                Jvm.builder(FLAGS, PeerMain.class, name).redirectError(Redirect.INHERIT).start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(PeerMain.READY)) {
                return new PeerProcess(process, line.substring(PeerMain.READY.length()));
            }
        }
        throw new IllegalStateException("peer '" + name + "' ended before it was ready");
    }

    static String host() {
        return "127.0.0.1";
    }

    String port() {
        return port;
    }

    /** Tells it to end: it ends when its input does, its own processes before it. */
    void end() throws IOException {
        process.getOutputStream().close();
    }

    /** Ends it and waits until it has ended. */
    @Override
    public void close() throws IOException, InterruptedException {
        end();
        if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        process.getInputStream().close();
    }
}

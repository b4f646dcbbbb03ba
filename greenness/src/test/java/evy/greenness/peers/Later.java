package evy.greenness.peers;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The answers of one connection, each sent when its time has come: questions that come together are
 * slow together, not one after the other.
 */
final class Later implements AutoCloseable {
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final OutputStream out;

    Later(OutputStream out) {
        this.out = out;
    }

    /** Sends these bytes, not before the delay is over, whole, in the order of their times. */
    void send(long millis, byte[] answer) {
        scheduler.schedule(() -> write(answer), millis, TimeUnit.MILLISECONDS);
    }

    private void write(byte[] answer) {
        try {
            out.write(answer);
            out.flush();
        } catch (IOException e) {
            scheduler.shutdownNow(); // the client has gone
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}

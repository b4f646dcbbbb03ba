package evy.io.tls;

import evy.hubs.Hub;
import evy.tpool.Tpool;

import java.io.IOException;
import java.util.concurrent.Callable;

/** Calls that would hold up the hub: files, certificates, keys. */
final class Offload {
    private Offload() {}

    /** {@return true if the hub of this thread would be held up} */
    static boolean isGreen() {
        return Hub.currentOrNull() != null && Thread.currentThread().isVirtual();
    }

    /** Makes the call in a native thread if this one is green, else in place. */
    static <T> T call(Callable<T> call) throws IOException {
        try {
            return isGreen() ? Tpool.execute(call) : call.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            throw GreenTransport.interrupted(e);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}

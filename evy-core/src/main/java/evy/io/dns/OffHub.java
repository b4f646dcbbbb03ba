package evy.io.dns;

import evy.hubs.Hub;
import evy.tpool.Tpool;

import java.util.function.Supplier;

/** Does what would hold up the hub elsewhere. */
final class OffHub {
    private OffHub() {}

    /** True on a green thread, and on any other virtual thread that a hub runs. */
    static boolean isNeeded() {
        return Thread.currentThread().isVirtual() && Hub.currentOrNull() != null;
    }

    /** Makes a call that takes a moment, in a native thread if the caller is on a hub. */
    static <T> T call(Supplier<T> call) {
        if (!isNeeded()) {
            return call.get();
        }
        try {
            return Tpool.execute(call::get);
        } catch (InterruptedException e) {
            T result = call.get(); // whoever is interrupted still needs it, and cannot wait for it
            Thread.currentThread().interrupt();
            return result;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

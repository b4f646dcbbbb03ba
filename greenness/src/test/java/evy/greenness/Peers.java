package evy.greenness;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The peers of several rows, started side by side before the first is measured. */
final class Peers implements AutoCloseable {
    private final Map<String, Future<PeerProcess>> peers = new HashMap<>();

    private Peers() {}

    /** Starts peers and waits until each is ready or has failed. */
    static Peers start(Set<String> names) {
        Peers all = new Peers();
        try (ExecutorService starters =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (String name : names) {
                all.peers.put(name, starters.submit(() -> PeerProcess.start(name)));
            }
        }
        return all;
    }

    /**
     * Finds a peer.
     *
     * @return it
     * @throws ExecutionException if it did not start
     */
    PeerProcess get(String name) throws ExecutionException, InterruptedException {
        return peers.get(name).get();
    }

    @Override
    public void close() throws Exception {
        for (Future<PeerProcess> peer : peers.values()) {
            if (peer.state() == Future.State.SUCCESS) {
                peer.resultNow().end();
            }
        }
        for (Future<PeerProcess> peer : peers.values()) {
            if (peer.state() == Future.State.SUCCESS) {
                peer.resultNow().close();
            }
        }
    }
}

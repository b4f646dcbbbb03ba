package evy.web;

import evy.Body;
import evy.Evy;
import evy.GreenPool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The places that a server has for connections. When all are taken, connections between two
 * requests give way to newcomers; those with a request do not, and newcomers wait.
 *
 * @thread any
 */
final class Places {
    private final GreenPool pool;
    private final List<Shard> shards = new CopyOnWriteArrayList<>();
    private final AtomicInteger newcomers = new AtomicInteger();

    Places(GreenPool pool) {
        this.pool = pool;
    }

    /** Has a shard's connections share the places. */
    void admit(Shard shard) {
        shards.add(shard);
    }

    /** True if somebody waits for a place. */
    boolean isCrowded() {
        return newcomers.get() > 0;
    }

    /** Does something in a green thread as soon as there is a place for it. */
    void take(Shard shard, Body<?> body) {
        if (pool.free() > 0) {
            pool.spawnN(body);
            return;
        }
        newcomers.incrementAndGet();
        try {
            makeRoom(shard);
            pool.spawnN(body);
        } finally {
            newcomers.decrementAndGet();
        }
    }

    private void makeRoom(Shard own) {
        if (!own.closeLongestIdle()) {
            for (Shard other : shards) {
                if (other != own) {
                    other.hub().execute(() -> Evy.spawnN(other::closeLongestIdle));
                }
            }
        }
    }
}

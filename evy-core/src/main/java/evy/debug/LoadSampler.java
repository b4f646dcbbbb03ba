package evy.debug;

import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Finds out how busy the hubs are, and with whom, by looking at them a hundred times a second from
 * a thread of its own. It begins when somebody asks, and ends when nobody has asked for a while; so
 * programs that nobody looks at pay nothing.
 */
final class LoadSampler {
    /** The usual one. */
    static final LoadSampler SHARED = new LoadSampler(Duration.ofSeconds(10));

    private static final long TICK_MILLIS = 10;

    /* Looks that are remembered: two seconds' worth. */
    private static final int WINDOW = 200;

    /* Looks that the first who asks waits for. */
    private static final int FIRST_LOOKS = 20;

    private final long patienceNanos;

    // guarded by this
    private final Map<Hub, LoadWindow> windows = new HashMap<>();
    private @Nullable Thread thread;
    private long lastAsked;
    private int waiting;
    private int looks;

    LoadSampler(Duration patience) {
        this.patienceNanos = patience.toNanos();
    }

    /**
     * What was found in the last two seconds. The first to ask waits a fifth of a second.
     *
     * @return by hub
     * @throws InterruptedException if the thread was interrupted meanwhile
     */
    synchronized Map<Hub, LoadWindow.Reading> read() throws InterruptedException {
        lastAsked = System.nanoTime();
        if (thread == null) {
            looks = 0;
            thread = Thread.ofPlatform().daemon().name("evy-load-sampler").start(this::run);
        }
        awaitFirstLooks();
        Map<Hub, LoadWindow.Reading> readings = new HashMap<>();
        windows.forEach((hub, window) -> readings.put(hub, window.read()));
        return readings;
    }

    private void awaitFirstLooks() throws InterruptedException {
        waiting++;
        try {
            while (looks < FIRST_LOOKS) {
                wait();
            }
        } finally {
            waiting--;
        }
    }

    private void run() {
        while (look(System.nanoTime())) {
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        } catch (InterruptedException e) {
            return; // nobody's business: the next look comes early
        }
    }

    /* False if nobody has asked for long. */
    private synchronized boolean look(long now) {
        if (waiting == 0 && now - lastAsked > patienceNanos) {
            windows.clear();
            thread = null;
            return false;
        }
        List<Hub> open = Hub.all();
        for (Hub hub : open) {
            windows.computeIfAbsent(hub, h -> new LoadWindow(h, WINDOW)).look(now);
        }
        if (windows.size() > open.size()) {
            windows.keySet().retainAll(open);
        }
        looks++;
        notifyAll();
        return true;
    }
}

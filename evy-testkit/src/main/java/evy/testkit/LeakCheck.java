package evy.testkit;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubStatistics;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what a test leaves behind: green threads, timers and listeners of the default hub, open
 * sockets and pipes (where the system lists them in {@code /proc}), platform threads.
 *
 * <p>Takes stock when made; {@link #check} compares. What is merely on its way out gets a moment to
 * leave: the check repeats until all is clean or its patience is over. The native threads of {@code
 * evy.tpool} and {@code evy.io.dns}, and the JVM's own, do not count.
 */
public final class LeakCheck {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 5;
    private static final Set<String> JVM_GROUPS = Set.of("system", "InnocuousThreadGroup");

    private final Map<String, String> descriptorsBefore;
    private final Set<Thread> threadsBefore;
    private final Set<Greenlet> greenletsBefore;

    static {
        // the JDK keeps a socket of its own open from the first one on
        try (ServerSocket first = new ServerSocket(0)) {
            assert first.isBound();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private LeakCheck() {
        Hub.getDefault(); // what it keeps open is not the test's
        descriptorsBefore = descriptors();
        threadsBefore = new HashSet<>(threads());
        greenletsBefore = new HashSet<>(Hub.getDefault().greenlets());
    }

    /**
     * Takes stock.
     *
     * @return to compare with later
     */
    public static LeakCheck begin() {
        return new LeakCheck();
    }

    /**
     * Compares with the stock taken.
     *
     * @throws AssertionError if something is left; the message lists it
     */
    public void check() {
        check(PATIENCE);
    }

    void check(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        List<String> left = leftovers();
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            pause();
            left = leftovers();
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind:\n  " + String.join("\n  ", left));
        }
    }

    /* Waits for a condition that nobody signals; its order does not matter to anyone. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> leftovers() {
        List<String> left = new ArrayList<>();
        Hub hub = Hub.getDefault();
        for (Greenlet greenlet : hub.greenlets()) {
            if (!greenletsBefore.contains(greenlet)) {
                left.add(greenlet + ", waits for " + greenlet.waitsFor());
            }
        }
        HubStatistics statistics = hub.statistics();
        if (greenletsBefore.isEmpty()) {
            count(left, statistics.timers(), hub + ": timers");
            count(left, statistics.readers(), hub + ": readers");
            count(left, statistics.writers(), hub + ": writers");
        }
        Map<String, String> descriptors = descriptors();
        descriptors.keySet().removeAll(descriptorsBefore.keySet());
        descriptors.forEach((target, number) -> left.add("descriptor " + number + ": " + target));
        for (Thread thread : threads()) {
            if (!threadsBefore.contains(thread)) {
                left.add("platform thread '" + thread.getName() + "'");
            }
        }
        return left;
    }

    private static void count(List<String> left, int number, String what) {
        if (number != 0) {
            left.add(number + " " + what);
        }
    }

    /** Sockets, pipes and the like by what they are; files come and go with class loading. */
    private static Map<String, String> descriptors() {
        Map<String, String> found = new HashMap<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path entry : entries) {
                addDescriptor(found, entry);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot list " + DESCRIPTORS, e);
        }
        return found;
    }

    private static void addDescriptor(Map<String, String> found, Path entry) {
        try {
            String target = Files.readSymbolicLink(entry).toString();
            if (target.startsWith("socket:") || target.startsWith("pipe:")) {
                found.put(target, entry.getFileName().toString());
            }
        } catch (IOException e) {
            return; // closed since it was listed
        }
    }

    private static List<Thread> threads() {
        List<Thread> found = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ThreadGroup group = thread.getThreadGroup();
            boolean ours =
                    group != null
                            && !(thread.isDaemon() && JVM_GROUPS.contains(group.getName()))
                            && !thread.getName().startsWith("evy-tpool-")
                            && !thread.getName().startsWith("evy-dns-")
                            && !thread.getName().equals("evy-cleaner")
                            && !thread.getName().equals("evy-load-sampler") // ends by itself
                            && !thread.getName().startsWith("ForkJoinPool")
                            && !thread.getName().startsWith("junit-")
                            && !thread.getName().startsWith("VirtualThread-unparker");
            if (ours) {
                found.add(thread);
            }
        }
        return found;
    }
}

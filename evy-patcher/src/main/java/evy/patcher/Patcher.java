package evy.patcher;

import evy.patcher.net.NetSeams;
import evy.patcher.os.OsSeams;
import evy.patcher.time.TimeSeams;
import evy.patcher.weave.Green;
import evy.patcher.weave.Loom;
import evy.patcher.weave.Seam;
import evy.patcher.weave.ShapeException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes the JDK's blocking calls green, a group at a time, and says what came of it.
 *
 * <p>Patching needs the agent ({@code -javaagent:evy.jar}); it patches the usual groups at start,
 * or those that its argument chooses. Patches cannot be undone. They change what happens on hubs
 * only: on platform threads, and on virtual threads of the JDK's own scheduler, everything stays as
 * it is.
 *
 * @thread all methods any
 */
public final class Patcher {
    private static final ReentrantLock LOCK = new ReentrantLock();

    // guarded by LOCK
    private static final Map<String, SeamReport> done = new HashMap<>();
    private static final Set<Group> patched = EnumSet.noneOf(Group.class);
    private static @Nullable Loom loom;
    private static @Nullable Instrumentation tool;

    private Patcher() {}

    /* The places that a group patches. */
    private static List<Seam> seams(Group group) {
        return switch (group) {
            case SOCKET -> NetSeams.sockets();
            case SELECT -> NetSeams.selectors();
            case THREAD -> ThreadSeams.all(tool);
            case TIME -> TimeSeams.all();
            case OS -> OsSeams.all();
            case PROCESS -> OsSeams.processes();
            case DNS -> NameSeams.all();
            case DB -> List.of();
        };
    }

    /** Called by the agent. */
    static void start(Instrumentation instrumentation, Set<Group> groups) {
        LOCK.lock();
        try {
            if (loom == null) {
                loom = new Loom(instrumentation);
                tool = instrumentation;
                if (!groups.contains(Group.DNS)) {
                    NameSeams.switchOff();
                }
            }
        } finally {
            LOCK.unlock();
        }
        patch(groups);
    }

    /**
     * Patches the usual groups: all but those that are patched on explicit request only. What is
     * patched already stays so.
     *
     * @throws IllegalStateException without the agent; the message says which flag to add
     */
    public static void monkeyPatch() {
        patch(Group.usual());
    }

    /**
     * Patches these groups. What is patched already stays so.
     *
     * @param groups the groups; none of them does nothing
     * @throws IllegalStateException without the agent; the message says which flag to add
     */
    public static void monkeyPatch(Group... groups) {
        patch(Set.copyOf(List.of(groups)));
    }

    /**
     * Patches the groups that a text such as {@code socket,time} or {@code thread=false} chooses.
     * What is patched already stays so.
     *
     * @param groups as {@link Group#parse} understands it
     * @throws IllegalStateException without the agent; the message says which flag to add
     * @throws IllegalArgumentException if an entry is not understood
     */
    public static void monkeyPatch(String groups) {
        patch(Group.parse(groups));
    }

    private static void patch(Set<Group> groups) {
        LOCK.lock();
        try {
            Loom by = loom;
            if (by == null) {
                throw new IllegalStateException(
                        "patching the JDK needs Evy's agent; start java with -javaagent:evy.jar"
                                + " (or run the program with ./evy)");
            }
            Map<Seam, Group> wanted = new HashMap<>();
            for (Group group : groups) {
                if (patched.add(group)) {
                    seams(group).forEach(seam -> wanted.put(seam, group));
                }
            }
            Map<Seam, Throwable> problems = by.apply(List.copyOf(wanted.keySet()));
            wanted.forEach(
                    (seam, group) ->
                            done.put(seam.name(), reportOf(seam, group, problems.get(seam))));
        } finally {
            LOCK.unlock();
        }
    }

    private static SeamReport reportOf(Seam seam, Group group, @Nullable Throwable problem) {
        if (problem == null) {
            return new SeamReport(seam.name(), group, SeamReport.State.APPLIED, seam.detail());
        }
        SeamReport.State state =
                problem instanceof ShapeException
                        ? SeamReport.State.NOT_FOUND
                        : SeamReport.State.FAILED;
        return new SeamReport(seam.name(), group, state, problem.toString());
    }

    /**
     * Asks whether a group was patched, by the agent or by {@link #monkeyPatch()}. Parts of it may
     * be missing on this JDK: see {@link #report}.
     *
     * @param group the group
     * @return true if it was asked for
     */
    public static boolean isMonkeyPatched(Group group) {
        LOCK.lock();
        try {
            return patched.contains(group);
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Asks whether a group was patched, by its name.
     *
     * @param group its name in lower case, as {@code socket}
     * @return true if it was asked for
     * @throws IllegalArgumentException if there is no such group
     */
    public static boolean isMonkeyPatched(String group) {
        return isMonkeyPatched(Group.of(group));
    }

    /**
     * Makes a call for which nothing is patched: it gets the JDK's own waits, threads and files,
     * with all that this means for the hub.
     *
     * @param <T> type of the result
     * @param call runs on the current thread
     * @return its result
     * @throws Exception what it throws
     */
    public static <T extends @Nullable Object> T original(Callable<T> call) throws Exception {
        return Green.original(call);
    }

    /**
     * The ordinary class of an imported one.
     *
     * @param imported a class, as {@link #importPatched(String)} returns it
     * @return the class of the same name that the rest of the program uses; the same class if it
     *     was not imported
     * @throws ClassNotFoundException if the program cannot load it
     */
    public static Class<?> original(Class<?> imported) throws ClassNotFoundException {
        return imported.getClassLoader() instanceof PatchedLoader loader
                ? Class.forName(imported.getName(), false, loader.getParent())
                : imported;
    }

    /**
     * Makes platform threads, also for code that is rewritten and on green threads: they are
     * daemons, and block without holding up a hub.
     *
     * @return a new factory
     */
    public static ThreadFactory originalThreads() {
        return Thread.ofPlatform().name("evy-original-", 1).daemon().factory();
    }

    /**
     * Loads a green copy of a library that has a class; needs no agent. The library is everything
     * in the class's jar, or folder; the ordinary class is not touched.
     *
     * {@snippet :
     * Class<?> type = Patcher.importPatched("com.lib.Client");
     * Callable<?> client = (Callable<?>) type.getConstructor().newInstance();
     * }
     *
     * <p>On green threads the copy waits green: for its threads, executors, timers, sockets, files,
     * processes and sleeps. Its channels wait by the JDK's own poller. On any other thread it does
     * what the ordinary library does.
     *
     * @param className a class that the current thread's context class loader finds
     * @return the copy of the class; what it loads is of the copy, too
     * @throws ClassNotFoundException if it is not found, or is part of the JDK
     */
    public static Class<?> importPatched(String className) throws ClassNotFoundException {
        return importPatched(className, ImportOptions.usual());
    }

    /**
     * Loads a green copy of a library, as {@link #importPatched(String)}.
     *
     * @param className a class that the parent loader, or else the context class loader, finds
     * @param options what is made green, what is injected, and which packages are copied
     * @return the copy of the class; what it loads is of the copy, too
     * @throws ClassNotFoundException if it is not found, or is part of the JDK
     * @throws IllegalArgumentException if what is injected does not fit, or the class is in none of
     *     the packages; the message says what is wrong
     */
    public static Class<?> importPatched(String className, ImportOptions options)
            throws ClassNotFoundException {
        return PatchedLoader.load(className, options);
    }

    /**
     * Loads a green copy of a library from its jars; needs no agent.
     *
     * @param classPath jars and folders; what their manifests name as their class path is added
     * @return what loads its classes; close it when no more are to be loaded
     * @throws IOException if one is neither jar nor folder; the message names it
     */
    public static PatchedLoader importPatched(Path... classPath) throws IOException {
        return importPatched(List.of(classPath), ImportOptions.usual());
    }

    /**
     * Loads a green copy of a library from its jars; needs no agent.
     *
     * @param classPath jars and folders; what their manifests name as their class path is added
     * @param options what is made green, what is injected, and which packages are copied
     * @return what loads its classes; close it when no more are to be loaded
     * @throws IOException if one is neither jar nor folder; the message names it
     * @throws IllegalArgumentException if what is injected does not fit; the message says why
     */
    public static PatchedLoader importPatched(Collection<Path> classPath, ImportOptions options)
            throws IOException {
        return PatchedLoader.open(classPath, options);
    }

    /**
     * Every place that can be patched, and what came of it.
     *
     * @return a new list, in the order of the groups
     */
    public static List<SeamReport> report() {
        LOCK.lock();
        try {
            List<SeamReport> reports = new ArrayList<>();
            for (Group group : Group.values()) {
                seams(group).forEach(seam -> reports.add(reportOf(seam, group)));
            }
            return reports;
        } finally {
            LOCK.unlock();
        }
    }

    private static SeamReport reportOf(Seam seam, Group group) {
        SeamReport report = done.get(seam.name());
        return report != null
                ? report
                : new SeamReport(seam.name(), group, SeamReport.State.OFF, seam.detail());
    }
}

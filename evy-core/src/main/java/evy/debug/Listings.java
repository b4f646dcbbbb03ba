package evy.debug;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubStatistics;
import evy.hubs.Listener;
import evy.hubs.Timer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Lists the listeners, the timers and the threads of the program, as text and as JSON. */
final class Listings {
    private static final String INDENT = "    ";

    /* How long a hub that is at something else is waited for. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private Listings() {}

    /** What writes JSON. */
    private interface Json {
        void write(JsonWriter out) throws IOException;
    }

    static String listeners() {
        StringBuilder text = new StringBuilder();
        List<Listener> all = allListeners();
        text.append("READERS:\n");
        listeners(all, true, text);
        text.append("WRITERS:\n");
        listeners(all, false, text);
        return text.toString();
    }

    private static List<Listener> allListeners() {
        List<Listener> all = new ArrayList<>();
        Hub.all().forEach(hub -> all.addAll(listenersOf(hub)));
        return all;
    }

    /* Nothing of a hub that is blocked, as the listing of hubs says. */
    private static List<Listener> listenersOf(Hub hub) {
        try {
            return hub.listeners(PATIENCE);
        } catch (TimeoutException e) {
            return List.of();
        }
    }

    private static List<Timer> timersOf(Hub hub) {
        try {
            return hub.pendingTimers(PATIENCE);
        } catch (TimeoutException e) {
            return List.of();
        }
    }

    private static void listeners(List<Listener> all, boolean reading, StringBuilder text) {
        for (Listener listener : all) {
            if (listener.isReading() == reading) {
                text.append(listener.descriptor().describe())
                        .append(listener.isCallback() ? ": callback of " : ": ")
                        .append(listener.owner())
                        .append(" on ")
                        .append(listener.descriptor().home().name())
                        .append('\n');
                stack(listener.madeAt(), text);
                Greenlet.countCall();
            }
        }
    }

    private static void stack(@Nullable Throwable madeAt, StringBuilder text) {
        if (madeAt != null) {
            Stacks.append(Stacks.of(madeAt), INDENT, text);
        }
    }

    static String listenersJson() {
        return json(
                out -> {
                    out.open('[');
                    for (Listener l : allListeners()) {
                        out.open('{')
                                .member("direction", l.isReading() ? "read" : "write")
                                .member("descriptor", l.descriptor().describe())
                                .member("owner", l.owner())
                                .member("callback", l.isCallback())
                                .member("hub", l.descriptor().home().name());
                        stack(l.madeAt(), out);
                        out.close('}');
                        Greenlet.countCall();
                    }
                    out.close(']');
                });
    }

    private static void stack(@Nullable Throwable madeAt, JsonWriter out) throws IOException {
        if (madeAt != null) {
            out.strings("made_at", Stacks.of(madeAt));
        }
    }

    static String timers() {
        StringBuilder text = new StringBuilder("TIMERS:\n");
        for (Hub hub : Hub.all()) {
            for (Timer timer : timersOf(hub)) {
                text.append("in ")
                        .append(Times.words(timer.remaining()))
                        .append(" on ")
                        .append(hub.name())
                        .append(": ")
                        .append(timer.describe())
                        .append('\n');
                stack(timer.madeAt(), text);
                Greenlet.countCall();
            }
        }
        return text.toString();
    }

    static String timersJson() {
        return json(
                out -> {
                    out.open('[');
                    for (Hub hub : Hub.all()) {
                        for (Timer timer : timersOf(hub)) {
                            out.open('{')
                                    .member("hub", hub.name())
                                    .member("remaining_ms", timer.remaining())
                                    .member("action", timer.describe());
                            stack(timer.madeAt(), out);
                            out.close('}');
                            Greenlet.countCall();
                        }
                    }
                    out.close(']');
                });
    }

    static String threads() {
        StringBuilder text = new StringBuilder("THREADS:\n");
        for (Thread thread : platformThreads()) {
            text.append('#')
                    .append(thread.threadId())
                    .append(" '")
                    .append(thread.getName())
                    .append("' ")
                    .append(thread.getState())
                    .append(thread.isDaemon() ? ", daemon" : "")
                    .append(roleOf(thread))
                    .append('\n');
        }
        return text.toString();
    }

    static String threadsJson() {
        return json(
                out -> {
                    out.open('[');
                    for (Thread thread : platformThreads()) {
                        Hub hub = hubOf(thread);
                        out.open('{')
                                .member("id", thread.threadId())
                                .member("name", thread.getName())
                                .member("state", thread.getState())
                                .member("daemon", thread.isDaemon())
                                .member("hub", hub == null ? null : hub.kind())
                                .close('}');
                    }
                    out.close(']');
                });
    }

    static String blocksJson(List<HubBlock> blocks) {
        return json(
                out -> {
                    out.open('[');
                    for (HubBlock block : blocks) {
                        OverviewJson.write(out, block);
                    }
                    out.close(']');
                });
    }

    private static List<Thread> platformThreads() {
        List<Thread> all = new ArrayList<>(Thread.getAllStackTraces().keySet());
        all.sort(Comparator.comparingLong(Thread::threadId));
        return all;
    }

    private static String roleOf(Thread thread) {
        Hub hub = hubOf(thread);
        if (hub == null) {
            return "";
        }
        HubStatistics s = hub.statistics();
        return ", hub (%s) of %d green threads, %d ready"
                .formatted(hub.kind(), s.live(), s.ready());
    }

    private static @Nullable Hub hubOf(Thread thread) {
        for (Hub hub : Hub.all()) {
            if (hub.carrier() == thread) {
                return hub;
            }
        }
        return null;
    }

    private static String json(Json json) {
        StringBuilder text = new StringBuilder();
        try {
            json.write(new JsonWriter(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}

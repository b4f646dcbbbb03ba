package evy.tools.profiler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts together what the samples and the hubs' recorders say. */
final class ProfileBuilder {
    private static final int MOST_WAITS = 1000;

    private final boolean byThread;
    private final CallTree tree = new CallTree("all");
    private final Map<WaitKey, CallTree.Cost> waits = new HashMap<>();
    private final Map<Long, CallTree.Cost> virtualThreads = new HashMap<>();
    private final Map<Long, CallTree.Cost> hubThreads = new HashMap<>();
    private final List<HubRecorder> recorders;

    ProfileBuilder(Collection<HubRecorder> recorders, boolean byThread) {
        this.byThread = byThread;
        this.recorders = new ArrayList<>(recorders);
        this.recorders.sort(Comparator.comparingLong(r -> r.hub().carrier().threadId()));
        for (HubRecorder recorder : this.recorders) {
            hubThreads.put(recorder.hub().carrier().threadId(), new CallTree.Cost());
            recorder.forEachWait(this::addWait);
        }
    }

    private void addWait(WaitStacks.Wait wait, CallTree.Cost cost) {
        List<String> stack = new ArrayList<>();
        if (wait.threadId() != 0) {
            stack.add(label(wait.name(), wait.threadId()));
        }
        stack.addAll(wait.frames());
        tree.at(stack).own().add(cost);
        waits.computeIfAbsent(
                        new WaitKey(wait.awaited().kind(), wait.awaited().what()),
                        _ -> new CallTree.Cost())
                .add(cost);
    }

    /** Adds a sample of a thread that computed. */
    void addSample(CpuSampler.Sample sample) {
        if (Session.THREAD_NAME.equals(sample.name()) || sample.name().startsWith("JFR ")) {
            return; // the profiler's own doing
        }
        CallTree.Cost cost = new CallTree.Cost();
        cost.samples = sample.count();
        cost.cpuNanos = sample.nanos();
        tree.at(stack(sample)).own().add(cost);
        CallTree.Cost hub = hubThreads.get(sample.threadId());
        if (hub != null) {
            hub.add(cost);
        } else if (sample.isVirtual()) {
            virtualThreads.computeIfAbsent(sample.threadId(), _ -> new CallTree.Cost()).add(cost);
        }
    }

    private List<String> stack(CpuSampler.Sample sample) {
        List<String> stack = new ArrayList<>();
        if (!sample.isVirtual()) {
            stack.add(
                    byThread || !hubThreads.containsKey(sample.threadId())
                            ? platformLabel(sample.name(), sample.threadId())
                            : "[hub]");
        } else if (byThread) {
            stack.add(label(sample.name(), sample.threadId()));
        }
        stack.addAll(Frames.withoutOwn(Frames.withoutOuter(sample.frames())));
        return stack;
    }

    private String platformLabel(String name, long id) {
        return byThread
                ? "[" + label(name, id) + "]"
                : "[" + name.replaceAll("[-# ]*\\d+$", "") + "]";
    }

    private static String label(String name, long id) {
        return name.isEmpty() ? "#" + id : name + " #" + id;
    }

    Profile build(Duration elapsed, String source, long lostSamples) {
        return new Profile(
                elapsed, source, tree, lostSamples, hubTimes(), threadTimes(), waitTimes());
    }

    private List<HubTime> hubTimes() {
        List<HubTime> times = new ArrayList<>();
        for (HubRecorder recorder : recorders) {
            ThreadTimes sum = recorder.threads().sum();
            CallTree.Cost loop =
                    hubThreads.getOrDefault(
                            recorder.hub().carrier().threadId(), new CallTree.Cost());
            times.add(
                    new HubTime(
                            recorder.hub().name(),
                            recorder.threads().size(),
                            sum.switches,
                            Duration.ofNanos(recorder.observedNanos()),
                            Duration.ofNanos(sum.runNanos),
                            Duration.ofNanos(loop.cpuNanos)));
        }
        return times;
    }

    private List<GreenThreadTime> threadTimes() {
        ThreadLedger all = new ThreadLedger();
        recorders.forEach(recorder -> all.addAll(recorder.threads()));
        List<GreenThreadTime> times = new ArrayList<>();
        Set<Long> named = new HashSet<>();
        for (ThreadTimes thread : all.longest()) {
            named.add(thread.id);
            CallTree.Cost cpu = virtualThreads.getOrDefault(thread.id, new CallTree.Cost());
            times.add(time(thread, cpu.cpuNanos));
        }
        long others = 0;
        for (var thread : virtualThreads.entrySet()) {
            others += named.contains(thread.getKey()) ? 0 : thread.getValue().cpuNanos;
        }
        if (all.restCount() > 0 || others > 0) {
            ThreadTimes rest = all.rest();
            rest.name = "others";
            times.add(time(rest, others));
        }
        return times;
    }

    private static GreenThreadTime time(ThreadTimes thread, long cpuNanos) {
        return new GreenThreadTime(
                thread.id,
                thread.name,
                thread.hub,
                thread.switches,
                Duration.ofNanos(thread.runNanos),
                Duration.ofNanos(thread.waitNanos),
                Duration.ofNanos(cpuNanos));
    }

    private List<WaitTime> waitTimes() {
        return waits.entrySet().stream()
                .map(
                        wait ->
                                new WaitTime(
                                        wait.getKey().kind,
                                        wait.getKey().what,
                                        wait.getValue().switches,
                                        Duration.ofNanos(wait.getValue().waitNanos)))
                .sorted(Comparator.comparing(WaitTime::waiting).reversed())
                .limit(MOST_WAITS)
                .toList();
    }

    private record WaitKey(String kind, String what) {}
}

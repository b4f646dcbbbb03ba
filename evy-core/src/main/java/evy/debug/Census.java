package evy.debug;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Sighting;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Takes a {@link Snapshot}. The hubs are asked for what they alone can tell; putting it into words
 * and into the order of a tree is done here, giving other green threads their turns.
 */
final class Census {
    private final boolean withStacks;
    private final List<Hub> all = List.copyOf(Hub.all());
    private final List<HubInfo> hubs = new ArrayList<>();
    private final List<Node> nodes;
    private final IdentityHashMap<Greenlet, Node> byGreenlet;
    private final IdentityHashMap<Object, String> words = new IdentityHashMap<>();

    Census(boolean withStacks) {
        this.withStacks = withStacks;
        // no more than are there: to grow a large map would hold up the hub for too long
        int expected = (int) all.stream().mapToLong(hub -> hub.statistics().live()).sum();
        nodes = new ArrayList<>(expected);
        byGreenlet = new IdentityHashMap<>(expected);
    }

    Snapshot take() {
        // the last first, as those of one hub come youngest first: all is turned round in the end
        for (Hub hub : all.reversed()) {
            boolean answered = hub.survey(withStacks, this::found);
            hubs.addFirst(new HubInfo(hub.name(), hub.kind(), answered, hub.statistics()));
        }
        return new Snapshot(hubs, inOrder());
    }

    private void found(Sighting seen) {
        Node node = new Node(seen);
        if (byGreenlet.putIfAbsent(seen.greenlet(), node) == null) {
            nodes.add(node);
        }
        Greenlet.countCall();
    }

    private List<GreenThreadInfo> inOrder() {
        Deque<Node> left = new ArrayDeque<>();
        for (Node node : nodes) {
            Greenlet spawner = node.seen.parent();
            Node parent = spawner == null ? null : byGreenlet.get(spawner);
            if (parent == null) {
                left.push(node);
            } else {
                node.parent = parent;
                node.sibling = parent.child;
                parent.child = node;
            }
            Greenlet.countCall();
        }
        List<GreenThreadInfo> all = new ArrayList<>(nodes.size());
        for (Node node = left.poll(); node != null; node = left.poll()) {
            Node parent = node.parent;
            node.depth = parent == null ? 0 : parent.depth + 1;
            all.add(describe(node));
            if (node.sibling != null) {
                left.push(node.sibling);
            }
            if (node.child != null) {
                left.push(node.child);
            }
            Greenlet.countCall();
        }
        return all;
    }

    private GreenThreadInfo describe(Node node) {
        Sighting seen = node.seen;
        Greenlet greenlet = seen.greenlet();
        Awaited awaited = Awaited.of(seen, words);
        Greenlet parent = seen.parent();
        Throwable spawned = greenlet.spawnedAt();
        long remaining = seen.remainingNanos();
        return new GreenThreadInfo(
                greenlet.thread().threadId(),
                greenlet.thread().getName(),
                seen.state(),
                greenlet.hub().name(),
                parent == null ? 0 : parent.thread().threadId(),
                node.depth,
                awaited == null ? null : awaited.kind(),
                awaited == null ? null : awaited.what(),
                Duration.ofNanos(seen.idleNanos()),
                remaining < 0 ? null : Duration.ofNanos(remaining),
                seen.stack(),
                spawned == null ? List.of() : Stacks.of(spawned));
    }

    /** A green thread and its place among the others. */
    private static final class Node {
        final Sighting seen;
        int depth;
        @Nullable Node parent;
        @Nullable Node child;
        @Nullable Node sibling;

        Node(Sighting seen) {
            this.seen = seen;
        }
    }
}

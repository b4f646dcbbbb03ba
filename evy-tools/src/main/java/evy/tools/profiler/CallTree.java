package evy.tools.profiler;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stacks merged from the outermost frame inwards: a frame, and what was called from it. */
final class CallTree {
    private final String name;
    private final Map<String, CallTree> children = new LinkedHashMap<>();
    private final Cost own = new Cost();

    CallTree(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** What the frame spent itself, not by what it called. */
    Cost own() {
        return own;
    }

    Collection<CallTree> children() {
        return children.values();
    }

    /** What the frame spent, itself and by what it called. */
    Cost total() {
        Cost total = new Cost();
        total.add(own);
        for (CallTree child : children.values()) {
            total.add(child.total());
        }
        return total;
    }

    /** The node of a stack below this one, made if need be. */
    CallTree at(List<String> stack) {
        CallTree node = this;
        for (String frame : stack) {
            node = node.children.computeIfAbsent(frame, CallTree::new);
        }
        return node;
    }

    /** Something that was spent. */
    static final class Cost {
        long samples;
        long cpuNanos;
        long switches;
        long waitNanos;

        void add(Cost other) {
            samples += other.samples;
            cpuNanos += other.cpuNanos;
            switches += other.switches;
            waitNanos += other.waitNanos;
        }

        /** In nanoseconds. */
        long time(boolean withWaits) {
            return withWaits ? cpuNanos + waitNanos : cpuNanos;
        }
    }
}

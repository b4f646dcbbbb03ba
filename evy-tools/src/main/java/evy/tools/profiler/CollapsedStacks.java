package evy.tools.profiler;

import java.io.IOException;

/** Writes a tree of calls as collapsed stacks. */
final class CollapsedStacks {
    private static final int NANOS_PER_MICRO = 1000;

    private final Appendable out;
    private final boolean withWaits;
    private final StringBuilder stack = new StringBuilder();

    CollapsedStacks(Appendable out, boolean withWaits) {
        this.out = out;
        this.withWaits = withWaits;
    }

    void write(CallTree tree) throws IOException {
        for (CallTree child : tree.children()) {
            writeNode(child);
        }
    }

    private void writeNode(CallTree node) throws IOException {
        int before = stack.length();
        if (before > 0) {
            stack.append(';');
        }
        stack.append(clean(node.name()));
        long micros = node.own().time(withWaits) / NANOS_PER_MICRO;
        if (micros > 0) {
            out.append(stack).append(' ').append(Long.toString(micros)).append('\n');
        }
        for (CallTree child : node.children()) {
            writeNode(child);
        }
        stack.setLength(before);
    }

    /* Names of threads may have anything in them. */
    private static String clean(String name) {
        return name.replace(';', ':').replaceAll("\\p{Cntrl}", " ");
    }
}

package evy.tools.profiler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds up a tree of calls by function. */
final class FunctionTable {
    private final Map<String, CallTree.Cost> own = new HashMap<>();
    private final Map<String, CallTree.Cost> cumulative = new HashMap<>();
    private final Set<String> entered = new HashSet<>();

    private FunctionTable() {}

    static List<FunctionTime> of(CallTree tree, boolean withWaits) {
        FunctionTable table = new FunctionTable();
        for (CallTree outermost : tree.children()) {
            table.visit(outermost);
        }
        return table.rows(withWaits);
    }

    /* A function that calls itself has the time of the outermost call, once. */
    private CallTree.Cost visit(CallTree node) {
        boolean outermost = entered.add(node.name());
        CallTree.Cost total = new CallTree.Cost();
        total.add(node.own());
        for (CallTree child : node.children()) {
            total.add(visit(child));
        }
        own.computeIfAbsent(node.name(), _ -> new CallTree.Cost()).add(node.own());
        if (outermost) {
            entered.remove(node.name());
            cumulative.computeIfAbsent(node.name(), _ -> new CallTree.Cost()).add(total);
        }
        return total;
    }

    private List<FunctionTime> rows(boolean withWaits) {
        List<FunctionTime> rows = new ArrayList<>();
        cumulative.forEach(
                (name, total) -> {
                    if (total.time(withWaits) > 0) {
                        long ownNanos = own.getOrDefault(name, total).time(withWaits);
                        rows.add(
                                new FunctionTime(
                                        name,
                                        total.samples,
                                        total.switches,
                                        Duration.ofNanos(total.time(withWaits)),
                                        Duration.ofNanos(ownNanos)));
                    }
                });
        rows.sort(
                Comparator.comparing(FunctionTime::own)
                        .thenComparing(FunctionTime::cumulative)
                        .reversed()
                        .thenComparing(FunctionTime::name));
        return List.copyOf(rows);
    }
}

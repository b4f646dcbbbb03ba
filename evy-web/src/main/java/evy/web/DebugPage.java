package evy.web;

import evy.debug.Debug;
import evy.debug.OverviewQuery;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.concurrent.Callable;

/** The {@link DebugPages} by name, each as what makes its text. */
final class DebugPage {
    static final String INDEX =
            """
            Pages, each as JSON with .json behind its name, but for dump:
              overview?rows=20&order=waiting|busy|newest&filter=TEXT
              green-threads?stacks
              listeners
              timers
              threads
              blocks
              dump
            """;

    private DebugPage() {}

    /**
     * Finds a page.
     *
     * @return null if there is none of that name
     * @throws IllegalArgumentException if a field of the query makes no sense; the message says why
     */
    static @Nullable Callable<String> of(String name, Form query) {
        return switch (name) {
            case "overview" -> {
                OverviewQuery asked = overviewQuery(query);
                yield () -> Debug.overview(asked).text();
            }
            case "overview.json" -> {
                OverviewQuery asked = overviewQuery(query);
                yield () -> Debug.overview(asked).json();
            }
            case "green-threads" -> () -> Debug.greenThreads(withStacks(query)).text();
            case "green-threads.json" -> () -> Debug.greenThreads(withStacks(query)).json();
            case "listeners" -> Debug::formatHubListeners;
            case "listeners.json" -> Debug::hubListenersJson;
            case "timers" -> Debug::formatHubTimers;
            case "timers.json" -> Debug::hubTimersJson;
            case "threads" -> Debug::formatThreadsInfo;
            case "threads.json" -> Debug::threadsInfoJson;
            case "blocks" -> Debug::formatHubBlocks;
            case "blocks.json" -> Debug::hubBlocksJson;
            case "dump" -> Debug::dump;
            default -> null;
        };
    }

    private static boolean withStacks(Form query) {
        String stacks = query.get("stacks");
        return stacks != null && !stacks.equals("false");
    }

    private static OverviewQuery overviewQuery(Form query) {
        OverviewQuery usual = OverviewQuery.DEFAULT;
        String rows = query.get("rows");
        String order = query.get("order");
        String filter = query.get("filter");
        return new OverviewQuery(
                rows == null ? usual.rows() : number(rows),
                order == null ? usual.order() : order(order),
                filter == null ? usual.filter() : filter);
    }

    private static int number(String rows) {
        try {
            return Integer.parseInt(rows);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("rows must be a number: '" + rows + "'", e);
        }
    }

    private static OverviewQuery.Order order(String name) {
        try {
            return OverviewQuery.Order.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "order must be waiting, busy or newest: '" + name + "'", e);
        }
    }
}

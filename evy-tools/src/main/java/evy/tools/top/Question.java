package evy.tools.top;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Which green threads to list.
 *
 * @param rows most of them
 * @param order who comes first
 * @param filter only those with this text in their line; empty for all
 */
record Question(int rows, Order order, String filter) {
    /** Who comes first, as {@link evy.debug.OverviewQuery.Order} has it. */
    enum Order {
        WAITING("longest waiting first"),
        BUSY("busiest first"),
        NEWEST("newest first");

        private final String words;

        Order(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** The path of the page that answers it. */
    String path() {
        return "overview.json?rows=%d&order=%s&filter=%s"
                .formatted(
                        rows,
                        order.name().toLowerCase(Locale.ROOT),
                        URLEncoder.encode(filter, StandardCharsets.UTF_8));
    }
}

package evy.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A response as a client sees it.
 *
 * @param statusLine without its end
 * @param lines header lines as sent
 * @param chunks sizes of the chunks, without the last; empty if it came otherwise
 * @param trailers lines behind the last chunk
 */
record Reply(
        String statusLine,
        List<String> lines,
        byte[] body,
        List<Integer> chunks,
        List<String> trailers) {
    int status() {
        return Integer.parseInt(statusLine.split(" ")[1]);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    String header(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.get(0);
    }

    List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (line.substring(0, colon).equalsIgnoreCase(name)) {
                values.add(line.substring(colon + 1).strip());
            }
        }
        return values;
    }

    boolean has(String name) {
        return !all(name).isEmpty();
    }
}

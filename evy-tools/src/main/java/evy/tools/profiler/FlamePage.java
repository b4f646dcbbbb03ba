package evy.tools.profiler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a page with a flame graph: {@code flame.html} with the data put in. Each node is {@code
 * [name, own CPU time, own waiting time, own switches, children]}, the times in microseconds, the
 * name as its place in a list of names.
 */
final class FlamePage {
    private static final String TEMPLATE = "flame.html";
    private static final String PLACE = "/*DATA*/";
    private static final int NANOS_PER_MICRO = 1000;

    private final Appendable out;
    private final Map<String, Integer> names = new LinkedHashMap<>();

    FlamePage(Appendable out) {
        this.out = out;
    }

    void write(Profile profile, CallTree tree, boolean withWaits) throws IOException {
        StringBuilder nodes = new StringBuilder();
        append(tree, nodes);
        String template = template();
        int place = template.indexOf(PLACE);
        out.append(template, 0, place).append("const profile = {\n\"waits\":");
        out.append(Boolean.toString(withWaits));
        out.append(",\n\"summary\":").append(quoted(profile.text(withWaits, true)));
        out.append(",\n\"names\":[");
        String separator = "";
        for (String name : names.keySet()) {
            out.append(separator).append(quoted(name));
            separator = ",";
        }
        out.append("],\n\"root\":").append(nodes).append("};\n");
        out.append(template, place + PLACE.length(), template.length());
    }

    private void append(CallTree node, StringBuilder json) {
        CallTree.Cost own = node.own();
        json.append('[')
                .append(names.computeIfAbsent(node.name(), _ -> names.size()))
                .append(',')
                .append(own.cpuNanos / NANOS_PER_MICRO)
                .append(',')
                .append(own.waitNanos / NANOS_PER_MICRO)
                .append(',')
                .append(own.switches)
                .append(",[");
        String separator = "";
        for (CallTree child : node.children()) {
            json.append(separator);
            append(child, json);
            separator = ",";
        }
        json.append("]]");
    }

    private static String quoted(String text) {
        return '"' + JsonText.escape(text) + '"';
    }

    private static String template() {
        try (InputStream in = FlamePage.class.getResourceAsStream(TEMPLATE)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

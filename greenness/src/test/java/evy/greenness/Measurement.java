package evy.greenness;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was seen of one library in one JVM.
 *
 * @param library its name
 * @param agent whether the agent was there
 * @param hub the kind of hub
 * @param round the best round
 * @param cutMillis how long a call took that a timeout was to end
 * @param cut how it ended: {@value #CUT}, or what came instead
 */
record Measurement(
        String library, boolean agent, String hub, Round round, long cutMillis, String cut) {
    static final String CUT = "cut";

    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\": ?(?:\"([^\"]*)\"|([^,}]+))");

    /** {@return one line of JSON} */
    String toJson() {
        return ("{\"library\": %s, \"agent\": %s, \"hub\": %s, \"totalMillis\": %d, \"gapMillis\":"
                    + " %d, \"machineGapMillis\": %d, \"collectingMillis\": %d, \"stolenMillis\":"
                    + " %d, \"right\": %d, \"error\": %s, \"cutMillis\": %d, \"cut\": %s}")
                .formatted(
                        quoted(library),
                        agent,
                        quoted(hub),
                        round.totalMillis(),
                        round.gapMillis(),
                        round.machineGapMillis(),
                        round.circumstances().collectingMillis(),
                        round.circumstances().stolenMillis(),
                        round.right(),
                        quoted(round.error()),
                        cutMillis,
                        quoted(cut));
    }

    /** {@return the measurement that gave this line of JSON} */
    static Measurement parse(String json) {
        Map<String, String> fields = new HashMap<>();
        for (Matcher m = FIELD.matcher(json); m.find(); ) {
            fields.put(m.group(1), m.group(2) == null ? m.group(3) : m.group(2));
        }
        Circumstances circumstances =
                new Circumstances(
                        Long.parseLong(fields.get("collectingMillis")),
                        Long.parseLong(fields.get("stolenMillis")));
        Round round =
                new Round(
                        Long.parseLong(fields.get("totalMillis")),
                        Long.parseLong(fields.get("gapMillis")),
                        Long.parseLong(fields.get("machineGapMillis")),
                        Integer.parseInt(fields.get("right")),
                        fields.get("error"),
                        circumstances);
        return new Measurement(
                fields.get("library"),
                Boolean.parseBoolean(fields.get("agent")),
                fields.get("hub"),
                round,
                Long.parseLong(fields.get("cutMillis")),
                fields.get("cut"));
    }

    /* Texts of exceptions lose what would need escaping: they are for people to read. */
    private static String quoted(String text) {
        return '"' + text.replaceAll("[\\p{Cntrl}\"\\\\]+", " ") + '"';
    }
}

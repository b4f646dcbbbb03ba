package evy.patcher.spew;

/**
 * A line that is about to run.
 *
 * @param threadId whose it is
 * @param threadName its name; may be empty
 * @param place the line
 * @param values the variables it uses, in words; empty if there are none, or they are not wanted
 * @param lost how many lines before it were left out
 */
record Event(long threadId, String threadName, Place place, String values, int lost) {
    /** Appends the text, and ends each line. */
    void appendTo(StringBuilder text, Sources sources) {
        if (lost > 0) {
            appendLost(text, lost);
        }
        text.append('#').append(threadId).append(' ');
        if (!threadName.isEmpty()) {
            text.append('\'').append(threadName).append("' ");
        }
        text.append(place.type().name()).append(':');
        String source = sources.line(place.type(), place.line());
        if (source != null) {
            text.append(place.line()).append(": ").append(source);
        } else {
            text.append(place.line() > 0 ? String.valueOf(place.line()) : "?")
                    .append(": [unknown], in ")
                    .append(place.method());
        }
        text.append('\n');
        if (!values.isEmpty()) {
            text.append('\t').append(values).append('\n');
        }
    }

    /** Says that lines were left out. */
    static void appendLost(StringBuilder text, int lost) {
        text.append("[").append(lost).append(" lines left out: the output is too slow]\n");
    }
}

package evy.debug;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Writes JSON, a value after the other; commas are put where they belong. */
final class JsonWriter {
    private static final int FIRST_PRINTABLE = 0x20;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Appendable out;
    private boolean first = true;

    JsonWriter(Appendable out) {
        this.out = out;
    }

    JsonWriter open(char bracket) throws IOException {
        comma();
        out.append(bracket);
        first = true;
        return this;
    }

    JsonWriter close(char bracket) throws IOException {
        out.append(bracket);
        first = false;
        return this;
    }

    /** Begins a member of an object; its value comes next. */
    JsonWriter name(String name) throws IOException {
        comma();
        quote(name);
        out.append(':');
        first = true;
        return this;
    }

    JsonWriter value(@Nullable Object value) throws IOException {
        comma();
        switch (value) {
            case null -> out.append("null");
            case Number n -> out.append(n.toString());
            case Boolean b -> out.append(b.toString());
            case Duration d -> out.append(String.valueOf(d.toNanos() / NANOS_PER_MILLI));
            default -> quote(value.toString());
        }
        return this;
    }

    /** A member; durations are in milliseconds. */
    JsonWriter member(String name, @Nullable Object value) throws IOException {
        return name(name).value(value);
    }

    JsonWriter strings(String name, List<?> values) throws IOException {
        name(name).open('[');
        for (Object value : values) {
            value(value.toString());
        }
        return close(']');
    }

    private void comma() throws IOException {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    private void quote(String text) throws IOException {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < FIRST_PRINTABLE || Character.isSurrogate(c)) {
                        out.append("\\u%04x".formatted((int) c)); // halves of pairs may stand alone
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

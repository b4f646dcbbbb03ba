package evy.patcher.spew;

import evy.hubs.Cancellation;
import evy.hubs.Greenlet;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/**
 * Puts a value into words, on one line and never many: of arrays and of the JDK's collections the
 * first elements, of everything else the start of what its {@code toString} says.
 */
final class ValueText {
    private static final int LENGTH = 120;
    private static final int IN_ALL = 500;
    private static final int ELEMENTS = 8;
    private static final int DEPTH = 2;

    private ValueText() {}

    static String of(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        append(value, 0, text);
        if (text.length() > IN_ALL) {
            text.setLength(IN_ALL);
            text.append("...");
        }
        return text.toString();
    }

    private static void append(@Nullable Object value, int depth, StringBuilder text) {
        switch (value) {
            case null -> text.append("null");
            case String s -> quote(s, '"', text);
            case Character c -> quote(c.toString(), '\'', text);
            case Object o when o.getClass().isArray() -> appendArray(o, depth, text);
            case Collection<?> c when isOfJdk(c) && depth < DEPTH ->
                    appendElements(c.iterator(), c.size(), depth, text);
            case Map<?, ?> m when isOfJdk(m) && depth < DEPTH ->
                    appendElements(m.entrySet().iterator(), m.size(), depth, text);
            case Map.Entry<?, ?> e when isOfJdk(e) -> {
                append(e.getKey(), depth, text);
                text.append('=');
                append(e.getValue(), depth, text);
            }
            case Collection<?> c when isOfJdk(c) ->
                    text.append('[').append(c.size()).append("...]");
            case Map<?, ?> m when isOfJdk(m) -> text.append('[').append(m.size()).append("...]");
            default -> escape(wordsOf(value), text);
        }
    }

    private static boolean isOfJdk(Object value) {
        return value.getClass().getName().startsWith("java.util.");
    }

    private static void appendArray(Object array, int depth, StringBuilder text) {
        int length = Array.getLength(array);
        text.append('[');
        for (int i = 0; i < Math.min(length, ELEMENTS); i++) {
            text.append(i == 0 ? "" : ", ");
            if (depth < DEPTH) {
                append(Array.get(array, i), depth + 1, text);
            } else {
                text.append("...");
            }
        }
        end(length, text);
    }

    private static void appendElements(
            Iterator<?> elements, int size, int depth, StringBuilder text) {
        text.append('[');
        for (int i = 0; i < ELEMENTS && elements.hasNext(); i++) {
            text.append(i == 0 ? "" : ", ");
            append(elements.next(), depth + 1, text);
        }
        end(size, text);
    }

    private static void end(int size, StringBuilder text) {
        text.append(size > ELEMENTS ? ", ... " + size + " in all]" : "]");
    }

    /* Nothing patched waits in there, so that as a rule no other green thread runs meanwhile. */
    private static String wordsOf(Object value) {
        try {
            return Green.original(() -> String.valueOf(value.toString()));
        } catch (Throwable t) {
            if (t instanceof Cancellation c) {
                Greenlet.current().raise(c); // meant for the program, not for us
            }
            return value.getClass().getName()
                    + " (its toString failed: "
                    + t.getClass().getName()
                    + ")";
        }
    }

    private static void quote(String string, char mark, StringBuilder text) {
        text.append(mark);
        escape(string, text);
        text.append(mark);
    }

    private static void escape(String string, StringBuilder text) {
        for (int i = 0; i < Math.min(string.length(), LENGTH); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(Character.isISOControl(c) ? '?' : c);
            }
        }
        if (string.length() > LENGTH) {
            text.append("... ").append(string.length()).append(" in all");
        }
    }
}

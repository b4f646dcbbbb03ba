package evy.tools.top;

import java.util.ArrayList;
import java.util.List;

/** A line of the screen: pieces of text, each in a style. */
final class Line {
    /** How a piece looks, as the terminal's command for it. */
    enum Style {
        PLAIN(""),
        BOLD("\033[1m"),
        DIM("\033[2m"),
        TITLE("\033[7m"),
        WARNING("\033[33m"),
        ALARM("\033[1;31m");

        private final String command;

        Style(String command) {
            this.command = command;
        }
    }

    private static final String RESET = "\033[0m";

    private final List<Style> styles = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    Line() {}

    static Line of(Style style, String text) {
        return new Line().add(style, text);
    }

    static Line of(String text) {
        return of(Style.PLAIN, text);
    }

    Line add(String text) {
        return add(Style.PLAIN, text);
    }

    Line add(Style style, String text) {
        styles.add(style);
        texts.add(Text.clean(text));
        return this;
    }

    /** Without styles, and without blanks at its end. */
    String plain() {
        return String.join("", texts).stripTrailing();
    }

    /**
     * As a terminal takes it.
     *
     * @param width most characters
     * @param colours false for bold and the like only
     */
    String rendered(int width, boolean colours) {
        var out = new StringBuilder();
        var left = width;
        for (var i = 0; i < texts.size() && left > 0; i++) {
            var piece = cut(texts.get(i), left);
            left -= piece.codePointCount(0, piece.length());
            var style = colours ? styles.get(i) : Style.PLAIN;
            out.append(style.command).append(piece);
            if (style != Style.PLAIN) {
                out.append(RESET);
            }
        }
        return out.toString();
    }

    private static String cut(String text, int width) {
        var length = text.codePointCount(0, text.length());
        return length <= width ? text : text.substring(0, text.offsetByCodePoints(0, width));
    }
}

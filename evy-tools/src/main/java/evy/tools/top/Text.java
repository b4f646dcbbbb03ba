package evy.tools.top;

/** Texts of others for a terminal. */
final class Text {
    private Text() {}

    /** Without what a terminal takes for a command: names may hold anything. */
    static String clean(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints().map(c -> isHarmless(c) ? c : '?').forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE ->
                    false;
            default -> true;
        };
    }

    /** Such as 7, 9.9k, 12M: at most four characters up to a billion. */
    static String count(double number) {
        if (number < 1_000) {
            return String.valueOf(Math.round(number));
        }
        if (number < 999_500) {
            return scaled(number / 1_000, "k");
        }
        return number < 999_500_000 ? scaled(number / 1e6, "M") : scaled(number / 1e9, "G");
    }

    private static String scaled(double number, String unit) {
        return number < 9.95 ? Math.round(number * 10) / 10.0 + unit : Math.round(number) + unit;
    }

    /** Such as 0.4 ms, 12 ms, 3.2 s, 5m07s, 2h05m, 3d04h. */
    static String millis(double millis) {
        if (millis < 9.95) {
            return Math.round(millis * 10) / 10.0 + " ms";
        }
        if (millis < 999.5) {
            return Math.round(millis) + " ms";
        }
        if (millis < 99_950) {
            return Math.round(millis / 100) / 10.0 + " s";
        }
        var seconds = Math.round(millis / 1_000);
        if (seconds < 3_600) {
            return "%dm%02ds".formatted(seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return "%dh%02dm".formatted(seconds / 3_600, seconds / 60 % 60);
        }
        return "%dd%02dh".formatted(seconds / 86_400, seconds / 3_600 % 24);
    }

    /** Such as 37%. */
    static String percent(double part) {
        return Math.round(part * 100) + "%";
    }
}

package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One element of {@code Sec-WebSocket-Extensions}: a name and its parameters, lower-cased.
 *
 * @param parameters values by name; an empty value stands for none
 * @source RFC 6455 section 9.1
 */
record Extension(String name, Map<String, String> parameters) {
    /**
     * Reads the elements of a field.
     *
     * @return those that are well formed, in their order
     */
    static List<Extension> parse(@Nullable String field) {
        List<Extension> all = new ArrayList<>();
        if (field != null) {
            for (String element : field.split(",", -1)) {
                Extension extension = parseOne(element);
                if (extension != null) {
                    all.add(extension);
                }
            }
        }
        return all;
    }

    private static @Nullable Extension parseOne(String element) {
        String[] parts = element.toLowerCase(Locale.ROOT).split(";", -1);
        String name = parts[0].strip();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String key = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).strip();
            String value = equals < 0 ? "" : unquoted(parts[i].substring(equals + 1).strip());
            if (key.isEmpty() || parameters.put(key, value) != null) {
                return null; // a parameter twice: RFC 7692 section 7.1
            }
        }
        return name.isEmpty() ? null : new Extension(name, parameters);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        parameters.forEach(
                (key, value) -> {
                    text.append("; ").append(key);
                    if (!value.isEmpty()) {
                        text.append('=').append(value);
                    }
                });
        return text.toString();
    }
}

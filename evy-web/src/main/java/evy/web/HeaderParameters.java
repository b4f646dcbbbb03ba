package evy.web;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The parameters of a header field's value: {@code form-data; name="a b"; filename=c}.
 *
 * @source RFC 9110 section 5.6.6; the quoting of browsers from RFC 7578 section 4.2 and HTML
 */
final class HeaderParameters {
    private final String field;
    private int at;

    private HeaderParameters(String field, int at) {
        this.field = field;
        this.at = at;
    }

    /** What stands before the first semicolon, in lower case. */
    static String mainValue(String field) {
        int semicolon = field.indexOf(';');
        return (semicolon < 0 ? field : field.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** The parameters by name in lower case; of two with one name the first counts. */
    static Map<String, String> of(String field) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int semicolon = field.indexOf(';');
        if (semicolon >= 0) {
            new HeaderParameters(field, semicolon + 1).readInto(parameters);
        }
        return parameters;
    }

    private void readInto(Map<String, String> parameters) {
        while (at < field.length()) {
            int equals = field.indexOf('=', at);
            if (equals < 0) {
                return;
            }
            String name = field.substring(at, equals).strip().toLowerCase(Locale.ROOT);
            at = equals + 1;
            String value = at < field.length() && field.charAt(at) == '"' ? quoted() : plain();
            parameters.putIfAbsent(name, value);
        }
    }

    private String plain() {
        int semicolon = field.indexOf(';', at);
        int end = semicolon < 0 ? field.length() : semicolon;
        String value = field.substring(at, end).strip();
        at = end + 1;
        return value;
    }

    /* Browsers write a quote as %22 and a backslash as it is; others escape by backslashes. */
    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < field.length() && field.charAt(at) != '"') {
            boolean escaped =
                    field.charAt(at) == '\\'
                            && at + 1 < field.length()
                            && "\"\\".indexOf(field.charAt(at + 1)) >= 0;
            at += escaped ? 1 : 0;
            value.append(field.charAt(at++));
        }
        int semicolon = field.indexOf(';', at);
        at = semicolon < 0 ? field.length() : semicolon + 1;
        return value.toString();
    }
}

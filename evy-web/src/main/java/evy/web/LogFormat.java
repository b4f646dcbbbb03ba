package evy.web;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of a line of the access log. */
final class LogFormat {
    static final String DEFAULT =
            "{client_ip} - - [{date_time}] \"{request_line}\" {status_code} {body_length}"
                    + " {wall_seconds}";

    private static final Pattern NAME = Pattern.compile("\\{(\\w*)}");

    private final List<Part> parts;

    private LogFormat(List<Part> parts) {
        this.parts = parts;
    }

    /** A piece of text, or something about the request. */
    private interface Part {
        void append(StringBuilder line, AccessRecord about);
    }

    static LogFormat of(String format) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = NAME.matcher(format);
        int end = 0;
        while (matcher.find()) {
            parts.add(literal(format.substring(end, matcher.start())));
            parts.add(named(matcher.group(1)));
            end = matcher.end();
        }
        parts.add(literal(format.substring(end)));
        return new LogFormat(parts);
    }

    private static Part literal(String text) {
        return (line, about) -> line.append(text);
    }

    private static Part named(String name) {
        return switch (name) {
            case "client_ip" -> (line, about) -> line.append(about.clientIp());
            case "client_port" -> (line, about) -> line.append(about.clientPort());
            case "date_time" -> (line, about) -> line.append(about.dateTime());
            case "request_line" -> (line, about) -> line.append(about.requestLine());
            case "status_code" -> (line, about) -> line.append(about.status());
            case "body_length" -> (line, about) -> line.append(about.bodyBytes());
            case "wall_seconds" -> (line, about) -> line.append(about.wallSeconds());
            default -> throw new IllegalArgumentException("log format: nothing is called " + name);
        };
    }

    String line(AccessRecord about) {
        StringBuilder line = new StringBuilder(128);
        for (Part part : parts) {
            part.append(line, about);
        }
        return line.toString();
    }
}

package evy.web;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A path with places in it: {@code /users/{id}} or {@code /files/{path...}}.
 *
 * <p>Between two slashes stands either plain text or one place in braces, which takes what is there
 * whole, but not nothing. A place that ends in three dots comes last and takes all the rest,
 * slashes included, also nothing. Paths are compared decoded, segment by segment, so {@code %2F}
 * within a segment never counts as a slash.
 *
 * <p>Of two templates that match a path the more particular one is the one that has plain text
 * where they first differ; {@link #compareTo} puts it first.
 */
final class PathTemplate implements Comparable<PathTemplate> {
    private static final Comparator<Segment> MORE_PARTICULAR_FIRST =
            Comparator.comparing(Segment::kind).thenComparing(Segment::text);

    private final String template;
    private final List<Segment> segments;

    private PathTemplate(String template, List<Segment> segments) {
        this.template = template;
        this.segments = List.copyOf(segments);
    }

    /**
     * Reads a template.
     *
     * @param template begins with a slash
     * @return the template
     * @throws IllegalArgumentException if it is none; the message names it and says why
     */
    static PathTemplate of(String template) {
        if (!template.startsWith("/")) {
            throw refuse(template, "must begin with '/'");
        }
        List<Segment> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : template.substring(1).split("/", -1)) {
            if (!segments.isEmpty() && segments.getLast().kind == Kind.REST) {
                throw refuse(template, "nothing can follow {" + segments.getLast().text + "...}");
            }
            Segment segment = Segment.of(template, part);
            if (segment.kind != Kind.TEXT && !names.add(segment.text)) {
                throw refuse(template, "has two places named '" + segment.text + "'");
            }
            segments.add(segment);
        }
        return new PathTemplate(template, segments);
    }

    private static IllegalArgumentException refuse(String template, String why) {
        return new IllegalArgumentException("path template '" + template + "' " + why);
    }

    /**
     * Compares a path with the template.
     *
     * @param path its segments, decoded, as {@code /a/b} has {@code a} and {@code b}
     * @return what stands in the places, by name in their order; null if the path does not match
     */
    @Nullable Map<String, String> match(List<String> path) {
        boolean open = !segments.isEmpty() && segments.getLast().kind == Kind.REST;
        int fixed = open ? segments.size() - 1 : segments.size();
        if (open ? path.size() < fixed : path.size() != fixed) {
            return null;
        }
        for (int i = 0; i < fixed; i++) {
            Segment segment = segments.get(i);
            String given = path.get(i);
            if (segment.kind == Kind.TEXT ? !segment.text.equals(given) : given.isEmpty()) {
                return null;
            }
        }
        return values(path, fixed);
    }

    private Map<String, String> values(List<String> path, int fixed) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.kind == Kind.ONE) {
                values.put(segment.text, path.get(i));
            } else if (segment.kind == Kind.REST) {
                values.put(segment.text, String.join("/", path.subList(fixed, path.size())));
            }
        }
        return values;
    }

    /** Asks whether the two match the same paths, whatever their places are called. */
    boolean matchesTheSame(PathTemplate other) {
        return unnamed().equals(other.unnamed());
    }

    private List<Segment> unnamed() {
        return segments.stream()
                .map(s -> s.kind == Kind.TEXT ? s : new Segment(s.kind, ""))
                .toList();
    }

    @Override
    public int compareTo(PathTemplate other) {
        int shorter = Math.min(segments.size(), other.segments.size());
        for (int i = 0; i < shorter; i++) {
            int order = MORE_PARTICULAR_FIRST.compare(segments.get(i), other.segments.get(i));
            if (order != 0) {
                return order;
            }
        }
        int excess = segments.size() - other.segments.size();
        List<Segment> longer = excess > 0 ? segments : other.segments;
        boolean restOnly = excess != 0 && longer.get(shorter).kind == Kind.REST;
        return restOnly ? excess : -excess; // no rest is the more particular
    }

    /** Asks whether there is no place in it, so that it matches one path only. */
    boolean isPlain() {
        return segments.stream().allMatch(s -> s.kind == Kind.TEXT);
    }

    @Override
    public String toString() {
        return template;
    }

    /** What can stand between two slashes, the most particular first. */
    private enum Kind {
        TEXT,
        ONE,
        REST
    }

    /** One segment: plain text, or the name of a place. */
    private record Segment(Kind kind, String text) {
        static Segment of(String template, String part) {
            int open = part.indexOf('{');
            if (open < 0 && part.indexOf('}') < 0) {
                return new Segment(Kind.TEXT, part);
            }
            if (open != 0 || part.indexOf('}') != part.length() - 1) {
                throw refuse(
                        template, "mixes text and braces in '" + part + "'; a place stands alone");
            }
            boolean rest = part.endsWith("...}");
            String name = part.substring(1, part.length() - (rest ? 4 : 1));
            if (name.isEmpty() || !name.chars().allMatch(Segment::isNamePart)) {
                throw refuse(
                        template,
                        "has a place named '" + name + "'; use letters, digits, '_', '-'");
            }
            return new Segment(rest ? Kind.REST : Kind.ONE, name);
        }

        private static boolean isNamePart(int c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '-';
        }
    }
}

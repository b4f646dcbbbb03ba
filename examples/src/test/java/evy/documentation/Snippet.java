package evy.documentation;

import evy.documentation.Document.Fence;
import evy.documentation.Document.Section;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of Java in a document, with the hidden sections that belong to it.
 *
 * @param document where it stands
 * @param fence what readers see
 * @param shared imports and members that the document gives to all of its snippets but programs
 * @param own its own hidden sections
 * @param output what it prints, if the document says so
 */
record Snippet(
        Document document,
        Fence fence,
        List<Section> shared,
        List<Section> own,
        List<String> output) {
    private static final List<String> BEFORE =
            List.of("members", "before", "meanwhile", "replace", "examples", "jvm", "compile only");

    /** Where it stands, as {@code docs/guide/pools.md:12}. */
    String place() {
        return document.at(fence.line());
    }

    /** A name for its class. */
    String className() {
        var base = document.name().replaceFirst("\\.(md|java)$", "").replaceAll("\\W", "_");
        return base + "_" + fence.line();
    }

    List<Section> sections(String keyword) {
        return own.stream().filter(section -> section.keyword().equals(keyword)).toList();
    }

    boolean isOnlyCompiled() {
        return !sections("compile only").isEmpty();
    }

    /** True if it uses what stands beside the examples, such as {@code Arguments}. */
    boolean usesExamples() {
        return !sections("examples").isEmpty();
    }

    boolean hasPeer() {
        return !sections("meanwhile").isEmpty();
    }

    /**
     * Finds all snippets of a document.
     *
     * @throws IllegalArgumentException if a section is unknown or belongs to nothing
     */
    static List<Snippet> in(Document document) {
        return in(document, List.of());
    }

    /** Finds all snippets of a document, which share some sections from the start. */
    static List<Snippet> in(Document document, List<Section> given) {
        var snippets = new ArrayList<Snippet>();
        var shared = new ArrayList<>(given);
        var waiting = new ArrayList<Section>();
        Section announced = null; // an output whose text is the next fence
        Snippet last = null; // as long as only sections followed it
        for (var part : document.parts()) {
            if (announced != null) {
                if (!(part instanceof Fence shown) || !shown.language().equals("text")) {
                    throw misplaced(document, announced, "a ```text fence has to follow");
                }
                last.output().addAll(shown.text());
                announced = null;
                last = null;
                continue;
            }
            switch (part) {
                case Section section when section.keyword().equals("shared") -> shared.add(section);
                case Section section when BEFORE.contains(section.keyword()) -> {
                    if (section.keyword().equals("compile only") && section.argument().isEmpty()) {
                        throw misplaced(document, section, "say why");
                    }
                    waiting.add(section);
                    last = null;
                }
                case Section section when section.keyword().equals("after") -> {
                    requireSnippet(document, section, last);
                    last.own().add(section);
                }
                case Section section when section.keyword().equals("output") -> {
                    requireSnippet(document, section, last);
                    last.output().addAll(section.text());
                    announced = section.text().isEmpty() ? section : null;
                }
                case Section section -> throw misplaced(document, section, "there is no such word");
                case Fence fence when fence.language().equals("java") -> {
                    last =
                            new Snippet(
                                    document,
                                    fence,
                                    List.copyOf(shared),
                                    new ArrayList<>(waiting),
                                    new ArrayList<>());
                    snippets.add(last);
                    waiting.clear();
                }
                default -> {
                    requireNone(document, waiting);
                    last = null;
                }
            }
        }
        requireNone(document, waiting);
        return snippets;
    }

    private static void requireSnippet(Document document, Section section, Snippet last) {
        if (last == null) {
            throw misplaced(document, section, "a ```java fence has to stand right before it");
        }
    }

    private static void requireNone(Document document, List<Section> waiting) {
        if (!waiting.isEmpty()) {
            throw misplaced(
                    document, waiting.getFirst(), "a ```java fence has to stand right after it");
        }
    }

    private static IllegalArgumentException misplaced(
            Document document, Section section, String what) {
        return new IllegalArgumentException(
                "%s: section 'code: %s': %s"
                        .formatted(document.at(section.line()), section.keyword(), what));
    }
}

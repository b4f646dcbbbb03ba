package evy.patcher;

import evy.debug.SpewOptions;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The agent's argument: groups to patch as {@link Group#parse} understands them, and between them
 * what to trace from the start.
 *
 * <p>{@code spew} traces all code of the program; {@code spew=com.acme+com.lib.Client} some of it;
 * with {@code +values} at the end also values. {@code spewTo=FILE} prints to a file, {@code
 * spewSources=PATH} names folders and jars with sources.
 *
 * @param groups to patch
 * @param spew what to trace; null for nothing
 */
record AgentOptions(Set<Group> groups, @Nullable SpewOptions spew) {
    private static final String SPEW = "spew";
    private static final String FILE = "spewTo=";
    private static final String SOURCES = "spewSources=";
    private static final String VALUES = "values";

    /**
     * Reads the argument.
     *
     * @throws IllegalArgumentException if an entry is not understood; the message names it
     */
    static AgentOptions parse(String text) {
        List<String> groups = new ArrayList<>();
        SpewOptions spew = null;
        Path file = null;
        List<Path> sources = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            if (entry.equals(SPEW) || entry.startsWith(SPEW + "=")) {
                spew = spew(entry.substring(Math.min(entry.length(), SPEW.length() + 1)));
            } else if (entry.startsWith(FILE)) {
                file = Path.of(entry.substring(FILE.length()));
            } else if (entry.startsWith(SOURCES)) {
                for (String path :
                        entry.substring(SOURCES.length()).split(File.pathSeparator, -1)) {
                    sources.add(Path.of(path));
                }
            } else {
                groups.add(entry);
            }
        }
        if (spew == null && (file != null || !sources.isEmpty())) {
            throw new IllegalArgumentException("spewTo and spewSources need spew beside them");
        }
        if (spew != null) {
            spew = spew.withSources(sources.toArray(Path[]::new));
            spew = file == null ? spew : spew.to(file);
        }
        return new AgentOptions(Group.parse(String.join(",", groups)), spew);
    }

    private static SpewOptions spew(String text) {
        List<String> names = new ArrayList<>(List.of(text.split("\\+", -1)));
        boolean values = names.size() > 1 && names.getLast().equals(VALUES);
        if (values) {
            names.removeLast();
        }
        if (names.equals(List.of(""))) {
            names.clear();
        }
        SpewOptions options = SpewOptions.of(names.toArray(String[]::new));
        return values ? options.withValues() : options;
    }
}

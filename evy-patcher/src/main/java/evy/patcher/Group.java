package evy.patcher;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be patched together, and chosen by name. */
public enum Group {
    /** Files, pipes, terminals. */
    OS,
    /** {@code java.nio.channels.Selector}. */
    SELECT,
    /** Sockets, server sockets, datagrams, NIO pipes; so TLS over them, too. */
    SOCKET,
    /** Threads, executors and timers that patched code makes. */
    THREAD,
    /** {@code Thread.sleep} and everything else that waits for a time. */
    TIME,
    /** Names of hosts. */
    DNS,
    /** Child processes. */
    PROCESS,
    /** Database drivers that block in native code; on explicit request only. */
    DB;

    private static final String ALL = "all";

    /** {@return all but what is patched on explicit request only} */
    public static Set<Group> usual() {
        return EnumSet.complementOf(EnumSet.of(DB));
    }

    /**
     * Chooses groups by a text such as {@code socket,time} or {@code thread=false}.
     *
     * <p>Entries are separated by commas; one is a group's name, or its name and {@code =true} or
     * {@code =false}; {@code all} stands for the usual ones. Without {@code all} a group that is on
     * switches off those that are not named; groups that are off only leave the rest on. A group
     * that is named has its own value, whatever {@code all} says.
     *
     * @param text the choice; nothing for the usual groups
     * @return the groups chosen
     * @throws IllegalArgumentException if an entry is not understood; the message names it and the
     *     valid ones
     */
    public static Set<Group> parse(String text) {
        Map<String, Boolean> flags = new LinkedHashMap<>();
        for (String entry : text.strip().split("\\s*,\\s*", -1)) {
            if (!entry.isEmpty()) {
                int at = entry.indexOf('=');
                String name = at < 0 ? entry : entry.substring(0, at).strip();
                flags.put(name, at < 0 || truth(entry, entry.substring(at + 1).strip()));
            }
        }
        return choose(flags);
    }

    private static boolean truth(String entry, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "'" + entry + "': the value must be true or false");
        };
    }

    /**
     * Chooses groups by flags, as {@link #parse} does.
     *
     * @param flags names of groups, or {@code all}, in lower case, and whether they are on
     * @return the groups chosen
     * @throws IllegalArgumentException if a name is unknown; the message has it and the valid ones
     */
    public static Set<Group> choose(Map<String, Boolean> flags) {
        boolean rest = flags.getOrDefault(ALL, !flags.containsValue(true));
        Set<Group> chosen = rest ? usual() : EnumSet.noneOf(Group.class);
        flags.forEach(
                (name, on) -> {
                    if (name.equals(ALL)) {
                        return;
                    }
                    Group group = of(name);
                    if (on) {
                        chosen.add(group);
                    } else {
                        chosen.remove(group);
                    }
                });
        return chosen;
    }

    /**
     * Finds a group by its name.
     *
     * @param name in lower case, as {@code socket}
     * @return the group
     * @throws IllegalArgumentException if there is none; the message has the name and the valid
     *     ones
     */
    public static Group of(String name) {
        for (Group group : values()) {
            if (group.toString().equals(name)) {
                return group;
            }
        }
        throw new IllegalArgumentException(
                "unknown group to patch: '"
                        + name
                        + "'; there are "
                        + Arrays.stream(values())
                                .map(Group::toString)
                                .collect(Collectors.joining(", "))
                        + ", and all");
    }

    /** {@return the name in lower case, as it is written in choices} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

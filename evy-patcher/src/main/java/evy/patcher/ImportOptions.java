package evy.patcher;

import evy.patcher.rewrite.Replacement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is made green in an imported library, and which classes belong to it. Immutable; the usual
 * groups and everything in the library's jar, unless said otherwise.
 *
 * {@snippet :
 * var client = Patcher.importPatched("com.lib.Client",
 *         ImportOptions.usual().only(Group.SOCKET, Group.TIME).inject(Clock.class, TestClock.class));
 * }
 */
public final class ImportOptions {
    private static final ImportOptions USUAL =
            new ImportOptions(Group.usual(), List.of(), List.of(), null);

    private final Set<Group> groups;
    private final List<Replacement> injected;
    private final List<String> packages;
    private final @Nullable ClassLoader parent;

    private ImportOptions(
            Set<Group> groups,
            List<Replacement> injected,
            List<String> packages,
            @Nullable ClassLoader parent) {
        this.groups = groups;
        this.injected = injected;
        this.packages = packages;
        this.parent = parent;
    }

    /** {@return the usual groups, and nothing besides} */
    public static ImportOptions usual() {
        return USUAL;
    }

    /**
     * Restricts what is made green.
     *
     * @param chosen the groups; none of them leaves the library as it is, but for what is injected
     * @return new options
     */
    public ImportOptions only(Group... chosen) {
        Set<Group> set = EnumSet.noneOf(Group.class);
        set.addAll(List.of(chosen));
        return new ImportOptions(set, injected, packages, parent);
    }

    /**
     * Has the library use a class of yours in place of another, of the JDK or any other library, in
     * addition to the groups, and before them.
     *
     * <p>If the substitute extends the original, {@code new} makes the substitute, and classes that
     * extend the original extend the substitute. Public static methods of the substitute take the
     * place of the original's static methods of the same name and parameters; of its instance
     * methods, if the first parameter is the original; of {@code new}, if they are named {@code
     * construct}; and of reading a static field, if they have its name and no parameters. Types in
     * signatures stay what they are.
     *
     * @param original the class that the library was compiled against
     * @param substitute the class that it uses; public, in an exported package
     * @return new options
     */
    public ImportOptions inject(Class<?> original, Class<?> substitute) {
        List<Replacement> more = new ArrayList<>(injected);
        more.add(new Replacement(original, substitute));
        return new ImportOptions(groups, List.copyOf(more), packages, parent);
    }

    /**
     * Restricts what belongs to the library to some packages and those below them; all else is
     * shared with the program.
     *
     * @param names as {@code com.lib}; none of them means all
     * @return new options
     */
    public ImportOptions packages(String... names) {
        return new ImportOptions(groups, injected, List.of(names), parent);
    }

    /**
     * Chooses where classes come from that do not belong to the library.
     *
     * @param loader by default that of the class that is imported, else the system's
     * @return new options
     */
    public ImportOptions parent(ClassLoader loader) {
        return new ImportOptions(groups, injected, packages, loader);
    }

    /** All replacements; of two for the same place the later one counts. */
    Collection<Replacement> replacements() {
        List<Replacement> all = new ArrayList<>(Catalogue.lateBinding());
        all.addAll(Catalogue.of(groups));
        all.addAll(injected);
        return all;
    }

    @Nullable ClassLoader parent() {
        return parent;
    }

    /** Whether a class of the library's jars belongs to it. */
    boolean covers(String className) {
        return packages.isEmpty()
                || packages.stream().anyMatch(name -> className.startsWith(name + "."));
    }
}

package evy.tpool;

import java.util.Set;

/**
 * Which results of a {@link Proxy}'s methods are wrapped in turn. What holds for a proxy holds for
 * those that it returns.
 *
 * @param types results that are instances of one of these come wrapped
 * @param methods results of methods of these names come wrapped, if they have an interface
 */
public record ProxyOptions(Set<Class<?>> types, Set<String> methods) {
    /** Wraps iterators only. */
    public static final ProxyOptions DEFAULT = new ProxyOptions(Set.of(), Set.of());

    /** Checks and copies. */
    public ProxyOptions {
        types = Set.copyOf(types);
        methods = Set.copyOf(methods);
    }

    /**
     * Options with other types.
     *
     * @param wrapped results that are instances of one of these come wrapped
     * @return other options
     */
    public ProxyOptions withTypes(Class<?>... wrapped) {
        return new ProxyOptions(Set.of(wrapped), methods);
    }

    /**
     * Options with other method names.
     *
     * @param names results of methods of these names come wrapped
     * @return other options
     */
    public ProxyOptions withMethods(String... names) {
        return new ProxyOptions(types, Set.of(names));
    }
}

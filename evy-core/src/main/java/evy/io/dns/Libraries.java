package evy.io.dns;

/** Finds what is optional. */
final class Libraries {
    private static final String DNSJAVA = "org.xbill.DNS.lookup.LookupSession";

    private Libraries() {}

    static Resolver dnsjava() {
        requireDnsjava();
        return new DnsjavaResolver(DnsjavaOptions.SYSTEM);
    }

    /**
     * Sees to it that dnsjava can be used, wherever it is.
     *
     * @throws IllegalStateException if it is not there
     */
    static void requireDnsjava() {
        Class<?> found;
        try {
            found = Class.forName(DNSJAVA, false, Libraries.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "the resolver 'dnsjava' needs the library dnsjava:dnsjava (3.6 or later), which"
                            + " is not there; add it to the class path, or to the module path with"
                            + " --add-modules org.dnsjava",
                    e);
        }
        // a module of ours may find the library on the class path, which no module can require
        Libraries.class.getModule().addReads(found.getModule());
    }
}

package evy.patcher;

/** Imports the library that tests play with. */
final class Library {
    private static final String PACKAGE = "evy.patcher.library";

    private Library() {}

    /** Options that cover the library and nothing else of the tests' classes. */
    static ImportOptions options() {
        return ImportOptions.usual().packages(PACKAGE);
    }

    /** A green copy of a class. */
    static Class<?> load(Class<?> type) throws ClassNotFoundException {
        return load(type, options());
    }

    static Class<?> load(Class<?> type, ImportOptions options) throws ClassNotFoundException {
        return PatchedLoader.load(type.getName(), options);
    }
}

/**
 * What it takes to test code that runs on green threads, and to say which promise a test shows.
 *
 * <p>JUnit is needed only by the parts that plug into it.
 */
@org.jspecify.annotations.NullMarked
module evy.testkit {
    requires transitive evy.core;
    requires static java.management;
    requires static transitive org.jspecify;
    requires static transitive org.junit.jupiter.api;
    requires static transitive org.junit.platform.launcher;

    exports evy.testkit;
    exports evy.testkit.contract;
    exports evy.testkit.spec;
}

package evy.testkit.contract;

/** Where those threads live that a test, itself a green thread, has to do with. */
public enum Origin {
    /** Green threads of the test's own hub: in exact order, one at a time. */
    OWN_HUB,

    /** Green threads of another hub. */
    OTHER_HUB,

    /** Platform threads. */
    PLATFORM_THREAD
}

package evy.hubs;

/** What a green thread does, as listings show it. */
public enum GreenThreadState {
    /** It is to start later. */
    DELAYED,
    /** It can run and waits for its turn. */
    READY,
    /** It runs. */
    RUNNING,
    /** It waits, in a call of Evy's or in one of the JDK's. */
    WAITING,
    /** It waits to enter a {@code synchronized} block. */
    BLOCKED
}

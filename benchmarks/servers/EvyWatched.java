import evy.debug.Debug;

/** {@link EvyServer} with the watchdog on, as in production. */
final class EvyWatched {
    public static void main(String... args) throws Exception {
        Debug.hubBlockingDetection(true);
        EvyServer.main(args);
    }
}

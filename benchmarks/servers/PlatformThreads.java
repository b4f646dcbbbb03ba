/** A platform thread for each connection; meant for a few dozen of them. */
final class PlatformThreads extends JdkServer {
    public static void main(String... args) throws Exception {
        new PlatformThreads().run(args);
    }

    @Override
    void start(Runnable body) {
        Thread.ofPlatform().daemon().start(body);
    }
}

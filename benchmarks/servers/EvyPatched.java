import evy.Evy;

/** A green thread for each connection, all on one hub, on the JDK's sockets: needs the agent. */
final class EvyPatched extends JdkServer {
    public static void main(String... args) throws Exception {
        Evy.run(() -> new EvyPatched().run(args));
    }

    @Override
    void start(Runnable body) {
        Evy.spawnN(body::run);
    }
}

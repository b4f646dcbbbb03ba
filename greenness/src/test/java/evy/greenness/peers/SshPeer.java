package evy.greenness.peers;

import evy.greenness.Question;

import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An SSH server that runs the question as if it were a command. */
final class SshPeer implements Peer {
    private SshServer server;

    @Override
    public int start() throws IOException {
        SimpleGeneratorHostKeyProvider key = new SimpleGeneratorHostKeyProvider();
        key.setAlgorithm("EC");
        key.setKeySize(256);
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(key);
        server.setPasswordAuthenticator((user, password, session) -> true);
        server.setCommandFactory((channel, text) -> new Slow(text));
        server.start();
        return server.getPort();
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }

    /** The command. */
    private static final class Slow extends AbstractCommandSupport {
        Slow(String text) {
            super(text, null);
        }

        @Override
        public void run() {
            try {
                Question question = Question.parse(getCommand());
                Thread.sleep(question.millis());
                getOutputStream().write(question.answer().getBytes(StandardCharsets.US_ASCII));
                getOutputStream().flush();
                onExit(0);
            } catch (IOException e) {
                onExit(1, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;

import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Apache MINA SSHD: callers run commands over one session. */
public final class SshdRow implements Row {
    private static final Duration LONG = Duration.ofSeconds(20);

    private ClientSession session;

    @Override
    public String library() {
        return "Apache MINA SSHD";
    }

    @Override
    public Class<?> client() {
        return SshClient.class;
    }

    @Override
    public String peer() {
        return "ssh";
    }

    @Override
    public String why() {
        return "asynchronous channels with threads of their own; the caller waits on "
                + "conditions";
    }

    @Override
    public void start(InetSocketAddress peer) throws IOException {
        SshClient client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.start();
        session = client.connect("evy", peer).verify(LONG).getSession();
        session.addPasswordIdentity("evy");
        session.auth().verify(LONG);
    }

    @Override
    public String call(Question question) throws IOException {
        try (ChannelExec channel = session.createExecChannel(question.text())) {
            channel.open().verify(LONG);
            byte[] output = channel.getInvertedOut().readAllBytes();
            return new String(output, StandardCharsets.US_ASCII);
        }
    }
}

package evy.greenness.rows;

import evy.greenness.PerCaller;
import evy.greenness.Question;

import org.apache.commons.net.ftp.FTPClient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Apache Commons Net, retrieving files by FTP in passive mode. */
public final class FtpRow extends PerCaller<FTPClient> {
    @Override
    public String library() {
        return "Apache Commons Net FTP";
    }

    @Override
    public Class<?> client() {
        return FTPClient.class;
    }

    @Override
    public String peer() {
        return "ftp";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket`, one for control and one for data";
    }

    @Override
    protected FTPClient open(InetSocketAddress peer) throws IOException {
        FTPClient client = new FTPClient();
        client.connect(peer.getHostString(), peer.getPort());
        client.login("anonymous", "evy@example.org");
        client.enterLocalPassiveMode();
        return client;
    }

    @Override
    protected String call(FTPClient client, Question question) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        if (!client.retrieveFile(question.text(), file)) {
            throw new IOException(client.getReplyString());
        }
        return file.toString(StandardCharsets.US_ASCII);
    }
}

package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The JDK's oldest HTTP client. */
public final class HttpUrlConnectionRow implements Row {
    private URI root;

    @Override
    public String library() {
        return "HttpURLConnection";
    }

    @Override
    public Class<?> client() {
        return HttpURLConnection.class;
    }

    @Override
    public String peer() {
        return "http";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket`";
    }

    @Override
    public void start(InetSocketAddress peer) {
        root = HttpPaths.root(peer);
    }

    @Override
    public String call(Question question) throws Exception {
        HttpURLConnection connection =
                (HttpURLConnection) root.resolve(question.text()).toURL().openConnection();
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

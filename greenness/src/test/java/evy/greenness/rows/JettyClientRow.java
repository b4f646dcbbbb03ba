package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;

import org.eclipse.jetty.client.HttpClient;

import java.net.InetSocketAddress;
import java.net.URI;

/** Jetty's HTTP client, its blocking calls. */
public final class JettyClientRow implements Row {
    private final HttpClient client = new HttpClient();
    private URI root;

    @Override
    public String library() {
        return "Jetty HttpClient";
    }

    @Override
    public Class<?> client() {
        return HttpClient.class;
    }

    @Override
    public String peer() {
        return "http";
    }

    @Override
    public String why() {
        return "a thread pool and selectors of its own; the caller waits on a future";
    }

    @Override
    public void start(InetSocketAddress peer) throws Exception {
        root = HttpPaths.root(peer);
        client.start();
    }

    @Override
    public String call(Question question) throws Exception {
        return client.GET(root.resolve(question.text())).getContentAsString();
    }
}

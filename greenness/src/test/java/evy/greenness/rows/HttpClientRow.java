package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** The JDK's HTTP client. */
public final class HttpClientRow implements Row {
    private URI root;
    private HttpClient client;

    @Override
    public String library() {
        return "java.net.http.HttpClient";
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
        return "a selector thread of its own; the caller waits on a future";
    }

    @Override
    public void start(InetSocketAddress peer) {
        root = HttpPaths.root(peer);
        client = HttpClient.newHttpClient();
    }

    @Override
    public String call(Question question) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(root.resolve(question.text())).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }
}

package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;
import evy.greenness.Runner;

import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

import java.net.InetSocketAddress;
import java.net.URI;

/** Apache HttpClient 5, the blocking one, with a pool as large as its users are many. */
public final class ApacheHttpRow implements Row {
    private URI root;
    private CloseableHttpClient client;

    @Override
    public String library() {
        return "Apache HttpClient 5";
    }

    @Override
    public Class<?> client() {
        return CloseableHttpClient.class;
    }

    @Override
    public String peer() {
        return "http";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket`, a pool with `ReentrantLock`; without the "
                + "agent a timeout closes the socket, and what it tries next, still "
                + "interrupted, ends in a `CancellationException`";
    }

    @Override
    public void start(InetSocketAddress peer) {
        root = HttpPaths.root(peer);
        client =
                HttpClients.custom()
                        .setConnectionManager(
                                PoolingHttpClientConnectionManagerBuilder.create()
                                        .setMaxConnPerRoute(Runner.CALLERS)
                                        .setMaxConnTotal(Runner.CALLERS)
                                        .build())
                        .build();
    }

    @Override
    public String call(Question question) throws Exception {
        HttpGet get = new HttpGet(root.resolve(question.text()));
        return client.execute(get, response -> EntityUtils.toString(response.getEntity()));
    }
}

package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;

import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

import java.net.InetSocketAddress;
import java.net.URI;

/** OkHttp, its blocking calls. */
public final class OkHttpRow implements Row {
    private URI root;
    private OkHttpClient client;

    @Override
    public String library() {
        return "OkHttp";
    }

    @Override
    public Class<?> client() {
        return OkHttpClient.class;
    }

    @Override
    public String peer() {
        return "http";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket` through Okio; connects on threads of its own";
    }

    @Override
    public void start(InetSocketAddress peer) {
        root = HttpPaths.root(peer);
        client = new OkHttpClient();
    }

    @Override
    public String call(Question question) throws Exception {
        String url = root.resolve(question.text()).toString();
        Request request = new Request.Builder().url(url).build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }
}

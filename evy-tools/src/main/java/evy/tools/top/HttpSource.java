package evy.tools.top;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The pages of {@code evy.web.DebugPages}, by HTTP. */
final class HttpSource implements Source {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI folder;
    private final @Nullable String token;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /**
     * Makes one.
     *
     * @param folder where the pages are; its path ends with a slash
     */
    HttpSource(URI folder, @Nullable String token) {
        this.folder = folder;
        this.token = token;
    }

    @Override
    public String read(Question question) throws IOException {
        var request = HttpRequest.newBuilder(folder.resolve(question.path())).timeout(PATIENCE);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return DebugAnswer.check(response.statusCode(), response.body(), folder.toString());
        } catch (ConnectException e) {
            throw new IOException("nobody listens at " + folder.getAuthority(), e);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

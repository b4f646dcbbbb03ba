import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A document from the web. There is nothing of Evy in here: code is green by where it runs. */
record Page(URI url, String type, String redirect, byte[] body) {
    private static final Pattern LINK =
            Pattern.compile("(?i)\\s(?:href|src)\\s*=\\s*(?:\"([^\"#]*)|'([^'#]*))");

    /**
     * Fetches a page. A redirection is not followed, but is a link of the page.
     *
     * @throws IOException if the server cannot be reached or answers with an error
     */
    static Page fetch(URI url) throws IOException {
        var connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        int status = connection.getResponseCode();
        if (status >= 400) {
            connection.disconnect();
            throw new IOException(status + " " + connection.getResponseMessage());
        }
        try (var in = connection.getInputStream()) {
            return new Page(
                    url,
                    Objects.requireNonNullElse(connection.getContentType(), ""),
                    connection.getHeaderField("Location"),
                    in.readAllBytes());
        }
    }

    boolean isHtml() {
        return type.startsWith("text/html");
    }

    /** Where the page leads to, without fragments. */
    Set<URI> links() {
        var texts = new LinkedHashSet<String>();
        if (redirect != null) {
            texts.add(redirect.split("#", 2)[0]);
        } else if (isHtml()) {
            var link = LINK.matcher(new String(body, StandardCharsets.UTF_8));
            while (link.find()) {
                texts.add(link.group(link.start(1) < 0 ? 2 : 1));
            }
        }
        var links = new LinkedHashSet<URI>();
        texts.forEach(text -> resolve(text.replace("&amp;", "&").strip()).ifPresent(links::add));
        return links;
    }

    private Optional<URI> resolve(String link) {
        if (link.isEmpty()) {
            return Optional.empty();
        }
        try {
            // the JDK's resolve() takes a query alone for a file
            var target = url.resolve(link.startsWith("?") ? url.getRawPath() + link : link);
            return Optional.of(target).filter(u -> u.getScheme().startsWith("http"));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not an address
        }
    }
}

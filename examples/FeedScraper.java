/*
 * Hands work out: POST addresses of feeds (RSS or Atom), one on each line, and their titles come back in the
 * same order. Each feed is fetched and parsed in a green thread of its own, all of them in one pool, whoever asked.
 *
 *   ./evy examples/FeedScraper.java [PORT]      9010 if it is not given, any free one if it is 0
 *   printf 'https://blog.example/feed\nhttps://news.example/atom.xml\n' |
 *       curl --data-binary @- http://localhost:9010/
 *
 * It fetches what it is told to: do not let strangers tell it.
 */
import evy.GreenPile;
import evy.GreenPool;
import evy.Timeout;
import evy.web.Request;
import evy.web.Response;
import evy.web.WebServer;

final GreenPool pool = new GreenPool();
final Duration patience = Duration.ofSeconds(5);

void main(String[] args) throws Exception {
    int port = Arguments.port(args, 9010);
    try (var feeds = Feeds.load();
            var server = WebServer.start(port, request -> answer(request, feeds))) {
        IO.println("listening on " + server.address());
        server.await();
    }
}

Response answer(Request request, Feeds feeds) throws IOException {
    if (!request.method().equals("POST")) {
        return Response.text("POST the addresses of feeds, one on each line\n").withStatus(403);
    }
    var titles = new GreenPile<String>(pool);
    request.text()
            .lines()
            .filter(line -> !line.isBlank())
            .forEach(line -> titles.spawn(() -> title(line.strip(), feeds)));
    var answer = new StringBuilder();
    for (var title : titles) {
        answer.append(title).append('\n');
    }
    return Response.text(answer.toString());
}

/** The title of a feed, or why there is none; one line. */
String title(String address, Feeds feeds) {
    var url = webAddress(address);
    if (url == null) {
        return address + ": not a web address";
    }
    try {
        var late = address + ": no answer after " + patience.toSeconds() + " s";
        return Timeout.call(patience, () -> oneLine(feeds.title(url)), late);
    } catch (Exception e) {
        return oneLine(address + ": no feed: " + e);
    }
}

URL webAddress(String address) {
    try {
        var url = new URI(address).toURL();
        return url.getProtocol().startsWith("http") ? url : null;
    } catch (URISyntaxException | MalformedURLException | IllegalArgumentException e) {
        return null;
    }
}

String oneLine(String text) {
    return text == null ? "(a feed without a title)" : text.strip().replaceAll("\\s+", " ");
}

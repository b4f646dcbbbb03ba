/*
 * Asks FeedScraper for the titles of many feeds at once.
 *
 *   ./evy examples/FeedScraper.java &
 *   ./evy examples/FeedScraperClient.java                  thirty feeds, which it serves itself
 *   ./evy examples/FeedScraperClient.java PORT FEED ...    these, of the scraper at another port than 9010
 *
 * Each of its own feeds takes a second, and all of them together hardly more.
 */
import evy.Evy;
import evy.web.Response;
import evy.web.Router;
import evy.web.WebOptions;
import evy.web.WebServer;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

void main(String[] args) throws Exception {
    int scraper = Arguments.port(args, 9010);
    if (args.length > 1) {
        scrape(scraper, List.of(args).subList(1, args.length));
        return;
    }
    var slow = new Router().get("/{name}", request -> feed(request.pathParameter("name")));
    var here = new InetSocketAddress("127.0.0.1", 0);
    try (var feeds = WebServer.start(here, slow, WebOptions.DEFAULT)) {
        var names = IntStream.rangeClosed(1, 30).mapToObj(i -> "feed-" + i);
        scrape(scraper, names.map(name -> "http:/" + feeds.address() + "/" + name).toList());
    }
}

void scrape(int port, List<String> feeds) throws InterruptedException {
    var list = BodyPublishers.ofString(String.join("\n", feeds));
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port)).POST(list).build();
    long start = System.nanoTime();
    try (var client = HttpClient.newHttpClient()) {
        IO.print(client.send(request, BodyHandlers.ofString()).body());
        double seconds = (System.nanoTime() - start) / 1e9;
        IO.println("%d feeds in %.1f s".formatted(feeds.size(), seconds));
    } catch (IOException e) {
        System.err.println("no scraper at port " + port + ": " + e);
        System.exit(1);
    }
}

Response feed(String name) {
    Evy.sleep(Duration.ofSeconds(1));
    var rss = "<rss version='2.0'><channel><title>The news of %s</title></channel></rss>";
    return Response.text(rss.formatted(name)).withType("application/rss+xml");
}

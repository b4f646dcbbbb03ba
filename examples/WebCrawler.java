/*
 * A web crawler: fetches many pages, up to 200 of them at once, each in a green thread of its own. What
 * fetches is plain JDK code; it is green because of where it runs.
 *
 *   ./evy examples/WebCrawler.java                     all pages of a documentation site, which it serves itself
 *   ./evy examples/WebCrawler.java http://host/ ...    these
 */
import evy.GreenPool;

void main(String[] args) throws IOException {
    if (args.length > 0) {
        crawl(Stream.of(args).map(Arguments::webAddress).toList());
    } else {
        try (var site = JarSite.open()) {
            crawl(site.pages());
        }
    }
}

void crawl(List<URI> urls) {
    var pool = new GreenPool(200);
    var bodies = pool.imap(this::fetch, urls); // in the order of the addresses; takes 200 ahead
    int pages = 0;
    long bytes = 0;
    for (var url : urls) {
        try {
            var body = bodies.next(); // or throws what fetch threw for this address
            IO.println("got body from " + url + " of length " + body.length);
            pages++;
            bytes += body.length;
        } catch (Exception e) {
            IO.println("got no body from " + url + ": " + e);
        }
    }
    IO.println(pages + " pages, " + bytes + " bytes");
}

byte[] fetch(URI url) throws IOException {
    try (var in = url.toURL().openStream()) {
        return in.readAllBytes();
    }
}

/*
 * A recursive web crawler: fetches a page and all that it leads to, and what these lead to; up to 20 at once,
 * which is enough for one host. The pages' green threads hand new work to the pool they run in, which keeps the
 * limit and knows when all is done. They share the map and the counters without a lock: all run on one hub, where
 * none is switched but at a call that may block.
 *
 *   ./evy examples/RecursiveCrawler.java                     a site, which it serves itself
 *   ./evy examples/RecursiveCrawler.java http://host/        that one; other hosts are left alone
 *
 * It reads no robots.txt and is in a hurry: do not send it to strangers.
 */
import evy.GreenPool;
import evy.Timeout;

final GreenPool pool = new GreenPool(20);
final Map<URI, URI> seen = new TreeMap<>(); // each with the page where it was seen first
int broken;
int late;

void main(String[] args) throws IOException {
    if (args.length > 0) {
        crawl(Arguments.webAddress(args[0]));
    } else {
        try (var site = JarSite.open()) {
            crawl(site.start());
        }
    }
}

void crawl(URI start) {
    follow(start, start);
    pool.waitAll(); // also for what its members spawn meanwhile
    IO.println("I saw these addresses:");
    seen.keySet().forEach(IO::println);
    IO.println("%d addresses, %d broken, %d late".formatted(seen.size(), broken, late));
}

/** Has a page visited, unless it is known already or of another host. */
void follow(URI url, URI from) {
    if (from.getRawAuthority().equals(url.getRawAuthority())
            && seen.putIfAbsent(url, from) == null) {
        // a full pool does not block its own members: they visit the page themselves
        pool.spawnN(() -> visit(url));
    }
}

void visit(URI url) {
    try {
        var page = Timeout.call(Duration.ofSeconds(5), () -> Page.fetch(url), null);
        if (page == null) {
            late++;
        } else {
            page.links().forEach(link -> follow(link, url));
        }
    } catch (IOException e) {
        broken++;
        IO.println("broken: " + url + " (" + e.getMessage() + "), on " + seen.get(url));
    }
}

/*
 * A recursive web crawler: up to 200 pages at once, each in a green thread of its own, none for longer than
 * 5 seconds. They share the counters and the map of links without a lock: all run on one hub, where none
 * is switched but at a call that may block. Page.java fetches, with nothing but the JDK.
 *
 *   ./evy examples/WebCrawler.java                     a documentation site, which it serves itself
 *   ./evy examples/WebCrawler.java http://host/ ...    these; pages of other hosts are left alone
 *
 * It reads no robots.txt and is in a hurry: do not send it to strangers.
 */
import evy.GreenPool;
import evy.Timeout;
import evy.hubs.Hub;

final GreenPool pool = new GreenPool(200);
final Set<String> hosts = new HashSet<>();
final Map<URI, URI> links = new HashMap<>(); // each with the page where it was seen first
final List<String> broken = new ArrayList<>();
int pages;
int otherFiles;
int late;
long bytes;

void main(String[] args) throws IOException {
    if (args.length > 0) {
        crawl(Stream.of(args).map(Arguments::webAddress).toList());
    } else {
        try (var site = JarSite.open()) {
            crawl(List.of(site.start()));
        }
    }
}

void crawl(List<URI> starts) {
    long begin = System.nanoTime();
    try (var _ = new Progress(this::counts)) {
        starts.forEach(url -> hosts.add(url.getRawAuthority()));
        starts.forEach(url -> follow(url, url));
        pool.waitAll();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    broken.stream().sorted().forEach(IO::println);
    IO.println(counts());
    IO.println(String.format(Locale.ROOT, "%.1f MB in %.2f s", bytes / 1e6, seconds));
    IO.println(Hub.current().statistics().peak() + " green threads at most");
}

/** Has a page visited, unless it is known already or of another host. */
void follow(URI url, URI from) {
    if (hosts.contains(url.getRawAuthority()) && links.putIfAbsent(url, from) == null) {
        // the pool is never overcrowded: if it is full, its members visit the page themselves
        pool.spawnN(() -> visit(url));
    }
}

void visit(URI url) {
    try {
        var page = Timeout.call(Duration.ofSeconds(5), () -> Page.fetch(url), null);
        if (page == null) {
            late++;
            return;
        }
        if (page.isHtml()) {
            pages++;
        } else {
            otherFiles++;
        }
        bytes += page.body().length;
        page.links().forEach(link -> follow(link, url));
    } catch (IOException e) {
        broken.add("broken: " + url + " (" + e.getMessage() + "), on " + links.get(url));
    }
}

String counts() {
    return "%d pages, %d other files, %d bytes, %d links, %d broken, %d timed out"
            .formatted(pages, otherFiles, bytes, links.size(), broken.size(), late);
}

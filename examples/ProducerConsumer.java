/*
 * The recursive web crawler once more, as producer and consumer: a visit to a page produces addresses, a
 * pool consumes them. The pool keeps the number of workers, so there is no consumer loop to manage; and
 * the queue is a plain ArrayDeque, as its users all run on one hub.
 *
 *   ./evy examples/ProducerConsumer.java                     a site, which it serves itself
 *   ./evy examples/ProducerConsumer.java http://host/        that one; other hosts are left alone
 *
 * It reads no robots.txt and is in a hurry: do not send it to strangers.
 */
import evy.GreenPool;
import evy.Timeout;

final Queue<URI> queue = new ArrayDeque<>();

void main(String[] args) throws IOException {
    if (args.length > 0) {
        show(produce(Arguments.webAddress(args[0])));
    } else {
        try (var site = JarSite.open()) {
            show(produce(site.start()));
        }
    }
}

/** Crawls a site; gives the addresses that were found. */
Set<URI> produce(URI start) {
    var pool = new GreenPool(20);
    var seen = new TreeSet<URI>();
    queue.add(start);
    // goes on while there are new addresses, or workers that may produce some
    while (!queue.isEmpty()) {
        var url = queue.remove();
        if (start.getRawAuthority().equals(url.getRawAuthority()) && seen.add(url)) {
            pool.spawnN(() -> visit(url));
        }
        if (queue.isEmpty()) {
            pool.waitAll();
        }
    }
    return seen;
}

void visit(URI url) {
    try {
        Timeout.run(Duration.ofSeconds(5), () -> queue.addAll(Page.fetch(url).links()));
    } catch (IOException e) {
        IO.println(url + ": " + e.getMessage());
    }
}

void show(Set<URI> seen) {
    seen.forEach(IO::println);
    IO.println("I saw these " + seen.size() + " addresses.");
}

import evy.patcher.PatchedLoader;
import evy.patcher.Patcher;

import java.io.IOException;
import java.io.Reader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.nio.file.Path;

/**
 * Reads feeds by Rome, a library that knows nothing of green threads: a green copy of it. Its
 * classes are looked up by name, as they are not on the class path.
 */
final class Feeds implements AutoCloseable {
    private final PatchedLoader rome;
    private final MethodHandle open; // new XmlReader(URL)
    private final MethodHandle newInput; // new SyndFeedInput()
    private final MethodHandle build; // SyndFeedInput.build(Reader)
    private final MethodHandle title; // SyndFeed.getTitle()

    private Feeds(PatchedLoader rome) throws ReflectiveOperationException {
        var lookup = MethodHandles.publicLookup();
        var input = rome.loadClass("com.rometools.rome.io.SyndFeedInput");
        var feed = rome.loadClass("com.rometools.rome.feed.synd.SyndFeed");
        this.rome = rome;
        this.open =
                lookup.findConstructor(
                        rome.loadClass("com.rometools.rome.io.XmlReader"),
                        MethodType.methodType(void.class, URL.class));
        this.newInput = lookup.findConstructor(input, MethodType.methodType(void.class));
        this.build = lookup.findVirtual(input, "build", MethodType.methodType(feed, Reader.class));
        this.title = lookup.findVirtual(feed, "getTitle", MethodType.methodType(String.class));
    }

    /** Loads the library, which the build or Maven puts into {@code examples/target/feeds}. */
    static Feeds load() throws IOException, ReflectiveOperationException {
        var rome = Patcher.importPatched(MavenJars.find("feeds").toArray(Path[]::new));
        return new Feeds(rome);
    }

    /** Fetches a feed, and finds its title. */
    String title(URL url) throws Exception {
        return rome.call(() -> parse(url));
    }

    private String parse(URL url) throws Exception {
        try (var reader = (Reader) open.invoke(url)) {
            return (String) title.invoke(build.invoke(newInput.invoke(), reader));
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        rome.close();
    }
}

package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.patcher.library.Crawler;
import evy.testkit.Spec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;

/** The JDK's HTTP clients and server in an imported library. */
class ImportHttpTest {
    private static final int PAGES = 10;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec({"MODS1", "MODS2", "MODS4", "PATCH11"})
    void crawl_manyPagesAtOnce_getsEachThroughItsRedirect(boolean newClient) throws Exception {
        Class<?> crawler = Library.load(Crawler.class);
        var crawl = crawler.getMethod("crawl", int.class, boolean.class);

        List<?> bodies = (List<?>) Evy.run(() -> crawl.invoke(null, PAGES, newClient));

        assertThat(bodies).isEqualTo(Collections.nCopies(PAGES, "200" + "page".repeat(10_000)));
    }
}

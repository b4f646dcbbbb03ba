package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import evy.patcher.library.Injected;
import evy.patcher.rewrite.Rewriter;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.File;
import java.net.Socket;
import java.util.List;
import java.util.Random;

/** What an import puts in place of what. */
@ExtendWith(LeakCheckExtension.class)
class ImportOptionsTest {
    @Test
    @Spec({"PATCH6", "PATCH14"})
    void inject_classes_areUsedInEveryWay() throws Exception {
        ImportOptions options =
                Library.options()
                        .inject(System.class, Substitutes.Time.class)
                        .inject(Random.class, Substitutes.Fixed.class)
                        .inject(StringBuilder.class, Substitutes.Builders.class)
                        .inject(File.class, Substitutes.Paths.class);

        Class<?> type = Library.load(Injected.class, options);

        assertThat(type.getMethod("use").invoke(null))
                .isEqualTo(List.of(42L, 4, 4, 4, "ab!", "ab!", ":", 2001));
        assertThat(Injected.use().subList(4, 7)).isEqualTo(List.of("ba", "ba", File.separator));
    }

    @Test
    @Spec("PATCH6")
    void inject_whatDoesNotFit_saysWhy() {
        assertRefused(
                Random.class, Substitutes.Incomplete.class, "it lacks public java.util.Random");
        assertRefused(Random.class, Substitutes.Time.class, "neither extends the original nor");
        assertRefused(Socket.class, Substitutes.OneSocket.class, "lacks a method construct for");
        assertRefused(
                Random.class,
                Substitutes.Last.class,
                "it is final, so subclasses of the original cannot extend it");
        assertRefused(Random.class, Hidden.class, "it is not public");
    }

    private static void assertRefused(Class<?> original, Class<?> substitute, String why) {
        ImportOptions options = Library.options().only().inject(original, substitute);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Library.load(Injected.class, options))
                .withMessageContaining(substitute.getName())
                .withMessageContaining(original.getName())
                .withMessageContaining(why);
    }

    /** No one else can use it. */
    private static final class Hidden {}

    @Test
    @Spec("PATCH6")
    void packages_thatLackTheClass_areRefused() {
        ImportOptions options = ImportOptions.usual().packages("com.acme");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Library.load(Injected.class, options))
                .withMessageContaining(Injected.class.getName());
    }

    @ParameterizedTest
    @EnumSource(Group.class)
    @Spec("PATCH14")
    void catalogue_everyGroup_fitsTheJdk(Group group) {
        var replacements = Catalogue.of(group);

        assertThat(new Rewriter(replacements)).isNotNull();
        boolean needsNone = group == Group.DNS || group == Group.SELECT || group == Group.DB;
        assertThat(replacements.isEmpty()).isEqualTo(needsNone);
    }
}

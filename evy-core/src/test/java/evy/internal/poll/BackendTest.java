package evy.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Locale;

class BackendTest {
    @Test
    void all_preferredFirst() {
        assertThat(Backend.all()).extracting(Backend::name).containsExactly("epoll", "nio");
    }

    @Test
    void all_changed_notShared() {
        Backend.all()[0] = null;

        assertThat(Backend.all()).doesNotContainNull();
    }

    @Test
    void unavailable_epollElsewhere_saysWhatToUse() {
        String reason = Backend.all()[0].unavailable();

        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
            assertThat(reason).isNull();
        } else {
            assertThat(reason).contains("-Devy.hub=nio");
        }
        assertThat(Backend.all()[1].unavailable()).isNull();
    }
}

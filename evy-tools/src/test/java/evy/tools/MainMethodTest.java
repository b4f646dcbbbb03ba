package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class MainMethodTest {
    private static final List<String> CALLS = new ArrayList<>();

    @BeforeEach
    void forgetCalls() {
        CALLS.clear();
    }

    @Test
    void invoke_staticWithArguments_passesThem() throws Exception {
        MainMethod.of(StaticWithArguments.class).invoke("a", "b");

        assertThat(CALLS).containsExactly("static [a, b]");
    }

    @Test
    void invoke_bothForms_prefersTheOneWithArguments() throws Exception {
        MainMethod.of(BothForms.class).invoke("a");

        assertThat(CALLS).containsExactly("instance [a]");
    }

    @Test
    void invoke_inherited_callsSuperclass() throws Exception {
        MainMethod.of(Inherits.class).invoke();

        assertThat(CALLS).containsExactly("static []");
    }

    @Test
    void invoke_defaultMethodOfInterface_isCalled() throws Exception {
        MainMethod.of(ImplementsDefault.class).invoke();

        assertThat(CALLS).containsExactly("default");
    }

    @Test
    void invoke_mainThrows_passesTheSameException() throws Exception {
        var main = MainMethod.of(Throws.class);

        assertThatThrownBy(main::invoke).isSameAs(Throws.THROWN);
    }

    @Test
    void of_privateMain_isRefused() {
        assertThatThrownBy(() -> MainMethod.of(PrivateMain.class))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no main method");
    }

    @Test
    void of_instanceMainWithoutConstructor_isRefused() {
        assertThatThrownBy(() -> MainMethod.of(NoConstructor.class))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no constructor without parameters");
    }

    static class StaticWithArguments {
        static void main(String... args) {
            CALLS.add("static " + List.of(args));
        }
    }

    static class Inherits extends StaticWithArguments {}

    static class BothForms {
        static void main() {
            CALLS.add("static");
        }

        protected void main(String... args) {
            CALLS.add("instance " + List.of(args));
        }
    }

    interface HasDefault {
        default void main() {
            CALLS.add("default");
        }
    }

    static class ImplementsDefault implements HasDefault {}

    static class Throws {
        static final Error THROWN = new AssertionError("as it should");

        static void main() {
            throw THROWN;
        }
    }

    static class PrivateMain {
        @SuppressWarnings("unused")
        private static void main() {}
    }

    static class NoConstructor {
        NoConstructor(int ignored) {}

        void main() {}
    }
}

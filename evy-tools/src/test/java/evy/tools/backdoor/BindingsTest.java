package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class BindingsTest {
    @Test
    @Spec("BD1")
    void types_publicClass_isItself() {
        assertThat(best("text")).isEqualTo("java.lang.String");
        assertThat(best(7)).isEqualTo("java.lang.Integer");
    }

    @Test
    void types_generic_hasObjectsAsParameters() {
        assertThat(best(new HashMap<>(Map.of("a", 1))))
                .isEqualTo("java.util.HashMap<Object, Object>");
    }

    @Test
    void types_hiddenSubclass_isItsPublicSuperclass() {
        assertThat(best(new Hidden())).isEqualTo("java.util.ArrayList<Object>");
    }

    @Test
    void types_hiddenClassOfInterface_isTheInterface() {
        Runnable lambda = () -> {};

        assertThat(best(lambda)).isEqualTo("java.lang.Runnable");
        assertThat(best(Comparator.comparing(Object::toString)))
                .isEqualTo("java.util.Comparator<Object>");
    }

    @Test
    void types_boundedParameter_isAWildcard() {
        assertThat(best(Thread.State.NEW)).isEqualTo("java.lang.Thread.State");
        assertThat(best(new java.util.EnumMap<>(Map.of(Thread.State.NEW, 1))))
                .isEqualTo("java.util.EnumMap<?, Object>");
    }

    @Test
    void types_arrays_keepTheirDimensions() {
        assertThat(best(new int[2][3])).isEqualTo("int[][]");
        assertThat(best(new String[0])).isEqualTo("java.lang.String[]");
        assertThat(best(new Hidden[0])).isEqualTo("java.util.ArrayList<Object>[]");
    }

    @Test
    void types_nothingBetter_isObject() {
        assertThat(best(new Opaque())).isEqualTo("Object");
        assertThat(Bindings.types(null, loader())).containsExactly("Object");
        assertThat(Bindings.types("text", loader())).endsWith("Object");
    }

    @Test
    void check_nameThatIsNoVariable_isRefused() {
        for (var name : List.of("", "a b", "class", "1a", "a;b", "true", "_")) {
            assertThatThrownBy(() -> Bindings.check(Map.of(name, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("binding '" + name + "': its name must be one for a Java variable");
        }
    }

    @Test
    void get_outsideASession_isNull() {
        assertThat(Bindings.get("x")).isNull();
    }

    private static String best(Object value) {
        return Bindings.types(value, loader()).getFirst();
    }

    private static ClassLoader loader() {
        return BindingsTest.class.getClassLoader();
    }

    private static final class Hidden extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
    }

    private static final class Opaque {}
}

package evy.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/** What a stream cannot do by itself, and what nothing may ever ask for. */
class RefusalsTest {
    private static final RawStream STREAM =
            new RawStream() {
                @Override
                public void close() {}

                @Override
                public String toString() {
                    return "<stream>";
                }
            };

    @Test
    void rawStream_ofNeitherDirection_saysWhichIsMissing() throws IOException {
        assertThatThrownBy(() -> STREAM.read(new byte[1], 0, 1))
                .isInstanceOf(IOException.class)
                .hasMessage("<stream> is not open for reading");
        assertThatThrownBy(() -> STREAM.write(new byte[1], 0, 1))
                .isInstanceOf(IOException.class)
                .hasMessage("<stream> is not open for writing");
        assertThat(STREAM.available()).isZero();
        assertThat(STREAM.accepted()).isZero();
    }

    @Test
    void rawStream_positions_areRefused() {
        assertThat(STREAM.isSeekable()).isFalse();
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        STREAM::position,
                        STREAM::size,
                        () -> STREAM.seek(1),
                        () -> STREAM.cut(1))) {
            assertThatThrownBy(call)
                    .isInstanceOf(IOException.class)
                    .hasMessage("<stream> is a stream, which has no positions");
        }
    }

    @Test
    void datagramNoImpl_everyMethod_refuses() throws IllegalAccessException {
        DatagramNoImpl impl = new DatagramNoImpl();
        List<Method> methods =
                Arrays.stream(DatagramNoImpl.class.getDeclaredMethods())
                        .filter(
                                method ->
                                        !method.isSynthetic() && !method.getName().equals("never"))
                        .toList();
        assertThat(methods).hasSizeGreaterThan(15);
        for (Method method : methods) {
            Object[] arguments =
                    Arrays.stream(method.getParameterTypes())
                            .map(RefusalsTest::anyOf)
                            .toArray(Object[]::new);
            method.setAccessible(true);
            assertThatThrownBy(() -> method.invoke(impl, arguments))
                    .as(method.getName())
                    .isInstanceOf(InvocationTargetException.class)
                    .hasCauseInstanceOf(UnsupportedOperationException.class);
        }
    }

    private static Object anyOf(Class<?> type) {
        if (type == int.class) {
            return 1;
        }
        return type == byte.class ? (byte) 1 : null;
    }
}

package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.tpool.Proxy;
import evy.tpool.ProxyOptions;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

@ExtendWith(LeakCheckExtension.class)
class TpoolProxyTest {
    /** Something native, as a program would have it. */
    public interface Device extends AutoCloseable, Iterable<String> {
        Thread thread();

        Device sibling();

        @Nullable Object result(@Nullable Object given);

        void fail(Exception exception) throws Exception;

        default Thread defaultThread() {
            return thread();
        }

        @Override
        void close();
    }

    /** Notes where it is called. */
    private static final class NativeDevice implements Device {
        private final List<String> calls = new ArrayList<>();

        private String here() {
            return Thread.currentThread().getName();
        }

        @Override
        public Thread thread() {
            return Thread.currentThread();
        }

        @Override
        public Device sibling() {
            return new NativeDevice();
        }

        @Override
        public @Nullable Object result(@Nullable Object given) {
            return given;
        }

        @Override
        public void fail(Exception exception) throws Exception {
            throw exception;
        }

        @Override
        public Iterator<String> iterator() {
            return new Iterator<>() {
                private int left = 10;

                @Override
                public boolean hasNext() {
                    return left > 0;
                }

                @Override
                public String next() {
                    left--;
                    return here();
                }
            };
        }

        @Override
        public void close() {
            calls.add(here());
        }

        @Override
        public String toString() {
            return "device on " + (Thread.currentThread().isVirtual() ? "green" : "native");
        }
    }

    /** Not public: nobody else can call it. */
    interface Hidden {
        void nothing();
    }

    private static boolean isNative(Thread thread) {
        return thread.getName().startsWith("evy-tpool-");
    }

    @Test
    @Spec("TP13")
    void call_anyMethod_runsInANativeThread() throws Exception {
        Evy.run(
                () -> {
                    var device = Proxy.wrap(Device.class, new NativeDevice());

                    assertThat(isNative(device.thread())).isTrue();
                    assertThat(isNative(device.defaultThread())).isTrue();
                    assertThat(Proxy.direct(device).thread()).isSameAs(Thread.currentThread());
                    assertThat(Proxy.isProxy(device)).isTrue();
                    assertThat(Proxy.isProxy(new NativeDevice())).isFalse();
                    assertThat(Proxy.isProxy(null)).isFalse();
                });
    }

    @Test
    @Spec("TP13")
    @SuppressWarnings("unchecked")
    void objectMethodsAndSizes_areDirect() throws Exception {
        Evy.run(
                () -> {
                    var device = Proxy.wrap(Device.class, new NativeDevice());
                    var sizes = new ArrayList<Boolean>();
                    List<String> list =
                            Proxy.wrap(
                                    List.class,
                                    new ArrayList<>(List.of("a")) {
                                        private static final long serialVersionUID = 1L;

                                        @Override
                                        public int size() {
                                            sizes.add(isNative(Thread.currentThread()));
                                            return super.size();
                                        }
                                    });

                    assertThat(device.toString()).isEqualTo("device on green");
                    assertThat(list.size()).isEqualTo(1);
                    assertThat(list.isEmpty()).isFalse();
                    assertThat(sizes).isNotEmpty().doesNotContain(true);
                });
    }

    @Test
    @Spec("TP14")
    void equals_targetAndOtherProxies_areEqual() throws Exception {
        Evy.run(
                () -> {
                    var target = new ArrayList<>(List.of(1, 2));
                    List<?> proxy = Proxy.wrap(List.class, target);
                    List<?> other = Proxy.wrap(List.class, target);

                    assertThat(proxy.equals(target)).isTrue();
                    assertThat(proxy.equals(proxy)).isTrue();
                    assertThat(proxy.equals(other)).isTrue();
                    assertThat(proxy.equals(List.of(3))).isFalse();
                    assertThat(proxy.equals(null)).isFalse();
                    assertThat(proxy.hashCode()).isEqualTo(target.hashCode());
                    var map = new HashMap<Object, String>();
                    map.put(proxy, "found");
                    assertThat(map.get(other)).isEqualTo("found");
                    assertThat(map.get(target)).isEqualTo("found");
                });
    }

    @Test
    @Spec("TP15")
    @SuppressWarnings("unchecked")
    void wrap_variousThings_work() throws Exception {
        Evy.run(
                () -> {
                    Callable<Thread> callable = Proxy.wrap(Callable.class, Thread::currentThread);
                    Function<Object, Object> function =
                            Proxy.wrap(Function.class, x -> "<" + x + ">");
                    Map<String, Integer> map =
                            Proxy.wrap(Map.class, new HashMap<>(Map.of("one", 1)));
                    Comparable<String> text = Proxy.wrap(Comparable.class, "b");
                    CharSequence chars = Proxy.wrap(CharSequence.class, "text");
                    Iterator<Integer> iterator =
                            Proxy.wrap(Iterator.class, List.of(1, 2).iterator());

                    assertThat(isNative(callable.call())).isTrue();
                    assertThat(function.apply(1)).isEqualTo("<1>");
                    map.put("two", 2);
                    assertThat(map.get("two")).isEqualTo(2);
                    assertThat(text.compareTo("a")).isPositive();
                    assertThat(chars.charAt(1)).isEqualTo('e');
                    assertThat(iterator.next()).isEqualTo(1);
                });
    }

    @Test
    @Spec("TP15")
    void iteration_eachStep_letsOthersRun() throws Exception {
        Evy.run(
                () -> {
                    var ticks = new AtomicInteger();
                    var ticker =
                            Evy.spawn(
                                    () -> {
                                        while (true) {
                                            ticks.incrementAndGet();
                                            Evy.yield();
                                        }
                                    });
                    var device = Proxy.wrap(Device.class, new NativeDevice());
                    int items = 0;

                    for (String where : device) {
                        assertThat(where).startsWith("evy-tpool-");
                        items++;
                    }

                    ticker.kill();
                    assertThat(items).isEqualTo(10);
                    assertThat(ticks.get()).isGreaterThan(10);
                });
    }

    @Test
    @Spec("TP15")
    void exceptions_areTheVeryOnesThrown() throws Exception {
        Evy.run(
                () -> {
                    var device = Proxy.wrap(Device.class, new NativeDevice());
                    List<?> list = Proxy.wrap(List.class, Arrays.asList(1, 2));
                    var checked = new IOException("checked");
                    var unchecked = new IllegalStateException("unchecked");

                    assertThatThrownBy(() -> device.fail(checked)).isSameAs(checked);
                    assertThatThrownBy(() -> device.fail(unchecked)).isSameAs(unchecked);
                    assertThatThrownBy(() -> list.get(5))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                });
    }

    @Test
    @Spec("TP15")
    void wrap_whatCannotBe_isNamed() {
        assertThatThrownBy(() -> Proxy.wrap(String.class, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String is no interface");
        assertThatThrownBy(() -> Proxy.wrap(Hidden.class, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Hidden")
                .hasMessageContaining("public");
    }

    @Test
    @Spec("TP16")
    void results_ofAutowrapTypes_comeWrapped() throws Exception {
        Evy.run(
                () -> {
                    var options = ProxyOptions.DEFAULT.withTypes(Device.class);
                    var plain = Proxy.wrap(Device.class, new NativeDevice());
                    var deep = Proxy.wrap(Device.class, new NativeDevice(), options);

                    assertThat(Proxy.isProxy(plain.sibling())).isFalse();
                    assertThat(Proxy.isProxy(deep.sibling())).isTrue();
                    assertThat(Proxy.isProxy(deep.sibling().sibling())).isTrue();
                    assertThat(isNative(deep.sibling().thread())).isTrue();
                    assertThat(Proxy.isProxy(deep.result("text"))).isFalse();
                    assertThat(deep.result(null)).isNull();
                });
    }

    @Test
    @Spec("TP16")
    void results_ofAutowrapMethods_comeWrappedOnce() throws Exception {
        Evy.run(
                () -> {
                    var options =
                            ProxyOptions.DEFAULT
                                    .withMethods("sibling", "result")
                                    .withTypes(List.class);
                    var device = Proxy.wrap(Device.class, new NativeDevice(), options);

                    Object list = device.result(new ArrayList<>());
                    Object already = device.result(list);

                    assertThat(Proxy.isProxy(device.sibling())).isTrue();
                    assertThat(Proxy.isProxy(list)).isTrue();
                    assertThat(already).isSameAs(list);
                    assertThat(Proxy.wrap(Device.class, device)).isSameAs(device);
                    assertThat(Proxy.isProxy(device.result(new Object()))).isFalse();
                });
    }

    @Test
    @Spec("TP17")
    void tryWithResources_closesInANativeThread() throws Exception {
        Evy.run(
                () -> {
                    var target = new NativeDevice();

                    try (var device = Proxy.wrap(Device.class, target)) {
                        assertThat(device.thread()).isNotNull();
                    }

                    assertThat(target.calls).hasSize(1);
                    assertThat(target.calls.getFirst()).startsWith("evy-tpool-");
                });
    }
}

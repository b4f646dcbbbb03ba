package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenLocal;
import evy.GreenPool;
import evy.GreenThread;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class GreenLocalTest {
    @Test
    @Spec("LOC1")
    void set_inOneGreenThread_isNotSeenInOthers() throws Exception {
        Evy.run(
                () -> {
                    var local = new GreenLocal<String>();
                    local.set("mine");

                    var theirs = Evy.spawn(() -> local.get()).join();
                    var native_ = Tpool.execute(() -> String.valueOf(local.get()));

                    assertThat(theirs).isNull();
                    assertThat(native_).isEqualTo("null");
                    assertThat(local.get()).isEqualTo("mine");
                });
    }

    @Test
    @Spec("LOC1")
    void set_interleavedThreads_eachKeepsItsOwn() throws Exception {
        Evy.run(
                () -> {
                    var local = new GreenLocal<Integer>();
                    var threads = new ArrayList<GreenThread<Integer>>();
                    for (int i = 0; i < 10; i++) {
                        int number = i;
                        threads.add(
                                Evy.spawn(
                                        () -> {
                                            local.set(number);
                                            Evy.yield();
                                            return local.get();
                                        }));
                    }

                    for (int i = 0; i < 10; i++) {
                        assertThat(threads.get(i).join()).isEqualTo(i);
                    }
                });
    }

    @Test
    @Spec("LOC2")
    void get_withMaker_makesOncePerGreenThread() throws Exception {
        Evy.run(
                () -> {
                    var made = new AtomicInteger();
                    var local =
                            new GreenLocal<>(
                                    () ->
                                            new ArrayList<>(
                                                    List.of("made " + made.incrementAndGet())));

                    local.get().add("touched");
                    var other =
                            Evy.spawn(
                                            () -> {
                                                Evy.yield();
                                                assertThat(local.get()).isSameAs(local.get());
                                                return local.get();
                                            })
                                    .join();

                    assertThat(other).containsExactly("made 2");
                    assertThat(local.get()).containsExactly("made 1", "touched");
                    local.remove();
                    assertThat(local.get()).containsExactly("made 3");
                });
    }

    @Test
    @Spec("LOC2")
    void get_makerBlocks_othersRun() throws Exception {
        Evy.run(
                () -> {
                    var gate = new Event<String>();
                    var local =
                            new GreenLocal<>(
                                    () -> {
                                        try {
                                            return gate.await();
                                        } catch (InterruptedException e) {
                                            throw new IllegalStateException(e);
                                        }
                                    });
                    var thread = Evy.spawn(local::get);
                    Evy.yield();

                    gate.send("made at last");

                    assertThat(thread.join()).isEqualTo("made at last");
                });
    }

    @Test
    @Spec("LOC3")
    void constructor_noMaker_isRefusedOrNull() {
        assertThatThrownBy(() -> new GreenLocal<String>(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("maker");
        assertThat(new GreenLocal<String>().get()).isNull();
    }

    @Test
    @Spec("LOC4")
    void values_threadsEnded_areGarbage() throws Exception {
        var local = new GreenLocal<Object>();
        var references = new ArrayList<WeakReference<Object>>();
        var handles = new ArrayList<GreenThread<?>>(); // the handle of a thread keeps nothing
        Evy.run(
                () -> {
                    for (int i = 0; i < 100; i++) {
                        handles.add(
                                Evy.spawn(
                                        () -> {
                                            var value = new Object();
                                            references.add(new WeakReference<>(value));
                                            local.set(value);
                                            Evy.yield();
                                        }));
                    }
                    handles.forEach(h -> h.join());
                });

        GreenPoolTest.awaitUntil(
                "the values are collected",
                () -> {
                    System.gc();
                    return references.stream().filter(r -> r.get() != null).count() <= 1;
                });

        assertThat(handles).hasSize(100).allMatch(h -> h.isDone());
    }

    @Test
    @Spec("LOC1")
    void threadLocal_andInheritable_workInGreenThreads() throws Exception {
        var plain = ThreadLocal.withInitial(() -> "initial");
        var inherited = new InheritableThreadLocal<String>();
        Evy.run(
                () -> {
                    plain.set("set");
                    inherited.set("parent's");

                    var child = Evy.spawn(() -> plain.get() + ", " + inherited.get()).join();

                    assertThat(child).isEqualTo("initial, parent's");
                });
    }

    @Test
    @Spec("LOC1")
    void scopedValue_acrossSwitches_staysBound() throws Exception {
        var user = ScopedValue.<String>newInstance();
        Evy.run(
                () -> {
                    var threads = new ArrayList<GreenThread<String>>();
                    for (String name : List.of("ann", "bob")) {
                        threads.add(
                                Evy.spawn(
                                        () ->
                                                ScopedValue.where(user, name)
                                                        .call(
                                                                () -> {
                                                                    Evy.yield();
                                                                    return user.get();
                                                                })));
                    }

                    assertThat(threads.get(0).join()).isEqualTo("ann");
                    assertThat(threads.get(1).join()).isEqualTo("bob");
                    boolean boundInChild =
                            ScopedValue.where(user, "parent")
                                    .call(() -> Evy.spawn(user::isBound).join());
                    assertThat(boundInChild).isFalse(); // not inherited, as documented
                });
    }

    @Test
    @Spec("LOC1")
    void get_inPlaceInAFullPool_isTheCallers() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var local = new GreenLocal<String>();

                    var seen =
                            pool.spawn(
                                            () -> {
                                                local.set("the member's");
                                                return pool.spawn(() -> local.get()).join();
                                            })
                                    .join();

                    assertThat(seen).isEqualTo("the member's");
                });
    }
}

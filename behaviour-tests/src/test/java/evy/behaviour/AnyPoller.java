package evy.behaviour;

import org.junit.jupiter.api.Tag;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A class of tests that no poller can tell apart: it waits for nothing but green threads, other
 * threads and time. The build runs it with the system's default poller only; all others run with
 * each. {@link AnyPollerTest} holds such a class to that.
 */
@Tag("any-poller")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface AnyPoller {}

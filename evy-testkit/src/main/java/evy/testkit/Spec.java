package evy.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the behaviours that a test shows, by their ids in {@code docs/behaviour-ids.txt}.
 *
 * <p>On a class it holds for each of its tests, beside the ids the test itself names. The build
 * writes from it which behaviour is shown by which test: {@code docs/conformance.md}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Spec {
    /**
     * The ids, such as {@code "GT13"}.
     *
     * @return at least one id
     */
    String[] value();
}

package evy.testkit.contract;

import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test that runs once with partners of each {@link Origin}, in a green thread of the default hub.
 * It gets its {@link Partners} as a parameter; they are closed after it.
 */
@Documented
@TestTemplate
@ExtendWith(OriginExtension.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface EachOrigin {}

/**
 * Tools for tests of code that runs on green threads.
 *
 * {@snippet :
 * try (var manual = ManualHub.open()) { // time stands still until it is told to go on
 *     manual.run(() -> Evy.sleep(Duration.ofHours(1)));
 * }
 * }
 *
 * <p>Begin with {@link evy.testkit.ManualHub} for tests in which time and order matter, and {@link
 * evy.testkit.LeakCheckExtension} to find what a test leaves behind. {@link evy.testkit.contract}
 * has tests for primitives of one's own.
 */
package evy.testkit;

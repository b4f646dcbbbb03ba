/**
 * Which test shows which behaviour: collects the results of {@link evy.testkit.Spec} tests while
 * they run ({@link evy.testkit.spec.SpecListener}), and makes {@code docs/conformance.md} of them
 * ({@link evy.testkit.spec.ConformanceReport}).
 */
package evy.testkit.spec;

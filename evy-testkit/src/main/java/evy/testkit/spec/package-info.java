/** Which test shows which behaviour: collects the results of {@link evy.testkit.Spec} tests. */
package evy.testkit.spec;

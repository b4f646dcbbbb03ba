/** What only Evy's own tests need. */
@org.jspecify.annotations.NullMarked
package evy.testkit.internal;

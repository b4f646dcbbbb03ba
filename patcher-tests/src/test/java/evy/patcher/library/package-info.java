/** A library that knows nothing of Evy: plain use of the JDK, imported by tests. */
package evy.patcher.library;

/** Tools for tests of code that runs on green threads. */
package evy.testkit;

/**
 * Contracts: tests that hold for everything of a kind, written once. A subclass says what is to be
 * tested; JUnit runs it. Each test runs with partners of every {@link Origin}, for a thing that
 * green threads of one hub can share must work just as well between hubs and with platform threads.
 */
package evy.testkit.contract;

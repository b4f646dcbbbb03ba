/** Code that tests trace; it knows nothing of Evy, whose own packages are never traced. */
package sample.traced;

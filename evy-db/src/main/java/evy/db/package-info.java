/** JDBC connections shared by green threads. */
@NullMarked
package evy.db;

import org.jspecify.annotations.NullMarked;
